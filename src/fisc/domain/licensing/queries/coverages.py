"""Insurances and bonds of a business, and the days that each holds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import models
from fisc.domain.licensing.queries import requirements


@dataclass(frozen=True, slots=True)
class Coverage:
    """An insurance or bond; the amount in whole cents where it is known."""

    coverage_id: int
    kind: code_lists.Code
    reference: str
    insurer: str
    amount_cents: int | None
    starts_on: datetime.date
    ends_before: datetime.date

    def holds(self, day: datetime.date) -> bool:
        """Tell whether it is in force on a day."""
        return self.starts_on <= day < self.ends_before


def of_business(business_id: int) -> tuple[Coverage, ...]:
    """Return the insurances and bonds of a business, the one that holds longest first."""
    kinds = code_lists.codes_by_id(requirements.ATTACHMENTS)
    rows = models.Coverage.objects.filter(business_id=business_id).order_by("-ends_before", "-id")
    return tuple(
        Coverage(
            coverage_id=row.id,
            kind=kinds[row.kind_id],
            reference=row.reference,
            insurer=row.insurer,
            amount_cents=row.amount_cents,
            starts_on=row.starts_on,
            ends_before=row.ends_before,
        )
        for row in rows
    )
