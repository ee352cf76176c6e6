"""Proving what was calculated: by the other evaluator, by replay, by sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from fisc.domain.rule_tables import queries as rule_tables
from fisc.domain.rule_tables.calculations import values
from fisc.domain.utilities.calculations import bills
from fisc.domain.utilities.calculations.facts import Numbers


def sampled_bills(*, bills: int, size: int, run_id: int, chunk: int) -> Numbers:
    """Return which bills of a chunk are computed again: the same ones whenever it is done again."""
    drawn = np.random.default_rng([run_id, chunk])
    return np.sort(drawn.choice(bills, size=min(size, bills), replace=False)).astype(np.int64)


def differences(*, evaluations: Iterable[bills.Evaluation], of_bills: Collection[int]) -> list[str]:
    """Compute some bills' answers again with the case evaluator; returns what differs, in words."""
    chosen = np.array(sorted(of_bills), dtype=np.int64)
    found: list[str] = []
    for evaluation in evaluations:
        for row in np.flatnonzero(np.isin(evaluation.bill, chosen)).tolist():
            found.extend(_differences_of_row(evaluation, row))
    return found


def _differences_of_row(evaluation: bills.Evaluation, row: int) -> list[str]:
    version = rule_tables.version(evaluation.version_id)
    tables = version.tables
    given = {
        each.name: values.from_column(evaluation.inputs[each.name], row, declared=each)
        for each in tables.program.inputs
    }
    answers = tables.answers(given)
    found = []
    for line in tables.lines:
        column = evaluation.result.outputs[line.decision]
        ours = values.from_column(column, row, declared=line.declared())
        theirs = answers[line.decision]
        if not values.agree(ours, theirs):
            found.append(
                f"{version.book}, version {version.number}, “{line.decision}” of {given}: columns "
                f"say {ours}, the case evaluator {theirs}"
            )
    return found
