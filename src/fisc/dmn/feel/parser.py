"""Reads FEEL text into its syntax tree.

`expression` reads what gives a value, `unary_tests` the cells of a decision table's conditions.
Names of several words are read as one where the scope knows them.
"""

from __future__ import annotations

from typing import Literal

from fisc.dmn.feel import syntax
from fisc.dmn.feel.lexer import Token, UnreadableFeel
from fisc.dmn.feel.primaries import NOT_NAMES, PrimaryReader
from fisc.dmn.feel.scopes import Scope

# A tree deeper than this could exhaust the stack of what walks it.
DEEPEST_TREE = 150

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Reader(PrimaryReader):
    """Reads operators, weakest first, and the forms that begin with a word."""

    # --- Operators -------------------------------------------------------------------------------

    def expression(self) -> syntax.Expression:
        with self.deeper():
            left = self._conjunction()
            while self.is_word("or"):
                at = self.advance().at
                left = syntax.Disjunction(left, self._conjunction(), at=at)
            return left

    def _conjunction(self) -> syntax.Expression:
        left = self._comparison()
        while self.is_word("and"):
            at = self.advance().at
            left = syntax.Conjunction(left, self._comparison(), at=at)
        return left

    def _comparison(self) -> syntax.Expression:
        left = self.arithmetic()
        while True:
            at = self.token.at
            if self.token.is_symbol(*_COMPARISONS):
                operator = self.comparison_operator()
                left = syntax.Comparison(operator, left, self.arithmetic(), at=at)
            elif self.take_word("between"):
                low = self.arithmetic()
                self.expect_word("and", 'between the two ends of "between"')
                left = syntax.Between(left, low, self.arithmetic(), at=at)
            elif self.take_word("in"):
                left = syntax.In(left, self._tests_after_in(), at=at)
            else:
                return left

    def comparison_operator(self) -> syntax.ComparisonOperator:
        token = self.advance()
        if token.text == "=" and self.token.is_symbol("="):
            raise self.problem('Write a single "=" to compare')
        operators: dict[str, syntax.ComparisonOperator] = {
            "=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
        }  # fmt: skip
        return operators[token.text]

    def arithmetic(self) -> syntax.Expression:
        left = self._product()
        while self.token.is_symbol("+", "-"):
            token = self.advance()
            operator: Literal["+", "-"] = "+" if token.text == "+" else "-"
            left = syntax.Arithmetic(operator, left, self._product(), at=token.at)
        return left

    def _product(self) -> syntax.Expression:
        left = self._power()
        while self.token.is_symbol("*", "/"):
            token = self.advance()
            operator: Literal["*", "/"] = "*" if token.text == "*" else "/"
            left = syntax.Arithmetic(operator, left, self._power(), at=token.at)
        return left

    def _power(self) -> syntax.Expression:
        # FEEL groups powers to the left, and a minus sign binds tighter: -5 ** 2 is 25.
        left = self._signed()
        while self.token.is_symbol("**"):
            at = self.advance().at
            left = syntax.Arithmetic("**", left, self._signed(), at=at)
        return left

    def _signed(self) -> syntax.Expression:
        if self.token.is_symbol("-"):
            with self.deeper():
                at = self.advance().at
                return syntax.Negation(self._signed(), at=at)
        return self._instance_of()

    def _instance_of(self) -> syntax.Expression:
        value = self._form() or self._postfix()
        while self.is_word("instance") and self.ahead().text == "of":
            at = self.advance().at
            self.advance()
            value = syntax.InstanceOf(value, self.type(), at=at)
        return value

    # --- What follows an operand -----------------------------------------------------------------

    def _postfix(self) -> syntax.Expression:
        value = self.primary()
        while True:
            token = self.token
            if token.is_symbol("."):
                self.advance()
                value = syntax.Path(value, self.member_name(), at=token.at)
            elif token.is_symbol("[") and self._opens_filter():
                value = self._filter(value)
            elif token.is_symbol("("):
                value = self._call(value)
            else:
                return value

    def _opens_filter(self) -> bool:
        # In `]1..5[` the last bracket closes the range: nothing that could be a condition follows.
        following = self.ahead()
        if following.kind == "name":
            return following.text not in NOT_NAMES
        if following.kind == "symbol":
            return following.text in ("(", "[", "{", "@", "-", "]")
        return following.kind != "end"

    def _filter(self, source: syntax.Expression) -> syntax.Expression:
        at = self.advance().at
        with self.open_scope(), self.names("item"):
            condition = self.expression()
        self.expect("]", "to close the filter")
        return syntax.Filter(source, condition, at=at)

    def _call(self, function: syntax.Expression) -> syntax.Expression:
        at = self.advance().at
        if self.declared_name_ahead(":"):
            named = [self._named_argument()]
            while self.take(","):
                named.append(self._named_argument())
            self.expect(")", "after the last argument")
            return syntax.NamedCall(function, tuple(named), at=at)
        arguments: list[syntax.Expression] = []
        while not self.token.is_symbol(")"):
            arguments.append(self.expression())
            if not self.take(","):
                break
        self.expect(")", "after the last argument")
        return syntax.Call(function, tuple(arguments), at=at)

    def _named_argument(self) -> syntax.NamedArgument:
        at = self.token.at
        name = self.declared_name("of an argument", until=(":",))
        self.expect(":", "between an argument's name and its value")
        return syntax.NamedArgument(name, self.expression(), at=at)

    # --- Forms that begin with a word ------------------------------------------------------------

    def _form(self) -> syntax.Expression | None:
        if self.token.kind != "name" or self.known_name()[1]:
            return None
        if self.is_word("if"):
            return self._if()
        if self.is_word("for"):
            return self._for()
        if self.is_word("some") or self.is_word("every"):
            return self._quantified()
        return None

    def _if(self) -> syntax.Expression:
        at = self.advance().at
        condition = self.expression()
        self.expect_word("then", 'after the condition of "if"')
        then = self.expression()
        self.expect_word("else", 'before the value for when "if" does not hold')
        return syntax.If(condition, then, self.expression(), at=at)

    def _for(self) -> syntax.Expression:
        at = self.advance().at
        with self.names() as known:
            iterations = [self._iteration()]
            known.add(iterations[0].variable)
            while self.take(","):
                iterations.append(self._iteration())
                known.add(iterations[-1].variable)
            self.expect_word("return", 'after the lists of "for"')
            known.add("partial")
            result = self.expression()
        return syntax.For(tuple(iterations), result, at=at)

    def _quantified(self) -> syntax.Expression:
        token = self.advance()
        quantifier: Literal["some", "every"] = "some" if token.text == "some" else "every"
        with self.names() as known:
            iterations = [self._iteration()]
            known.add(iterations[0].variable)
            while self.take(","):
                iterations.append(self._iteration())
                known.add(iterations[-1].variable)
            self.expect_word("satisfies", f'after the lists of "{quantifier}"')
            condition = self.expression()
        return syntax.Quantified(quantifier, tuple(iterations), condition, at=token.at)

    def _iteration(self) -> syntax.Iteration:
        at = self.token.at
        variable = self.declared_name("of the item", until=("in",))
        self.expect_word("in", "before the list")
        source = self.expression()
        until = self.expression() if self.take("..") else None
        return syntax.Iteration(variable, source, until, at=at)

    # --- Tests -----------------------------------------------------------------------------------

    def _tests_after_in(self) -> tuple[syntax.Test, ...]:
        if not self.token.is_symbol("("):
            return (self.test(),)
        start = self.index
        self.advance()
        tests = [self.test()]
        while self.take(","):
            tests.append(self.test())
        if len(tests) == 1 and not self.token.is_symbol(")"):
            # Not a list of tests but a range such as (1..5].
            self.index = start
            return (self.test(),)
        self.expect(")", "after the last test")
        return tuple(tests)

    def test(self) -> syntax.Test:
        at = self.token.at
        if self.token.is_symbol(*_COMPARISONS):
            operator = self.comparison_operator()
            return syntax.Compared(operator, self.arithmetic(), at=at)
        value = self.expression()
        mentions_input = any(
            isinstance(node, syntax.Name) and node.name == "?" for node in syntax.walk(value)
        )
        return syntax.Matches(value, mentions_input, at=at)

    def tests(self) -> syntax.UnaryTests:
        at = self.token.at
        if self.token.is_symbol("-") and self.ahead().kind == "end":
            self.advance()
            return syntax.UnaryTests((), at=at)
        if self.is_word("not") and self.ahead().is_symbol("("):
            start = self.index
            negated = self._negated_tests(at)
            if self.token.kind == "end":
                return negated
            self.index = start
        tests = [self.test()]
        while self.take(","):
            tests.append(self.test())
        return syntax.UnaryTests(tuple(tests), at=at)

    def _negated_tests(self, at: int) -> syntax.UnaryTests:
        self.advance()
        self.advance()
        tests = [self.test()]
        while self.take(","):
            tests.append(self.test())
        self.expect(")", 'to close "not"')
        return syntax.UnaryTests(tuple(tests), is_negated=True, at=at)

    def finish(self, tree: syntax.Node) -> None:
        """Refuse what is left over, and a tree too deep to walk."""
        if self.token.kind != "end":
            raise self.problem(_left_over(self.token))
        level: list[syntax.Node] = [tree]
        for _ in range(DEEPEST_TREE):
            level = [child for node in level for child in syntax.children(node)]
            if not level:
                return
        raise self.problem(
            f"This has more than {DEEPEST_TREE} operators in a row; split it into decisions",
            at=0,
        )


