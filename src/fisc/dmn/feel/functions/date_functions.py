"""Functions of dates, times and durations."""

from __future__ import annotations

import datetime
from decimal import Decimal

from fisc.dmn.feel import calendar, numbers
from fisc.dmn.feel.evaluation import Evaluation
from fisc.dmn.feel.functions.registry import function
from fisc.dmn.feel.values import (
    NANOSECONDS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Value,
)

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@function("date", "from: string")
def date_from_text(text: str) -> Date | None:
    return calendar.read_date(text)


@function("date", "from: date")
def date_from_date(value: Date) -> Date:
    return value


@function("date", "from: date and time")
def date_from_date_time(value: DateTime) -> Date:
    return value.date


@function("date", "year: number, month: number, day: number")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    parts = [numbers.whole(part) for part in (year, month, day)]
    years, months, days = parts
    if years is None or months is None or days is None:
        return None
    return calendar.date(years, months, days)


@function("time", "from: string")
def time_from_text(text: str) -> Time | None:
    return calendar.read_time(text.removeprefix("T"))


@function("time", "from: time")
def time_from_time(value: Time) -> Time:
    return value


@function("time", "from: date")
def time_from_date(value: Date) -> Time:
    return calendar.midnight(value).time


@function("time", "from: date and time")
def time_from_date_time(value: DateTime) -> Time:
    return value.time


@function(
    "time",
    "hour: number, minute: number, second: number, offset: days and time duration? = _",
)
def time_of(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None
) -> Time | None:
    hours, minutes = numbers.whole(hour), numbers.whole(minute)
    if hours is None or minutes is None or not 0 <= second < 60:
        return None
    seconds = int(second)
    nanoseconds = int((second - seconds) * NANOSECONDS)
    zone = None if offset is None else offset.nanoseconds // NANOSECONDS
    return calendar.time(hours, minutes, seconds, nanoseconds, zone)


@function("date and time", "from: string")
def date_time_from_text(text: str) -> DateTime | None:
    return calendar.read_date_time(text)


@function("date and time", "from: date and time")
def date_time_from_date_time(value: DateTime) -> DateTime:
    return value


@function("date and time", "date: date, time: time")
def date_time_of(day: Date, time: Time) -> DateTime:
    return DateTime(day, time)


@function("date and time", "date: date and time, time: time")
def date_time_with(value: DateTime, time: Time) -> DateTime:
    return DateTime(value.date, time)


@function("duration", "from: string")
def duration(text: str) -> MonthsDuration | DaysDuration | None:
    return calendar.read_duration(text)


@function("duration", "from: duration")
def duration_from_duration(value: MonthsDuration | DaysDuration) -> Value:
    return value


@function("years and months duration", "from: date, to: date")
def months_between_dates(start: Date, end: Date) -> MonthsDuration:
    return MonthsDuration(calendar.months_between(start, end))


@function("years and months duration", "from: date and time, to: date and time")
def months_between_instants(start: DateTime, end: DateTime) -> MonthsDuration:
    return MonthsDuration(calendar.months_between(start.date, end.date))


@function("day of year", "date: date")
@function("day of year", "date: date and time")
def day_of_year(value: Date | DateTime) -> Decimal | None:
    day = _day(value)
    first = calendar.date(day.year, 1, 1)
    if first is None:
        return None
    return Decimal(calendar.day_number(day) - calendar.day_number(first) + 1)


@function("day of week", "date: date")
@function("day of week", "date: date and time")
def day_of_week(value: Date | DateTime) -> str:
    return _DAY_NAMES[calendar.weekday(_day(value)) - 1]


@function("month of year", "date: date")
@function("month of year", "date: date and time")
def month_of_year(value: Date | DateTime) -> str:
    return _MONTH_NAMES[_day(value).month - 1]


@function("week of year", "date: date")
@function("week of year", "date: date and time")
def week_of_year(value: Date | DateTime) -> Decimal | None:
    day = _day(value)
    return Decimal(day.isocalendar().week) if isinstance(day, datetime.date) else None


@function("now", needs_evaluation=True)
def now(evaluation: Evaluation) -> Value:
    return evaluation.clock_reading()


@function("today", needs_evaluation=True)
def today(evaluation: Evaluation) -> Value:
    reading = evaluation.clock_reading()
    return reading.date if isinstance(reading, DateTime) else None
