"""Filing periods of an account, and the days by which their returns must have come."""

from __future__ import annotations

import calendar
import datetime
import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from fisc.basics import calendars, periods
from fisc.domain.rule_tables.calculations import loading, values
from fisc.domain.tax_returns.calculations import asking, months

_ONE_DAY = datetime.timedelta(days=1)


class ObligationIsWrong(ValueError):
    """What the city declares of periods and due days cannot be; the words say where."""


class PeriodsDoNotFitAYear(ObligationIsWrong):
    """Filing periods are so long that no whole number of them makes a year."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A return that is owed: its period, its due day, and the last day it is in time.

    A return on paper, and one sent electronically, are in time until their own day; penalties of a
    late one count from `due_on`.
    """

    days: periods.Period
    due_on: datetime.date
    paper_received_by: datetime.date
    electronic_received_by: datetime.date

    def timely_until(self, *, is_electronic: bool) -> datetime.date:
        """Return the last day on which a return sent that way is in time."""
        return self.electronic_received_by if is_electronic else self.paper_received_by


def filing_periods(
    length: int, *, registered: periods.Period, seasonal_months: Collection[int] = (),
    year_starts_in: int = 1, is_cut: bool = False,
) -> Iterator[periods.Period]:  # fmt: skip
    """Give the filing periods of a registration, in order; without an end where it has none.

    `length` is in months. Periods are of the year that begins in the month `year_starts_in`. The
    first and the last are whole, however few of their days the registration has; where `is_cut`,
    they begin and end with it. Of a seasonal account only periods with one of its months are owed.
    Raises PeriodsDoNotFitAYear.
    """
    if length < 1 or months.MONTHS_IN_YEAR % length:
        raise PeriodsDoNotFitAYear(
            f"A filing period of {length} months does not fit a year. Give the frequency 1, 2, 3, "
            "4, 6 or 12 in the column “months” of the list “filing frequency”."
        )
    first, end = registered.starts_on, registered.ends_before
    starts_on = months.after(first.replace(day=1), -((first.month - year_starts_in) % length))
    while end is None or starts_on < end:
        ends_before = months.after(starts_on, length)
        days = periods.Period(starts_on=starts_on, ends_before=ends_before)
        if is_cut:
            days = periods.Period(
                starts_on=max(starts_on, first),
                ends_before=ends_before if end is None else min(ends_before, end),
            )
        if not seasonal_months or not months.of_year(days).isdisjoint(seasonal_months):
            yield days
        starts_on = ends_before


def obligation(
    days: periods.Period, *, frequency: str, tables: loading.Tables, office: calendars.Calendar
) -> Obligation:
    """Return what is owed of a period, by the table of due days and the office's calendar.

    Raises asking.NoAnswer, calendars.CalendarRunsOut.
    """
    return _obligation(days, frequency, tables, office)


# An account is asked for all of its periods each time, and all accounts have the same. Neither
# tables nor a calendar ever change: what changes is which of them is asked.
@functools.lru_cache(maxsize=10_000)
def _obligation(
    days: periods.Period, frequency: str, tables: loading.Tables, office: calendars.Calendar
) -> Obligation:
    assert days.ends_before is not None
    last_day = days.ends_before - _ONE_DAY
    facts: asking.Facts = {
        "frequency": frequency,
        "period_starts_on": days.starts_on,
        "last_month": asking.number(last_day.month),
    }
    (answers,) = asking.ask(tables, [facts])
    needed = ["rolls_to_open_day"]
    if answers.get("days_after") is None:
        needed += ["months_after"]
        if answers.get("open_day") is None and answers.get("open_days_back") is None:
            needed += ["day_of_month"]
    asking.needed(answers, *needed, tables=tables, facts=facts)
    nominal = _nominal(answers, last_day=last_day, office=office)
    rolls = answers["rolls_to_open_day"] is True
    due_on = nominal
    if answers.get("rolls_back") is True:
        due_on = office.open_on_or_before(nominal)
    elif rolls:
        due_on = office.open_on_or_after(nominal)
    grace = due_on + datetime.timedelta(days=_days(answers.get("grace_days")))
    in_grace = office.open_on_or_after(grace) if rolls else grace
    last = calendar.monthrange(nominal.year, nominal.month)[1]

    def received_by(name: str) -> datetime.date:
        back = answers[name]
        if back is None:
            return in_grace
        days_back = _open_days_back(nominal.replace(day=last), asking.whole(back), office)
        return max(due_on, days_back, in_grace)

    return Obligation(
        days=days,
        due_on=due_on,
        paper_received_by=received_by("paper_days_back"),
        electronic_received_by=received_by("electronic_days_back"),
    )


def _nominal(
    answers: asking.Answers, *, last_day: datetime.date, office: calendars.Calendar
) -> datetime.date:
    """The due day before it moves off a closed day."""
    if answers.get("days_after") is not None:
        return last_day + datetime.timedelta(days=_days(answers["days_after"]))
    month = months.after(last_day + _ONE_DAY, asking.whole(answers["months_after"]) - 1)
    last = calendar.monthrange(month.year, month.month)[1]
    if answers.get("open_day") is not None:
        first = office.open_on_or_after(month.replace(day=1))
        return office.after_open_days(first, count=asking.whole(answers["open_day"]) - 1)
    if answers.get("open_days_back") is not None:
        back = asking.whole(answers["open_days_back"])
        return _open_days_back(month.replace(day=last), back, office)
    return month.replace(day=min(asking.whole(answers["day_of_month"]), last))


def _days(answer: values.Value) -> int:
    return 0 if answer is None else asking.whole(answer)


def _open_days_back(
    last_day: datetime.date, count: int, office: calendars.Calendar
) -> datetime.date:
    found = office.open_on_or_before(last_day)
    for _ in range(count):
        found = office.open_on_or_before(found - _ONE_DAY)
    return found
