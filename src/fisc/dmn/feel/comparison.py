"""Equality and order, in three-valued logic: True, False, or None where FEEL has no answer."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

from fisc.dmn.feel import calendar
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.values import Date, DateTime, FarDate, Range, Time, Value

Truth = bool | None


def equal(left: Value, right: Value) -> Truth:
    """Whether two values are equal; None when their types cannot be compared.

    Null equals null and nothing else.
    """
    if type(left) is Decimal and type(right) is Decimal:
        return left == right
    if left is None or right is None:
        return left is right
    kind = kinds.kind(left)
    if kind != kinds.kind(right):
        return None
    test = _EQUAL.get(kind)
    return left == right if test is None else test(left, right)


def is_same(left: Value, right: Value) -> bool:
    """Whether two values are equal, without doubt."""
    return equal(left, right) is True


def _lists_equal(left: list[Value], right: list[Value]) -> Truth:
    if len(left) != len(right):
        return False
    return all(is_same(one, other) for one, other in zip(left, right, strict=True))


def _contexts_equal(left: dict[str, Value], right: dict[str, Value]) -> Truth:
    if left.keys() != right.keys():
        return False
    return all(is_same(value, right[name]) for name, value in left.items())


def _ranges_equal(left: Range, right: Range) -> Truth:
    return (
        left.equality == right.equality
        and left.includes_low == right.includes_low
        and left.includes_high == right.includes_high
        and is_same(left.low, right.low)
        and is_same(left.high, right.high)
    )


def _times_equal(left: Time, right: Time) -> Truth:
    if calendar.has_zone(left) != calendar.has_zone(right):
        return False
    return _second(calendar.time_instant(left)) == _second(calendar.time_instant(right))


def _date_times_equal(left: DateTime, right: DateTime) -> Truth:
    if calendar.has_zone(left) != calendar.has_zone(right):
        return False
    return _second(calendar.instant(left)) == _second(calendar.instant(right))


def _second(nanoseconds: int) -> int:
    # The standard compares times by their seconds, which the compatibility kit reads as whole.
    return nanoseconds // kinds.NANOSECONDS


_EQUAL: dict[str, Callable[[Value, Value], Truth]] = {
    kinds.LIST: _lists_equal,
    kinds.CONTEXT: _contexts_equal,
    kinds.RANGE: _ranges_equal,
    kinds.TIME: _times_equal,
    kinds.DATE_TIME: _date_times_equal,
    kinds.FUNCTION: lambda left, right: left is right,
}


# --- Order ---------------------------------------------------------------------------------------


def rank(value: Value) -> Decimal | str | int | None:
    """What values of one type are ordered by; None where the type has no order."""
    if type(value) is Decimal or type(value) is str:
        return value
    order = _RANKS.get(type(value))
    return None if order is None else order(value)


def _date_rank(value: Date) -> int:
    return calendar.day_number(value)


_RANKS: dict[type, Callable[[Value], Decimal | str | int]] = {
    datetime.date: _date_rank,
    FarDate: _date_rank,
    Time: calendar.time_instant,
    DateTime: calendar.instant,
    kinds.MonthsDuration: lambda value: value.months,
    kinds.DaysDuration: lambda value: value.nanoseconds,
}


def compare(left: Value, right: Value) -> int | None:
    """Below, at or above zero as left is below, at or above right; None without an order."""
    if left is None or right is None or kinds.kind(left) != kinds.kind(right):
        return None
    low, high = rank(left), rank(right)
    if low is None or high is None:
        return None
    return _sign(low, high)


def _sign(low: Decimal | str | int, high: Decimal | str | int) -> int:
    if isinstance(low, str) or isinstance(high, str):
        # By code point; Python and FEEL agree.
        return (str(low) > str(high)) - (str(low) < str(high))
    return (low > high) - (low < high)


def less(left: Value, right: Value) -> Truth:
    if type(left) is Decimal and type(right) is Decimal:
        return left < right
    order = compare(left, right)
    return None if order is None else order < 0


def less_or_equal(left: Value, right: Value) -> Truth:
    if type(left) is Decimal and type(right) is Decimal:
        return left <= right
    order = compare(left, right)
    return None if order is None else order <= 0


def between(value: Value, low: Value, high: Value) -> Truth:
    return conjunction(less_or_equal(low, value), less_or_equal(value, high))


def is_in(value: Value, limits: Range) -> Truth:
    """Whether a value lies in a range; None when it cannot be compared with an end it has."""
    if limits.equality:
        same = equal(value, limits.low)
        return same if limits.equality == "=" or same is None else not same
    above: Truth = True
    below: Truth = True
    if limits.low is not None:
        above = less_or_equal(limits.low, value) if limits.includes_low else less(limits.low, value)
    if limits.high is not None:
        below = (
            less_or_equal(value, limits.high) if limits.includes_high else less(value, limits.high)
        )
    if value is None:
        return None
    return conjunction(above, below)


def conjunction(left: Truth, right: Truth) -> Truth:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True
