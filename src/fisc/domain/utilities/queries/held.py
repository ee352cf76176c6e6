"""The bills that a person is to look at before they go out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import choices, models


class NothingIsHeld(Exception):
    """An account has no held bill of that day."""


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
    rows = models.HeldBill.objects.filter(
        account_id=account_id, status=choices.HeldStatus.HELD
    ).order_by("bill_day", "id")
    labels = code_lists.codes("hold reason")
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


def held_on(*, account_id: int, bill_day: datetime.date, language: str = "en") -> Held:
    """Return the bill of an account that is held since a bill day. Raises NothingIsHeld."""
    for each in held_bills(account_id=account_id, language=language):
        if each.bill_day == bill_day:
            return each
    raise NothingIsHeld(
        f"No bill of {bill_day} is held for this account any more. Look at the account's bills."
    )
