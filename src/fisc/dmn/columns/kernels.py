"""What each step does to whole columns.

The same functions serve 64-bit integers and Python's own (arrays of objects). A STRICT step is null
wherever one of its arguments is; the others, in `fisc.dmn.columns.running`, say for themselves.
`out` is where the result may be written, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

# Arrays of either kind of integer, and single numbers; the types of NumPy cannot say which.
Values = Any
Kernel = Callable[..., Values]


def _round(detail: Any, out: Values | None, values: Values) -> Values:
    mode, divisor, is_signed, offset = detail
    if mode == "floor":
        return np.floor_divide(values, divisor, out=out)
    if mode == "ceiling":
        rounded = np.floor_divide(np.negative(values, out=out), divisor, out=out)
        return np.negative(rounded, out=out)
    size = np.absolute(values, out=out) if is_signed else values
    size = _round_size(mode, size, divisor, offset, out)
    return _signed(size, values) if is_signed else size


def _signed(size: Values, like: Values) -> Values:
    """Sizes with the signs of other numbers."""
    if object in (size.dtype, like.dtype):
        return np.negative(size, out=size, where=np.less(like, 0))
    # All ones where the number is below zero: flipping and adding one is the negative.
    sign = np.right_shift(like, 63)
    return np.subtract(np.bitwise_xor(size, sign, out=size), sign, out=size)


# What is added before cutting off, by the divisor, a power of ten and so even.
NUDGES: Mapping[str, Callable[[int], int]] = {
    "down": lambda _: 0,
    "up": lambda divisor: divisor - 1,
    "half up": lambda divisor: divisor // 2,
    "half down": lambda divisor: divisor // 2 - 1,
}


def _round_size(mode: str, size: Values, divisor: int, offset: int, out: Values | None) -> Values:
    """Round numbers that are not below zero once the offset is added."""
    if mode == "half even":
        whole = np.floor_divide(size, divisor)
        doubled = (size - whole * divisor) * 2
        goes_up = (doubled > divisor) | ((doubled == divisor) & (whole % 2 == 1))
        return np.add(whole, goes_up.astype(whole.dtype), out=out)
    nudge = NUDGES[mode](divisor) + offset
    return np.floor_divide(np.add(size, nudge, out=out) if nudge else size, divisor, out=out)


def divide(detail: Any, out: Values | None, left: Values, right: Values) -> Values:
    """Round the exact quotient; the divisors are not zero."""
    mode, is_signed = detail
    if mode == "floor":
        return np.floor_divide(left, right, out=out)
    if mode == "ceiling":
        return np.negative(np.floor_divide(np.negative(left), right), out=out)
    if not is_signed:
        return _divide_sizes(mode, left, right, out)
    sizes = _divide_sizes(mode, np.absolute(left), np.absolute(right), out)
    return _signed(sizes, np.bitwise_xor(left, right))


def _divide_sizes(mode: str, left: Values, right: Values, out: Values | None) -> Values:
    if mode == "down":
        return np.floor_divide(left, right, out=out)
    if mode == "up":
        return np.floor_divide(left + right - 1, right, out=out)
    if mode == "half even":
        whole = np.floor_divide(left, right)
        rest = left - whole * right
        doubled = rest * 2
        goes_up = (doubled > right) | ((doubled == right) & (whole % 2 == 1))
        return np.add(whole, goes_up.astype(whole.dtype), out=out)
    # Half of the divisor, cut off: an odd one has no ties, and what is cut off cannot matter.
    half = np.right_shift(right if mode == "half up" else right - 1, 1)
    return np.floor_divide(np.add(left, half, out=out), right, out=out)


def round_bounds(low: int, high: int, *, divisor: int, mode: str) -> tuple[int, int]:
    """The lowest and highest that rounding can give; every way of rounding keeps order."""
    ends = np.array([low, high], dtype=object)
    rounded = _round((mode, divisor, True, 0), None, ends)
    return int(rounded[0]), int(rounded[1])


def _date_part(part: str, out: Values | None, days: Values) -> Values:
    if part == "weekday":
        # 1 January 1970 was a Thursday, day 4 of a week that starts on Monday.
        return np.add(np.mod(np.add(days, 3), 7), 1)
    dates = np.asarray(days).astype(np.int64).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    if part == "day":
        return (dates - months).astype(np.int64) + 1
    number = months.astype(np.int64)
    return number // 12 + 1970 if part == "year" else number % 12 + 1


def _clip(detail: Any, out: Values | None, values: Values) -> Values:
    low, high = detail
    return np.clip(values, low, high, out=out)


def _ufunc(ufunc: np.ufunc) -> Kernel:
    def run(_detail: Any, out: Values | None, *values: Values) -> Values:
        return ufunc(*values, out=out)

    return run


STRICT: Mapping[str, Kernel] = {
    "add": _ufunc(np.add),
    "subtract": _ufunc(np.subtract),
    "multiply": _ufunc(np.multiply),
    "negate": _ufunc(np.negative),
    "absolute": _ufunc(np.absolute),
    "minimum": _ufunc(np.minimum),
    "maximum": _ufunc(np.maximum),
    "clip": _clip,
    "less": _ufunc(np.less),
    "less_equal": _ufunc(np.less_equal),
    "not": _ufunc(np.logical_not),
    "round": _round,
    "date_part": _date_part,
}
