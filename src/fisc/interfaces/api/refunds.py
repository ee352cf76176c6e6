"""Refunds: requisitions that one person prepares and others approve."""

from __future__ import annotations

import datetime
from typing import Annotated, Final

from django import http
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import Field

from fisc.domain.accounts import queries as accounts
from fisc.domain.disbursements.operations import deciding, preparing
from fisc.domain.disbursements.queries import credits, requisitions
from fisc.interfaces.api import answers, doors, keyed, texts
from fisc.plumbing.users import permissions

router = Router(tags=["refunds"])
AccountNumber = Annotated[int, Path(ge=1_000_000_000, le=9_999_999_999)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Cents = Annotated[int, Field(ge=1, le=2**62)]
OK: Final = 200


class Credit(Schema):
    """A credit of an account and what of it is open, in cents."""

    credit_item_id: int
    open_cents: int


class Take(Schema):
    """How much of a credit is to be paid out."""

    credit_item_id: Id
    cents: Cents


class NewRequisition(Schema):
    """What is to be given back, by a code of the list “disbursement purpose”, and why."""

    takes: list[Take] = Field(min_length=1, max_length=200)
    purpose: texts.Code
    w9_on_file: bool = False
    was_asked_for: bool = True
    why: texts.Line


class Approval(Schema):
    """What the approver says of it."""

    why: texts.Text = ""


class Requisition(Schema):
    """A requisition as it stands. Money is in cents."""

    number: int
    state: str
    payee: str
    taken_cents: int
    interest_cents: int
    offset_cents: int
    paid_cents: int
    approvals_needed: int
    prepared_on: datetime.date


@router.get(
    "/accounts/{number}/credits",
    response={OK: list[Credit], answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_REFUNDS),
)
def open_credits(request: http.HttpRequest, number: AccountNumber) -> list[Credit]:
    """List the open credits of an account."""
    account_id = accounts.account_id(number=number)
    found = credits.open_credits(account_ids=[account_id])
    doors.shown(request, what="credits", number=number)
    return [Credit(credit_item_id=each.item_id, open_cents=each.open_cents) for each in found]


@router.get(
    "/requisitions/{number}",
    response={OK: Requisition, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_REFUNDS),
)
def requisition(request: http.HttpRequest, number: Number) -> Requisition:
    """Return a requisition."""
    found = _told(number)
    doors.shown(request, what="requisition", number=number)
    return found


@router.post(
    "/requisitions",
    response={OK: Requisition, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.ASK_REFUNDS),
)
def prepare(request: http.HttpRequest, body: NewRequisition, key: keyed.Key) -> Requisition:
    """Prepare a refund of credits of one party; debts that the table brings first are settled."""
    at, today = timezone.now(), timezone.localdate()

    def do() -> dict[str, int]:
        made = preparing.prepare(
            key=f"requisition by a program: {doors.person(request)} {key}",
            asked=preparing.Asked(
                takes=tuple(preparing.Take(each.credit_item_id, each.cents) for each in body.takes),
                purpose=body.purpose,
                w9_on_file=body.w9_on_file,
                was_asked_for=body.was_asked_for,
                why=body.why,
            ),
            on=today,
            by_id=doors.person(request),
            at=at,
        )
        return {"number": made.number}

    return _told(keyed.once(request, key=key, body=body, do=do)["number"])


@router.post(
    "/requisitions/{number}/approve",
    response={OK: Requisition, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.APPROVE_REFUNDS),
)
def approve(
    request: http.HttpRequest, number: Number, body: Approval, key: keyed.Key
) -> Requisition:
    """Approve what another person prepared; the last approval that is needed posts it."""
    by = deciding.By(
        user_id=doors.person(request), on=timezone.localdate(), at=timezone.now(), why=body.why
    )

    def do() -> dict[str, str]:
        return {"state": deciding.approve(number=number, by=by)}

    keyed.once(request, key=key, body=body, do=do)
    return _told(number)


def _told(number: int) -> Requisition:
    found = requisitions.requisition(number)
    return Requisition(
        number=found.number,
        state=found.state,
        payee=found.payee_name,
        taken_cents=found.taken_cents,
        interest_cents=found.interest_cents,
        offset_cents=found.offset_cents,
        paid_cents=found.paid_cents,
        approvals_needed=found.approvals_needed,
        prepared_on=found.prepared_on,
    )
