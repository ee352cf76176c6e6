"""Codes of returns with the words that a person reads, and where their pages are."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import http
from django.utils.translation import gettext as _

from fisc.domain.accounts import choices as account_choices
from fisc.domain.code_lists import queries as code_lists
from fisc.interfaces.web import languages
from fisc.interfaces.web.accounts import head

REGIONS = "tax region"
CLASSES = "business class"
DEDUCTIONS = "deduction code"
FREQUENCIES = "filing frequency"

MONTHS_IN_YEAR = 12
QUARTER = 3
EN_DASH = "\u2013"


@dataclasses.dataclass(frozen=True)
class Choice:
    """A code and what it is called."""

    code: str
    words: str


def choices_of(name: str, *, on: datetime.date) -> list[Choice]:
    """Return the codes of a list that are current on a day, with their words."""
    return [
        Choice(each.code, each.label(languages.current()))
        for each in code_lists.codes(name).values()
        if each.is_current(on)
    ]


def words(name: str, code: str) -> str:
    """Return what a code is called; a code that is not there has no words."""
    found = code_lists.codes(name).get(code)
    return found.label(languages.current()) if found else ""


def account_of(number: int, *, as_of: datetime.date) -> head.Head:
    """Return the header of a tax account, or show that there is none with this number."""
    found = head.of_account(number, as_of=as_of)
    if found.account.kind != account_choices.AccountKind.TAX:
        raise http.Http404(_("Account %(number)s is no tax account.") % {"number": number})
    return found


def last_day(ends_before: datetime.date | None) -> datetime.date | None:
    """Return the last day of a period that ends before a day."""
    return None if ends_before is None else ends_before - datetime.timedelta(days=1)


def months_in(starts_on: datetime.date, ends_before: datetime.date) -> int:
    """Count the months of a filing period."""
    years = ends_before.year - starts_on.year
    return years * MONTHS_IN_YEAR + ends_before.month - starts_on.month


def period_words(starts_on: datetime.date, ends_before: datetime.date | None) -> str:
    """Name a filing period shortly: Jul 2026, Q3 2026, 2026, or its first and last month."""
    # Every filing period has an end.
    assert ends_before is not None
    months = months_in(starts_on, ends_before)
    if months == MONTHS_IN_YEAR and starts_on.month == 1:
        return f"{starts_on.year}"
    if months == QUARTER and starts_on.month % QUARTER == 1:
        return _("Q%(quarter)s %(year)s") % {
            "quarter": (starts_on.month - 1) // QUARTER + 1,
            "year": starts_on.year,
        }
    first = f"{month_words(starts_on)} {starts_on.year}"
    if months == 1:
        return first
    final = ends_before - datetime.timedelta(days=1)
    if final.year != starts_on.year:
        return f"{first}{EN_DASH}{month_words(final)} {final.year}"
    return f"{month_words(starts_on)}{EN_DASH}{month_words(final)} {final.year}"


def month_words(day: datetime.date) -> str:
    """Name a month shortly: Jul."""
    return _month_names()[day.month - 1]


def _month_names() -> Sequence[str]:
    return (
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
        _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
    )  # fmt: skip
