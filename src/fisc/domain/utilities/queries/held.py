"""The bills that a person is to look at before they go out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import choices, models


@dataclass(frozen=True, slots=True)
class Held:
    """A calculated bill that the bill-edit table held, and why."""

    held_id: int
    account_id: int
    bill_day: datetime.date
    total_cents: int
    reason_code: str
    reason: str


def held_bills(*, account_id: int, language: str = "en") -> list[Held]:
    """Return an account's bills that are held now, oldest first."""
    labels = code_lists.codes("hold reason")
    rows = models.HeldBill.objects.filter(
        account_id=account_id, status=choices.HeldStatus.HELD
    ).order_by("bill_day", "id")
    return [
        Held(
            held_id=row.id,
            account_id=row.account_id,
            bill_day=row.bill_day,
            total_cents=row.total_cents,
            reason_code=row.reason,
            reason=labels[row.reason].label(language) if row.reason in labels else row.reason,
        )
        for row in rows
    ]
