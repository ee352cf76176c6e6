"""Everything that is checked of a book before it is put in force, as one report."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Mapping, Sequence

from fisc.dmn import cases as evaluator
from fisc.dmn.checks import asked, coverage, findings, structure

# How long the proofs of one table may take before it is called not proved.
SECONDS = 5.0


def report(
    *,
    book: asked.Book,
    cases: Sequence[asked.Case] = (),
    accepted: Mapping[str, str] | None = None,
    further: Iterable[findings.Finding] = (),
    seconds: float = SECONDS,
) -> findings.Report:
    """Check a book; `further` findings of the caller are added to what is found here.

    `accepted` gives reasons by the key of a finding. Raises what evaluating a case raises:
    fisc.dmn.cases.TooManySteps, UnknownInput, ClockRefused.
    """
    start = time.perf_counter()
    prepared = evaluator.prepare(book.model)
    names = [each.name for each in book.outputs]
    outcomes = [prepared.trace_all(names, case.inputs) for case in cases]
    covered = coverage.by_rule(book, cases, outcomes)
    spread = structure.check(structure.Structure(book), seconds=seconds)
    found = [*further, *spread.findings, *coverage.lacking(book, covered)]
    reasons = accepted or {}
    return findings.Report(
        findings=tuple(
            dataclasses.replace(each, accepted=reasons.get(each.key, "")) for each in found
        ),
        coverage=covered,
        not_proved=tuple(spread.not_proved),
        seconds=time.perf_counter() - start,
    )
