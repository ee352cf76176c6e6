"""What a full stop reaches: entries of contexts and the parts of dates, durations and ranges."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

from fisc.dmn.feel import calendar
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.values import DateTime, DaysDuration, MonthsDuration, Time, Value


def member(value: Value, name: str) -> Value:
    """The part of a value with a name; None when it has none.

    Of a list, the list of its items' parts.
    """
    if type(value) is dict:
        return value.get(name)
    if type(value) is list:
        return [member(item, name) for item in value]
    part = _PARTS.get((kinds.kind(value), name))
    return None if part is None else part(value)


def has_member(value: Value, name: str) -> bool:
    if type(value) is dict:
        return name in value
    return (kinds.kind(value), name) in _PARTS


def _offset(zone: int | str | None, value: Time | DateTime) -> DaysDuration | None:
    if isinstance(zone, str):
        at = value.time if isinstance(value, DateTime) else value
        on = value.date if isinstance(value, DateTime) else datetime.date(1970, 1, 1)
        seconds = calendar.offset_seconds(zone, on, at)
        return None if seconds is None else DaysDuration(seconds * kinds.NANOSECONDS)
    return None if zone is None else DaysDuration(zone * kinds.NANOSECONDS)


def _zone_name(zone: int | str | None) -> str | None:
    return zone if isinstance(zone, str) else None


def _whole(part: Callable[[Value], int]) -> Callable[[Value], Decimal]:
    return lambda value: Decimal(part(value))


def _months_part(value: MonthsDuration) -> int:
    return _remainder(value.months, 12)


def _years_part(value: MonthsDuration) -> int:
    return _quotient(value.months, 12)


def _days_part(size: int, wrap: int | None) -> Callable[[Value], Decimal]:
    """How many whole units of a size a duration holds, beyond the next larger unit."""

    def part(value: DaysDuration) -> Decimal:
        count = _quotient(value.nanoseconds, size * kinds.NANOSECONDS)
        return Decimal(count if wrap is None else _remainder(count, wrap))

    return part


def _quotient(amount: int, unit: int) -> int:
    return amount // unit if amount >= 0 else -(-amount // unit)


def _remainder(amount: int, unit: int) -> int:
    return amount % unit if amount >= 0 else -(-amount % unit)


_PARTS: dict[tuple[str, str], Callable[[Value], Value]] = {
    (kinds.DATE, "year"): _whole(lambda value: value.year),
    (kinds.DATE, "month"): _whole(lambda value: value.month),
    (kinds.DATE, "day"): _whole(lambda value: value.day),
    (kinds.DATE, "weekday"): _whole(calendar.weekday),
    (kinds.DATE, "hour"): lambda value: Decimal(0),
    (kinds.DATE, "minute"): lambda value: Decimal(0),
    (kinds.DATE, "second"): lambda value: Decimal(0),
    (kinds.TIME, "hour"): _whole(lambda value: value.hour),
    (kinds.TIME, "minute"): _whole(lambda value: value.minute),
    (kinds.TIME, "second"): _whole(lambda value: value.second),
    (kinds.TIME, "time offset"): lambda value: _offset(value.zone, value),
    (kinds.TIME, "timezone"): lambda value: _zone_name(value.zone),
    (kinds.DATE_TIME, "year"): _whole(lambda value: value.date.year),
    (kinds.DATE_TIME, "month"): _whole(lambda value: value.date.month),
    (kinds.DATE_TIME, "day"): _whole(lambda value: value.date.day),
    (kinds.DATE_TIME, "weekday"): _whole(lambda value: calendar.weekday(value.date)),
    (kinds.DATE_TIME, "hour"): _whole(lambda value: value.time.hour),
    (kinds.DATE_TIME, "minute"): _whole(lambda value: value.time.minute),
    (kinds.DATE_TIME, "second"): _whole(lambda value: value.time.second),
    (kinds.DATE_TIME, "time offset"): lambda value: _offset(value.time.zone, value),
    (kinds.DATE_TIME, "timezone"): lambda value: _zone_name(value.time.zone),
    (kinds.MONTHS_DURATION, "years"): _whole(_years_part),
    (kinds.MONTHS_DURATION, "months"): _whole(_months_part),
    (kinds.DAYS_DURATION, "days"): _days_part(86_400, None),
    (kinds.DAYS_DURATION, "hours"): _days_part(3600, 24),
    (kinds.DAYS_DURATION, "minutes"): _days_part(60, 60),
    (kinds.DAYS_DURATION, "seconds"): _days_part(1, 60),
    (kinds.RANGE, "start"): lambda value: value.low,
    (kinds.RANGE, "end"): lambda value: value.high,
    (kinds.RANGE, "start included"): lambda value: value.includes_low,
    (kinds.RANGE, "end included"): lambda value: value.includes_high,
}
