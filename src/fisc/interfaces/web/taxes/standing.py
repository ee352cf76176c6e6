"""The periods of a tax account as a strip: which returns came, are late, missing or not due."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Collection, Iterable, Sequence

from django import urls
from django.utils.translation import gettext as _

from fisc.domain.tax_returns.queries import registrations
from fisc.domain.tax_returns.queries import returns as queries
from fisc.interfaces.web.taxes import names
from fisc.interfaces.web.templatetags import figures


@dataclasses.dataclass(frozen=True)
class Cell:
    """A period: its name, what became of its return in words and tone, and where that is."""

    name: str
    words: str
    tone: str
    note: str
    address: str
    # The month in which it begins and how many it has, for its place in the year.
    month: int
    months: int


@dataclasses.dataclass(frozen=True)
class Year:
    year: int
    cells: Sequence[Cell]


@dataclasses.dataclass(frozen=True)
class Count:
    words: str
    tone: str
    count: int


def years(
    standings: Sequence[queries.Standing], *, number: int, today: datetime.date
) -> list[Year]:
    """Return the strip, the newest year first."""
    by_year = itertools.groupby(
        standings, key=lambda each: each.owed.obligation.days.starts_on.year
    )
    found = [
        Year(year, [_cell(each, number=number, today=today) for each in group])
        for year, group in by_year
    ]
    return found[::-1]


def counts(strip: Iterable[Year]) -> list[Count]:
    """Count the periods of each kind, the worst first."""
    order = {"bad": 0, "warn": 1, "go": 2, "good": 3, "": 4}
    found: dict[tuple[str, str], int] = {}
    for each in (cell for year in strip for cell in year.cells):
        found[each.tone, each.words] = found.get((each.tone, each.words), 0) + 1
    ordered = sorted(found.items(), key=lambda each: order[each[0][0]])
    return [Count(words, tone, count) for (tone, words), count in ordered]


@dataclasses.dataclass(frozen=True)
class Period:
    """A period that a return can be keyed for."""

    starts_on: datetime.date
    words: str
    note: str


def periods(
    every: Sequence[registrations.Owed], here: Collection[datetime.date], *, today: datetime.date
) -> list[Period]:
    """Return the periods without a return, the oldest first, then those to amend, newest first."""
    owed = [each for each in every if each.obligation.days.starts_on not in here]
    kept = [each for each in every if each.obligation.days.starts_on in here]
    return [
        *(_period(each, is_here=False, today=today) for each in owed),
        *(_period(each, is_here=True, today=today) for each in kept[::-1]),
    ]


def _period(owed: registrations.Owed, *, is_here: bool, today: datetime.date) -> Period:
    days = owed.obligation.days
    if is_here:
        note = _("here: amend it")
    elif is_past(owed, today=today):
        note = _("missing")
    else:
        note = _("to file")
    return Period(days.starts_on, names.period_words(days.starts_on, days.ends_before), note)


def is_past(owed: registrations.Owed, *, today: datetime.date) -> bool:
    """Tell whether no return can be in time any more, whichever way it is sent."""
    due = owed.obligation
    return today > max(due.paper_received_by, due.electronic_received_by)


def _cell(standing: queries.Standing, *, number: int, today: datetime.date) -> Cell:
    owed, kept = standing.owed.obligation, standing.kept
    # Every filing period has an end.
    assert owed.days.ends_before is not None
    words, tone, note = _said(standing, today=today)
    is_over = owed.days.ends_before <= today
    address = ""
    if kept is not None:
        address = urls.reverse("tax_return", args=[kept.return_id])
    elif is_over:
        address = urls.reverse("return_enter", args=[number, owed.days.starts_on])
    return Cell(
        name=names.period_words(owed.days.starts_on, owed.days.ends_before),
        words=words,
        tone=tone,
        note=note,
        address=address,
        month=owed.days.starts_on.month,
        # One of a year that begins in another month is shown up to December.
        months=min(
            names.months_in(owed.days.starts_on, owed.days.ends_before),
            names.MONTHS_IN_YEAR + 1 - owed.days.starts_on.month,
        ),
    )


def _said(standing: queries.Standing, *, today: datetime.date) -> tuple[str, str, str]:
    """Say what became of the return of a period: in a word, its tone, and a day or amount."""
    owed, kept = standing.owed.obligation, standing.kept
    due = _("due %(day)s") % {"day": figures.day(owed.due_on)}
    if kept is not None:
        note = figures.money(kept.net_due_cents)
        late = not kept.filing.is_on_time
        if kept.version > 1:
            return (_("amended, late") if late else _("amended")), "go", note
        return (_("late"), "warn", note) if late else (_("filed"), "good", note)
    if is_past(standing.owed, today=today):
        return _("missing"), "bad", due
    assert owed.days.ends_before is not None
    if owed.days.ends_before <= today:
        return _("to file"), "warn", due
    return _("not due"), "", due
