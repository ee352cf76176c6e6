"""The digits at the foot of a bill, by the city's declared layout."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fisc.basics import check_digits

METHODS: Mapping[str, check_digits.Method] = {
    "scanline": check_digits.SCANLINE,
    "south carolina": check_digits.SOUTH_CAROLINA,
    "visible number": check_digits.VISIBLE_NUMBER,
}


class LayoutIsWrong(Exception):
    """A scanline's layout cannot be used."""


class DoesNotFit(Exception):
    """A value has more digits than its field."""


@dataclass(frozen=True, slots=True)
class Field:
    """Digits of one thing: a fixed value, or a fact by its name, days written as `day_as`."""

    name: str
    width: int
    value: str = ""
    day_as: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields in order and the method of the check digit that ends them."""

    fields: tuple[Field, ...]
    check_digit: str


def layout(declared: Mapping[str, Any]) -> Layout:
    """Read a layout as declared in a city's scanline.toml. Raises LayoutIsWrong."""
    try:
        fields = tuple(Field(**each) for each in declared["fields"])
        method = str(declared["check_digit"])
    except (KeyError, TypeError) as problem:
        raise LayoutIsWrong(
            f"layouts/scanline.toml: {problem}. It needs check_digit and [[fields]], each with "
            "name and width, and value or day_as where that is meant."
        ) from problem
    if method not in METHODS:
        raise LayoutIsWrong(
            f"layouts/scanline.toml: check_digit is “{method}”; it can be {', '.join(METHODS)}."
        )
    return Layout(fields=fields, check_digit=method)


def scanline(*, by: Layout, facts: Mapping[str, int | datetime.date]) -> str:
    """Write a scanline: each field's digits with leading zeros, then the check digit.

    A debt below zero is written as zero: nothing is asked for. Raises DoesNotFit, LayoutIsWrong.
    """
    digits = "".join(_digits(field, facts=facts) for field in by.fields)
    return digits + METHODS[by.check_digit].check_digit(digits)


def _digits(field: Field, *, facts: Mapping[str, int | datetime.date]) -> str:
    if field.value:
        text = field.value
    elif field.name not in facts:
        raise LayoutIsWrong(
            f"layouts/scanline.toml: a bill has no “{field.name}”; it has {', '.join(facts)}."
        )
    else:
        fact = facts[field.name]
        text = fact.strftime(field.day_as) if isinstance(fact, datetime.date) else str(max(fact, 0))
    if len(text) > field.width:
        raise DoesNotFit(f"{field.name} {text} has more than the {field.width} digits of its field")
    return text.zfill(field.width)
