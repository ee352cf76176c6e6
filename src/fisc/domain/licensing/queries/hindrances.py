"""What is missing of an application, and what keeps its license from being issued."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.basics import money
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.queries import applications, fees, requirements, standing


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


def missing(found: applications.Application) -> tuple[Problem, ...]:
    """Return all that an applicant has still to say or bring, at once.

    Raises fees.NoTermsOfType, rule_tables.NoVersionForDate.
    """
    said = applications.answers(found.application_id)
    brought = applications.attachments(found.application_id)
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


def _missing_facts(found: applications.Application) -> list[Problem]:
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


def hindrances(found: applications.Application, *, on: datetime.date) -> tuple[Problem, ...]:
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
    problems = [
        *_unsigned(found),
        *_unpaid(found),
        *_lapsed_coverage(found, on=on),
        *_over(found, on=on),
    ]
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


def _unsigned(found: applications.Application) -> list[Problem]:
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
        for each in applications.standing_sign_offs(found.application_id)
        if each.outcome != choices.SignOffOutcome.APPROVED
    ]


def _unpaid(found: applications.Application) -> list[Problem]:
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
        for each in applications.charged(found.application_id)
        if each.credits_id is None and each.open_cents
    ]


def _lapsed_coverage(found: applications.Application, *, on: datetime.date) -> list[Problem]:
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


def _over(found: applications.Application, *, on: datetime.date) -> list[Problem]:
    ends = found.event_ends_before
    if ends is None or on < ends:
        return []
    last_day = ends - datetime.timedelta(days=1)
    return [
        Problem(
            "event",
            "",
            f"The event was over on {last_day}. Withdraw the application.",
            f"El evento terminó el {last_day}. Retire la solicitud.",
        )
    ]


def _debts(found: applications.Application, *, on: datetime.date) -> list[Problem]:
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
