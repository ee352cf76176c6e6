"""FEEL's numbers: decimals of 34 digits, half even where a sum has more; no float anywhere."""

from __future__ import annotations

import decimal
from decimal import Decimal

# IEEE 754 decimal128, as the DMN standard asks. Nothing traps: what has no value becomes null.
CONTEXT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[],
)

ZERO = Decimal(0)
ONE = Decimal(1)


def of(value: Decimal | int) -> Decimal:
    """A number of at most 34 digits."""
    return CONTEXT.create_decimal(value)


def finite(value: Decimal) -> Decimal | None:
    """The number, or None where the sum had no result (x/0, too large)."""
    return value if value.is_finite() else None


def is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def whole(value: Decimal) -> int | None:
    """The number as an int, or None when it has a fraction or is absurdly large."""
    if value.adjusted() > 30 or not is_whole(value):
        return None
    return int(value)


def text(value: Decimal) -> str:
    """The number as FEEL writes it: no exponent, no needless zeros."""
    if not value:
        return "0"
    if abs(value.adjusted()) > 400:
        return str(value.normalize(CONTEXT))
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
