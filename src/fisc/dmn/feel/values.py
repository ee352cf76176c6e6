"""The values FEEL computes with.

Python's own types where they mean the same: None, bool, Decimal, str, list, dict (a context) and
datetime.date. Times, durations, ranges and functions have types of their own, because FEEL's know
nanoseconds, zones by name and durations of months.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

NANOSECONDS = 1_000_000_000
DAY_NANOSECONDS = 86_400 * NANOSECONDS
# No text that a table makes is longer; one that would be is null.
LONGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class FarDate:
    """A date in a year that datetime.date does not reach (before 1 or after 9999)."""

    year: int
    month: int
    day: int


Date = datetime.date | FarDate


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; `zone` is seconds east of UTC, a zone's name, or None for local time."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    zone: int | str | None = None

    @property
    def day_nanoseconds(self) -> int:
        seconds = self.hour * 3600 + self.minute * 60 + self.second
        return seconds * NANOSECONDS + self.nanosecond


@dataclass(frozen=True, slots=True)
class DateTime:
    date: Date
    time: Time


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration."""

    months: int


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration."""

    nanoseconds: int


@dataclass(frozen=True, slots=True)
class Range:
    """Values between two ends; or, with `equality`, the one value, or every other (`!=`)."""

    low: Any
    high: Any
    includes_low: bool
    includes_high: bool
    equality: Literal["", "=", "!="] = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called; `parameters` is None where any number is taken."""

    name: str
    parameters: tuple[str, ...] | None
    call: Callable[..., Any]
    # Types the function was declared with, as `types.Type`.
    parameter_types: tuple[Any, ...] = ()
    result_type: Any = None


Value = Any  # One of the above; FEEL is typed when it runs.

NUMBER, STRING, BOOLEAN, NULL = "number", "string", "boolean", "null"
LIST, CONTEXT, RANGE, FUNCTION = "list", "context", "range", "function"
DATE, TIME, DATE_TIME = "date", "time", "date and time"
DAYS_DURATION, MONTHS_DURATION = "days and time duration", "years and months duration"

_KINDS: dict[type, str] = {
    type(None): NULL,
    bool: BOOLEAN,
    Decimal: NUMBER,
    str: STRING,
    list: LIST,
    dict: CONTEXT,
    datetime.date: DATE,
    FarDate: DATE,
    Time: TIME,
    DateTime: DATE_TIME,
    MonthsDuration: MONTHS_DURATION,
    DaysDuration: DAYS_DURATION,
    Range: RANGE,
    Function: FUNCTION,
}


class NotAValue(Exception):
    """Something that FEEL has no value for was handed in."""


def kind(value: Value) -> str:
    """The name of a value's type, as FEEL spells it."""
    return _KINDS[type(value)]


def of(value: object) -> Value:
    """Turn a Python value into FEEL's; raises `NotAValue` for what has none, floats above all.

    A float is refused because it has already lost what was written.
    """
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, datetime.datetime):
        return _date_time(value)
    if isinstance(value, datetime.timedelta):
        seconds = value.days * 86_400 + value.seconds
        return DaysDuration(seconds * NANOSECONDS + value.microseconds * 1000)
    if isinstance(value, list | tuple):
        return [of(item) for item in value]
    if isinstance(value, dict):
        return {str(name): of(item) for name, item in value.items()}
    if type(value) in _KINDS:
        return value
    raise NotAValue(
        f"{value!r} is a {type(value).__name__}, which tables do not compute with. "
        "Give numbers as whole numbers or Decimal."
    )


def _date_time(value: datetime.datetime) -> DateTime:
    offset = value.utcoffset()
    zone = None if offset is None else int(offset.total_seconds())
    time = Time(value.hour, value.minute, value.second, value.microsecond * 1000, zone)
    return DateTime(value.date(), time)
