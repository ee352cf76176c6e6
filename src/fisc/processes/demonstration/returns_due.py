"""What the businesses of the demonstration city put in the returns of a month. No database."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
from collections.abc import Iterator, Sequence

import numpy as np

from fisc.domain.tax_returns.calculations import returns
from fisc.domain.tax_returns.queries import trials
from fisc.processes.demonstration import businesses, population, tax_calendar, trades

# How a month compares with the year's middle, in thousandths, January first.
SEASON = (960, 990, 1090, 1040, 970, 900, 870, 880, 920, 990, 1070, 1320)
ZERO_PER_MILLE = 18
LATE_PER_MILLE = 12
LATE_OF_LATE_PER_MILLE = 550
MISSED_PER_MILLE = 4
MISSED_OF_MISSING_PER_MILLE = 380
AMENDED_PER_MILLE = 4
AMENDS_DOWN_PER_MILLE = 600
DEDUCTS_PER_MILLE = 350
MONTHS_TO_AMENDMENT = 2
# Returns that cannot be taken: they wait for a person.
WRONG_PER_MILLE = 1
# The place of the business that the walk in the README files a late return for.
FORGETFUL = 15
WRONGLY_DEDUCTED = "503"
# Codes of “deduction code” that a class takes, and how much of the gross, in thousandths.
DEDUCTIONS = {
    trades.RETAIL: (("504", 40), ("503", 90), ("543", 15)),
    trades.CONTRACTING: (("550", 180),),
}
BESIDE_SHARE = 150
CENTS_STEP = 7


class _Draw(enum.IntEnum):
    WOBBLE = 1
    ZERO = 2
    LATE = 3
    MISSED = 4
    AMENDED = 5
    DEDUCTS = 6
    DAY = 7
    SHARE = 8
    WRONG = 9


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A return as a business sends it: its place among the businesses, and the whole of it."""

    place: int
    came: trials.Came
    is_amendment: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Filing:
    """The businesses, how often each files, and the number of the first one's tax account."""

    city: businesses.Businesses
    often: Sequence[str]
    first_account: int
    # The first day of the oldest period that each owes a return of.
    since: Sequence[datetime.date]
    today: datetime.date


def of_month(filing: Filing, *, month: datetime.date, last: datetime.date) -> Iterator[Due]:
    """Return what comes in a month up to a day, in the order of the businesses."""
    for behind in range(tax_calendar.MONTHS_LATE_AT_MOST, -1, -1):
        yield from _first_returns(filing, month=month, behind=behind, last=last)
    yield from _amendments(filing, month=month, last=last)


