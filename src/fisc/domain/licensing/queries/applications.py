"""Applications: as they stand, what is missing of them, and what keeps one from being issued."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from fisc.basics import money, periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.queries import fees, requirements, standing
from fisc.domain.receivables import queries as receivables

PAGE = 50


class NoSuchApplication(Exception):
    """There is no application of that number."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is missing or in the way, in English and Spanish.

    `about` is a short name of what it is, such as "question" or "sign-off"; `code` says which.
    """

    about: str
    code: str
    en: str
    es: str

    def said(self, language: str) -> str:
        """Return its words in a language."""
        return self.es if language == "es" else self.en


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


def missing(found: Application) -> tuple[Problem, ...]:
    """Return all that an applicant has still to say or bring, at once.

    Raises fees.NoTermsOfType, rule_tables.NoVersionForDate.
    """
    said = answers(found.application_id)
    brought = attachments(found.application_id)
    problems = [
        Problem(
            "question",
            each.code,
            f"The question “{each.label_en}” is not answered.",
            f"Falta la respuesta a “{each.label_es}”.",
        )
        for each in requirements.questions(found.asking)
        if each.code not in said
    ]
    problems += [
        Problem(
            "attachment",
            each.code.code,
            f"“{each.code.label_en}” is not attached.",
            f"Falta adjuntar “{each.code.label_es}”.",
        )
        for each in requirements.attachments(found.asking)
        if each.code.code not in brought
    ]
    return (*problems, *_missing_facts(found))


def _missing_facts(found: Application) -> list[Problem]:
    terms = fees.terms(
        license_type=found.license_type.code, day=found.begins_on, known_at=found.received_at
    )
    if terms.unit is None or found.units is not None:
        return []
    unit = code_lists.code(fees.LICENSE_UNITS, terms.unit)
    return [
        Problem(
            "units",
            unit.code,
            f"How many there are is not said: {unit.label_en}.",
            f"Falta decir cuántas unidades hay: {unit.label_es}.",
        )
    ]


def hindrances(found: Application, *, on: datetime.date) -> tuple[Problem, ...]:
    """Return every reason why a license cannot be issued or renewed on a day; none when it can."""
    if found.status != choices.ApplicationStatus.COMPLETE:
        return (
            Problem(
                "status",
                found.status,
                f"The application is {found.status}, not complete.",
                "La solicitud no está completa y pendiente de emisión.",
            ),
            *(missing(found) if found.status == choices.ApplicationStatus.STARTED else ()),
        )
    asked = requirements.requirements(found.asking)
    problems = [*_unsigned(found), *_unpaid(found), *_lapsed_coverage(found, on=on)]
    if asked.needs_tax_account and not standing.has_tax_account(
        business_id=found.business_id, as_of=on
    ):
        problems.append(
            Problem(
                "tax account",
                "",
                "The business has no open tax account. Open one and register it.",
                "El negocio no tiene una cuenta de impuestos abierta. Abra una y regístrela.",
            )
        )
    if asked.needs_good_standing:
        problems += _debts(found, on=on)
    return tuple(problems)


def _unsigned(found: Application) -> list[Problem]:
    return [
        Problem(
            "sign-off",
            each.department.code,
            f"{each.department.label_en} refused: {each.reason}"
            if each.outcome
            else f"{each.department.label_en} has not signed off.",
            f"{each.department.label_es} no aprobó: {each.reason}"
            if each.outcome
            else f"{each.department.label_es} todavía no ha dado su aprobación.",
        )
        for each in standing_sign_offs(found.application_id)
        if each.outcome != choices.SignOffOutcome.APPROVED
    ]


def _unpaid(found: Application) -> list[Problem]:
    if found.term is None:
        return [
            Problem("fee", "", "The fee is not charged yet.", "La tarifa todavía no se ha cobrado.")
        ]
    return [
        Problem(
            "fee",
            each.line.code,
            f"{each.line.label_en}: ${money.formatted(each.open_cents)} is not paid.",
            f"{each.line.label_es}: falta pagar ${money.formatted(each.open_cents)}.",
        )
        for each in charged(found.application_id)
        if each.credits_id is None and each.open_cents
    ]


def _lapsed_coverage(found: Application, *, on: datetime.date) -> list[Problem]:
    day = max(on, found.begins_on)
    held = set(
        models.Coverage.objects.filter(
            business_id=found.business_id, starts_on__lte=day, ends_before__gt=day
        ).values_list("kind_id", flat=True)
    )
    return [
        Problem(
            "coverage",
            each.code.code,
            f"“{each.code.label_en}” is not in force on {day}.",
            f"“{each.code.label_es}” no está vigente el {day}.",
        )
        for each in requirements.attachments(found.asking)
        if each.must_be_in_force and each.code.id not in held
    ]


def _debts(found: Application, *, on: datetime.date) -> list[Problem]:
    owed = standing.standing(business_id=found.business_id, as_of=on)
    return [
        Problem(
            "standing",
            str(each.number),
            f"Account {each.number} ({each.name}) is past due by "
            f"${money.formatted(each.past_due_cents)}.",
            f"La cuenta {each.number} ({each.name}) tiene "
            f"${money.formatted(each.past_due_cents)} vencidos.",
        )
        for each in owed.accounts
        if each.past_due_cents
    ]


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
