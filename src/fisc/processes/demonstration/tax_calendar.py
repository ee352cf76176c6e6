"""Which filing periods the businesses of the demonstration city file for, and when.

Plain sums on days.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final

MONTHS_OF: Final[Mapping[str, int]] = {"monthly": 1, "quarterly": 3, "annual": 12}
# When the mail of a month is filed, and the days on which people pay it; before the last day in
# time. What is late by a month or two comes with a later month's.
FILED_ON_DAY = 20
PAID_FROM_DAY, PAID_BEFORE_DAY = 20, 25
MONTHS_LATE_AT_MOST = 2
YEAR = 12


def first_month(*, today: datetime.date, months: int) -> datetime.date:
    """Return the first day of the oldest month that returns are of."""
    return later(today.replace(day=1), -months)


def first_year_day(*, today: datetime.date, months: int) -> datetime.date:
    """Return the first day of the year of the oldest month."""
    return first_month(today=today, months=months).replace(month=1)


def first_days(*, today: datetime.date, months: int) -> Mapping[str, datetime.date]:
    """Return the first day of the oldest filing period, by how often it is filed."""
    oldest = first_month(today=today, months=months)
    return {
        often: oldest.replace(month=(oldest.month - 1) // length * length + 1)
        for often, length in MONTHS_OF.items()
    }


def months(*, today: datetime.date, months: int) -> Sequence[datetime.date]:
    """Return the first days of the months in which returns come, the oldest first.

    The last of them is the month of today, unless it has only begun.
    """
    found = [later(first_month(today=today, months=months), each) for each in range(1, months + 1)]
    return [each for each in found if each < today - datetime.timedelta(days=1)]


def period_due(*, month: datetime.date, often: str) -> datetime.date | None:
    """Return the first day of the period that is filed for in a month; None when none is."""
    length = MONTHS_OF[often]
    return None if (month.month - 1) % length else later(month, -length)


def later(day: datetime.date, months: int) -> datetime.date:
    """Return the first day of a month that is so many months after a day's."""
    whole = day.year * YEAR + day.month - 1 + months
    return datetime.date(whole // YEAR, whole % YEAR + 1, 1)
