"""Two keyings of one return: field by field, what differs, and put together again as chosen."""

from __future__ import annotations

import datetime
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fisc.basics import money

Said = Mapping[str, Any]


class Kind(enum.StrEnum):
    """What a field of a keyed return is about."""

    RECEIVED_ON = "received_on"
    IS_ELECTRONIC = "is_electronic"
    IS_AMENDMENT = "is_amendment"
    FORM = "form"
    EXCESS_TAX = "excess_tax"
    CREDIT_CARRIED = "credit_carried"
    ESTIMATED_PAYMENTS = "estimated_payments"
    REMITTED = "remitted"
    # A figure that the filer worked out, of a line or of the whole return.
    FILED = "filed"
    GROSS = "gross"
    INCLUDES_TAX = "includes_tax"
    LAND = "land"
    ITEM_PRICE = "item_price"
    UNITS = "units"
    DEDUCTION = "deduction"


_AMOUNTS = (Kind.EXCESS_TAX, Kind.CREDIT_CARRIED, Kind.ESTIMATED_PAYMENTS, Kind.REMITTED)
_UNITS = re.compile(r"-?[0-9][0-9,]{0,14}(\.[0-9]{1,3})?")
_LINE_AMOUNTS = (Kind.LAND, Kind.ITEM_PRICE)
#: What one of the two keyings says; nothing else can be said of these.
AS_KEYED = frozenset({Kind.IS_ELECTRONIC, Kind.IS_AMENDMENT, Kind.FORM, Kind.INCLUDES_TAX})


class CannotBeSaid(ValueError):
    """What is said of a field is none of its values."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: of a line by region and class, or of the whole return; a code or key names some."""

    kind: Kind
    region: str = ""
    business_class: str = ""
    key: str = ""

    @property
    def name(self) -> str:
        """What the field is called, in words of the program."""
        own = self.key or str(self.kind)
        return f"{self.region} {self.business_class} {own}" if self.region else own


def fields(came: Said) -> dict[Field, str]:
    """Return a keyed return as fields; the order of lines and of deductions is none of them.

    What is nothing has no field, but that a line is there is its gross.
    """
    found = {
        Field(kind): str(came[kind])
        for kind in (Kind.RECEIVED_ON, Kind.IS_ELECTRONIC, Kind.IS_AMENDMENT, Kind.FORM)
        if came[kind] != ""
    }
    for kind in _AMOUNTS:
        if cents := came.get(f"{kind}_cents", 0):
            found[Field(kind)] = money.formatted(cents)
    for each in came["as_filed"]:
        found[Field(Kind.FILED, key=each["key"])] = money.formatted(each["cents"])
    for line in came["lines"]:
        found |= _of_line(line)
    return found


def _of_line(line: Said) -> dict[Field, str]:
    where = (line["region"], line["business_class"])
    found = {Field(Kind.GROSS, *where): money.formatted(line["gross_cents"])}
    if line["includes_tax"]:
        found[Field(Kind.INCLUDES_TAX, *where)] = str(line["includes_tax"])
    for kind in _LINE_AMOUNTS:
        if cents := line[f"{kind}_cents"]:
            found[Field(kind, *where)] = money.formatted(cents)
    if units := Decimal(line["units"]):
        found[Field(Kind.UNITS, *where)] = f"{units.normalize():f}"
    for kind, listed, key in (
        (Kind.FILED, "as_filed", "key"),
        (Kind.DEDUCTION, "deductions", "code"),
    ):
        for each in line[listed]:
            found[Field(kind, *where, each[key])] = money.formatted(each["cents"])
    return found


def read(field: Field, text: str) -> str:
    """Return what somebody writes of a field as the field says it. Raises CannotBeSaid."""
    if field.kind is Kind.RECEIVED_ON:
        try:
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError as problem:
            raise CannotBeSaid(f"“{text}” is no day written 2026-12-31.") from problem
    if field.kind is Kind.UNITS:
        if not _UNITS.fullmatch(text):
            raise CannotBeSaid(f"“{text}” is no number of units.")
        return f"{Decimal(text.replace(',', '')).normalize():f}"
    try:
        return money.formatted(money.parsed(text))
    except money.NotAnAmount as problem:
        raise CannotBeSaid(
            f"“{text}” is no amount. Write dollars and cents, such as 1,234.56."
        ) from problem


def put_together(first: Said, second: Said, chosen: Mapping[Field, str | None]) -> dict[str, Any]:
    """Return the first keying with what was chosen of the fields that differ; None is nothing.

    A line without its gross is not there.
    """
    kept = {**fields(first), **chosen}
    said = {field: text for field, text in kept.items() if text is not None}
    is_amendment = said.get(Field(Kind.IS_AMENDMENT), "False") == "True"
    like = first if first["is_amendment"] == is_amendment else second
    found: dict[str, Any] = {
        **like,
        "received_on": said.get(Field(Kind.RECEIVED_ON), first["received_on"]),
        "is_electronic": said.get(Field(Kind.IS_ELECTRONIC), "False") == "True",
        "form": said.get(Field(Kind.FORM), ""),
        "as_filed": _listed(said, Kind.FILED, ("", ""), "key"),
    }
    for kind in _AMOUNTS:
        found[f"{kind}_cents"] = _cents(said, Field(kind))
    wheres = dict.fromkeys(
        (line["region"], line["business_class"]) for line in (*first["lines"], *second["lines"])
    )
    found["lines"] = [_line(said, where) for where in wheres if Field(Kind.GROSS, *where) in said]
    return found


def _line(said: Mapping[Field, str], where: tuple[str, str]) -> dict[str, Any]:
    return {
        "region": where[0],
        "business_class": where[1],
        "gross_cents": _cents(said, Field(Kind.GROSS, *where)),
        "deductions": _listed(said, Kind.DEDUCTION, where, "code"),
        "includes_tax": said.get(Field(Kind.INCLUDES_TAX, *where), "False") == "True",
        "land_cents": _cents(said, Field(Kind.LAND, *where)),
        "units": said.get(Field(Kind.UNITS, *where), "0"),
        "item_price_cents": _cents(said, Field(Kind.ITEM_PRICE, *where)),
        "as_filed": _listed(said, Kind.FILED, where, "key"),
    }


def _listed(
    said: Mapping[Field, str], kind: Kind, where: tuple[str, str], name: str
) -> list[dict[str, Any]]:
    return [
        {name: field.key, "cents": money.parsed(text)}
        for field, text in said.items()
        if field.kind is kind and (field.region, field.business_class) == where
    ]


def _cents(said: Mapping[Field, str], field: Field) -> int:
    return money.parsed(said[field]) if field in said else 0
