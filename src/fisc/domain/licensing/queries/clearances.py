"""Letters of clearance: what a business owed when somebody asked before a sale."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.domain.licensing import models


class NoSuchClearance(Exception):
    """There is no letter of clearance of that number."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """A letter of clearance as it was made; it is honored as such until it holds no more."""

    clearance_id: int
    business_id: int
    made_on: datetime.date
    holds_before: datetime.date
    # Over all accounts of the business and its owners, due or not, in whole cents.
    owed_cents: int
    made_by_id: int | None
    made_at: datetime.datetime

    @property
    def is_clear(self) -> bool:
        """Tell whether nothing was owed."""
        return self.owed_cents == 0


def clearance(clearance_id: int) -> Clearance:
    """Return a letter. Raises NoSuchClearance."""
    row = models.Clearance.objects.filter(id=clearance_id).first()
    if row is None:
        raise NoSuchClearance(f"There is no letter of clearance {clearance_id}.")
    return _clearance(row)


def of_business(business_id: int) -> tuple[Clearance, ...]:
    """Return the letters of a business, the newest first."""
    rows = models.Clearance.objects.filter(business_id=business_id).order_by("-id")
    return tuple(_clearance(row) for row in rows)


def clears(*, business_id: int, on: datetime.date) -> bool:
    """Tell whether a letter that holds on a day says that a business owes nothing."""
    return models.Clearance.objects.filter(
        business_id=business_id, made_on__lte=on, holds_before__gt=on, owed_cents=0
    ).exists()


def _clearance(row: models.Clearance) -> Clearance:
    return Clearance(
        clearance_id=row.id,
        business_id=row.business_id,
        made_on=row.made_on,
        holds_before=row.holds_before,
        owed_cents=row.owed_cents,
        made_by_id=row.made_by_id,
        made_at=row.made_at,
    )
