"""Between a column's whole numbers and the values that FEEL computes with."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from fisc.dmn.columns import types

Value = None | bool | Decimal | str | datetime.date


_LONGEST_QUOTED = 60
# What FEEL computes with: a number beyond these on either side of the point is no fact of a case,
# and 1e999999999 written out as a column's whole number would hold the server for minutes.
_DIGITS_MAX = 34
# How a person writes true and false, in either language, and how a file does.
_TRUTHS = {
    **dict.fromkeys(("true", "yes", "sí", "si"), True),
    **dict.fromkeys(("false", "no"), False),
}


class ValueIsWrong(ValueError):
    """A text is not a value of the kind that was declared."""


def from_units(held: Any, *, kind: types.Kind, scale: int) -> Value:
    """Turn what a column holds, other than a code, into the value a table sees."""
    if kind is types.Kind.BOOLEAN:
        return bool(held)
    if kind is types.Kind.DATE:
        return types.FIRST_DAY + datetime.timedelta(days=int(held))
    return Decimal(int(held)).scaleb(-scale)


def from_column(column: types.Column, row: int, *, declared: types.Declared) -> Value:
    """Return one row of a column as the value a table sees; null where there is none."""
    if column.nulls is not None and column.nulls[row]:
        return None
    if column.texts is not None:
        return column.texts[int(column.values[row])]
    return from_units(column.values[row], kind=declared.kind, scale=declared.scale)


def to_column(given: Sequence[Value], *, declared: types.Declared) -> types.Column:
    """Turn values into a column, null where there is none.

    Raises types.DeclarationIsWrong for a number with more decimals than were declared.
    """
    nulls = np.array([each is None for each in given])
    if declared.is_textual:
        texts = tuple(dict.fromkeys(str(each) for each in given if each is not None))
        numbers = [0 if each is None else texts.index(str(each)) for each in given]
        return types.Column(np.array(numbers, dtype=np.int64), nulls=nulls, texts=texts or ("",))
    if declared.kind is types.Kind.BOOLEAN:
        return types.Column(np.array([bool(each) for each in given]), nulls=nulls)
    units = [0 if each is None else _units(each, declared.scale) for each in given]
    fits = all(abs(each) < 2**63 for each in units)
    return types.Column(np.array(units, dtype=np.int64 if fits else object), nulls=nulls)


def _units(value: Value, scale: int) -> int:
    assert isinstance(value, Decimal | datetime.date), "numbers and dates only"
    return types.units(value, scale=scale)


def from_text(text: str, *, kind: types.Kind) -> Value:
    """Read a value as a person writes it in a case sheet; an empty text is null.

    Raises ValueIsWrong, for a number of more digits than FEEL computes with too.
    """
    text = text.strip()
    if text in {"", "null"}:
        return None
    if kind in types.TEXTUAL:
        return text
    try:
        if kind is types.Kind.DATE:
            return datetime.date.fromisoformat(text)
        if kind is types.Kind.BOOLEAN:
            return _TRUTHS[text.lower()]
        number = Decimal(text.replace(",", ""))
    except (ArithmeticError, KeyError, ValueError) as problem:
        wanted = "“yes” or “no”" if kind is types.Kind.BOOLEAN else f"a {kind.value}"
        raise ValueIsWrong(f"“{_short(text)}” is not {wanted}.") from problem
    if not number.is_finite():
        raise ValueIsWrong(f"“{_short(text)}” is not a {kind.value}.")
    if not _fits(number):
        raise ValueIsWrong(
            f"“{_short(text)}” is too long a number. Write at most {_DIGITS_MAX} digits before the "
            f"point and {_DIGITS_MAX} after it."
        )
    return number


def _fits(number: Decimal) -> bool:
    _sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int), "only a finite number is measured"
    return -exponent <= _DIGITS_MAX and len(digits) + exponent <= _DIGITS_MAX


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"


def agree(one: object, other: object) -> bool:
    """Tell whether two values are the same; numbers by what they are worth, never by digits."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return one == other