def pays(
    filing: Filing, *, places: population.Whole, owed_cents: population.Whole, month: datetime.date,
    earlier_cents: population.Whole,
) -> tuple[population.Whole, population.Whole]:  # fmt: skip
    """Return what businesses that owe pay in a month, and on which day of it.

    `earlier_cents` is what of it was owed before the month.
    """
    count = len(filing.city)
    kinds = filing.city.filers[places]
    share = 500 + _draw(_Draw.SHARE, month, count)[places] * 400 // 1000
    cents = np.select(
        [
            kinds == businesses.Filer.PAYS_LATE,
            kinds == businesses.Filer.PAYS_SHORT,
            kinds == businesses.Filer.OWES,
        ],
        [earlier_cents, owed_cents * share // 1000 // 100 * 100, 0],
        default=owed_cents,
    )
    span = tax_calendar.PAID_BEFORE_DAY - tax_calendar.PAID_FROM_DAY
    days = tax_calendar.PAID_FROM_DAY + _draw(_Draw.DAY, month, count)[places] % span
    return cents, days


def _first_returns(
    filing: Filing, *, month: datetime.date, behind: int, last: datetime.date
) -> Iterator[Due]:
    """Return those of the periods due some months ago that come only now."""
    due = tax_calendar.later(month, -behind)
    city, count = filing.city, len(filing.city)
    comes = _months_behind(city, due) == behind
    day = _draw(_Draw.DAY, due, count)
    for often in tax_calendar.MONTHS_OF:
        start = tax_calendar.period_due(month=due, often=often)
        if start is None:
            continue
        for place in np.flatnonzero(comes).tolist():
            received_on = month.replace(day=4 + int(day[place]) % 15)
            if (
                filing.often[place] == often
                and received_on <= last
                and start >= filing.since[place]
                and not _forgets(filing, place, due=due)
            ):
                yield _sent(filing, place, start=start, received_on=received_on)


def _forgets(filing: Filing, place: int, *, due: datetime.date) -> bool:
    """Tell whether it is the business that always owes its newest return that is overdue."""
    return place == FORGETFUL and due >= tax_calendar.later(filing.today, -1)


def _months_behind(city: businesses.Businesses, due: datetime.date) -> population.Whole:
    """Return how many months after its due month each business's return comes; -1 for never."""
    count = len(city)
    late = np.where(
        city.filers == businesses.Filer.FILES_LATE, LATE_OF_LATE_PER_MILLE, LATE_PER_MILLE
    )
    missed = np.where(
        city.filers == businesses.Filer.MISSES, MISSED_OF_MISSING_PER_MILLE, MISSED_PER_MILLE
    )
    drawn = _draw(_Draw.LATE, due, count)
    behind = np.where(drawn < late, 1 + drawn % tax_calendar.MONTHS_LATE_AT_MOST, 0)
    found: population.Whole = np.where(_draw(_Draw.MISSED, due, count) < missed, -1, behind)
    return found


def _amendments(filing: Filing, *, month: datetime.date, last: datetime.date) -> Iterator[Due]:
    """Return those that replace one which came in time: less was sold than it said, or more."""
    due = tax_calendar.later(month, -MONTHS_TO_AMENDMENT)
    count = len(filing.city)
    drawn = _draw(_Draw.AMENDED, due, count)
    amends = (drawn < AMENDED_PER_MILLE) & (_months_behind(filing.city, due) == 0)
    received_on = month.replace(day=tax_calendar.FILED_ON_DAY - 2)
    if received_on > last:
        return
    for place in np.flatnonzero(amends).tolist():
        start = tax_calendar.period_due(month=due, often=filing.often[place])
        if start is None or start < filing.since[place]:
            continue
        if gross_cents(filing, place, start=start):
            share = 820 if _draw(_Draw.SHARE, due, count)[place] < AMENDS_DOWN_PER_MILLE else 1110
            yield _sent(
                filing, place, start=start, received_on=received_on, share=share, amends=True
            )


def _sent(
    filing: Filing, place: int, *, start: datetime.date, received_on: datetime.date,
    share: int = 1000, amends: bool = False,
) -> Due:  # fmt: skip
    gross = gross_cents(filing, place, start=start) * share // 1000
    came = trials.Came(
        account_id=filing.first_account + place,
        starts_on=start,
        received_on=received_on,
        is_electronic=bool(filing.city.is_electronic[place]),
        lines=lines(filing.city, place, start=start, gross=gross),
    )
    if not amends and _draw(_Draw.WRONG, start, len(filing.city))[place] < WRONG_PER_MILLE:
        came = dataclasses.replace(came, lines=tuple(_wrong(each) for each in came.lines))
    return Due(place, came, amends)


def _wrong(line: returns.Line) -> returns.Line:
    """Return a line as somebody wrote it who deducted twice of what was sold."""
    twice = returns.Deduction(WRONGLY_DEDUCTED, line.gross_cents * 2)
    return dataclasses.replace(line, deductions=(twice,))


def gross_cents(filing: Filing, place: int, *, start: datetime.date) -> int:
    """Return what a business took in a filing period; nothing in some."""
    count, total = len(filing.city), 0
    if _draw(_Draw.ZERO, start, count)[place] < ZERO_PER_MILLE:
        return 0
    for each in range(tax_calendar.MONTHS_OF[filing.often[place]]):
        month = tax_calendar.later(start, each)
        wobble = 850 + int(_draw(_Draw.WOBBLE, month, count)[place]) * 300 // 1000
        year = int(filing.city.year_cents[place])
        total += year // tax_calendar.YEAR * SEASON[month.month - 1] // 1000 * wobble // 1000
    return total


def lines(
    city: businesses.Businesses, place: int, *, start: datetime.date, gross: int
) -> tuple[returns.Line, ...]:
    """Return the lines of a return; none where nothing was sold."""
    if not gross:
        return ()
    own = trades.TRADES[int(city.trades[place])].business_class
    beside = (
        gross * BESIDE_SHARE // 1000 if city.sells_beside[place] and own != trades.RETAIL else 0
    )
    deducts = _draw(_Draw.DEDUCTS, start, len(city))[place]
    found = [_line(own, gross - beside, deducts=int(deducts))]
    if beside:
        found.append(_line(trades.RETAIL, beside, deducts=1000))
    return tuple(found)


def _line(business_class: str, gross: int, *, deducts: int) -> returns.Line:
    codes = DEDUCTIONS.get(business_class, ()) if deducts < DEDUCTS_PER_MILLE else ()
    kept = codes[: 1 + deducts % 3]
    return returns.Line(
        region=trades.REGION,
        business_class=business_class,
        gross_cents=gross,
        deductions=tuple(
            returns.Deduction(code, gross * (share + deducts % CENTS_STEP) // 1000)
            for code, share in kept
        ),
    )


@functools.cache
def _draw(of: _Draw, month: datetime.date, count: int) -> population.Whole:
    """Return a number below a thousand for each business, the same whenever it is asked."""
    place = tax_calendar.YEAR * month.year + month.month
    drawn = np.random.default_rng([businesses.SEED, of, place]).random(count) * 1000
    return drawn.astype(np.int64)
