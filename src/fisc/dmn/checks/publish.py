"""Everything that is checked of a book before it is put in force, as one report."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import (
    asked,
    cell_types,
    coverage,
    findings,
    numbers,
    reconciliation,
    sites,
    structure,
    unnoticed,
    words,
)

# How long the proofs of one table may take before it is called not proved.
SECONDS = 5.0
# How long changes may be tried; a rule that is not come to is said to be left.
CHANGES_SECONDS = 60.0


@dataclasses.dataclass(frozen=True, slots=True)
class Patience:
    """How long the proofs of one table may take, and how long all changes."""

    table_seconds: float = SECONDS
    changes_seconds: float = CHANGES_SECONDS


def report(
    *,
    book: asked.Book,
    cases: Sequence[asked.Case] = (),
    accepted: Mapping[str, str] | None = None,
    sources: Mapping[str, reconciliation.Source] | None = None,
    further: Iterable[findings.Finding] = (),
    patience: Patience = Patience(),
) -> findings.Report:
    """Check a book; `further` findings of the caller are added to what is found here.

    `accepted` gives reasons by the key of a finding. `sources` gives, by decision, the file that a
    look-up table was taken from; it is reconciled to that instead of tried by cases and changes.

    Raises what evaluating a case raises: fisc.dmn.cases.TooManySteps, UnknownInput, ClockRefused.
    """
    start = time.perf_counter()
    sources = sources or {}
    outcomes = _outcomes(book, cases)
    made = structure.Structure(book)
    look_ups = _look_ups(book, sources)
    covered = tuple(
        each for each in coverage.by_rule(book, cases, outcomes) if each.decision not in look_ups
    )
    tried = unnoticed.check(
        made,
        cases=cases,
        outcomes=outcomes,
        seconds=patience.changes_seconds,
        without=frozenset(look_ups),
    )
    said, not_proved = _of_tables(made, seconds=patience.table_seconds)
    beside, differing = _beside(look_ups, sources)
    found = [*further, *said, *coverage.lacking(book, covered), *differing, *tried.findings]
    return findings.Report(
        findings=tuple(_with_reason(each, accepted or {}) for each in found),
        coverage=covered,
        not_proved=(*not_proved, *tried.not_proved),
        changes=tried.counts,
        reconciled=beside,
        seconds=time.perf_counter() - start,
    )


def _with_reason(each: findings.Finding, reasons: Mapping[str, str]) -> findings.Finding:
    """Return a finding with why it is left as it is; what is not its source is never left so."""
    if each.kind is findings.Kind.SOURCE:
        return each
    return dataclasses.replace(each, accepted=reasons.get(each.key, ""))


def _of_tables(
    made: structure.Structure, *, seconds: float
) -> tuple[list[findings.Finding], list[findings.NotProved]]:
    """What the tables say by themselves, without a case."""
    spread = structure.check(made, seconds=seconds)
    fractions, unsure = numbers.decimals(made)
    found = [
        *cell_types.check(made.survey),
        *spread.findings,
        *numbers.bounds(made.book),
        *fractions,
        *numbers.unrounded(made.book),
    ]
    return found, [*spread.not_proved, *unsure]


def _look_ups(
    book: asked.Book, sources: Mapping[str, reconciliation.Source]
) -> dict[str, dmn.DecisionTable]:
    return {
        decision.name: table
        for decision, table in coverage.tables_of(book.model)
        if decision.name in sources or len(table.rules) > reconciliation.MANY_RULES
    }


def _outcomes(book: asked.Book, cases: Sequence[asked.Case]) -> list[evaluator.Outcome]:
    prepared = evaluator.prepare(book.model)
    names = list(sites.outputs_of(book))
    return [prepared.trace_all(names, case.inputs) for case in cases]


def _beside(
    look_ups: Mapping[str, dmn.DecisionTable], sources: Mapping[str, reconciliation.Source]
) -> tuple[tuple[findings.Reconciled, ...], tuple[findings.Finding, ...]]:
    """Say how each look-up and its source stand to each other, and what is in the way."""
    found = [
        reconciliation.check(name, table, sources[name])
        for name, table in look_ups.items()
        if name in sources
    ]
    said = tuple(each for each, _ in found if each is not None)
    differing = (each for _, problems in found for each in problems)
    return said, (*differing, *_without_source(look_ups, sources))


def _without_source(
    look_ups: Mapping[str, dmn.DecisionTable], sources: Mapping[str, reconciliation.Source]
) -> Iterator[findings.Finding]:
    """The tables that neither cases nor a source vouch for."""
    for decision, table in look_ups.items():
        if decision not in sources:
            yield findings.Finding(
                kind=findings.Kind.SOURCE,
                severity=findings.Severity.STOPS,
                decision=decision,
                table=table.id,
                words=words.NO_SOURCE.format(decision=decision, count=len(table.rules)),
                key=findings.key(findings.Kind.SOURCE, decision),
            )
