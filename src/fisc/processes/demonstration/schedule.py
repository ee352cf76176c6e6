"""When the demonstration city reads, bills and is paid. Plain sums on days."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

CYCLES = 2
MONTHS = 24
MONTHS_AHEAD = 12
DAYS_BETWEEN_CYCLES = 15
DAYS_FROM_READ_TO_BILL = 2
# Days after the bill day on which those who have not paid are charged, before the next bill.
DAYS_TO_LATE_CHARGE = 25
# Every month has this day.
LAST_SAFE_DAY = 28


@dataclasses.dataclass(frozen=True)
class Billing:
    """One cycle's billing in one month; month 0 is the newest."""

    cycle: int
    months_before: int
    read_day: datetime.date
    bill_day: datetime.date


def billing(*, today: datetime.date, cycle: int, months_before: int) -> Billing:
    """Return when a cycle is read and billed. The first cycle's newest bill day is today."""
    bill_day = _months_before(today, months_before) - datetime.timedelta(
        days=cycle * DAYS_BETWEEN_CYCLES
    )
    return Billing(
        cycle=cycle,
        months_before=months_before,
        read_day=bill_day - datetime.timedelta(days=DAYS_FROM_READ_TO_BILL),
        bill_day=bill_day,
    )


def billings(*, today: datetime.date, months: int) -> Sequence[Billing]:
    """Return every billing of the history, in the order of bill days.

    The first cycle's newest billing is not among them: it is what today's run does.
    """
    found = [
        billing(today=today, cycle=cycle, months_before=months_before)
        for months_before in range(months, -1, -1)
        for cycle in range(CYCLES)
        if _is_history(cycle=cycle, months_before=months_before, months=months)
    ]
    return sorted(found, key=lambda each: each.bill_day)


def first_read_day(*, today: datetime.date, cycle: int, months: int) -> datetime.date:
    """Return the day from which a cycle's agreements run: a month before its first bill's read."""
    oldest = oldest_month(cycle=cycle, months=months)
    return billing(today=today, cycle=cycle, months_before=oldest + 1).read_day


def oldest_month(*, cycle: int, months: int) -> int:
    """Return how many months before now a cycle's first bill of the history is."""
    return months - 1 if cycle else months


def _is_history(*, cycle: int, months_before: int, months: int) -> bool:
    if cycle == 0:
        return months_before > 0
    return months_before < months


def _months_before(day: datetime.date, months: int) -> datetime.date:
    if months == 0:
        return day
    whole = day.year * 12 + day.month - 1 - months
    return datetime.date(whole // 12, whole % 12 + 1, min(day.day, LAST_SAFE_DAY))
