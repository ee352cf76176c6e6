"""What a license costs, licenses, and whether one is valid."""

from __future__ import annotations

import datetime
from typing import Annotated, Final

from django import http
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from fisc.basics import periods
from fisc.domain.licensing.queries import fees, licenses
from fisc.interfaces.api import answers, days, doors, texts
from fisc.plumbing.users import permissions

router = Router(tags=["licenses"])
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
UNITS_MAX: Final = 10_000
RECEIPTS_MAX_CENTS: Final = 10**13
OK: Final = 200
_A_DAY = datetime.timedelta(days=1)


class AskedFee(Schema):
    """Which license, from which day, and what its fee may rest on."""

    license_type: texts.Code
    issued_on: days.Day
    is_new: bool = True
    began_unlicensed: bool = False
    units: int | None = Field(default=None, ge=0, le=UNITS_MAX)
    gross_receipts_cents: int | None = Field(default=None, ge=0, le=RECEIPTS_MAX_CENTS)
    # Of a license for an event.
    event_last_day: days.Day | None = None


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


class License(Schema):
    """A license since its last event."""

    license_id: int
    license_type: str
    number: int
    business_id: int
    business_name: str
    trade_name: str
    status: str
    issued_on: datetime.date
    first_day: datetime.date
    last_day: datetime.date


class Validity(Schema):
    """Whether a license is valid today, and why not."""

    is_valid: bool
    why: str
    license_type: str
    number: int
    trade_name: str


@router.get(
    "/license-fee",
    response={OK: Fee, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.QUOTE),
)
def license_fee(request: http.HttpRequest, of: Query[AskedFee]) -> Fee:
    """Quote a license by the tables it would be charged by; nothing is written."""
    asked = fees.Asked(
        event_ends_before=periods.day_after(of.event_last_day),
        asked_on=timezone.localdate(),
        **of.model_dump(exclude={"event_last_day"}),
    )
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
    "/licenses",
    response={OK: list[License], answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_LICENSES),
)
def listed(
    request: http.HttpRequest,
    license_type: texts.Code = "",
    status: texts.Code = "",
    before_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> list[License]:
    """List licenses, the newest first; the next page is before the last id of this one."""
    found = licenses.listed(license_type=license_type, status=status, before_id=before_id)
    doors.shown(request, what="licenses", number=0)
    return [_told(each) for each in found]


@router.get(
    "/licenses/{license_id}",
    response={OK: License, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_LICENSES),
)
def one(request: http.HttpRequest, license_id: Id) -> License:
    """Return a license as it stands."""
    found = licenses.license_of(license_id)
    doors.shown(request, what="license", number=license_id)
    return _told(found)


@router.get(
    "/license-validity/{public_code}",
    response={OK: Validity, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_LICENSES),
)
def validity(request: http.HttpRequest, public_code: Annotated[texts.Code, Path()]) -> Validity:
    """Tell whether the license of a public code is valid today."""
    found = licenses.is_valid_on(public_code, timezone.localdate())
    return Validity(
        is_valid=found.is_valid,
        why=found.why,
        license_type=found.license.license_type.code,
        number=found.license.number,
        trade_name=found.license.trade_name or found.license.business_name,
    )


def _told(found: licenses.License) -> License:
    assert found.term.ends_before is not None
    return License(
        license_id=found.license_id,
        license_type=found.license_type.code,
        number=found.number,
        business_id=found.business_id,
        business_name=found.business_name,
        trade_name=found.trade_name,
        status=found.status,
        issued_on=found.issued_on,
        first_day=found.term.starts_on,
        last_day=found.term.ends_before - _A_DAY,
    )
