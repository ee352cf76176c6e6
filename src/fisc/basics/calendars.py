"""Which days are open, and the nearest one to a day that is not."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

_ONE_DAY = datetime.timedelta(days=1)


class CalendarRunsOut(Exception):
    """A day was asked for that the calendar says nothing about."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The closed days of an office, a bank, the mail, over the days the calendar covers.

    Days of the week are numbered as in ISO 8601, Monday 1.
    """

    name: str
    covers_from: datetime.date
    covers_before: datetime.date
    closed_weekdays: frozenset[int] = frozenset()
    closed_days: frozenset[datetime.date] = field(default_factory=frozenset)

    def is_open(self, day: datetime.date) -> bool:
        """Tell whether a day is open. Raises CalendarRunsOut."""
        if not self.covers_from <= day < self.covers_before:
            raise CalendarRunsOut(
                f"The calendar “{self.name}” covers {self.covers_from} to before "
                f"{self.covers_before}, not {day}. Add that year's closed days."
            )
        return day.isoweekday() not in self.closed_weekdays and day not in self.closed_days

    def open_on_or_after(self, day: datetime.date) -> datetime.date:
        """Return the day, or the next open one. Raises CalendarRunsOut."""
        while not self.is_open(day):
            day += _ONE_DAY
        return day

    def open_on_or_before(self, day: datetime.date) -> datetime.date:
        """Return the day, or the open one before it. Raises CalendarRunsOut."""
        while not self.is_open(day):
            day -= _ONE_DAY
        return day

    def after_open_days(self, day: datetime.date, *, count: int) -> datetime.date:
        """Return the day that many open days later. Raises CalendarRunsOut."""
        for _ in range(count):
            day = self.open_on_or_after(day + _ONE_DAY)
        return day
