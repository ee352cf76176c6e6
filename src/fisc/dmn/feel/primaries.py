"""What stands between operators: literals, names, lists, ranges, contexts, functions."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal

from fisc.dmn.feel import lexer, numbers, syntax
from fisc.dmn.feel.types_parser import TypeReader

_RANGE_OPERATORS = ("<", "<=", ">", ">=", "=", "!=")


class PrimaryReader(TypeReader):
    """Reads one operand."""

    @abstractmethod
    def expression(self) -> syntax.Expression:
        """Read a whole expression."""

    @abstractmethod
    def arithmetic(self) -> syntax.Expression:
        """Read a sum: what may stand on one side of a comparison."""

    def primary(self) -> syntax.Expression:
        token = self.token
        if token.kind == "number":
            return self._number()
        if token.kind == "string":
            self.advance()
            return syntax.StringLiteral(token.text, at=token.at)
        if token.kind == "name":
            return self._word()
        if token.kind == "symbol":
            return self._bracketed()
        raise self.problem("Expected a value, a name or an opening parenthesis")

    def _number(self) -> syntax.Expression:
        token = self.advance()
        value = numbers.finite(numbers.of(Decimal(token.text)))
        if value is None:
            raise self.problem("This number is too large", at=token.at)
        return syntax.NumberLiteral(value, at=token.at)

    # --- Words -----------------------------------------------------------------------------------

    def _word(self) -> syntax.Expression:
        at = self.token.at
        name, length = self.known_name()
        if length > 1 or (length and self.token.text not in KEYWORD_VALUES):
            if length == 1 and name == "function" and self.ahead().is_symbol("("):
                return self._function()
            self.index += length
            return syntax.Name(name, at=at)
        if self.token.text in KEYWORD_VALUES:
            return self._keyword_value(self.advance().text, at)
        if self.is_word("function") and self.ahead().is_symbol("("):
            return self._function()
        return self._unknown_name(at)

    def _keyword_value(self, word: str, at: int) -> syntax.Expression:
        if word == "null":
            return syntax.NullLiteral(at=at)
        return syntax.BooleanLiteral(word == "true", at=at)

    def _unknown_name(self, at: int) -> syntax.Expression:
        if self.token.text in NOT_NAMES:
            raise self.problem(f'Expected a value before the word "{self.token.text}"')
        name = syntax.Name(self.loose_name("here"), at=at)
        if not self.open_places and name.name != "?":
            self.unknown_names.append(name)
        return name

    def _function(self) -> syntax.Expression:
        at = self.advance().at
        self.expect("(", 'after "function"')
        parameters: list[syntax.Parameter] = []
        while not self.token.is_symbol(")"):
            parameters.append(self._parameter())
            if not self.take(","):
                break
        self.expect(")", "after the parameters of a function")
        is_external = self.take_word("external")
        with self.names(*(parameter.name for parameter in parameters)):
            if is_external:
                with self.open_scope():
                    body = self.expression()
            else:
                body = self.expression()
        return syntax.FunctionLiteral(tuple(parameters), body, is_external, at=at)

    def _parameter(self) -> syntax.Parameter:
        at = self.token.at
        name = self.declared_name("of a parameter", until=(":", ",", ")"))
        return syntax.Parameter(name, self.type() if self.take(":") else None, at=at)

    # --- Brackets --------------------------------------------------------------------------------

    def _bracketed(self) -> syntax.Expression:
        token = self.advance()
        if token.text == "(":
            return self._parenthesis(token.at)
        if token.text == "[":
            return self._list_or_range(token.at)
        if token.text == "]":
            low = self.arithmetic()
            return self._range_after(low, includes_low=False, at=token.at)
        if token.text == "{":
            return self._context_literal(token.at)
        if token.text == "@" and self.token.kind == "string":
            return syntax.AtLiteral(self.advance().text, at=token.at)
        raise self.problem("Expected a value, a name or an opening parenthesis", at=token.at)

    def _parenthesis(self, at: int) -> syntax.Expression:
        if self.token.is_symbol(*_RANGE_OPERATORS):
            return self._half_range(at)
        inner = self.expression()
        if self.token.is_symbol(".."):
            return self._range_after(inner, includes_low=False, at=at)
        self.expect(")", "to close the parenthesis")
        return inner

    def _half_range(self, at: int) -> syntax.Expression:
        operator = self.advance().text
        end = self.arithmetic()
        self.expect(")", "to close the range")
        if operator == "=":
            return syntax.RangeLiteral(
                end, end, includes_low=True, includes_high=True, equality="=", at=at
            )
        if operator == "!=":
            return syntax.RangeLiteral(
                end, end, includes_low=False, includes_high=False, equality="!=", at=at
            )
        if operator.startswith("<"):
            return syntax.RangeLiteral(
                None, end, includes_low=False, includes_high=operator == "<=", at=at
            )
        return syntax.RangeLiteral(
            end, None, includes_low=operator == ">=", includes_high=False, at=at
        )

    def _list_or_range(self, at: int) -> syntax.Expression:
        if self.take("]"):
            return syntax.ListLiteral((), at=at)
        items = [self.expression()]
        if self.token.is_symbol(".."):
            return self._range_after(items[0], includes_low=True, at=at)
        while self.take(","):
            items.append(self.expression())
        self.expect("]", "to close the list")
        return syntax.ListLiteral(tuple(items), at=at)

    def _range_after(
        self, low: syntax.Expression, *, includes_low: bool, at: int
    ) -> syntax.Expression:
        self.expect("..", "between the ends of a range")
        high = self.arithmetic()
        if self.take("]"):
            includes_high = True
        elif self.take(")", "["):
            includes_high = False
        else:
            raise self.problem('Expected "]" or ")" to close the range')
        return syntax.RangeLiteral(low, high, includes_low, includes_high, at=at)

    def _context_literal(self, at: int) -> syntax.Expression:
        entries: list[syntax.ContextEntry] = []
        with self.names() as known:
            while not self.token.is_symbol("}"):
                entry = self._context_entry()
                entries.append(entry)
                known.add(entry.name)
                self.scope.members.add(entry.name)
                if not self.take(","):
                    break
        self.expect("}", "to close the context")
        names = [entry.name for entry in entries]
        if len(set(names)) < len(names):
            raise self.problem("A context has two entries of the same name", at=at)
        return syntax.ContextLiteral(tuple(entries), at=at)

    def _context_entry(self) -> syntax.ContextEntry:
        at = self.token.at
        if self.token.kind == "string":
            name = self.advance().text
        else:
            name = self.declared_name("of a context entry", until=(":",))
        self.expect(":", "between a name and its value")
        return syntax.ContextEntry(lexer.normalized(name), self.expression(), at=at)


KEYWORD_VALUES = frozenset(("true", "false", "null"))
NOT_NAMES = frozenset(
    ("and", "or", "in", "then", "else", "return", "satisfies", "between", "instance")
)
