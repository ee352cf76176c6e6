"""The small changes somebody could make to a table by mistake, one at a time.

A number one unit of its last written decimal up or down, a date a day earlier or later, `<` for
`<=`, an end of a range left out or let in, true for false, a listed text left out, another text as
the result. How many decimals a rounding keeps is no rate and is left alone.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fisc.dmn import model as dmn
from fisc.dmn.checks import words
from fisc.dmn.columns import rule_values
from fisc.dmn.feel import syntax

_FLIPPED: Mapping[syntax.ComparisonOperator, syntax.ComparisonOperator] = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">",
}  # fmt: skip
_DAY = datetime.timedelta(days=1)
_DATES = frozenset({"date"})
# Arguments that say how to round, not what.
_NOT_NUDGED = frozenset({"scale"})


@dataclass(frozen=True, slots=True)
class Nudge:
    """A node with one thing in it changed; what stood there and what would."""

    node: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True, eq=False)
class CellChange:
    """One change to a cell of a rule; `column` counts condition columns, then result columns."""

    rule: int
    column: int
    changed: dmn.Rule
    before: str
    after: str
    is_condition: bool


def of_rule(table: dmn.DecisionTable, number: int) -> Iterator[CellChange]:
    """Every change of one rule of a table; rules count from 0."""
    rule = table.rules[number]
    for column, entry in enumerate(rule.inputs):
        for nudge in _of_cell(entry.tests):
            changed = dataclasses.replace(entry, tests=nudge.node)
            inputs = (*rule.inputs[:column], changed, *rule.inputs[column + 1 :])
            yield CellChange(
                number, column, dataclasses.replace(rule, inputs=inputs), nudge.before,
                nudge.after, is_condition=True,
            )  # fmt: skip
    for column, result in enumerate(rule.outputs):
        for nudge in of_result(result.expression):
            written = dataclasses.replace(result, expression=nudge.node)
            outputs = (*rule.outputs[:column], written, *rule.outputs[column + 1 :])
            yield CellChange(
                number, len(rule.inputs) + column, dataclasses.replace(rule, outputs=outputs),
                nudge.before, nudge.after, is_condition=False,
            )  # fmt: skip


def of_result(expression: syntax.Expression | None) -> Iterator[Nudge]:
    """Every change of what a rule gives; one that is calculated without a number gives one more."""
    if expression is None or isinstance(expression, syntax.NullLiteral):
        return
    if isinstance(expression, syntax.StringLiteral):
        other = syntax.StringLiteral(expression.value + words.CHANGED_TEXT)
        yield Nudge(other, words.value(expression.value), words.ANOTHER_TEXT)
        return
    found = list(nudges(expression))
    yield from found
    if not found:
        more = syntax.Arithmetic("+", expression, syntax.NumberLiteral(Decimal(1)))
        yield Nudge(more, words.WHOLE_RESULT, words.ONE_MORE)


def of_box(box: dmn.BoxedExpression) -> Iterator[tuple[Nudge, str]]:
    """Every change of a boxed expression, with the text of the cell it is in."""
    for path, element in _cells(box, ()):
        if isinstance(element, dmn.LiteralExpression):
            found = nudges(element.expression) if element.expression else iter(())
            for each in found:
                changed = dataclasses.replace(element, expression=each.node)
                yield dataclasses.replace(each, node=_put(box, path, changed)), element.text
        elif isinstance(element, dmn.InputEntry):
            for each in _of_cell(element.tests):
                changed_cell = dataclasses.replace(element, tests=each.node)
                yield dataclasses.replace(each, node=_put(box, path, changed_cell)), element.text


def nudges(node: syntax.Node) -> Iterator[Nudge]:
    """Every change of an expression, one at a time."""
    if isinstance(node, syntax.Call) and (date := date_of(node)) is not None:
        for day in (date - _DAY, date + _DAY):
            text = syntax.StringLiteral(day.isoformat())
            yield Nudge(
                dataclasses.replace(node, arguments=(text,)), date.isoformat(), day.isoformat()
            )
        return
    yield from _of_node(node)
    for name, value in _below(node):
        if isinstance(value, syntax.Node):
            for each in nudges(value):
                yield _within(node, name, each, each.node)
            continue
        for place, item in enumerate(value):
            for each in nudges(item):
                yield _within(node, name, each, (*value[:place], each.node, *value[place + 1 :]))


# --- One node ------------------------------------------------------------------------------------


def _of_node(node: syntax.Node) -> Iterator[Nudge]:
    if isinstance(node, syntax.NumberLiteral):
        exponent = node.value.as_tuple().exponent
        assert isinstance(exponent, int), "a number written in a table is finite"
        unit = Decimal(1).scaleb(min(exponent, 0))
        for value in (node.value - unit, node.value + unit):
            yield Nudge(syntax.NumberLiteral(value), f"{node.value:f}", f"{value:f}")
    elif isinstance(node, syntax.BooleanLiteral):
        flipped = syntax.BooleanLiteral(not node.value)
        yield Nudge(flipped, words.value(node.value), words.value(not node.value))
    elif isinstance(node, syntax.AtLiteral):
        yield from _of_at(node)
    elif isinstance(node, syntax.Compared) and node.operator in _FLIPPED:
        operator = _FLIPPED[node.operator]
        text = _text(node.operand)
        changed = dataclasses.replace(node, operator=operator)
        yield Nudge(changed, f"{node.operator} {text}", f"{operator} {text}")
    elif isinstance(node, syntax.Comparison) and node.operator in _FLIPPED:
        operator = _FLIPPED[node.operator]
        left, right = _text(node.left), _text(node.right)
        changed_comparison = dataclasses.replace(node, operator=operator)
        yield Nudge(
            changed_comparison, f"{left} {node.operator} {right}", f"{left} {operator} {right}"
        )
    elif isinstance(node, syntax.RangeLiteral) and not node.equality:
        yield from _of_range(node)


def _of_at(node: syntax.AtLiteral) -> Iterator[Nudge]:
    try:
        day = datetime.date.fromisoformat(node.text)
    except ValueError:
        # A time or duration, which has no unit that everybody would nudge it by.
        return
    for other in (day - _DAY, day + _DAY):
        yield Nudge(syntax.AtLiteral(other.isoformat()), node.text, other.isoformat())


def _of_range(node: syntax.RangeLiteral) -> Iterator[Nudge]:
    if node.low is not None:
        changed = dataclasses.replace(node, includes_low=not node.includes_low)
        yield Nudge(changed, _range_text(node), _range_text(changed))
    if node.high is not None:
        changed = dataclasses.replace(node, includes_high=not node.includes_high)
        yield Nudge(changed, _range_text(node), _range_text(changed))


def _of_cell(tests: syntax.UnaryTests) -> Iterator[Nudge]:
    yield from nudges(tests)
    for place, test in enumerate(tests.tests):
        text = test.expression if isinstance(test, syntax.Matches) else None
        if not isinstance(text, syntax.StringLiteral):
            continue
        if len(tests.tests) > 1:
            rest = (*tests.tests[:place], *tests.tests[place + 1 :])
            after = words.LEFT_OUT
        else:
            rest = (syntax.Matches(syntax.StringLiteral(text.value + words.CHANGED_TEXT)),)
            after = words.ANOTHER_TEXT
        yield Nudge(dataclasses.replace(tests, tests=rest), words.value(text.value), after)


def date_of(node: syntax.Call) -> datetime.date | None:
    """The day that `date("2026-07-01")` is; None for any other call."""
    if not isinstance(node.function, syntax.Name) or node.function.name not in _DATES:
        return None
    if len(node.arguments) != 1 or not isinstance(node.arguments[0], syntax.StringLiteral):
        return None
    try:
        return datetime.date.fromisoformat(node.arguments[0].value)
    except ValueError:
        return None


# --- Trees ---------------------------------------------------------------------------------------


def _below(node: syntax.Node) -> Iterator[tuple[str, Any]]:
    """The parts of a node that may be nudged, by field; a tuple for those written in a row."""
    if isinstance(node, syntax.NamedArgument) and node.name in _NOT_NUDGED:
        return
    for each in dataclasses.fields(node):
        value = getattr(node, each.name)
        if isinstance(node, syntax.Call) and each.name == "arguments" and _rounds(node):
            value = value[:1]
        if isinstance(value, syntax.Node) or (
            isinstance(value, tuple) and all(isinstance(item, syntax.Node) for item in value)
        ):
            yield each.name, value


def _rounds(node: syntax.Call) -> bool:
    return (
        isinstance(node.function, syntax.Name)
        and node.function.name in rule_values.FIRST_ARGUMENT_ONLY
    )


def _within(node: Any, name: str, nudge: Nudge, value: Any) -> Nudge:
    if isinstance(value, tuple):
        # Arguments that were passed over stay as they are.
        value = (*value, *getattr(node, name)[len(value) :])
    return dataclasses.replace(nudge, node=dataclasses.replace(node, **{name: value}))


def literals(box: dmn.BoxedExpression) -> Iterator[dmn.LiteralExpression]:
    """Every literal expression below a boxed one."""
    for _, element in _cells(box, ()):
        if isinstance(element, dmn.LiteralExpression):
            yield element


Path = tuple[tuple[str, tuple[int, ...]], ...]


def _cells(element: dmn.Element, path: Path) -> Iterator[tuple[Path, dmn.Element]]:
    """Every cell below a boxed expression, and the way to it."""
    if isinstance(element, dmn.LiteralExpression | dmn.InputEntry):
        yield path, element
        return
    for each in dataclasses.fields(element):
        value = getattr(element, each.name)
        for places, part in _elements(value, ()):
            yield from _cells(part, (*path, (each.name, places)))


def _elements(
    value: object, places: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], dmn.Element]]:
    if isinstance(value, dmn.Element):
        yield places, value
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _elements(item, (*places, place))


def _put(element: Any, path: Path, changed: Any) -> Any:
    if not path:
        return changed
    (name, places), *rest = path
    value = _put_at(getattr(element, name), places, tuple(rest), changed)
    return dataclasses.replace(element, **{name: value})


def _put_at(value: Any, places: tuple[int, ...], path: Path, changed: Any) -> Any:
    if not places:
        return _put(value, path, changed)
    place = places[0]
    inner = _put_at(value[place], places[1:], path, changed)
    return (*value[:place], inner, *value[place + 1 :])


# --- Saying it -----------------------------------------------------------------------------------


def _text(node: syntax.Node | None) -> str:
    if isinstance(node, syntax.NumberLiteral):
        return f"{node.value:f}"
    if isinstance(node, syntax.StringLiteral):
        return words.value(node.value)
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.AtLiteral):
        return node.text
    if isinstance(node, syntax.Call) and (day := date_of(node)) is not None:
        return day.isoformat()
    return "" if node is None else "…"


def _range_text(node: syntax.RangeLiteral) -> str:
    opening = "[" if node.includes_low else "("
    closing = "]" if node.includes_high else ")"
    return f"{opening}{_text(node.low)}..{_text(node.high)}{closing}"
