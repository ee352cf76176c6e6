"""Opening accounts and saying who, where and what is held."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import IntegrityError, connection

from fisc.basics import identifiers
from fisc.basics.identifiers import Numbers
from fisc.basics.periods import Period
from fisc.domain.accounts import calculations, choices, models
from fisc.domain.ledger import choices as ledger_choices
from fisc.plumbing import bulk_copy, transactions

BUCKETS = 4096
_COUNTER = "account"
_SEARCH_ROWS = """
insert into accounts_search_document (account_id, name, place, sounds, is_closed)
select account.subledger_id, account.name,
    concat_ws(' ', premise.house_number, premise.street, nullif(premise.unit, ''),
        nullif(premise.parcel, '')),
    concat_ws(' ', name_heard.sounds, street_heard.sounds), account.closed_on is not null
from unnest(%(accounts)s::bigint[], %(premises)s::bigint[]) as loaded (account_id, premise_id)
join accounts_account account on account.subledger_id = loaded.account_id
left join accounts_premise premise on premise.id = loaded.premise_id
left join unnest(%(names)s::text[], %(name_sounds)s::text[]) as name_heard (name, sounds)
    on name_heard.name = account.name
left join unnest(%(streets)s::text[], %(street_sounds)s::text[]) as street_heard (street, sounds)
    on street_heard.street = premise.street
"""


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
    _add_subledger_accounts(account_ids)
    account_id = int(account_ids[0])
    number = identifiers.ACCOUNT_NUMBERS.number(draw_numbers(name=_COUNTER, count=1))
    models.Account.objects.create(
        subledger_id=account_id,
        number=number,
        bucket=account_id % BUCKETS,
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
    _add_search_rows(
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
        account_bucket=account_id % BUCKETS,
        kind=kind,
        reason_id=reason_id,
        why=why,
        starts_on=period.starts_on,
        ends_before=period.ends_before,
        recorded_at=at,
    ).id


@transactions.needs_transaction
def draw_numbers(*, name: str, count: int) -> int:
    """Take the next counters of a kind of visible number and return the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_number_counter as counter (name, next) values (%s, %s)"
            " on conflict (name) do update set next = counter.next + excluded.next"
            " returning next",
            [name, count],
        )
        return int(cursor.fetchone()[0]) - count


@dataclass(frozen=True, slots=True)
class Population:
    """Many accounts with one premise each, as columns; `bulk_copy.texts_of` makes the texts."""

    name: bulk_copy.Texts
    sort_name: bulk_copy.Texts
    phone: bulk_copy.Texts
    house_number: bulk_copy.Texts
    street: bulk_copy.Texts
    unit: bulk_copy.Texts
    # The city, state and ZIP code of them all.
    mailing: Mailing
    opened_on: Numbers
    is_inside_city: bulk_copy.Flags
    speaks_spanish: bulk_copy.Flags
    kind: choices.AccountKind = choices.AccountKind.UTILITY

    def __len__(self) -> int:
        return len(self.name.values)

    @property
    def address(self) -> bulk_copy.Joined:
        """Return house number and street."""
        return bulk_copy.Joined([self.house_number, bulk_copy.Constant(" "), self.street])


@dataclass(frozen=True, slots=True)
class Loaded:
    """The numbers of a loaded population's rows, in its order."""

    account_ids: Numbers
    premise_ids: Numbers


@transactions.needs_transaction
def load_population(
    *, population: Population, at: datetime.datetime, searchable: bool = True
) -> Loaded:
    """Open many accounts of one kind at once, each with a premise."""
    count = len(population)
    parties = bulk_copy.drawn_ids(table="accounts_party", count=count)
    loaded = Loaded(
        account_ids=bulk_copy.drawn_ids(table="ledger_subledgeraccount", count=count),
        premise_ids=bulk_copy.drawn_ids(table="accounts_premise", count=count),
    )
    _load_parties(population, parties=parties, at=at)
    _load_premises(population, premise_ids=loaded.premise_ids, at=at)
    _load_accounts(population, parties=parties, account_ids=loaded.account_ids, at=at)
    if searchable:
        _add_search_rows(
            account_ids=loaded.account_ids.tolist(),
            premise_ids=loaded.premise_ids.tolist(),
            names=[str(name) for name in population.name.dictionary],
            streets=[str(street) for street in population.street.dictionary],
        )
    return loaded


