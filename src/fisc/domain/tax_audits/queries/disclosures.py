"""Voluntary disclosures as they stand, and whether the office had found one first."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.domain.accounts import queries as accounts
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_audits import decision_points as points
from fisc.domain.tax_audits import models
from fisc.domain.tax_audits.queries import cases
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.queries import missing, returns
from fisc.plumbing.users import queries as users


class NoSuchDisclosure(Exception):
    """There is no disclosure of that number."""


@dataclass(frozen=True, slots=True)
class Law:
    """What the table says of a disclosure: whether, how far back, by when, what is waived."""

    is_allowed: bool
    months_back: int
    days_to_file: int
    is_penalty_waived: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A period of an agreement, and whether its return is here."""

    starts_on: datetime.date
    due_on: datetime.date
    received_on: datetime.date | None
    tax_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was agreed, with its periods; the waiver once it was asked for."""

    signed_by: str
    signed_on: datetime.date
    due_from: datetime.date
    due_before: datetime.date
    file_by: datetime.date
    is_penalty_waived: bool
    periods: tuple[Period, ...]
    waiver_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A disclosure with everything that happened, the first first."""

    disclosure_id: int
    representative: str
    contact: str
    words: str
    received_on: datetime.date
    account_id: int | None
    account_number: int | None
    name: str
    events: tuple[cases.Event, ...]
    agreement: Agreement | None

    @property
    def state(self) -> str:
        """The kind of the last event."""
        return self.events[-1].kind


@dataclass(frozen=True, slots=True)
class Line:
    """A disclosure in the list."""

    disclosure_id: int
    representative: str
    account_number: int | None
    name: str
    state: str
    received_on: datetime.date
    since: datetime.date


def disclosure(disclosure_id: int) -> Disclosure:
    """Return a disclosure. Raises NoSuchDisclosure."""
    row = models.Disclosure.objects.filter(id=disclosure_id).first()
    if row is None:
        raise NoSuchDisclosure(f"There is no voluntary disclosure {disclosure_id}.")
    events = list(
        models.DisclosureEvent.objects.filter(disclosure_id=disclosure_id).order_by("number")
    )
    names = users.names(user_ids={each.by_id for each in events})
    account_id = next((each.account_id for each in events if each.account_id), None)
    number, name = (None, "")
    if account_id is not None:
        number, name = accounts.names(account_ids=[account_id])[account_id]
    return Disclosure(
        disclosure_id=row.id,
        representative=row.representative,
        contact=row.contact,
        words=row.words,
        received_on=row.received_on,
        account_id=account_id,
        account_number=number,
        name=name,
        events=tuple(
            cases.Event(
                kind=each.kind,
                by_id=each.by_id,
                by=names[each.by_id],
                on=each.on,
                at=each.at,
                why=each.why,
            )
            for each in events
        ),
        agreement=_agreement(disclosure_id, account_id),
    )


def _agreement(disclosure_id: int, account_id: int | None) -> Agreement | None:
    row = models.Agreement.objects.filter(disclosure_id=disclosure_id).first()
    if row is None or account_id is None:
        return None
    waiver = models.AgreedWaiver.objects.filter(agreement_id=disclosure_id).first()
    filed = {each.days.starts_on: each for each in returns.newest(account_id)}
    rows = models.AgreedPeriod.objects.filter(agreement_id=disclosure_id).order_by("starts_on")
    return Agreement(
        signed_by=row.signed_by,
        signed_on=row.signed_on,
        due_from=row.due_from,
        due_before=row.due_before,
        file_by=row.file_by,
        is_penalty_waived=row.is_penalty_waived,
        periods=tuple(
            Period(
                each.starts_on,
                each.due_on,
                kept.received_on if (kept := filed.get(each.starts_on)) else None,
                kept.tax_due_cents if kept else 0,
            )
            for each in rows
        ),
        waiver_id=waiver.request_id if waiver else None,
    )


def listed(*, limit: int = 200) -> Sequence[Line]:
    """Return disclosures, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select came.id, came.representative, account.number, coalesce(account.name, ''),
                last.kind, came.received_on, last.on
            from tax_audits_disclosure as came
            join lateral (
                select kind, "on" from tax_audits_disclosureevent as event
                where event.disclosure_id = came.id order by number desc limit 1
            ) as last on true
            left join tax_audits_disclosureevent as named
                on named.disclosure_id = came.id and named.kind = 'named'
            left join accounts_account as account on account.subledger_id = named.account_id
            order by came.id desc limit %s
            """,
            [limit],
        )
        return [Line(*row) for row in cursor.fetchall()]


def found_first(account_id: int, *, received_on: datetime.date) -> str:
    """Say by what the office had found the account before a disclosure came; empty if it had not.

    An audit that was selected before, or a missing return that was found before and is missing yet.
    """
    case_id = cases.began_before(account_id, day=received_on)
    if case_id is not None:
        return f"Audit case {case_id} of the account was selected before {received_on}."
    for each in missing.still_missing(account_id=account_id):
        if each.found_on < received_on:
            return (
                f"That the return of the period from {each.days.starts_on} is missing was found "
                f"on {each.found_on}, before {received_on}."
            )
    return ""


def law(*, is_found_first: bool, day: datetime.date, known_at: datetime.datetime) -> Law:
    """Return what the table of a day says. Raises versions.NoVersionForDate, asking.NoAnswer."""
    version = versions.in_force(points.DISCLOSURE.name, day=day, known_at=known_at)
    facts: asking.Facts = {"is_found_first": is_found_first}
    (answers,) = asking.ask(version.tables, [facts])
    names = ("is_allowed", "months_back", "days_to_file", "penalty_waived")
    asking.needed(answers, *names, tables=version.tables, facts=facts)
    return Law(
        is_allowed=bool(answers["is_allowed"]),
        months_back=asking.whole(answers["months_back"]),
        days_to_file=asking.whole(answers["days_to_file"]),
        is_penalty_waived=bool(answers["penalty_waived"]),
    )
