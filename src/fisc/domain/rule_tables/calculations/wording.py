"""How values are written in an explanation, in the languages of the city.

Only grammar is here: what a rate, a rule or a charge is called comes from the city's tables and
code lists.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from fisc.basics import money
from fisc.dmn.columns import types

LANGUAGES = ("en", "es")
NOTHING = "—"

_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip
_YES: Mapping[str, tuple[str, str]] = {"en": ("no", "yes"), "es": ("no", "sí")}

# What a person calls a unit, and how many of theirs are one of ours.
_UNITS: Mapping[str, Mapping[str, tuple[str, int]]] = {
    "en": {"kgal": ("gallons", 1000)},
    "es": {"kgal": ("galones", 1000)},
}


def dollars(cents: int) -> str:
    """Write cents as dollars: -4095 becomes -$40.95."""
    return f"{'-' if cents < 0 else ''}${money.formatted(abs(cents))}"


def number(value: Decimal) -> str:
    """Write a number without idle zeros and with separators."""
    return f"{value.normalize():,f}"


def quantity(value: Decimal, *, unit: str, language: str) -> str:
    """Write a quantity as a person says it: 8.5 kgal becomes 8,500 gallons."""
    word, each = _UNITS[language].get(unit, (unit, 1))
    return f"{number(value * each)} {word}".rstrip()


def day(value: datetime.date, *, language: str, has_year: bool = True) -> str:
    """Write a day out: March 2, 2026, or 2 de marzo de 2026."""
    month = _MONTHS[language][value.month - 1]
    if language == "es":
        return f"{value.day} de {month}" + (f" de {value.year}" if has_year else "")
    return f"{month} {value.day}" + (f", {value.year}" if has_year else "")


def of_kind(value: object, *, kind: types.Kind | None, language: str) -> str:
    """Write a value of a declared kind, or one of a step between, as a person reads it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _YES[language][value]
    if isinstance(value, Decimal):
        return dollars(in_cents(value)) if kind is types.Kind.MONEY else number(value)
    if isinstance(value, datetime.date):
        return day(value, language=language)
    return str(value)


def in_cents(value: object) -> int:
    """Return an amount of dollars as cents; no amount is none."""
    if not isinstance(value, Decimal):
        return 0
    return int(value.scaleb(2).to_integral_value())


def sentence(text: str) -> str:
    """Begin with a capital and end with a stop."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
