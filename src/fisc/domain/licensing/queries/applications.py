"""Applications as they stand: what they say and bring, what departments said, what they cost."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.queries import fees, requirements
from fisc.domain.receivables import queries as receivables

PAGE = 50


class NoSuchApplication(Exception):
    """There is no application of that number."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """What a department said of an application, or when it must."""

    sign_off_id: int
    department: code_lists.Code
    step: int
    attempt: int
    # None until its step is asked.
    due_on: datetime.date | None
    outcome: str
    reason: str
    decided_on: datetime.date | None
    decided_by_id: int | None


@dataclass(frozen=True, slots=True)
class Charged:
    """A line that was charged or given back, with what is open of its item; in whole cents."""

    fee_item_id: int
    line: code_lists.Code
    item_id: int
    amount_cents: int
    open_cents: int
    # The fee item that this one gives back of.
    credits_id: int | None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an application."""

    status: str
    happened_on: datetime.date
    why: str
    made_by_id: int | None
    made_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application as it stands."""

    application_id: int
    license_type: code_lists.Code
    number: int
    kind: str
    status: str
    business_id: int
    premise_id: int | None
    account_id: int
    # The license that a renewal is of.
    license_id: int | None
    received_on: datetime.date
    received_at: datetime.datetime
    begins_on: datetime.date
    event_ends_before: datetime.date | None
    began_unlicensed: bool
    units: int | None
    gross_receipts_cents: int | None
    # Of the term that was charged.
    term: periods.Period | None
    appeal_until: datetime.date | None
    taken_by_id: int | None

    @property
    def is_new(self) -> bool:
        """Whether it asks for a license that is none yet."""
        return self.kind == choices.ApplicationKind.NEW

    @property
    def asking(self) -> requirements.Asking:
        """The law that says what it must bring: of the day it came, as then known."""
        return requirements.Asking(
            license_type=self.license_type.code,
            is_new=self.is_new,
            day=self.received_on,
            known_at=self.received_at,
        )

    @property
    def fee_asked(self) -> fees.Asked:
        """What its fee is asked with."""
        return fees.Asked(
            license_type=self.license_type.code,
            issued_on=self.begins_on,
            is_new=self.is_new,
            began_unlicensed=self.began_unlicensed,
            units=self.units,
            gross_receipts_cents=self.gross_receipts_cents,
            event_ends_before=self.event_ends_before,
            asked_on=self.received_on,
        )


def application(application_id: int) -> Application:
    """Return an application. Raises NoSuchApplication."""
    for found in _applications(Q(id=application_id), limit=1):
        return found
    raise NoSuchApplication(f"There is no application {application_id}.")


def of_business(business_id: int) -> tuple[Application, ...]:
    """Return the applications of a business, the newest first."""
    return _applications(Q(business_id=business_id), limit=PAGE)


def listed(
    *, statuses: Sequence[str] = (), license_type: str = "", before_id: int | None = None,
    limit: int = PAGE,
) -> tuple[Application, ...]:  # fmt: skip
    """Return a page of applications, the newest first; the next page is before its last id."""
    wanted = Q()
    if statuses:
        wanted &= Q(status__in=statuses)
    if license_type:
        wanted &= Q(license_type_id=code_lists.code(fees.LICENSE_TYPES, license_type).id)
    if before_id is not None:
        wanted &= Q(id__lt=before_id)
    return _applications(wanted, limit=limit)


def answers(application_id: int) -> Mapping[str, str]:
    """Return what was answered, by the codes of the questions."""
    rows = models.Answer.objects.filter(application_id=application_id)
    codes = code_lists.codes_by_id(requirements.QUESTIONS)
    return {codes[question].code: said for question, said in rows.values_list("question", "answer")}


def attachments(application_id: int) -> Mapping[str, tuple[str, ...]]:
    """Return which papers came, by their codes, each with where they are."""
    rows = models.Attachment.objects.filter(application_id=application_id).order_by("id")
    codes = code_lists.codes_by_id(requirements.ATTACHMENTS)
    found: dict[str, tuple[str, ...]] = {}
    for attachment, reference in rows.values_list("attachment", "reference"):
        code = codes[attachment].code
        found[code] = (*found.get(code, ()), reference)
    return found


def sign_offs(application_id: int) -> tuple[SignOff, ...]:
    """Return what departments were asked, by step, and what they said; asked again comes last."""
    rows = models.SignOff.objects.filter(application_id=application_id)
    codes = code_lists.codes_by_id(requirements.DEPARTMENTS)
    return tuple(
        SignOff(
            sign_off_id=row.id,
            department=codes[row.department_id],
            step=row.step,
            attempt=row.attempt,
            due_on=row.due_on,
            outcome=row.outcome,
            reason=row.reason,
            decided_on=row.decided_on,
            decided_by_id=row.decided_by_id,
        )
        for row in rows.order_by("step", "department_id", "attempt")
    )


def standing_sign_offs(application_id: int) -> tuple[SignOff, ...]:
    """Return the last word of each department, by step."""
    return tuple({each.department.code: each for each in sign_offs(application_id)}.values())


def charged(application_id: int) -> tuple[Charged, ...]:
    """Return what was charged and given back, with what is open of each."""
    found = application(application_id)
    rows = models.FeeItem.objects.filter(application_id=application_id).order_by("id")
    items = {
        each.item_id: each
        for each in receivables.items_of_source(
            account_id=found.account_id,
            source_kind=ledger_choices.SourceKind.LICENSE,
            source_id=application_id,
        )
    }
    lines = code_lists.codes_by_id(fees.LICENSE_LINES)
    return tuple(
        Charged(
            fee_item_id=row.id,
            line=lines[row.line_id],
            item_id=row.item_id,
            amount_cents=row.amount_cents,
            open_cents=items[row.item_id].open_cents,
            credits_id=row.credits_id,
        )
        for row in rows
    )


def events(application_id: int) -> tuple[Event, ...]:
    """Return what happened to an application, in order."""
    rows = models.ApplicationEvent.objects.filter(application_id=application_id).order_by("id")
    return tuple(
        Event(*row)
        for row in rows.values_list("status", "happened_on", "why", "made_by_id", "made_at")
    )


def _applications(wanted: Q, *, limit: int) -> tuple[Application, ...]:
    types = code_lists.codes_by_id(fees.LICENSE_TYPES)
    return tuple(
        Application(
            application_id=row.id,
            license_type=types[row.license_type_id],
            number=row.number,
            kind=row.kind,
            status=row.status,
            business_id=row.business_id,
            premise_id=row.premise_id,
            account_id=row.account_id,
            license_id=row.license_id,
            received_on=row.received_on,
            received_at=row.received_at,
            begins_on=row.begins_on,
            event_ends_before=row.event_ends_before,
            began_unlicensed=row.began_unlicensed,
            units=row.units,
            gross_receipts_cents=row.gross_receipts_cents,
            term=None
            if row.term_starts_on is None
            else periods.Period(row.term_starts_on, row.term_ends_before),
            appeal_until=row.appeal_until,
            taken_by_id=row.taken_by_id,
        )
        for row in models.Application.objects.filter(wanted).order_by("-id")[:limit]
    )
