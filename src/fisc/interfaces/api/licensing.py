"""Businesses, and what a license costs."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Final

from django import http
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from fisc.domain.licensing.queries import businesses, fees
from fisc.interfaces.api import answers, doors
from fisc.plumbing.users import permissions

router = Router(tags=["licenses"])
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
UNITS_MAX: Final = 10_000
RECEIPTS_MAX_CENTS: Final = 10**13
OK: Final = 200
_A_DAY = datetime.timedelta(days=1)


class AskedFee(Schema):
    """Which license, from which day, and what its fee may rest on."""

    license_type: str
    issued_on: datetime.date
    is_new: bool = True
    began_unlicensed: bool = False
    units: int | None = Field(default=None, ge=0, le=UNITS_MAX)
    gross_receipts_cents: int | None = Field(default=None, ge=0, le=RECEIPTS_MAX_CENTS)


class FeeLine(Schema):
    """A line of a fee, by its code in the list “license line”."""

    code: str
    label: str
    amount_cents: int


class Fee(Schema):
    """What a license costs, and the days it would be valid."""

    lines: list[FeeLine]
    total_cents: int
    first_day: datetime.date
    last_day: datetime.date


class Owner(Schema):
    """Who holds what percent of a business, and whether that owner controls it."""

    name: str
    percent: Decimal
    controls: bool


class Business(Schema):
    """A business as it is today."""

    business_id: int
    name: str
    trade_name: str
    began_on: datetime.date
    owners: list[Owner]
    addresses: list[str]
    activities: list[str]


@router.get(
    "/license-fee",
    response={OK: Fee, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.QUOTE),
)
def license_fee(request: http.HttpRequest, of: Query[AskedFee]) -> Fee:
    """Quote a license by the tables it would be charged by; nothing is written."""
    asked = fees.Asked(**of.model_dump())
    found = fees.fee(asked, known_at=timezone.now())
    assert found.term.ends_before is not None
    return Fee(
        lines=[
            FeeLine(
                code=each.code.code, label=each.code.label("en"), amount_cents=each.amount_cents
            )
            for each in found.lines
        ],
        total_cents=found.total_cents,
        first_day=found.issued_on,
        last_day=found.term.ends_before - _A_DAY,
    )


@router.get(
    "/businesses/{business_id}",
    response={OK: Business, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_BUSINESSES),
)
def business(request: http.HttpRequest, business_id: Id) -> Business:
    """Return a business as it is today."""
    found = businesses.business(business_id=business_id, as_of=timezone.localdate())
    doors.shown(request, what="business", number=business_id)
    return Business(
        business_id=found.business_id,
        name=found.name,
        trade_name=found.trade_name,
        began_on=found.began_on,
        owners=[
            Owner(name=each.name, percent=each.percent, controls=each.controls)
            for each in found.owners
        ],
        addresses=[
            " ".join(filter(None, (each.house_number, each.street, each.unit)))
            for each in found.addresses
        ],
        activities=[each.code for each in found.activities],
    )
