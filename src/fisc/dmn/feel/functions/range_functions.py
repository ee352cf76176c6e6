"""Functions of ranges and of points beside them (Allen's relations)."""

from __future__ import annotations

from collections.abc import Callable

from fisc.dmn.feel import calendar, comparison, lexer, parser, scopes, syntax
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.comparison import Truth
from fisc.dmn.feel.functions.registry import function
from fisc.dmn.feel.values import Range, Value

_same, _less = comparison.equal, comparison.less


def _all(*truths: Truth) -> Truth:
    answer: Truth = True
    for truth in truths:
        answer = comparison.conjunction(answer, truth)
    return answer


def _either(*truths: Truth) -> Truth:
    if any(truth is True for truth in truths):
        return True
    return None if any(truth is None for truth in truths) else False


def _point(value: Value) -> Range:
    return Range(value, value, includes_low=True, includes_high=True)


def _relation(name: str, first: str, second: str) -> Callable[..., Callable[..., Truth]]:
    """Declare a relation for every mixture of points and ranges that its parameters allow."""

    def declare(body: Callable[[Range, Range], Truth]) -> Callable[..., Truth]:
        def relate(left: Value, right: Value) -> Truth:
            one = left if isinstance(left, Range) else _point(left)
            other = right if isinstance(right, Range) else _point(right)
            if None in (one.low, one.high, other.low, other.high):
                return None
            return body(one, other)

        for left in first.split():
            for right in second.split():
                function(name, f"{_parameter(left, 1)}, {_parameter(right, 2)}")(relate)
        return relate

    return declare


def _parameter(what: str, number: int) -> str:
    return f"{what}{number}: {kinds.RANGE if what == 'range' else 'any'}"


@_relation("before", "point range", "point range")
def before(one: Range, other: Range) -> Truth:
    touches = not (one.includes_high and other.includes_low)
    if touches:
        return comparison.less_or_equal(one.high, other.low)
    return _less(one.high, other.low)


@_relation("after", "point range", "point range")
def after(one: Range, other: Range) -> Truth:
    return before(other, one)


@_relation("meets", "range", "range")
def meets(one: Range, other: Range) -> Truth:
    return _all(one.includes_high, other.includes_low, _same(one.high, other.low))


@_relation("met by", "range", "range")
def met_by(one: Range, other: Range) -> Truth:
    return meets(other, one)


def _starts_before_end(one: Range, other: Range) -> Truth:
    """Whether the first starts no later than the second ends."""
    touch = one.includes_low and other.includes_high
    return _either(_less(one.low, other.high), _all(touch, _same(one.low, other.high)))


def _starts_first(one: Range, other: Range) -> Truth:
    closed_first = one.includes_low and not other.includes_low
    return _either(_less(one.low, other.low), _all(closed_first, _same(one.low, other.low)))


def _ends_first(one: Range, other: Range) -> Truth:
    open_first = not one.includes_high and other.includes_high
    return _either(_less(one.high, other.high), _all(open_first, _same(one.high, other.high)))


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


@_relation("overlaps", "range", "range")
def overlaps(one: Range, other: Range) -> Truth:
    return _all(_starts_before_end(one, other), _starts_before_end(other, one))


@_relation("overlaps before", "range", "range")
def overlaps_before(one: Range, other: Range) -> Truth:
    return _all(_starts_first(one, other), _ends_first(one, other), overlaps(one, other))


@_relation("overlaps after", "range", "range")
def overlaps_after(one: Range, other: Range) -> Truth:
    return overlaps_before(other, one)


@_relation("includes", "range", "point range")
def includes(one: Range, other: Range) -> Truth:
    return _all(_not(_starts_first(other, one)), _not(_ends_first(one, other)))


@_relation("during", "point range", "range")
def during(one: Range, other: Range) -> Truth:
    return includes(other, one)


def _same_start(one: Range, other: Range) -> Truth:
    return _all(one.includes_low == other.includes_low, _same(one.low, other.low))


def _same_end(one: Range, other: Range) -> Truth:
    return _all(one.includes_high == other.includes_high, _same(one.high, other.high))


@_relation("starts", "point range", "range")
def starts(one: Range, other: Range) -> Truth:
    return _all(_same_start(one, other), _not(_ends_first(other, one)))


@_relation("started by", "range", "point range")
def started_by(one: Range, other: Range) -> Truth:
    return starts(other, one)


@_relation("finishes", "point range", "range")
def finishes(one: Range, other: Range) -> Truth:
    return _all(_same_end(one, other), _not(_starts_first(one, other)))


@_relation("finished by", "range", "point range")
def finished_by(one: Range, other: Range) -> Truth:
    return finishes(other, one)


@_relation("coincides", "point range", "point range")
def coincides(one: Range, other: Range) -> Truth:
    return _all(_same_start(one, other), _same_end(one, other))


# --- Ranges from text ----------------------------------------------------------------------------

_MAKERS_OF_ENDS = ("date", "time", "date and time", "duration")


@function("range", "from: string")
def range_from(text: str) -> Range | None:
    """The range a text writes, its ends literal values in order."""
    try:
        tree, _ = parser.expression(text, scopes.scope(_MAKERS_OF_ENDS))
    except lexer.UnreadableFeel:
        return None
    if not isinstance(tree, syntax.RangeLiteral):
        return None
    low, high = _end(tree.low), _end(tree.high)
    if comparison.less_or_equal(low, high) is not True:
        return None
    return Range(low, high, tree.includes_low, tree.includes_high)


def _end(node: syntax.Expression | None) -> Value:
    """The value of a literal, or of a date or time made from literal text."""
    if isinstance(node, syntax.NumberLiteral | syntax.StringLiteral):
        return node.value
    if isinstance(node, syntax.Negation) and isinstance(node.operand, syntax.NumberLiteral):
        return -node.operand.value
    if isinstance(node, syntax.AtLiteral):
        return calendar.read_any(node.text)
    if isinstance(node, syntax.Call):
        return _made_end(node)
    return None


def _made_end(call: syntax.Call) -> Value:
    readers: dict[str, Callable[[str], Value]] = {
        "date": calendar.read_date,
        "time": calendar.read_time,
        "date and time": calendar.read_date_time,
        "duration": calendar.read_duration,
    }
    if not isinstance(call.function, syntax.Name) or len(call.arguments) != 1:
        return None
    text, reader = call.arguments[0], readers.get(call.function.name)
    return reader(text.value) if reader and isinstance(text, syntax.StringLiteral) else None
