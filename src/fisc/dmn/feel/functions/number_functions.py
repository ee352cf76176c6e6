"""Functions of numbers: rounding, roots, remainders."""

from __future__ import annotations

import decimal
from decimal import Decimal

from fisc.dmn.feel import numbers
from fisc.dmn.feel.functions.registry import function
from fisc.dmn.feel.values import DaysDuration, MonthsDuration

LEAST_SCALE, GREATEST_SCALE = -6111, 6176

# Wide enough that shortening a 34-digit number never fails for want of digits.
_WIDE = decimal.Context(prec=60, Emin=-99_999, Emax=99_999, traps=[])


def rounded(number: Decimal, scale: Decimal, how: str) -> Decimal | None:
    """The number with at most `scale` decimals, rounded by one of the decimal module's ways."""
    if not LEAST_SCALE <= scale <= GREATEST_SCALE:
        return None
    exponent = -int(scale)
    own = number.as_tuple().exponent
    if not isinstance(own, int) or own >= exponent:
        return number
    return numbers.finite(number.quantize(Decimal((0, (1,), exponent)), how, _WIDE))


@function("decimal", "n: number, scale: number")
def decimal_(n: Decimal, scale: Decimal) -> Decimal | None:
    return rounded(n, scale, decimal.ROUND_HALF_EVEN)


@function("round up", "n: number, scale: number")
def round_up(n: Decimal, scale: Decimal) -> Decimal | None:
    return rounded(n, scale, decimal.ROUND_UP)


@function("round down", "n: number, scale: number")
def round_down(n: Decimal, scale: Decimal) -> Decimal | None:
    return rounded(n, scale, decimal.ROUND_DOWN)


@function("round half up", "n: number, scale: number")
def round_half_up(n: Decimal, scale: Decimal) -> Decimal | None:
    return rounded(n, scale, decimal.ROUND_HALF_UP)


@function("round half down", "n: number, scale: number")
def round_half_down(n: Decimal, scale: Decimal) -> Decimal | None:
    return rounded(n, scale, decimal.ROUND_HALF_DOWN)


@function("floor", "n: number, scale: number = _")
def floor(n: Decimal, scale: Decimal = numbers.ZERO) -> Decimal | None:
    return rounded(n, scale, decimal.ROUND_FLOOR)


@function("ceiling", "n: number, scale: number = _")
def ceiling(n: Decimal, scale: Decimal = numbers.ZERO) -> Decimal | None:
    return rounded(n, scale, decimal.ROUND_CEILING)


@function("abs", "n: number")
def absolute(n: Decimal) -> Decimal:
    return n.copy_abs()


@function("abs", "n: duration")
def absolute_duration(n: MonthsDuration | DaysDuration) -> MonthsDuration | DaysDuration:
    if isinstance(n, MonthsDuration):
        return MonthsDuration(abs(n.months))
    return DaysDuration(abs(n.nanoseconds))


@function("modulo", "dividend: number, divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    if not divisor:
        return None
    rest = numbers.finite(numbers.CONTEXT.remainder(dividend, divisor))
    # FEEL's remainder has the divisor's sign; Decimal's has the dividend's.
    if rest and (rest < 0) != (divisor < 0):
        return numbers.CONTEXT.add(rest, divisor)
    return rest


@function("sqrt", "number: number")
def sqrt(number: Decimal) -> Decimal | None:
    return numbers.finite(numbers.CONTEXT.sqrt(number))


@function("log", "number: number")
def log(number: Decimal) -> Decimal | None:
    return numbers.finite(numbers.CONTEXT.ln(number))


@function("exp", "number: number")
def exp(number: Decimal) -> Decimal | None:
    return numbers.finite(numbers.CONTEXT.exp(number))


@function("odd", "number: number")
def odd(number: Decimal) -> bool | None:
    whole = numbers.whole(number)
    return None if whole is None else whole % 2 == 1


@function("even", "number: number")
def even(number: Decimal) -> bool | None:
    whole = numbers.whole(number)
    return None if whole is None else whole % 2 == 0


@function("number", "from: string, grouping separator: any = _, decimal separator: any = _")
def number_from(text: str, grouping: object = None, point: object = None) -> Decimal | None:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if grouping is not None and grouping == point:
        return None
    plain = text.replace(str(grouping), "") if grouping else text
    if point == ",":
        plain = plain.replace(",", ".") if "." not in plain else "?"
    try:
        value = numbers.of(Decimal(plain)) if plain == plain.strip() else None
    except decimal.InvalidOperation:
        return None
    return None if value is None else numbers.finite(value)
