"""Periods of days: the first day is in, the day they end before is not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass


class PeriodIsEmpty(ValueError):
    """A period would end before it holds a day."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `starts_on` up to, not including, `ends_before`; without an end when that is None."""

    starts_on: datetime.date
    ends_before: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.ends_before is not None and self.ends_before <= self.starts_on:
            raise PeriodIsEmpty(
                f"A period from {self.starts_on} that ends before {self.ends_before} holds no day."
            )

    @property
    def days(self) -> int:
        """Count the days; raises PeriodIsEmpty where there is no end to count to."""
        if self.ends_before is None:
            raise PeriodIsEmpty(
                f"The period from {self.starts_on} has no end, so no count of days."
            )
        return (self.ends_before - self.starts_on).days

    def holds(self, day: datetime.date) -> bool:
        """Tell whether a day is in it."""
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def overlap(self, other: Period) -> Period | None:
        """Return the days both have, or None when they have none in common."""
        ends = [end for end in (self.ends_before, other.ends_before) if end is not None]
        starts_on = max(self.starts_on, other.starts_on)
        ends_before = min(ends, default=None)
        if ends_before is not None and ends_before <= starts_on:
            return None
        return Period(starts_on=starts_on, ends_before=ends_before)

    def cut(self, days: Iterable[datetime.date]) -> list[Period]:
        """Return its parts, a new one starting on each given day that lies inside it."""
        inside = {day for day in days if self.holds(day) and day != self.starts_on}
        starts = [self.starts_on, *sorted(inside)]
        return [
            Period(starts_on=start, ends_before=end)
            for start, end in zip(starts, [*starts[1:], self.ends_before], strict=True)
        ]

    def without(self, other: Period) -> tuple[Period, ...]:
        """Return the days that are left, none to two pieces, when another takes some of them."""
        changes = [other.starts_on]
        if other.ends_before is not None:
            changes.append(other.ends_before)
        return tuple(piece for piece in self.cut(changes) if piece.overlap(other) is None)


def month(year: int, number: int) -> Period:
    """Return a calendar month."""
    return Period(
        starts_on=datetime.date(year, number, 1),
        ends_before=datetime.date(year + number // 12, number % 12 + 1, 1),
    )


def day_after(last_day: datetime.date | None) -> datetime.date | None:
    """Return the day that a period with this last day ends before; none of none."""
    if last_day is None or last_day == datetime.date.max:
        return None
    return last_day + datetime.timedelta(days=1)
