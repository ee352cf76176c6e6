"""Licenses: one, of a business, page by page; their history; whether one is valid on a day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from fisc.basics import periods
from fisc.domain.accounts import choices as account_choices
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.queries import fees

PAGE = 50


class NoSuchLicense(Exception):
    """There is no license of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """A license as it stands since its last event."""

    license_id: int
    license_type: code_lists.Code
    number: int
    public_code: str
    issued_on: datetime.date
    business_id: int
    business_name: str
    trade_name: str
    # A person may do business under the own name, which a public page does not show.
    is_person: bool
    premise_id: int | None
    account_id: int
    status: str
    # The last term that it is issued or renewed for.
    term: periods.Period


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a license."""

    kind: str
    happened_on: datetime.date
    # Where it was issued or renewed.
    term: periods.Period | None
    business_id: int | None
    premise_id: int | None
    application_id: int | None
    reason: str
    made_by_id: int | None
    made_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a license is valid on a day, for anybody who asks: it names no owner."""

    is_valid: bool
    # What it was on the day: a status, or "not begun" or "term over".
    why: str
    license: License
    # The days of the term that holds the day, or of the last one before it.
    term: periods.Period | None


def license_of(license_id: int) -> License:
    """Return a license. Raises NoSuchLicense."""
    for found in _licenses(Q(id=license_id), limit=1):
        return found
    raise NoSuchLicense(f"There is no license {license_id}.")


def numbered(*, license_type: str, number: int) -> License:
    """Return the license of a number within its type. Raises NoSuchLicense, NoSuchCode."""
    code = code_lists.code(fees.LICENSE_TYPES, license_type)
    for found in _licenses(Q(license_type_id=code.id, number=number), limit=1):
        return found
    raise NoSuchLicense(f"There is no license {number} of the type “{code.label_en}”.")


def of_business(business_id: int) -> tuple[License, ...]:
    """Return the licenses of a business, the newest first."""
    return _licenses(Q(business_id=business_id), limit=PAGE)


def of_application(application_id: int) -> int | None:
    """Return the id of the license that an application gave or renewed, or None."""
    rows = models.LicenseEvent.objects.filter(application_id=application_id)
    return rows.values_list("license_id", flat=True).first()


def listed(
    *, license_type: str = "", status: str = "", before_id: int | None = None, limit: int = PAGE
) -> tuple[License, ...]:
    """Return a page of licenses, the newest first; the next page is before its last id."""
    wanted = Q()
    if license_type:
        wanted &= Q(license_type_id=code_lists.code(fees.LICENSE_TYPES, license_type).id)
    if status:
        wanted &= Q(status=status)
    if before_id is not None:
        wanted &= Q(id__lt=before_id)
    return _licenses(wanted, limit=limit)


def count() -> int:
    """Return how many licenses there are, whatever became of them."""
    return models.License.objects.count()


def history(license_id: int) -> tuple[Event, ...]:
    """Return what happened to a license, in order."""
    rows = models.LicenseEvent.objects.filter(license_id=license_id).order_by("id")
    return tuple(
        Event(
            kind=row.kind,
            happened_on=row.happened_on,
            term=_term(row.starts_on, row.ends_before),
            business_id=row.business_id,
            premise_id=row.premise_id,
            application_id=row.application_id,
            reason=row.reason,
            made_by_id=row.made_by_id,
            made_at=row.made_at,
        )
        for row in rows
    )


def is_valid_on(public_code: str, day: datetime.date) -> Validity:
    """Tell whether the license of a public code is valid on a day. Raises NoSuchLicense."""
    for found in _licenses(Q(public_code=public_code), limit=1):
        return validity(found, day=day)
    raise NoSuchLicense("There is no license with that code.")


def validity(found: License, *, day: datetime.date) -> Validity:
    """Tell whether a license is valid on a day, past or to come, by what is known of it now."""
    events = [each for each in history(found.license_id) if each.happened_on <= day]
    status = choices.LicenseStatus.ACTIVE.value
    terms = []
    for each in events:
        status = choices.STATUS_AFTER.get(each.kind, status)
        if each.term is not None:
            terms.append(each.term)
    holding = [each for each in terms if each.holds(day)]
    if status != choices.LicenseStatus.ACTIVE or holding:
        why = status
    else:
        why = "term over" if terms and terms[0].starts_on <= day else "not begun"
    begun = [each for each in terms if each.starts_on <= day]
    return Validity(
        is_valid=why == choices.LicenseStatus.ACTIVE,
        why=why,
        license=found,
        term=next(iter(holding), begun[-1] if begun else None),
    )


def numbers_with_gaps() -> tuple[str, ...]:
    """Return the license types whose numbers have gaps or begin late. None is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select code.code, count(*), max(number) from licensing_license as license"
            " join code_lists_code as code on code.id = license.license_type_id"
            " group by code.code having max(number) <> count(*) or min(number) <> 1"
            " order by code.code"
        )
        return tuple(
            f"Type {code}: {count} licenses, the last number is {last}."
            for code, count, last in cursor.fetchall()
        )


def _licenses(wanted: Q, *, limit: int) -> tuple[License, ...]:
    types = code_lists.codes_by_id(fees.LICENSE_TYPES)
    rows = models.License.objects.filter(wanted).select_related("business__party")
    return tuple(
        License(
            license_id=row.id,
            license_type=types[row.license_type_id],
            number=row.number,
            public_code=row.public_code,
            issued_on=row.issued_on,
            business_id=row.business_id,
            business_name=row.business.party.name,
            trade_name=row.business.trade_name,
            is_person=row.business.party.kind == account_choices.PartyKind.PERSON,
            premise_id=row.premise_id,
            account_id=row.account_id,
            status=row.status,
            term=periods.Period(row.term_starts_on, row.term_ends_before),
        )
        for row in rows.order_by("-id")[:limit]
    )


def _term(
    starts_on: datetime.date | None, ends_before: datetime.date | None
) -> periods.Period | None:
    return None if starts_on is None else periods.Period(starts_on, ends_before)
