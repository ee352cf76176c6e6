"""Months as the laws of late payment count them."""

from __future__ import annotations

import calendar
import datetime

from fisc.basics import periods

MONTHS_IN_YEAR = 12
DAYS_IN_MONTH_BY_30 = 30


def after(day: datetime.date, months: int) -> datetime.date:
    """Return the day that many months later: the same day, or the last of a shorter month."""
    number = day.year * MONTHS_IN_YEAR + day.month - 1 + months
    year, month = divmod(number, MONTHS_IN_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def begun(due_on: datetime.date, day: datetime.date) -> int:
    """Count the months after a due day that have begun by a day: a fraction counts as one.

    The first day late begins the first month: due 20 March, 21 March to 20 April is one month,
    21 April begins the second. From the last day of a month, months end on last days: due
    31 January, the first month ends on the last day of February. 0 where the day is not late.
    """
    if day <= due_on:
        return 0
    whole = (day.year - due_on.year) * MONTHS_IN_YEAR + day.month - due_on.month
    return whole if after(due_on, whole) >= day else whole + 1


def whole(due_on: datetime.date, day: datetime.date) -> int:
    """Count the months after a due day that are over on a day: a fraction counts as none.

    Due 20 March, 20 April is one month and 19 April none. 0 where the day is not late.
    """
    if day <= due_on:
        return 0
    count = begun(due_on, day)
    return count if after(due_on, count) <= day else count - 1


def days_by_30(starts_on: datetime.date, ends_before: datetime.date) -> int:
    """Count days where each month has 30 and the 31st counts as the 30th (30E/360).

    Of the 30-day counts this one adds up however a period is cut.
    """
    return _number_by_30(ends_before) - _number_by_30(starts_on)


def _number_by_30(day: datetime.date) -> int:
    months = day.year * MONTHS_IN_YEAR + day.month
    return months * DAYS_IN_MONTH_BY_30 + min(day.day, DAYS_IN_MONTH_BY_30)


def days_in_year(year: int) -> int:
    """Count the days of a calendar year."""
    return 365 + calendar.isleap(year)


def of_year(days: periods.Period) -> frozenset[int]:
    """Return the numbers, 1 to 12, of the months that a period of whole months has."""
    first = days.starts_on.month - 1
    return frozenset(
        (first + further) % MONTHS_IN_YEAR + 1
        for further in range(min(spanned(days), MONTHS_IN_YEAR))
    )


def spanned(days: periods.Period) -> int:
    """Count the months that a period of whole months has."""
    assert days.ends_before is not None, "a filing period has an end"
    first, end = days.starts_on, days.ends_before
    return (end.year - first.year) * MONTHS_IN_YEAR + end.month - first.month
