"""Filing periods of an account, and the days by which their returns must have come."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from fisc.basics import calendars, periods
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import asking, months

_ONE_DAY = datetime.timedelta(days=1)


class PeriodsDoNotFitAYear(ValueError):
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
    length: int, *, registered: periods.Period, seasonal_months: Collection[int] = ()
) -> Iterator[periods.Period]:
    """Give the filing periods of a registration, in order; without an end where it has none.

    `length` is in months. Periods are of the calendar year; the first and the last are whole,
    however few of their days the registration has. Of a seasonal account only periods with one of
    its months are owed. Raises PeriodsDoNotFitAYear.
    """
    if length < 1 or months.MONTHS_IN_YEAR % length:
        raise PeriodsDoNotFitAYear(
            f"A filing period of {length} months does not fit a year. Give the frequency 1, 2, 3, "
            "4, 6 or 12 in the column “months” of the list “filing frequency”."
        )
    first = registered.starts_on
    starts_on = first.replace(month=first.month - (first.month - 1) % length, day=1)
    while registered.ends_before is None or starts_on < registered.ends_before:
        ends_before = months.after(starts_on, length)
        held = range(starts_on.month, starts_on.month + length)
        if not seasonal_months or any(number in seasonal_months for number in held):
            yield periods.Period(starts_on=starts_on, ends_before=ends_before)
        starts_on = ends_before


def obligation(
    days: periods.Period, *, frequency: str, tables: loading.Tables, office: calendars.Calendar
) -> Obligation:
    """Return what is owed of a period, by the table of due days and the office's calendar.

    Raises asking.NoAnswer, calendars.CalendarRunsOut.
    """
    facts: asking.Facts = {"frequency": frequency}
    (answers,) = asking.ask(tables, [facts])
    needed = ("months_after", "day_of_month", "rolls_to_open_day")
    asking.needed(answers, *needed, tables=tables, facts=facts)
    assert days.ends_before is not None
    month = months.after(days.ends_before, asking.whole(answers["months_after"]) - 1)
    last = calendar.monthrange(month.year, month.month)[1]
    nominal = month.replace(day=min(asking.whole(answers["day_of_month"]), last))
    due_on = office.open_on_or_after(nominal) if answers["rolls_to_open_day"] else nominal

    def received_by(name: str) -> datetime.date:
        back = answers[name]
        if back is None:
            return due_on
        return max(due_on, _open_days_back(month.replace(day=last), asking.whole(back), office))

    return Obligation(
        days=days,
        due_on=due_on,
        paper_received_by=received_by("paper_days_back"),
        electronic_received_by=received_by("electronic_days_back"),
    )


def _open_days_back(
    last_day: datetime.date, count: int, office: calendars.Calendar
) -> datetime.date:
    found = office.open_on_or_before(last_day)
    for _ in range(count):
        found = office.open_on_or_before(found - _ONE_DAY)
    return found
