"""When the money of a credit came, from when it bears interest, and what it bears. No database."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.domain.tax_returns.calculations import lateness, months, owing

_NAME = "credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the city's table says of a credit that bears interest."""

    from_payment: bool
    from_claim: bool
    months_before: int
    days_before: int


def freed(
    settled: Sequence[lateness.Paid], *, before_cents: int, cents: int, otherwise: datetime.date
) -> list[lateness.Paid]:
    """Return which money a credit gives back, the earliest first: the last that came.

    `before_cents` were given back by earlier credits of the same tax. What no money is found for
    counts as of the day `otherwise`.
    """
    found: list[lateness.Paid] = []
    for each in sorted(settled, key=lambda each: each.day, reverse=True):
        skipped = min(before_cents, each.cents)
        before_cents -= skipped
        part = min(each.cents - skipped, cents)
        if part:
            found.append(lateness.Paid(each.day, part))
            cents -= part
    if cents:
        found.append(lateness.Paid(otherwise, cents))
    return sorted(found, key=lambda each: each.day)


def between(money: Sequence[lateness.Paid], *, after_cents: int, cents: int) -> list[lateness.Paid]:
    """Return so much of some money after so much of it was spent, the earliest first."""
    found: list[lateness.Paid] = []
    for each in money:
        skipped = min(after_cents, each.cents)
        after_cents -= skipped
        part = min(each.cents - skipped, cents)
        if part:
            found.append(lateness.Paid(each.day, part))
            cents -= part
    return found


def runs_after(
    start: Start | None,
    *,
    paid_on: datetime.date,
    claimed_on: datetime.date | None,
    borne_through: datetime.date | None,
) -> datetime.date | None:
    """Return the day after which money bears interest; None where it bears none."""
    if start is None:
        return None
    days = [
        day
        for day, counts in ((paid_on, start.from_payment), (claimed_on, start.from_claim))
        if counts and day is not None
    ]
    if not days:
        return None
    begins = months.after(max(days), start.months_before)
    begins += datetime.timedelta(days=start.days_before)
    return begins if borne_through is None else max(begins, borne_through)


def bearings(
    cents: int, *, after: datetime.date, through: datetime.date, laws: Sequence[owing.InterestLaw]
) -> list[owing.Bearing]:
    """Return what a credit bears on the days after one, up to and with another, part by part."""
    unpaid = lateness.Owed(tax_cents=cents, due_on=after, timely_until=after)
    (found,) = owing.bearings_of_many([unpaid], on=through, laws=laws, name=_NAME)
    return found