def _load_parties(population: Population, *, parties: Numbers, at: datetime.datetime) -> None:
    bulk_copy.write_columns(
        table="accounts_party",
        columns={
            "id": parties,
            "kind": bulk_copy.Constant(choices.PartyKind.PERSON.value),
            "name": population.name,
            "sort_name": population.sort_name,
            "phone": population.phone,
            "email": bulk_copy.Constant(""),
            "recorded_at": bulk_copy.Constant(at),
        },
    )


def _load_premises(population: Population, *, premise_ids: Numbers, at: datetime.datetime) -> None:
    bulk_copy.write_columns(
        table="accounts_premise",
        columns={
            "id": premise_ids,
            "house_number": population.house_number,
            "street": population.street,
            "unit": population.unit,
            "city": bulk_copy.Constant(population.mailing.city),
            "state": bulk_copy.Constant(population.mailing.state),
            "zip": bulk_copy.Constant(population.mailing.zip),
            "parcel": bulk_copy.Digits(premise_ids, 9, "P"),
        },
    )
    inside = premise_ids[population.is_inside_city]
    bulk_copy.write_columns(
        table="accounts_premise_jurisdiction",
        columns={
            "id": bulk_copy.drawn_ids(table="accounts_premise_jurisdiction", count=len(inside)),
            "premise_id": inside,
            "code": bulk_copy.Constant(choices.Jurisdiction.INSIDE_CITY.value),
            "starts_on": population.opened_on[population.is_inside_city],
            "ends_before": bulk_copy.Constant(None),
            "recorded_at": bulk_copy.Constant(at),
        },
    )


def _load_accounts(
    population: Population, *, parties: Numbers, account_ids: Numbers, at: datetime.datetime
) -> None:
    count = len(population)
    _add_subledger_accounts(account_ids)
    first = draw_numbers(name=_COUNTER, count=count)
    bulk_copy.write_columns(
        table="accounts_account",
        columns={
            "subledger_id": account_ids,
            "number": identifiers.ACCOUNT_NUMBERS.numbers(first=first, count=count),
            "bucket": account_ids % BUCKETS,
            "kind": bulk_copy.Constant(population.kind.value),
            "name": population.name,
            "party_id": parties,
            "mailing_line_1": population.address,
            "mailing_line_2": population.unit,
            "mailing_city": bulk_copy.Constant(population.mailing.city),
            "mailing_state": bulk_copy.Constant(population.mailing.state),
            "mailing_zip": bulk_copy.Constant(population.mailing.zip),
            "language": bulk_copy.Texts(population.speaks_spanish.astype(np.int64), ["en", "es"]),
            "opened_on": population.opened_on,
            "closed_on": bulk_copy.Constant(None),
        },
    )
    bulk_copy.write_columns(
        table="accounts_role",
        columns={
            "id": bulk_copy.drawn_ids(table="accounts_role", count=count),
            "account_id": account_ids,
            "party_id": parties,
            "role": bulk_copy.Constant(choices.Role.HOLDER.value),
            "starts_on": population.opened_on,
            "ends_before": bulk_copy.Constant(None),
            "recorded_at": bulk_copy.Constant(at),
        },
    )


def _add_subledger_accounts(account_ids: Numbers) -> None:
    # An account's number is its number in the ledger, so both are made at once.
    bulk_copy.write_columns(
        table="ledger_subledgeraccount",
        columns={
            "id": account_ids,
            "kind": bulk_copy.Constant(int(ledger_choices.SubledgerKind.ACCOUNT)),
        },
    )


def _add_search_rows(
    *,
    account_ids: Sequence[int],
    premise_ids: Sequence[int],
    names: Sequence[str],
    streets: Sequence[str],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _SEARCH_ROWS,
            {
                "accounts": list(account_ids),
                "premises": list(premise_ids),
                "names": list(names),
                "name_sounds": [calculations.sounds(name) for name in names],
                "streets": list(streets),
                "street_sounds": [calculations.bare(street) for street in streets],
            },
        )
