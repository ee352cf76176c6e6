"""Giving figures out: what a recipient may have, and a row that says who took it for whom."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_analysis import choices, models
from fisc.domain.tax_analysis import decision_points as points
from fisc.domain.tax_analysis.queries import figures
from fisc.plumbing import transactions


class PurposeIsMissing(ValueError):
    """Figures leave for somebody and for a reason; one of them was not said."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Who is to have figures, and why; `recipient` is a code of “disclosure recipient”."""

    recipient: str
    for_whom: str
    why: str


@transactions.starts_transaction
def disclose(
    asked: figures.Asked, *, to: Purpose, taken_as: str, by_id: int, at: datetime.datetime,
    day: datetime.date,
) -> figures.Table:  # fmt: skip
    """Return the analysis that a recipient may have, and keep that it was taken out.

    Raises PurposeIsMissing, figures.NoLimits, code_lists.NoSuchCode, versions.NoVersionForDate.
    """
    if not to.for_whom.strip() or not to.why.strip():
        raise PurposeIsMissing(
            "Figures of tax leave the office for somebody and for a reason. Say for whom, and why."
        )
    recipient = code_lists.code(points.RECIPIENTS, to.recipient)
    limits, version = figures.limits(to.recipient, day=day, known_at=at)
    table = figures.table(asked, limits=limits)
    models.Disclosure.objects.create(
        recipient_id=recipient.id,
        for_whom=to.for_whom.strip(),
        why=to.why.strip(),
        year=asked.year,
        rows_by=asked.by.value,
        timing=asked.timing.value,
        taken_as=taken_as,
        version_id=version.version_id,
        figures=len(table.cells),
        kept_back=len(table.kept_back),
        sha256=_sha256(table),
        made_by_id=by_id,
        made_at=at,
    )
    return table


def _sha256(table: figures.Table) -> str:
    lines = [
        ";".join(
            [row or "total", column or "total", str(table.filers((row, column)))]
            + [str(table.cents((row, column), measure)) for measure in choices.MEASURES]
        )
        for row, column in table.cells
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
