"""Which figures left the tax office, for whom and why."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.domain.tax_analysis import models


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Figures that somebody took out."""

    disclosure_id: int
    recipient_id: int
    for_whom: str
    why: str
    year: int
    rows_by: str
    timing: str
    taken_as: str
    figures: int
    kept_back: int
    sha256: str
    made_by_id: int
    made_at: datetime.datetime


def disclosures(*, limit: int) -> tuple[Disclosed, ...]:
    """Return what was disclosed, the latest first."""
    rows = models.Disclosure.objects.order_by("-made_at", "-id")[:limit]
    return tuple(
        Disclosed(
            disclosure_id=row.id,
            recipient_id=row.recipient_id,
            for_whom=row.for_whom,
            why=row.why,
            year=row.year,
            rows_by=row.rows_by,
            timing=row.timing,
            taken_as=row.taken_as,
            figures=row.figures,
            kept_back=row.kept_back,
            sha256=row.sha256,
            made_by_id=row.made_by_id,
            made_at=row.made_at,
        )
        for row in rows
    )
