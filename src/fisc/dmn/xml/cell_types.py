"""Checks that what stands in a table's cells is of its column's type, where that can be seen.

Only literal values are judged; what an expression gives is known when it runs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from fisc.dmn import model
from fisc.dmn.feel import calendar, syntax, types
from fisc.dmn.feel import values as kinds
from fisc.dmn.xml.problems import Problems

_LONGEST_CHAIN = 20
# Functions that make a value of the type they are called after, and the durations.
_MAKERS = {
    "date": kinds.DATE,
    "time": kinds.TIME,
    "date and time": kinds.DATE_TIME,
    "years and months duration": kinds.MONTHS_DURATION,
}
_WORDS = {kinds.STRING: "text in quotes", kinds.BOOLEAN: "true or false"}
# A date is taken where a date and time is wanted: its midnight.
_FITTING = {(kinds.DATE, kinds.DATE_TIME)}


def check(definitions: model.Definitions, problems: Problems) -> None:
    """Collect the cells whose literal value is not of the column's type."""
    if not problems.is_strict:
        return
    kinds_of = _KindsOfTypes(definitions)
    for table in _tables(definitions):
        _check_conditions(table, kinds_of, problems)
        _check_results(table, kinds_of, problems)


def _check_conditions(
    table: model.DecisionTable, kinds_of: _KindsOfTypes, problems: Problems
) -> None:
    wanted = [kinds_of.find(clause.type_ref) for clause in table.inputs]
    for rule in table.rules:
        for kind, entry in zip(wanted, rule.inputs, strict=False):
            if kind is not None:
                _check_tests(entry, kind, problems)


def _check_results(table: model.DecisionTable, kinds_of: _KindsOfTypes, problems: Problems) -> None:
    wanted = [kinds_of.find(clause.type_ref) for clause in table.outputs]
    rows = [rule.outputs for rule in table.rules]
    for kind, clause in zip(wanted, table.outputs, strict=True):
        if kind is not None and clause.default is not None:
            _check_entry(clause.default, kind, problems)
    for row in rows:
        for kind, entry in zip(wanted, row, strict=False):
            if kind is not None:
                _check_entry(entry, kind, problems)


def _check_entry(entry: model.LiteralExpression, wanted: str, problems: Problems) -> None:
    if entry.expression is not None:
        _check_value(entry.expression, wanted, entry.place, problems)


def _check_tests(entry: model.InputEntry, wanted: str, problems: Problems) -> None:
    for test in entry.tests.tests:
        if isinstance(test, syntax.Compared):
            _check_value(test.operand, wanted, entry.place, problems)
            continue
        expression = test.expression
        ends = [expression]
        if isinstance(expression, syntax.RangeLiteral):
            ends = [end for end in (expression.low, expression.high) if end is not None]
        elif isinstance(expression, syntax.ListLiteral):
            ends = list(expression.items)
        for end in ends:
            if not test.mentions_input:
                _check_value(end, wanted, entry.place, problems)


def _check_value(
    expression: syntax.Expression, wanted: str, place: model.Place, problems: Problems
) -> None:
    found = literal_kind(expression)
    if found in (None, wanted) or (found, wanted) in _FITTING:
        return
    assert found is not None
    problems.add(
        place,
        f"It holds a {found}; the column is of the type {wanted}"
        f" ({_WORDS.get(wanted, f'a {wanted}')} is wanted).",
    )


def literal_kind(expression: syntax.Expression) -> str | None:
    """The type of a literal value; None for null and for what is no literal."""
    if isinstance(expression, syntax.Negation):
        return literal_kind(expression.operand)
    if isinstance(expression, syntax.NumberLiteral):
        return kinds.NUMBER
    if isinstance(expression, syntax.StringLiteral):
        return kinds.STRING
    if isinstance(expression, syntax.BooleanLiteral):
        return kinds.BOOLEAN
    if isinstance(expression, syntax.AtLiteral):
        value = calendar.read_any(expression.text)
        return None if value is None else kinds.kind(value)
    if isinstance(expression, syntax.Call) and isinstance(expression.function, syntax.Name):
        return _MAKERS.get(expression.function.name)
    return None


class _KindsOfTypes:
    """Which plain kind of value a type's name comes down to."""

    def __init__(self, definitions: model.Definitions) -> None:
        self.items: Mapping[str, model.ItemDefinition] = {
            item.name: item for item in definitions.item_definitions
        }

    def find(self, name: str | None) -> str | None:
        for _ in range(_LONGEST_CHAIN):
            if name is None:
                return None
            built_in = types.NAMED.get(name)
            if built_in is not None:
                return built_in.kind if built_in.form == "plain" else None
            item = self.items.get(name)
            if item is None or item.is_collection or item.components:
                return None
            name = item.type_ref
        return None


def _tables(definitions: model.Definitions) -> Iterator[model.DecisionTable]:
    """Every decision table of a file, however deep in boxed expressions."""
    waiting: list[object] = [*definitions.decisions, *definitions.knowledge_models]
    while waiting:
        here = waiting.pop()
        if isinstance(here, model.DecisionTable):
            yield here
        elif isinstance(here, tuple):
            waiting.extend(here)
        elif isinstance(here, model.Element):
            waiting.extend(getattr(here, each.name) for each in dataclasses.fields(here))
