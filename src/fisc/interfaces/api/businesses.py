"""Businesses: found, shown, entered."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Final

from django import http
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from fisc.domain.licensing.operations import entering
from fisc.domain.licensing.queries import businesses, finding
from fisc.interfaces.api import answers, days, doors, keyed, texts
from fisc.plumbing.users import permissions

router = Router(tags=["businesses"])
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
OK: Final = 200


class Found(Schema):
    """A business that may be the one that is meant."""

    business_id: int
    name: str
    trade_name: str
    place: str


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


class Place(Schema):
    """An address in full."""

    house_number: Annotated[str, texts.part(least=1, most=12)]
    street: Annotated[str, texts.part(least=1, most=100)]
    unit: Annotated[str, texts.part(most=20)] = ""
    city: Annotated[str, texts.part(least=1, most=60)]
    state: Annotated[str, texts.part(least=1, most=20)]
    zip: Annotated[str, texts.part(least=1, most=10)]


class NewBusiness(Schema):
    """A business to record, with its place and an account for its licenses.

    `are_others` are the businesses that look like it and are others: a refusal names them.
    """

    name: Annotated[str, texts.part(least=1, most=200)]
    trade_name: Annotated[str, texts.part(most=200)] = ""
    began_on: days.Day
    phone: Annotated[str, texts.part(most=40)] = ""
    email: Annotated[str, texts.part(most=254)] = ""
    place: Place
    language: str = Field(default="en", pattern="^(en|es)$")
    are_others: list[int] = Field(default_factory=list, max_length=100)


@router.get(
    "/businesses",
    response={OK: list[Found], answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_BUSINESSES),
)
def search(request: http.HttpRequest, text: Annotated[texts.MaybeLine, Query()]) -> list[Found]:
    """Find businesses by words of their names or places."""
    found = finding.search(text=text)
    doors.shown(request, what="businesses", number=0)
    return [
        Found(
            business_id=each.business_id,
            name=each.name,
            trade_name=each.trade_name,
            place=each.place,
        )
        for each in found
    ]


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


@router.post(
    "/businesses",
    response={OK: Business, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.KEEP_BUSINESSES),
)
def enter(request: http.HttpRequest, body: NewBusiness, key: keyed.Key) -> Business:
    """Record a business with its place and license account, or refuse all of it."""
    entry = entering.Entry(
        name=body.name,
        trade_name=body.trade_name,
        began_on=body.began_on,
        phone=body.phone,
        email=body.email,
        place=entering.Place(**body.place.model_dump()),
        account_language=body.language,
    )
    by = entering.By(user_id=doors.person(request), at=timezone.now(), today=timezone.localdate())

    def do() -> dict[str, int]:
        return {"business_id": entering.enter_business(entry, by=by, are_others=body.are_others)}

    found = keyed.once(request, key=key, body=body, do=do)
    return business(request, found["business_id"])