def _left_over(token: Token) -> str:
    if token.kind == "name":
        return f'Expected an operator before "{token.text}", or the end'
    if token.is_symbol("%"):
        return "A percentage is written as a fraction (5 % is 0.05);"
    if token.is_symbol("&", "|"):
        return 'Write the words "and" or "or";'
    if token.is_symbol("!"):
        return 'Write "!=" for "is not equal", or not(…);'
    return "Expected an operator or the end"


def expression(text: str, scope: Scope) -> tuple[syntax.Expression, list[syntax.Name]]:
    """Read an expression; give its tree and the names in it that nobody declared.

    Raises `UnreadableFeel`.
    """
    reader = Reader(text, scope)
    try:
        tree = reader.expression()
    except RecursionError:
        raise UnreadableFeel("This is nested too deep to be read", at=0, text=text) from None
    reader.finish(tree)
    return tree, reader.unknown_names


def unary_tests(text: str, scope: Scope) -> tuple[syntax.UnaryTests, list[syntax.Name]]:
    """Read a condition cell; give its tests and the names in them that nobody declared.

    An empty cell is a dash. Raises `UnreadableFeel`.
    """
    if not text.strip():
        return syntax.UnaryTests(()), []
    reader = Reader(text, scope)
    try:
        tree = reader.tests()
    except RecursionError:
        raise UnreadableFeel("This is nested too deep to be read", at=0, text=text) from None
    reader.finish(tree)
    return tree, reader.unknown_names
