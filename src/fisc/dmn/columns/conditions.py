"""The condition columns of a decision table: cells as sets, or as terms where they must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fisc.dmn import model
from fisc.dmn.columns import cells, matching
from fisc.dmn.columns.expressions import Translator
from fisc.dmn.columns.terms import CannotTake, Sort, Term
from fisc.dmn.columns.values import Limits, Listing, Scope, Value
from fisc.dmn.feel import syntax

_HOLDS = cells.Cell(((1, 2),))


class _DependsOnRow(Exception):
    """A cell compares with something that differs from row to row."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A condition column: where it is written, the term it asks for, its classes and bounds.

    `is_computed` marks one made of cells that depend on the row: true where such a cell holds.
    """

    place: int
    term: Term
    condition: matching.Condition
    bounds: tuple[int, int]
    is_computed: bool = False


def walk(
    to: Translator, written: model.DecisionTable, scope: Scope
) -> tuple[matching.Walk, tuple[Term, ...]]:
    """Compile all condition columns; gives the walk and the terms whose values it asks for.

    Whether all values are allowed is one more rule, after the last. Raises CannotTake.
    """
    found = columns(to, written, scope)
    joined = [(place, each.condition, each.bounds) for place, each in enumerate(found)]
    try:
        made = matching.walk(joined, rule_count=len(written.rules) + 1)
    except matching.TableIsTooWide:
        raise CannotTake("a table whose columns cut across each other in too many ways") from None
    return made, tuple(each.term for each in found)


def columns(to: Translator, written: model.DecisionTable, scope: Scope) -> list[Column]:
    """Compile the condition columns one by one; rules are numbered as in `walk`.

    Raises CannotTake.
    """
    count = len(written.rules) + 1
    found: list[Column] = []
    # Cells that depend on the row, as columns of their own: the rules that need each.
    computed: dict[int, tuple[Term, int, set[int]]] = {}
    for place, clause in enumerate(written.inputs):
        term = to.term(clause.expression, scope)
        column = []
        for rule, row in enumerate(written.rules):
            try:
                column.append(_cell(to, term, row.inputs[place].tests, scope))
            except _DependsOnRow:
                column.append(cells.ANYTHING)
                test = _computed(to, term, row.inputs[place].tests, scope)
                computed.setdefault(test.slot, (test, place, set()))[2].add(rule)
        column.append(_allowed(to, term, clause))
        found.append(_column(place, term, column))
    for test, place, rules in computed.values():
        needs = [_HOLDS if each in rules else cells.ANYTHING for each in range(count)]
        found.append(_column(place, test, needs, is_computed=True))
    return found


def _column(
    place: int, term: Term, column: Sequence[cells.Cell], *, is_computed: bool = False
) -> Column:
    bounds = (term.low, term.high)
    if term.sort is Sort.BOOLEAN:
        # A truth that is written out is the only one its column has.
        bounds = (int(term.detail), int(term.detail)) if term.is_constant else (0, 1)
    condition = matching.condition(column, low=bounds[0], high=bounds[1])
    return Column(place, term, condition, bounds, is_computed)


def _allowed(to: Translator, term: Term, clause: model.InputClause) -> cells.Cell:
    if clause.allowed_values is None or clause.allowed_values.is_anything:
        return cells.ANYTHING
    try:
        found = _cell(to, term, clause.allowed_values, {})
    except _DependsOnRow:
        raise CannotTake("allowed values that depend on the row") from None
    # Null is always let in; the rules say what comes of it.
    return cells.Cell(found.spans, takes_null=True)


def _computed(to: Translator, term: Term, tests: syntax.UnaryTests, scope: Scope) -> Term:
    holds = to.any_test(term, tests.tests, scope)
    if tests.is_negated:
        holds = to.made.negation(holds)
    if holds.sort not in {Sort.BOOLEAN, Sort.NULL}:
        raise CannotTake("a condition that is not true or false")
    return holds


# --- Cells that do not depend on the row ---------------------------------------------------------


def _cell(to: Translator, term: Term, tests: syntax.UnaryTests, scope: Scope) -> cells.Cell:
    if tests.is_anything:
        return cells.ANYTHING
    tested = [each for test in tests.tests for each in _tested(to, term, test, scope)]
    return cells.any_of(tested, is_negated=tests.is_negated)


def _tested(to: Translator, term: Term, test: syntax.Test, scope: Scope) -> list[cells.Tested]:
    if isinstance(test, syntax.Compared):
        return [_compared(to, term, test.operator, to.term(test.operand, scope))]
    if test.mentions_input:
        raise _DependsOnRow
    return _matches(to, term, to.value(test.expression, scope))


def _matches(to: Translator, term: Term, operand: Value) -> list[cells.Tested]:
    if isinstance(operand, Listing):
        items = [each for item in operand.items for each in _matches(to, term, item)]
        # An item that null cannot be compared with is only a no.
        takes_null = any(each.for_null is True for each in items)
        return [cells.Tested(cells.union(each.spans for each in items), for_null=takes_null)]
    if isinstance(operand, Limits):
        low = high = None
        if operand.low is not None:
            low = _compared(to, term, ">=" if operand.includes_low else ">", operand.low)
        if operand.high is not None:
            high = _compared(to, term, "<=" if operand.includes_high else "<", operand.high)
        return [cells.in_range(low, high)]
    if not isinstance(operand, Term):
        raise CannotTake("a condition that is not a value, range or list")
    return [_compared(to, term, "=", operand)]


def _compared(
    to: Translator, term: Term, operator: syntax.ComparisonOperator, operand: Term
) -> cells.Tested:
    if not operand.is_constant:
        raise _DependsOnRow
    if operand.is_null:
        return _compared_with_null(operator)
    if term.is_null:
        raise CannotTake("a condition on a column that is always null")
    if term.sort is not operand.sort:
        raise CannotTake(f"a condition that compares {term.sort.value} with {operand.sort.value}")
    if operator not in {"=", "!="} and term.sort in {Sort.TEXT, Sort.BOOLEAN}:
        raise CannotTake(f"a condition on the order of {term.sort.value}")
    value = int(operand.detail)
    if operand.scale < term.scale:
        value *= 10 ** (term.scale - operand.scale)
    return cells.compared(operator, value, max(0, operand.scale - term.scale))


def _compared_with_null(operator: syntax.ComparisonOperator) -> cells.Tested:
    if operator == "=":
        return cells.Tested((), for_null=True)
    if operator == "!=":
        return cells.Tested((cells.EVERYTHING,), for_null=False)
    raise CannotTake("a condition that compares with null by order")
