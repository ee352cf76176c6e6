"""Columns to and from plain values: Decimal, text, bool, date and None."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from fisc.dmn.columns import terms, types

Plain = Decimal | str | bool | datetime.date | None


class DoesNotFit(ValueError):
    """A value is not of the declared kind, or has more decimals than declared."""


def column(declared: types.Declared, values: Iterable[object]) -> types.Column:
    """Make a column of plain values; a code is a text, None is null. Raises DoesNotFit."""
    listed = list(values)
    nulls = np.array([each is None for each in listed], dtype=bool)
    texts: dict[str, int] = {each: place for place, each in enumerate(declared.codes or ())}
    held = [0 if each is None else units(declared, each, texts) for each in listed]
    return types.Column(
        values=_array(declared, held),
        nulls=nulls if nulls.any() else None,
        texts=tuple(texts) if declared.is_textual else None,
    )


def _array(declared: types.Declared, held: Sequence[int]) -> Any:
    if declared.kind is types.Kind.BOOLEAN:
        return np.array(held, dtype=bool)
    is_small = terms.fits_int64(*held)
    return np.array(held, dtype=np.int64 if is_small else object)


def units(declared: types.Declared, value: object, texts: dict[str, int]) -> int:
    """A plain value as the whole number a column holds; a new text is added to the dictionary.

    Raises DoesNotFit.
    """
    if declared.is_textual and isinstance(value, str):
        return texts.setdefault(value, len(texts))
    if declared.kind is types.Kind.BOOLEAN and isinstance(value, bool):
        return int(value)
    return number(declared, value)


def number(declared: types.Declared, value: object) -> int:
    """A plain number or date as the whole number a column holds. Raises DoesNotFit."""
    if declared.kind is types.Kind.DATE and isinstance(value, datetime.date):
        return types.units(value, scale=0)
    is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    if not declared.is_numeric or not is_number:
        raise DoesNotFit(f"a {type(value).__name__} where {declared.kind.value} is declared")
    try:
        return types.units(Decimal(str(value)), scale=declared.scale)
    except types.DeclarationIsWrong:
        raise DoesNotFit("more decimals than declared") from None


def value(declared: types.Declared, column_: types.Column, row: int) -> Plain:
    """The plain value of one row."""
    if column_.nulls is not None and column_.nulls[row]:
        return None
    held: Any = column_.values[row]
    if declared.kind is types.Kind.BOOLEAN:
        return bool(held)
    if declared.is_textual:
        assert column_.texts is not None, "a column of codes has a dictionary"
        return column_.texts[int(held)]
    if declared.kind is types.Kind.DATE:
        return types.FIRST_DAY + datetime.timedelta(days=int(held))
    # Made of digits: arithmetic would round what has more than the context keeps.
    sign, digits = (1, -int(held)) if held < 0 else (0, int(held))
    return Decimal((sign, tuple(map(int, str(digits))), -declared.scale))
