"""Cells of the wrong type: a text where a number is looked at, a result the column cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fisc.dmn import model as dmn
from fisc.dmn.checks import coverage, findings, spaces, words
from fisc.dmn.checks.findings import Finding, Kind, Severity
from fisc.dmn.columns import compile as compiling
from fisc.dmn.columns import conformity, values
from fisc.dmn.columns.terms import CannotTake, Sort
from fisc.dmn.feel import syntax


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a table: which rule, which column, what it says."""

    decision: str
    table: str
    rule: int
    column: str
    text: str


def check(survey: spaces.Survey) -> Iterator[Finding]:
    """Every cell of every table whose type cannot be right."""
    for decision, table in coverage.tables_of(survey.book.model):
        try:
            scope = survey.graph.scope_of(decision)
        except CannotTake:
            # What it requires has no form in columns; the evaluator takes any type then.
            continue
        yield from _conditions(survey, decision, table, scope)
        yield from _results(survey, decision, table, scope)


def _conditions(
    survey: spaces.Survey,
    decision: dmn.Decision,
    table: dmn.DecisionTable,
    scope: values.Scope,
) -> Iterator[Finding]:
    for column, clause in enumerate(table.inputs):
        try:
            wanted = survey.to.term(clause.expression, scope).sort
        except CannotTake:
            continue
        label = clause.label.strip() or clause.text.strip()
        for number, rule in enumerate(table.rules, start=1):
            entry = rule.inputs[column]
            cell = _Cell(decision.name, table.id, number, label, entry.text.strip())
            for test in entry.tests.tests:
                yield from _differs(cell, wanted, lambda test=test: _sorts(survey, test, scope))


def _results(
    survey: spaces.Survey,
    decision: dmn.Decision,
    table: dmn.DecisionTable,
    scope: values.Scope,
) -> Iterator[Finding]:
    for column, clause in enumerate(table.outputs):
        wanted = _wanted(survey, decision, table, clause)
        if wanted is None:
            continue
        label = clause.label.strip() or clause.name or decision.name
        for number, rule in enumerate(table.rules, start=1):
            entry = rule.outputs[column]
            cell = _Cell(decision.name, table.id, number, label, entry.text.strip())
            yield from _differs(
                cell, wanted, lambda entry=entry: [survey.to.term(entry.expression, scope).sort]
            )


def _wanted(
    survey: spaces.Survey,
    decision: dmn.Decision,
    table: dmn.DecisionTable,
    clause: dmn.OutputClause,
) -> Sort | None:
    """What a column of results must hold; None where nobody says."""
    if sort := conformity.SORTS.get(clause.type_ref or ""):
        return sort
    if len(table.outputs) > 1 or table.hit_policy in _LISTS or table.aggregation is not None:
        return None
    for declared in survey.book.outputs:
        if declared.name == decision.name:
            return compiling.sort_of(declared)
    return conformity.SORTS.get(decision.variable.type_ref or "")


_LISTS = frozenset({dmn.HitPolicy.COLLECT, dmn.HitPolicy.RULE_ORDER, dmn.HitPolicy.OUTPUT_ORDER})


def _differs(cell: _Cell, wanted: Sort, sorts: object) -> Iterator[Finding]:
    assert callable(sorts)
    try:
        found: list[Sort] = sorts()
    except CannotTake as why:
        # A form that columns do not take is no fault; a name that nothing has is one.
        if "the name “" in str(why):
            yield _finding(cell, words.CELL_WRONG, why=str(why))
        return
    for each in found:
        if each not in {wanted, Sort.NULL} and wanted is not Sort.NULL:
            yield _finding(cell, words.CELL_TYPE, found=each.value, wanted=wanted.value)
            return


def _sorts(survey: spaces.Survey, test: syntax.Test, scope: values.Scope) -> list[Sort]:
    if isinstance(test, syntax.Compared):
        return [survey.to.term(test.operand, scope).sort]
    if test.mentions_input:
        return []
    return list(_sorts_of(survey.to.value(test.expression, scope)))


def _sorts_of(value: values.Value) -> Iterator[Sort]:
    if isinstance(value, values.Listing):
        for each in value.items:
            yield from _sorts_of(each)
    elif isinstance(value, values.Limits):
        yield from (each.sort for each in (value.low, value.high) if each is not None)
    else:
        yield values.single(value).sort


def _finding(cell: _Cell, template: str, **more: str) -> Finding:
    return Finding(
        kind=Kind.TYPE,
        severity=Severity.STOPS,
        decision=cell.decision,
        table=cell.table,
        rule=cell.rule,
        column=cell.column,
        words=template.format(
            decision=cell.decision,
            rule=words.OF_RULE.format(number=cell.rule),
            column=cell.column,
            cell=cell.text,
            **more,
        ),
        key=findings.key(Kind.TYPE, cell.decision, cell.column, cell.text),
    )
