"""Which rules the cases decide by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, findings, words


def by_rule(
    book: asked.Book, cases: Sequence[asked.Case], outcomes: Sequence[evaluator.Outcome]
) -> tuple[findings.RuleCoverage, ...]:
    """Each rule of each table that is a decision, with the cases that hit it."""
    hits: dict[tuple[str, str, int], dict[str, None]] = {}
    for case, outcome in zip(cases, outcomes, strict=True):
        for step in outcome.steps:
            for table in step.tables:
                for row in table.rows:
                    where = (step.decision, table.table_id, row.index)
                    hits.setdefault(where, {})[case.words] = None
    return tuple(
        findings.RuleCoverage(
            decision=decision.name,
            table=table.id,
            rule=number + 1,
            cases=tuple(hits.get((decision.name, table.id, number), ())),
        )
        for decision, table in tables_of(book.model)
        for number in range(len(table.rules))
    )


def lacking(
    book: asked.Book, covered: Sequence[findings.RuleCoverage]
) -> Iterator[findings.Finding]:
    """The rules that no case decides by."""
    tables = {decision.name: table for decision, table in tables_of(book.model)}
    for each in covered:
        if not each.cases:
            rule = tables[each.decision].rules[each.rule - 1]
            yield findings.Finding(
                kind=findings.Kind.NO_CASE,
                severity=findings.Severity.STOPS,
                decision=each.decision,
                table=each.table,
                rule=each.rule,
                words=words.NO_CASE.format(decision=each.decision, rule=each.rule),
                key=findings.key(findings.Kind.NO_CASE, each.decision, *asked.texts_of(rule)),
            )


def tables_of(whole: dmn.Model) -> Iterator[tuple[dmn.Decision, dmn.DecisionTable]]:
    """The decisions of a file that are one decision table."""
    for decision in whole.definitions.decisions:
        if isinstance(decision.expression, dmn.DecisionTable):
            yield decision, decision.expression
