"""The days of a license's term; when two businesses look like one. No Django, no rate."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from fisc.basics import periods
from fisc.domain.accounts import calculations as accounts

_MONTHS_IN_YEAR = 12
_MONTHS_IN_QUARTER = 3
_MONTHS_MAX = 60


class MonthsAreNoTerm(ValueError):
    """A number of months is no term, or terms of it do not fill a year."""


class DayIsOutsideTerm(ValueError):
    """A license would begin on a day that its term does not have."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a term on a day, in the three ways that fees are prorated by."""

    # The month of the day counts whole.
    months_begun: int
    # The month of the day counts when at least half of its days are left, this one included.
    months_nearest: int
    # The quarter of the day counts whole; quarters are of the term, not of the calendar.
    quarters_begun: int
    # Its days, the day itself counted, and those of the whole term.
    days_left: int
    days_in_term: int


def term(
    *, day: datetime.date, first_month: int | None, months: int, first_year: int | None = None
) -> periods.Period:
    """Return the term, of whole months up to sixty, that a license of a day belongs to.

    Terms begin with `first_month` and follow one another, those of several years from
    `first_year`, or an even year; without a first month, a term begins on the day. It
    ends before the same day of a later month. Where that month has no such day, it ends with the
    month: a year from 29 February ends with 28 February. Raises MonthsAreNoTerm, DayIsOutsideTerm.
    """
    if day.year >= datetime.MAXYEAR - _MONTHS_MAX // _MONTHS_IN_YEAR:
        raise DayIsOutsideTerm(f"No term can be counted from {day}. Is the year right?")
    if not 1 <= months <= _MONTHS_MAX:
        raise MonthsAreNoTerm(f"A term has 1 to {_MONTHS_MAX} months, not {months}.")
    if first_month is not None and _MONTHS_IN_YEAR % months and months % _MONTHS_IN_YEAR:
        raise MonthsAreNoTerm(
            f"Terms of {months} months do not fill a year that begins in month {first_month}. "
            "Let the table give a divisor of 12, whole years, or no first month."
        )
    if first_month is None:
        return periods.Period(starts_on=day, ends_before=_later(day, months))
    this = day.year * _MONTHS_IN_YEAR + day.month - 1
    first = this - (this - (first_year or 0) * _MONTHS_IN_YEAR - first_month + 1) % months
    return periods.Period(starts_on=_first_of(first), ends_before=_first_of(first + months))


def left(*, day: datetime.date, term: periods.Period) -> Left:
    """Return what is left of a term on one of its days. Raises DayIsOutsideTerm."""
    if term.ends_before is None or not term.holds(day):
        raise DayIsOutsideTerm(f"The term from {term.starts_on} does not have the day {day}.")
    begins = max(day, term.starts_on)
    passed = 0
    while _later(term.starts_on, passed + 1) <= begins:
        passed += 1
    in_term = 0
    while _later(term.starts_on, in_term) < term.ends_before:
        in_term += 1
    begun = in_term - passed
    month_begins = _later(term.starts_on, passed)
    month_ends = _later(term.starts_on, passed + 1)
    is_most = 2 * (month_ends - begins).days >= (month_ends - month_begins).days
    return Left(
        months_begun=begun,
        months_nearest=begun if is_most else begun - 1,
        quarters_begun=-(-in_term // _MONTHS_IN_QUARTER) - passed // _MONTHS_IN_QUARTER,
        days_left=(term.ends_before - begins).days,
        days_in_term=(term.ends_before - term.starts_on).days,
    )


def months_begun(last_day: datetime.date, day: datetime.date) -> int:
    """Count the months after a last day of which a day has come; one that has begun counts.

    After September 30, October 1 and October 31 are in the first; after February 28, March 28 is.
    """
    if day <= last_day:
        return 0
    first = last_day + datetime.timedelta(days=1)
    months = (day.year - first.year) * _MONTHS_IN_YEAR + day.month - first.month
    return months + 1 if _later(first, months) <= day else months


def _later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of a later month, or the first day after a month that has no such day."""
    index = day.year * _MONTHS_IN_YEAR + day.month - 1 + months
    first = _first_of(index)
    found = first + datetime.timedelta(days=day.day - 1)
    following = _first_of(index + 1)
    return min(found, following)


def _first_of(index: int) -> datetime.date:
    """Return the first day of a month counted from the year 0."""
    return datetime.date(index // _MONTHS_IN_YEAR, index % _MONTHS_IN_YEAR + 1, 1)


# Points of “L.L.C.” and apostrophes, which part no words.
_WITHIN_WORDS = re.compile("[.'\u2019]")
# What a name of a business says of its legal form, which people leave out or write otherwise.
_LEGAL_FORMS = frozenset(
    [
        "co",
        "company",
        "corp",
        "corporation",
        "inc",
        "incorporated",
        "limited",
        "llc",
        "llp",
        "lp",
        "ltd",
        "pa",
        "pllc",
        "the",
    ]
)
# Words of streets as they are often cut short, by what they are cut to.
_STREET_WORDS = {
    "avenue": "ave",
    "boulevard": "blvd",
    "circle": "cir",
    "court": "ct",
    "drive": "dr",
    "east": "e",
    "highway": "hwy",
    "lane": "ln",
    "north": "n",
    "parkway": "pkwy",
    "place": "pl",
    "road": "rd",
    "south": "s",
    "street": "st",
    "terrace": "ter",
    "west": "w",
}


def name_key(name: str) -> str:
    """Return what names of one business have in common: how their words sound, in any order.

    Legal forms, points and accents do not count: “The Sáenz Co., L.L.C.” is “Saenz”.
    """
    words = accounts.plain_words(_WITHIN_WORDS.sub("", name))
    kept = [word for word in words if word not in _LEGAL_FORMS] or words
    return " ".join(sorted({accounts.sound(word) or word for word in kept}))


def address_key(*, house_number: str, street: str, unit: str) -> str:
    """Return what writings of one address have in common: “12 North Oak Street” is “12 n oak st”.

    Offices of one building are not one address.
    """
    words = accounts.plain_words(f"{house_number} {street.replace('.', '')}")
    place = " ".join(_STREET_WORDS.get(word, word) for word in words)
    return " # ".join(each for each in (place, " ".join(accounts.plain_words(unit))) if each)
