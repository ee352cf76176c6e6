"""Opening accounts and saying who, where and what is held."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import IntegrityError

from fisc.basics import identifiers
from fisc.basics.periods import Period
from fisc.domain.accounts import choices, models
from fisc.domain.accounts.operations import rows
from fisc.plumbing import bulk_copy, transactions


class PeriodOverlaps(Exception):
    """The same is already recorded for a part of the period."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """Where an account's mail goes."""

    line_1: str
    city: str
    state: str
    zip: str
    line_2: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new account's internal number and the one that people see."""

    account_id: int
    number: int


@transactions.needs_transaction
def add_party(
    *,
    name: str,
    at: datetime.datetime,
    kind: choices.PartyKind = choices.PartyKind.PERSON,
    phone: str = "",
    email: str = "",
) -> int:
    """Record a person or organization and return its number."""
    words = name.split()
    sort_name = " ".join([*words[-1:], *words[:-1]]) if kind == choices.PartyKind.PERSON else name
    return models.Party.objects.create(
        kind=kind, name=name, sort_name=sort_name, phone=phone, email=email, recorded_at=at
    ).id


@transactions.needs_transaction
def reach_party(*, party_id: int, phone: str, email: str) -> None:
    """Record how a party is reached from now on."""
    models.Party.objects.filter(pk=party_id).update(phone=phone, email=email)


@transactions.needs_transaction
def add_premise(*, house_number: str, street: str, mailing: Mailing, parcel: str = "") -> int:
    """Record a place and return its number; `mailing` gives its city, state and ZIP code."""
    return models.Premise.objects.create(
        house_number=house_number,
        street=street,
        unit=mailing.line_2,
        city=mailing.city,
        state=mailing.state,
        zip=mailing.zip,
        parcel=parcel,
    ).id


@transactions.needs_transaction
def place_in_jurisdiction(
    *, premise_id: int, code: choices.Jurisdiction, period: Period, at: datetime.datetime
) -> None:
    """Record that a premise lies in a jurisdiction over a period. Raises PeriodOverlaps."""
    try:
        with transactions.savepoint():
            models.PremiseJurisdiction.objects.create(
                premise_id=premise_id,
                code=code,
                starts_on=period.starts_on,
                ends_before=period.ends_before,
                recorded_at=at,
            )
    except IntegrityError as problem:
        raise PeriodOverlaps(
            f"Premise {premise_id} is recorded as {code.value} for a part of that period already."
        ) from problem


@transactions.needs_transaction
def open_account(
    *,
    kind: choices.AccountKind,
    party_id: int,
    name: str,
    mailing: Mailing,
    opened_on: datetime.date,
    at: datetime.datetime,
    language: str = "en",
) -> Opened:
    """Open an account for a party, make the party its holder and return its numbers."""
    account_ids = bulk_copy.drawn_ids(table="ledger_subledgeraccount", count=1)
    rows.add_subledger_accounts(account_ids)
    account_id = int(account_ids[0])
    number = identifiers.ACCOUNT_NUMBERS.number(rows.draw_numbers(name=rows.COUNTER, count=1))
    models.Account.objects.create(
        subledger_id=account_id,
        number=number,
        bucket=account_id % rows.BUCKETS,
        kind=kind,
        name=name,
        party_id=party_id,
        mailing_line_1=mailing.line_1,
        mailing_line_2=mailing.line_2,
        mailing_city=mailing.city,
        mailing_state=mailing.state,
        mailing_zip=mailing.zip,
        language=language,
        opened_on=opened_on,
    )
    models.AccountRole.objects.create(
        account_id=account_id,
        party_id=party_id,
        role=choices.Role.HOLDER,
        starts_on=opened_on,
        recorded_at=at,
    )
    return Opened(account_id=account_id, number=number)


@transactions.needs_transaction
def make_searchable(*, account_id: int, premise_id: int | None) -> None:
    """Let an account be found by its name and the place it is served at."""
    models.SearchDocument.objects.filter(account_id=account_id).delete()
    account = models.Account.objects.get(pk=account_id)
    streets = models.Premise.objects.filter(pk=premise_id or 0).values_list("street", flat=True)
    rows.add_search_rows(
        account_ids=[account_id],
        premise_ids=[premise_id or 0],
        names=[account.name],
        streets=list(streets),
    )


@transactions.needs_transaction
def add_role(
    *, account_id: int, party_id: int, role: choices.Role, period: Period, at: datetime.datetime
) -> None:
    """Record what a party is to an account over a period. Raises PeriodOverlaps."""
    try:
        with transactions.savepoint():
            models.AccountRole.objects.create(
                account_id=account_id,
                party_id=party_id,
                role=role,
                starts_on=period.starts_on,
                ends_before=period.ends_before,
                recorded_at=at,
            )
    except IntegrityError as problem:
        raise PeriodOverlaps(
            f"That party is {role.value} of account {account_id} for a part of that period already."
        ) from problem


@transactions.needs_transaction
def place_hold(
    *,
    account_id: int,
    kind: choices.HoldKind,
    reason_id: int,
    period: Period,
    at: datetime.datetime,
    why: str = "",
) -> int:
    """Keep something from happening to an account over a period; returns the hold's number."""
    return models.Hold.objects.create(
        account_id=account_id,
        account_bucket=account_id % rows.BUCKETS,
        kind=kind,
        reason_id=reason_id,
        why=why,
        starts_on=period.starts_on,
        ends_before=period.ends_before,
        recorded_at=at,
    ).id
