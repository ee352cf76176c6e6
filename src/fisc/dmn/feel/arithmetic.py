"""The operators + - * / ** and the minus sign, for every pair of types that has them.

Each gives None where FEEL has no result.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal

from fisc.dmn.feel import calendar, numbers
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.values import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Value,
)

_CONTEXT = numbers.CONTEXT
Operation = Callable[[Value, Value], Value]


def add(left: Value, right: Value) -> Value:
    if type(left) is Decimal and type(right) is Decimal:
        return numbers.finite(_CONTEXT.add(left, right))
    return _other("+", left, right)


def subtract(left: Value, right: Value) -> Value:
    if type(left) is Decimal and type(right) is Decimal:
        return numbers.finite(_CONTEXT.subtract(left, right))
    return _other("-", left, right)


def multiply(left: Value, right: Value) -> Value:
    if type(left) is Decimal and type(right) is Decimal:
        return numbers.finite(_CONTEXT.multiply(left, right))
    return _other("*", left, right)


def divide(left: Value, right: Value) -> Value:
    if type(left) is Decimal and type(right) is Decimal:
        return numbers.finite(_CONTEXT.divide(left, right))
    return _other("/", left, right)


def power(left: Value, right: Value) -> Value:
    if type(left) is Decimal and type(right) is Decimal:
        return numbers.finite(_CONTEXT.power(left, right))
    return None


def negate(value: Value) -> Value:
    if type(value) is Decimal:
        return _CONTEXT.minus(value)
    if type(value) is MonthsDuration:
        return MonthsDuration(-value.months)
    if type(value) is DaysDuration:
        return DaysDuration(-value.nanoseconds)
    return None


def _other(operator: str, left: Value, right: Value) -> Value:
    operation = _OPERATIONS.get((operator, kinds.kind(left), kinds.kind(right)))
    return None if operation is None else operation(left, right)


# --- Dates and durations -------------------------------------------------------------------------


def _date_plus_months(day: Date, months: MonthsDuration) -> Date | None:
    return calendar.add_months(day, months.months)


def _date_minus_months(day: Date, months: MonthsDuration) -> Date | None:
    return calendar.add_months(day, -months.months)


def _date_plus_days(day: Date, duration: DaysDuration) -> Date | None:
    # A date stands for its midnight; what is left of a day falls away.
    return calendar.from_day_number(
        calendar.day_number(day) + duration.nanoseconds // kinds.DAY_NANOSECONDS
    )


def _date_minus_days(day: Date, duration: DaysDuration) -> Date | None:
    return _date_plus_days(day, DaysDuration(-duration.nanoseconds))


def _date_time_plus_months(at: DateTime, months: MonthsDuration) -> DateTime | None:
    day = calendar.add_months(at.date, months.months)
    return None if day is None else DateTime(day, at.time)


def _date_time_minus_months(at: DateTime, months: MonthsDuration) -> DateTime | None:
    return _date_time_plus_months(at, MonthsDuration(-months.months))


def _date_time_plus_days(at: DateTime, duration: DaysDuration) -> DateTime | None:
    return calendar.add_nanoseconds(at, duration.nanoseconds)


def _date_time_minus_days(at: DateTime, duration: DaysDuration) -> DateTime | None:
    return calendar.add_nanoseconds(at, -duration.nanoseconds)


def _time_plus_days(at: Time, duration: DaysDuration) -> Time:
    return calendar.time_from_nanoseconds(at.day_nanoseconds + duration.nanoseconds, at.zone)


def _time_minus_days(at: Time, duration: DaysDuration) -> Time:
    return calendar.time_from_nanoseconds(at.day_nanoseconds - duration.nanoseconds, at.zone)


def _between_dates(later: Date, earlier: Date) -> DaysDuration:
    days = calendar.day_number(later) - calendar.day_number(earlier)
    return DaysDuration(days * kinds.DAY_NANOSECONDS)


def _between_date_times(later: Value, earlier: Value) -> DaysDuration | None:
    end = later if isinstance(later, DateTime) else calendar.midnight(later)
    start = earlier if isinstance(earlier, DateTime) else calendar.midnight(earlier)
    if calendar.has_zone(end) != calendar.has_zone(start):
        return None
    return DaysDuration(calendar.instant(end) - calendar.instant(start))


def _between_times(later: Time, earlier: Time) -> DaysDuration | None:
    if calendar.has_zone(later) != calendar.has_zone(earlier):
        return None
    return DaysDuration(calendar.time_instant(later) - calendar.time_instant(earlier))


# --- Durations and numbers -----------------------------------------------------------------------


def _toward_zero(value: Decimal) -> int | None:
    return int(value.to_integral_value(ROUND_DOWN)) if value.is_finite() else None


def _months_times(months: MonthsDuration, factor: Decimal) -> MonthsDuration | None:
    product = _toward_zero(_CONTEXT.multiply(Decimal(months.months), factor))
    return None if product is None else MonthsDuration(product)


def _days_times(days: DaysDuration, factor: Decimal) -> DaysDuration | None:
    product = _toward_zero(_CONTEXT.multiply(Decimal(days.nanoseconds), factor))
    return None if product is None else DaysDuration(product)


def _months_over(months: MonthsDuration, divisor: Decimal) -> MonthsDuration | None:
    quotient = _toward_zero(_CONTEXT.divide(Decimal(months.months), divisor))
    return None if quotient is None else MonthsDuration(quotient)


def _days_over(days: DaysDuration, divisor: Decimal) -> DaysDuration | None:
    quotient = _toward_zero(_CONTEXT.divide(Decimal(days.nanoseconds), divisor))
    return None if quotient is None else DaysDuration(quotient)


def _months_ratio(left: MonthsDuration, right: MonthsDuration) -> Decimal | None:
    return numbers.finite(_CONTEXT.divide(Decimal(left.months), Decimal(right.months)))


def _days_ratio(left: DaysDuration, right: DaysDuration) -> Decimal | None:
    return numbers.finite(_CONTEXT.divide(Decimal(left.nanoseconds), Decimal(right.nanoseconds)))


def _joined(left: str, right: str) -> str | None:
    return left + right if len(left) + len(right) <= kinds.LONGEST_TEXT else None


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


_N, _D, _T, _DT = kinds.NUMBER, kinds.DATE, kinds.TIME, kinds.DATE_TIME
_DAYS, _MONTHS = kinds.DAYS_DURATION, kinds.MONTHS_DURATION

_OPERATIONS: dict[tuple[str, str, str], Operation] = {
    ("+", kinds.STRING, kinds.STRING): _joined,
    ("+", _D, _MONTHS): _date_plus_months,
    ("+", _MONTHS, _D): _swapped(_date_plus_months),
    ("+", _D, _DAYS): _date_plus_days,
    ("+", _DAYS, _D): _swapped(_date_plus_days),
    ("+", _DT, _MONTHS): _date_time_plus_months,
    ("+", _MONTHS, _DT): _swapped(_date_time_plus_months),
    ("+", _DT, _DAYS): _date_time_plus_days,
    ("+", _DAYS, _DT): _swapped(_date_time_plus_days),
    ("+", _T, _DAYS): _time_plus_days,
    ("+", _DAYS, _T): _swapped(_time_plus_days),
    ("+", _MONTHS, _MONTHS): lambda left, right: MonthsDuration(left.months + right.months),
    ("+", _DAYS, _DAYS): lambda left, right: DaysDuration(left.nanoseconds + right.nanoseconds),
    ("-", _D, _MONTHS): _date_minus_months,
    ("-", _D, _DAYS): _date_minus_days,
    ("-", _DT, _MONTHS): _date_time_minus_months,
    ("-", _DT, _DAYS): _date_time_minus_days,
    ("-", _T, _DAYS): _time_minus_days,
    ("-", _D, _D): _between_dates,
    ("-", _DT, _DT): _between_date_times,
    ("-", _D, _DT): _between_date_times,
    ("-", _DT, _D): _between_date_times,
    ("-", _T, _T): _between_times,
    ("-", _MONTHS, _MONTHS): lambda left, right: MonthsDuration(left.months - right.months),
    ("-", _DAYS, _DAYS): lambda left, right: DaysDuration(left.nanoseconds - right.nanoseconds),
    ("*", _MONTHS, _N): _months_times,
    ("*", _N, _MONTHS): _swapped(_months_times),
    ("*", _DAYS, _N): _days_times,
    ("*", _N, _DAYS): _swapped(_days_times),
    ("/", _MONTHS, _N): _months_over,
    ("/", _DAYS, _N): _days_over,
    ("/", _MONTHS, _MONTHS): _months_ratio,
    ("/", _DAYS, _DAYS): _days_ratio,
}
