"""Everything that is checked of a book before it is put in force, as one report."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Mapping, Sequence

from fisc.dmn import cases as evaluator
from fisc.dmn.checks import (
    asked,
    cell_types,
    coverage,
    findings,
    numbers,
    sites,
    structure,
    unnoticed,
)

# How long the proofs of one table may take before it is called not proved.
SECONDS = 5.0
# How long changes may be tried; a rule that is not come to is said to be left.
CHANGES_SECONDS = 60.0


def report(
    *,
    book: asked.Book,
    cases: Sequence[asked.Case] = (),
    accepted: Mapping[str, str] | None = None,
    further: Iterable[findings.Finding] = (),
    seconds: float = SECONDS,
    changes_seconds: float = CHANGES_SECONDS,
) -> findings.Report:
    """Check a book; `further` findings of the caller are added to what is found here.

    `accepted` gives reasons by the key of a finding. Raises what evaluating a case raises:
    fisc.dmn.cases.TooManySteps, UnknownInput, ClockRefused.
    """
    start = time.perf_counter()
    prepared = evaluator.prepare(book.model)
    names = list(sites.outputs_of(book))
    outcomes = [prepared.trace_all(names, case.inputs) for case in cases]
    covered = coverage.by_rule(book, cases, outcomes)
    made = structure.Structure(book)
    spread = structure.check(made, seconds=seconds)
    tried = unnoticed.check(made, cases=cases, outcomes=outcomes, seconds=changes_seconds)
    fractions, unsure = numbers.decimals(made)
    found = [
        *further,
        *cell_types.check(made.survey),
        *spread.findings,
        *numbers.bounds(book),
        *fractions,
        *numbers.unrounded(book),
        *coverage.lacking(book, covered),
        *tried.findings,
    ]
    reasons = accepted or {}
    return findings.Report(
        findings=tuple(
            dataclasses.replace(each, accepted=reasons.get(each.key, "")) for each in found
        ),
        coverage=covered,
        not_proved=(*spread.not_proved, *unsure, *tried.not_proved),
        changes=tried.counts,
        seconds=time.perf_counter() - start,
    )
