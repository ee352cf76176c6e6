"""Which version governs a day, as known at an instant: intervals only, no database."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fisc.basics import periods
from fisc.dmn.columns import types


@dataclass(frozen=True, slots=True)
class Standing:
    """A version, the days it governs, and from when until when that was known."""

    version_id: int
    days: periods.Period
    known_from: datetime.datetime
    known_before: datetime.datetime | None

    def is_known(self, at: datetime.datetime) -> bool:
        """Tell whether this was what was known at an instant."""
        return self.known_from <= at and (self.known_before is None or at < self.known_before)


def as_known(standings: Iterable[Standing], *, at: datetime.datetime) -> tuple[Standing, ...]:
    """Return what was known at an instant, in the order of the days governed.

    A version that goes on governing, as after a roll-back, is one: nothing changes on that day.
    """
    known = [each for each in standings if each.is_known(at)]
    found: list[Standing] = []
    for each in sorted(known, key=lambda each: each.days.starts_on):
        last = found[-1] if found else None
        if (
            last is not None
            and last.version_id == each.version_id
            and last.days.ends_before == each.days.starts_on
        ):
            days = periods.Period(starts_on=last.days.starts_on, ends_before=each.days.ends_before)
            found[-1] = dataclasses.replace(last, days=days)
        else:
            found.append(each)
    return tuple(found)


def remainders(days: periods.Period, *, without: periods.Period) -> tuple[periods.Period, ...]:
    """Return the days that are left, none to two pieces, when others take some of them."""
    return days.without(without)


def first_gap(
    governed: Iterable[periods.Period], *, on_or_after: datetime.date
) -> datetime.date | None:
    """Return the first day, from a day on, that no period holds; None when there is no such day."""
    day = on_or_after
    for each in sorted(governed, key=lambda each: each.starts_on):
        if each.starts_on > day:
            return day
        if each.ends_before is None:
            return None
        day = max(day, each.ends_before)
    return day


def positions(known: Sequence[Standing], days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return for each day number the place of the standing that governs it; -1 where none does.

    `known` is in the order of its days, as `as_known` gives it.
    """
    if not known:
        return np.full(len(days), -1, dtype=np.int64)
    starts = np.array([day_number(each.days.starts_on) for each in known])
    ends = np.array([day_number(each.days.ends_before or datetime.date.max) for each in known])
    found = np.searchsorted(starts, days, side="right").astype(np.int64) - 1
    governed = (found >= 0) & (days < ends[np.maximum(found, 0)])
    return np.where(governed, found, -1)


def day_number(day: datetime.date) -> int:
    """Turn a day into the number that columns hold."""
    return types.units(day, scale=0)


def day_of(number: int) -> datetime.date:
    """Turn a column's number back into the day."""
    return types.FIRST_DAY + datetime.timedelta(days=int(number))
