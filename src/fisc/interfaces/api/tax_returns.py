"""Returns of tax accounts: what is owed, what was filed, what lateness costs."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Final

from django import http
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import Field, field_validator

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.calculations import returns as figures
from fisc.domain.tax_returns.operations import filing
from fisc.domain.tax_returns.queries import governing
from fisc.domain.tax_returns.queries import returns as kept
from fisc.interfaces.api import answers, days, doors, keyed, texts
from fisc.plumbing.users import permissions

router = Router(tags=["tax returns"])
#: A number of an account, as people see it.
Number = Annotated[int, Path(ge=1_000_000_000, le=9_999_999_999)]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Cents = Annotated[int, Field(ge=-(2**62), le=2**62)]
#: With the decimals that a line keeps.
Units = Annotated[Decimal, Field(ge=-(10**11), le=10**11, decimal_places=3)]
OK: Final = 200
_A_DAY = datetime.timedelta(days=1)


class Deduction(Schema):
    """A deduction by its code."""

    code: texts.Code
    amount_cents: Cents


class Figure(Schema):
    """A figure that the filer worked out, by the key of its column or box on the form."""

    key: texts.Code
    cents: Cents


class AtLocation(Schema):
    """What of a line is of one location of a filer that files for several."""

    location: texts.Code
    gross_cents: Cents
    deducted_cents: Cents = 0


class Line(Schema):
    """Receipts of one business class in one region.

    Of receipts that include tax, the tables take the tax out; units are gallons, rooms or nights.
    A filer for several locations says how much is of which.
    """

    region: texts.Code
    business_class: texts.Code
    gross_cents: Cents
    deductions: list[Deduction] = []
    includes_tax: bool = False
    land_cents: Cents = 0
    units: Units = Decimal(0)
    item_price_cents: Cents = 0
    as_filed: list[Figure] = []
    by_location: list[AtLocation] = []


class NewReturn(Schema):
    """A return for the period that begins on a day; without lines it says that nothing was sold.

    `amends_id` is the return that this one replaces as a whole; `form` the code of the form that it
    is written on, the account's own where it is empty.
    """

    starts_on: days.Day
    received_on: days.Day
    lines: list[Line] = []
    excess_tax_cents: Cents = 0
    credit_carried_cents: Cents = 0
    estimated_payments_cents: Cents = 0
    amends_id: int | None = None
    form: texts.Code = ""
    as_filed: list[Figure] = []

    @field_validator("received_on")
    @classmethod
    def _came_already(cls, day: datetime.date) -> datetime.date:
        """Refuse a day to come: by it, periods would be over that have not begun."""
        if day > timezone.localdate():
            raise ValueError("That day is still to come. Write the day that the return came.")
        return day


class KeptReturn(Schema):
    """A version of a return, with the figures that the tables gave."""

    return_id: int
    starts_on: datetime.date
    ends_on: datetime.date
    version: int
    received_on: datetime.date
    due_on: datetime.date
    is_on_time: bool
    lines: list[Line]
    form: texts.Code
    as_filed: list[Figure]
    total_tax_cents: int
    accounting_credit_cents: int
    tax_due_cents: int
    net_due_cents: int


class Standing(Schema):
    """A return that is owed, and what came of it."""

    starts_on: datetime.date
    ends_on: datetime.date
    due_on: datetime.date
    paper_received_by: datetime.date
    electronic_received_by: datetime.date
    return_id: int | None
    version: int | None


class Owing(Schema):
    """What a return costs on a day: its tax, penalty and interest, if nothing were paid of it."""

    on: datetime.date
    tax_cents: int
    penalty_cents: int
    interest_cents: int
    total_cents: int


@router.get(
    "/tax-accounts/{number}/returns",
    response={OK: list[Standing], answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_RETURNS),
)
def standings(request: http.HttpRequest, number: Number) -> list[Standing]:
    """List the returns that an account owes for periods that are over, and what came."""
    account_id = accounts.account_id(number=number)
    found = kept.standings(account_id, before=timezone.localdate(), known_at=timezone.now())
    doors.shown(request, what="returns", number=number)
    return [_standing(each) for each in found]


@router.get(
    "/returns/{return_id}",
    response={OK: KeptReturn, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_RETURNS),
)
def tax_return(request: http.HttpRequest, return_id: Id) -> KeptReturn:
    """Return one version of a return."""
    found = _told(kept.one(return_id))
    doors.shown(request, what="return", number=return_id)
    return found


@router.get(
    "/returns/{return_id}/owing",
    response={OK: Owing, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_RETURNS),
)
def owing(request: http.HttpRequest, return_id: Id, on: days.Day) -> Owing:
    """Compute what a return costs on a day, past or to come, if nothing were paid of it."""
    owed = kept.lateness_of(kept.one(return_id))
    found = governing.owing_on(owed, on=on, known_at=timezone.now())
    doors.shown(request, what="return", number=return_id)
    return Owing(
        on=on,
        tax_cents=found.unpaid_tax_cents,
        penalty_cents=found.penalty_cents,
        interest_cents=found.interest_cents,
        total_cents=found.total_cents,
    )


@router.post(
    "/tax-accounts/{number}/returns",
    response={OK: KeptReturn, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.KEY_RETURNS),
)
def file(request: http.HttpRequest, number: Number, body: NewReturn, key: keyed.Key) -> KeptReturn:
    """File a return that came electronically, or one that amends another."""
    account_id = accounts.account_id(number=number)
    by = filing.By(user_id=doors.person(request), at=timezone.now(), why="filed by a program")

    def do() -> dict[str, int]:
        came = _came(account_id, body)
        filed = filing.file_return(came, by=by, posting_day=timezone.localdate())
        return {"return_id": filed.return_id}

    found = keyed.once(request, key=key, body=body, do=do)
    return _told(kept.one(found["return_id"]))


def _came(account_id: int, body: NewReturn) -> filing.Came:
    return filing.Came(
        account_id=account_id,
        starts_on=body.starts_on,
        received_on=body.received_on,
        is_electronic=True,
        lines=tuple(
            figures.Line(
                region=line.region,
                business_class=line.business_class,
                gross_cents=line.gross_cents,
                deductions=tuple(
                    figures.Deduction(each.code, each.amount_cents) for each in line.deductions
                ),
                includes_tax=line.includes_tax,
                land_cents=line.land_cents,
                units=line.units,
                item_price_cents=line.item_price_cents,
                as_filed=_filed(line.as_filed),
                by_location=tuple(
                    figures.AtLocation(each.location, each.gross_cents, each.deducted_cents)
                    for each in line.by_location
                ),
            )
            for line in body.lines
        ),
        excess_tax_cents=body.excess_tax_cents,
        credit_carried_cents=body.credit_carried_cents,
        estimated_payments_cents=body.estimated_payments_cents,
        amends_id=body.amends_id,
        form=body.form,
        as_filed=_filed(body.as_filed),
    )


def _filed(said: Iterable[Figure]) -> tuple[figures.Filed, ...]:
    return tuple(figures.Filed(each.key, each.cents) for each in said)


def _said(filed: Iterable[figures.Filed]) -> list[Figure]:
    return [Figure(key=each.key, cents=each.cents) for each in filed]


def _told(found: kept.Kept) -> KeptReturn:
    assert found.days.ends_before is not None
    return KeptReturn(
        return_id=found.return_id,
        starts_on=found.days.starts_on,
        ends_on=found.days.ends_before - _A_DAY,
        version=found.version,
        received_on=found.received_on,
        due_on=found.due_on,
        is_on_time=found.filing.is_on_time,
        lines=[_told_line(line) for line in found.filing.lines],
        form=found.form,
        as_filed=_said(found.filing.as_filed),
        total_tax_cents=found.total_tax_cents,
        accounting_credit_cents=found.accounting_credit_cents,
        tax_due_cents=found.tax_due_cents,
        net_due_cents=found.net_due_cents,
    )


def _told_line(line: figures.Line) -> Line:
    return Line(
        region=line.region,
        business_class=line.business_class,
        gross_cents=line.gross_cents,
        deductions=[Deduction(code=each.code, amount_cents=each.cents) for each in line.deductions],
        includes_tax=line.includes_tax,
        land_cents=line.land_cents,
        units=line.units,
        item_price_cents=line.item_price_cents,
        as_filed=_said(line.as_filed),
        by_location=[
            AtLocation(
                location=each.location,
                gross_cents=each.gross_cents,
                deducted_cents=each.deducted_cents,
            )
            for each in line.by_location
        ],
    )


def _standing(found: kept.Standing) -> Standing:
    owed = found.owed.obligation
    assert owed.days.ends_before is not None
    return Standing(
        starts_on=owed.days.starts_on,
        ends_on=owed.days.ends_before - _A_DAY,
        due_on=owed.due_on,
        paper_received_by=owed.paper_received_by,
        electronic_received_by=owed.electronic_received_by,
        return_id=None if found.kept is None else found.kept.return_id,
        version=None if found.kept is None else found.kept.version,
    )
