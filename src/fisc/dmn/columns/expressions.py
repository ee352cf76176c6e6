"""FEEL expressions as terms over columns; what has no exact form raises `terms.CannotTake`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from fisc.dmn.columns import functions, types
from fisc.dmn.columns.terms import CannotTake, Sort, Term, Terms
from fisc.dmn.columns.values import Function, Limits, Listing, Record, Scope, Value, must_be, single
from fisc.dmn.feel import calendar, syntax
from fisc.dmn.feel import values as kinds

MOST_POWER = 8
DEEPEST_CALL = 32

_FIRST_DAY = types.units(datetime.date.min, scale=0)
_LAST_DAY = types.units(datetime.date.max, scale=0)

_DATE_PARTS: Mapping[str, tuple[int, int]] = {
    "year": (1, 9999),
    "month": (1, 12),
    "day": (1, 31),
    "weekday": (1, 7),
}

_DAY_SUMS: Mapping[tuple[str, Sort, Sort], Sort] = {
    ("-", Sort.DATE, Sort.DATE): Sort.DAYS,
    ("+", Sort.DATE, Sort.DAYS): Sort.DATE,
    ("+", Sort.DAYS, Sort.DATE): Sort.DATE,
    ("-", Sort.DATE, Sort.DAYS): Sort.DATE,
    ("+", Sort.DAYS, Sort.DAYS): Sort.DAYS,
    ("-", Sort.DAYS, Sort.DAYS): Sort.DAYS,
}

# By operator: the step, whether its sides are swapped, and whether its answer is turned round.
_COMPARISONS: Mapping[str, tuple[str, bool, bool]] = {
    "=": ("equal", False, False),
    "!=": ("equal", False, True),
    "<": ("less", False, False),
    "<=": ("less_equal", False, False),
    ">": ("less", True, False),
    ">=": ("less_equal", True, False),
}


class Translator:
    """Translates expressions, all into one set of terms."""

    def __init__(self, made: Terms) -> None:
        self.made = made
        self._calls_open = 0

    def term(self, node: syntax.Expression | None, scope: Scope) -> Term:
        """Translate what must be a single value in each row."""
        return single(self.value(node, scope))

    def value(self, node: syntax.Expression | None, scope: Scope) -> Value:
        """Translate any expression. Nothing written means null."""
        if node is None:
            return self.made.null()
        translate = self._FORMS.get(type(node))
        if translate is None:
            raise CannotTake(f"the form “{type(node).__name__}”")
        return translate(self, node, scope)

    def number(self, node: syntax.Expression, scope: Scope) -> Term:
        """Translate what must be a number, or null."""
        return must_be(self.term(node, scope), Sort.NUMBER)

    def truth(self, node: syntax.Expression, scope: Scope) -> Term:
        """Translate what must be true, false or null."""
        return must_be(self.term(node, scope), Sort.BOOLEAN)

    # --- Literals and names ----------------------------------------------------------------------

    def _number(self, node: syntax.NumberLiteral, _: Scope) -> Value:
        return self.made.decimal(node.value)

    def _string(self, node: syntax.StringLiteral, _: Scope) -> Value:
        return self.made.text(node.value)

    def _boolean(self, node: syntax.BooleanLiteral, _: Scope) -> Value:
        return self.made.constant(node.value, sort=Sort.BOOLEAN)

    def _null(self, _node: syntax.NullLiteral, _: Scope) -> Value:
        return self.made.null()

    def _at(self, node: syntax.AtLiteral, _: Scope) -> Value:
        return self.moment(calendar.read_any(node.text))

    def moment(self, value: Any) -> Term:
        """A date, or a duration of whole days."""
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return self.made.constant(types.units(value, scale=0), sort=Sort.DATE)
        if isinstance(value, kinds.DaysDuration):
            days, rest = divmod(value.nanoseconds, kinds.DAY_NANOSECONDS)
            if not rest:
                return self.made.constant(days, sort=Sort.DAYS)
        raise CannotTake("a moment or duration that is not whole days")

    def _list(self, node: syntax.ListLiteral, scope: Scope) -> Value:
        return Listing(tuple(self.value(each, scope) for each in node.items))

    def _range(self, node: syntax.RangeLiteral, scope: Scope) -> Value:
        if node.equality:
            raise CannotTake(f"a range written as ({node.equality} …)")
        low = None if node.low is None else self.term(node.low, scope)
        high = None if node.high is None else self.term(node.high, scope)
        if any(end is not None and end.is_null for end in (low, high)):
            raise CannotTake("a range with the end null")
        return Limits(low, high, node.includes_low, node.includes_high)

    def _context(self, node: syntax.ContextLiteral, scope: Scope) -> Value:
        entries: dict[str, Value] = {}
        for entry in node.entries:
            entries[entry.name] = self.value(entry.value, {**scope, **entries})
        return Record(entries)

    def _name(self, node: syntax.Name, scope: Scope) -> Value:
        if node.name not in scope:
            raise CannotTake(f"the name “{node.name}”")
        return scope[node.name]

    def _path(self, node: syntax.Path, scope: Scope) -> Value:
        source = self.value(node.source, scope)
        if isinstance(source, Record):
            if node.member not in source.entries:
                raise CannotTake(f"the entry “{node.member}”, which is not there")
            return source.entries[node.member]
        term = single(source)
        if term.sort is Sort.DATE and node.member in _DATE_PARTS:
            bounds = _DATE_PARTS[node.member]
            return self.made.make(
                "date_part", (term,), sort=Sort.NUMBER, bounds=bounds, detail=node.member
            )
        if term.sort is Sort.DAYS and node.member == "days":
            zero = self.made.constant(0, sort=Sort.NUMBER)
            return self.made.make(
                "add", (term, zero), sort=Sort.NUMBER, bounds=(term.low, term.high)
            )
        raise CannotTake(f"the part “{node.member}” of {term.sort.value}")

    # --- Operators -------------------------------------------------------------------------------

    def _negation(self, node: syntax.Negation, scope: Scope) -> Value:
        term = self.term(node.operand, scope)
        if term.sort not in {Sort.NUMBER, Sort.DAYS, Sort.NULL}:
            raise CannotTake(f"the negative of {term.sort.value}")
        return self.made.negate(term)

    def _arithmetic(self, node: syntax.Arithmetic, scope: Scope) -> Value:
        left, right = self.term(node.left, scope), self.term(node.right, scope)
        if {left.sort, right.sort} & {Sort.DATE, Sort.DAYS}:
            return self._days(node.operator, left, right)
        must_be(left, Sort.NUMBER)
        must_be(right, Sort.NUMBER)
        if node.operator == "+":
            return self.made.add(left, right)
        if node.operator == "-":
            return self.made.subtract(left, right)
        if node.operator == "*":
            return self.made.multiply(left, right)
        return self._power(left, right) if node.operator == "**" else self._quotient(left, right)

    def _days(self, operator: str, left: Term, right: Term) -> Term:
        sort = _DAY_SUMS.get((operator, left.sort, right.sort))
        if sort is None:
            raise CannotTake(f"{left.sort.value} {operator} {right.sort.value}")
        if operator == "+":
            op, bounds = "add", (left.low + right.low, left.high + right.high)
        else:
            op, bounds = "subtract", (left.low - right.high, left.high - right.low)
        if sort is Sort.DATE and (bounds[0] < _FIRST_DAY or bounds[1] > _LAST_DAY):
            raise CannotTake("a date that may leave the years 1 to 9999")
        return self.made.make(op, (left, right), sort=sort, bounds=bounds)

    def _power(self, base: Term, exponent: Term) -> Term:
        if exponent.is_null or not exponent.is_constant:
            raise CannotTake("a power that is not a small whole number")
        if exponent.scale or not 1 <= exponent.detail <= MOST_POWER:
            raise CannotTake("a power that is not a small whole number")
        result = base
        for _ in range(exponent.detail - 1):
            result = self.made.multiply(result, base)
        return result

    def _quotient(self, left: Term, right: Term) -> Term:
        """A division that always comes out even: by 2, 5, 8, 100 and so on."""
        if right.is_null or left.is_null:
            return self.made.null()
        if right.is_constant and right.detail == 0:
            return self.made.null()
        if right.is_constant and left.is_constant:
            numerator = left.detail * 10**right.scale
            exact = types.exact_quotient(numerator, right.detail * 10**left.scale)
            if exact is not None:
                return self.made.constant(exact[0], sort=Sort.NUMBER, scale=exact[1])
        elif right.is_constant:
            inverse = types.exact_quotient(10**right.scale, right.detail)
            if inverse is not None:
                by = self.made.constant(inverse[0], sort=Sort.NUMBER, scale=inverse[1])
                return self.made.multiply(left, by)
        raise CannotTake("a division outside a rounding: write round half up(a / b, 2)")

    def _comparison(self, node: syntax.Comparison, scope: Scope) -> Value:
        return self.compared(
            node.operator, self.term(node.left, scope), self.term(node.right, scope)
        )

    def compared(self, operator: str, left: Term, right: Term) -> Term:
        """One of the six comparisons."""
        op, is_swapped, is_negated = _COMPARISONS[operator]
        pair = (right, left) if is_swapped else (left, right)
        result = self.made.compare(op, *pair)
        return self.made.negation(result) if is_negated else result

    def _conjunction(self, node: syntax.Conjunction, scope: Scope) -> Value:
        return self.made.both(self.truth(node.left, scope), self.truth(node.right, scope))

    def _disjunction(self, node: syntax.Disjunction, scope: Scope) -> Value:
        return self.made.either(self.truth(node.left, scope), self.truth(node.right, scope))

    def _between(self, node: syntax.Between, scope: Scope) -> Value:
        value = self.term(node.value, scope)
        low, high = self.term(node.low, scope), self.term(node.high, scope)
        return self.made.both(self.compared("<=", low, value), self.compared("<=", value, high))

    def _if(self, node: syntax.If, scope: Scope) -> Value:
        return self.made.choose(
            self.truth(node.condition, scope),
            self.term(node.then, scope),
            self.term(node.otherwise, scope),
        )

    # --- Tests -----------------------------------------------------------------------------------

    def _in(self, node: syntax.In, scope: Scope) -> Value:
        value = self.term(node.value, scope)
        return self.any_test(value, node.tests, scope)

    def any_test(self, value: Term, tests: Sequence[syntax.Test], scope: Scope) -> Term:
        """Whether any of some unary tests holds for a value."""
        results = [self.test(value, each, scope) for each in tests]
        result = results[0]
        for each in results[1:]:
            result = self.made.either(result, each)
        return result

    def test(self, value: Term, test: syntax.Test, scope: Scope) -> Term:
        """One unary test of a value."""
        if isinstance(test, syntax.Compared):
            return self.compared(test.operator, value, self.term(test.operand, scope))
        operand = self.value(test.expression, {**scope, "?": value})
        if test.mentions_input:
            return must_be(single(operand), Sort.BOOLEAN)
        if isinstance(test.expression, syntax.RangeLiteral) and isinstance(operand, Limits):
            # A range that could not be made answers nothing.
            return self._within(value, operand, without_range=self.made.null())
        return self._matches(value, operand)

    def _matches(self, value: Term, operand: Value) -> Term:
        if isinstance(operand, Listing):
            return self._is_one_of(value, operand)
        if isinstance(operand, Limits):
            # Elsewhere it is the value null, which only null equals.
            return self._within(value, operand, without_range=self._is_null(value))
        return self.made.compare("equal", value, single(operand))

    def _is_one_of(self, value: Term, listing: Listing) -> Term:
        """Whether a value is in a list: an item it cannot be compared with is only a no."""
        false = self.made.truth(value=False)
        true = self.made.truth(value=True)
        result = false
        for item in listing.items:
            if isinstance(item, Listing):
                raise CannotTake("a list of lists")
            is_so = self.made.choose(self._matches(value, item), true, false)
            result = self.made.either(result, is_so)
        return result

    def _within(self, value: Term, limits: Limits, *, without_range: Term) -> Term:
        made = self.made
        result = made.truth(value=True)
        is_no_range = made.truth(value=False)
        for end, is_included, is_low in (
            (limits.low, limits.includes_low, True),
            (limits.high, limits.includes_high, False),
        ):
            if end is not None:
                pair = (end, value) if is_low else (value, end)
                result = made.both(result, self.compared("<=" if is_included else "<", *pair))
                is_no_range = made.either(is_no_range, self._is_null(end))
        return made.choose(is_no_range, without_range, result)

    def _is_null(self, term: Term) -> Term:
        return self.made.compare("equal", term, self.made.null())

    # --- Calls -----------------------------------------------------------------------------------

    def _call(self, node: syntax.Call, scope: Scope) -> Value:
        if isinstance(node.function, syntax.Name) and node.function.name not in scope:
            return self._built_in(node.function.name, node.arguments, scope)
        function = self.value(node.function, scope)
        if not isinstance(function, Function):
            raise CannotTake("a call of what is not a function of the model")
        return self.call(function, tuple(self.value(each, scope) for each in node.arguments))

    def call(self, function: Function, arguments: tuple[Value, ...]) -> Value:
        """Put a function of the model in place of its call."""
        if len(arguments) != len(function.parameters):
            raise CannotTake("a call with another number of arguments than the function has")
        if self._calls_open >= DEEPEST_CALL:
            raise CannotTake("functions that call each other too deeply")
        self._calls_open += 1
        try:
            return function.call(arguments)
        finally:
            self._calls_open -= 1

    def _named_call(self, node: syntax.NamedCall, scope: Scope) -> Value:
        given = {each.name: each.value for each in node.arguments}
        if isinstance(node.function, syntax.Name) and node.function.name not in scope:
            names = functions.PARAMETERS.get((node.function.name, len(given)), ())
        else:
            function = self.value(node.function, scope)
            names = function.parameters if isinstance(function, Function) else ()
        if set(names) != set(given):
            raise CannotTake("a call with named arguments that do not fit")
        ordered = tuple(given[name] for name in names)
        return self._call(syntax.Call(node.function, ordered), scope)

    def _built_in(self, name: str, arguments: tuple[syntax.Expression, ...], scope: Scope) -> Value:
        function = functions.BUILT_INS.get(name)
        if function is None:
            raise CannotTake(f"the function “{name}”")
        return function(self, arguments, scope)

    def rounding(
        self, mode: str, arguments: tuple[syntax.Expression, ...], scope: Scope, *, scale: int
    ) -> Term:
        """Round a number, or a quotient without working it out first."""
        if not 1 <= len(arguments) <= 2:
            raise CannotTake("a rounding without a number of decimals")
        if len(arguments) == 2:
            scale = self._constant_scale(arguments[1], scope)
        what = arguments[0]
        if isinstance(what, syntax.Arithmetic) and what.operator == "/":
            left, right = self.number(what.left, scope), self.number(what.right, scope)
            return self.made.divide_rounded(left, right, scale=scale, mode=mode)
        return self.made.round(self.number(what, scope), scale=scale, mode=mode)

    def _constant_scale(self, node: syntax.Expression, scope: Scope) -> int:
        term = self.number(node, scope)
        if not term.is_constant or term.is_null or term.scale or not -20 <= term.detail <= 30:
            raise CannotTake("a rounding whose number of decimals is not written out")
        return int(term.detail)

    def listed(self, arguments: tuple[syntax.Expression, ...], scope: Scope) -> list[Term]:
        """The arguments of min, max or sum: written one by one, or as one list."""
        values = [self.value(each, scope) for each in arguments]
        if len(values) == 1 and isinstance(values[0], Listing):
            values = list(values[0].items)
        if not values:
            raise CannotTake("an empty list")
        found = [single(each) for each in values]
        sorts = {each.sort for each in found}
        if len(sorts) > 1 or not sorts <= {Sort.NUMBER, Sort.DATE}:
            raise CannotTake("min, max or sum of anything but numbers, or of null")
        return found

    _FORMS: ClassVar[Mapping[type, Callable[..., Value]]] = {
        syntax.NumberLiteral: _number,
        syntax.StringLiteral: _string,
        syntax.BooleanLiteral: _boolean,
        syntax.NullLiteral: _null,
        syntax.AtLiteral: _at,
        syntax.ListLiteral: _list,
        syntax.RangeLiteral: _range,
        syntax.ContextLiteral: _context,
        syntax.Name: _name,
        syntax.Path: _path,
        syntax.Negation: _negation,
        syntax.Arithmetic: _arithmetic,
        syntax.Comparison: _comparison,
        syntax.Conjunction: _conjunction,
        syntax.Disjunction: _disjunction,
        syntax.Between: _between,
        syntax.If: _if,
        syntax.In: _in,
        syntax.Call: _call,
        syntax.NamedCall: _named_call,
    }
