"""Opening many accounts at once, from columns."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fisc.basics import identifiers
from fisc.basics.identifiers import Numbers
from fisc.domain.accounts import choices
from fisc.domain.accounts.operations import rows
from fisc.plumbing import bulk_copy, transactions

_NO_TEXT = bulk_copy.Constant("")


@dataclass(frozen=True, slots=True)
class Population:
    """Many accounts with one premise each, as columns; `bulk_copy.texts_of` makes the texts."""

    name: bulk_copy.Texts
    sort_name: bulk_copy.Texts
    phone: bulk_copy.Texts
    house_number: bulk_copy.Texts
    street: bulk_copy.Texts
    unit: bulk_copy.Texts
    city: bulk_copy.Texts | bulk_copy.Constant
    state: bulk_copy.Texts | bulk_copy.Constant
    zip: bulk_copy.Texts | bulk_copy.Constant
    opened_on: Numbers
    is_inside_city: bulk_copy.Flags
    speaks_spanish: bulk_copy.Flags
    email: bulk_copy.Texts | bulk_copy.Constant = _NO_TEXT
    kind: choices.AccountKind = choices.AccountKind.UTILITY
    party_kind: choices.PartyKind = choices.PartyKind.PERSON
    # Whether each premise is a parcel of its own; its number is made of the premise's.
    has_parcels: bool = True

    def __len__(self) -> int:
        return len(self.name.values)

    @property
    def address(self) -> bulk_copy.Joined:
        """Return house number and street."""
        return bulk_copy.Joined([self.house_number, bulk_copy.Constant(" "), self.street])


@dataclass(frozen=True, slots=True)
class Loaded:
    """The numbers of a loaded population's rows, in its order."""

    party_ids: Numbers
    account_ids: Numbers
    premise_ids: Numbers


@transactions.needs_transaction
def load_population(
    *,
    population: Population,
    at: datetime.datetime,
    searchable: bool = True,
    of: Loaded | None = None,
) -> Loaded:
    """Open many accounts at once, each with a party and a premise.

    `of` has the parties and premises where they are there already; only accounts are opened then.
    """
    count = len(population)
    account_ids = bulk_copy.drawn_ids(table="ledger_subledgeraccount", count=count)
    if of is None:
        loaded = Loaded(
            party_ids=bulk_copy.drawn_ids(table="accounts_party", count=count),
            account_ids=account_ids,
            premise_ids=bulk_copy.drawn_ids(table="accounts_premise", count=count),
        )
        _load_parties(population, parties=loaded.party_ids, at=at)
        _load_premises(population, premise_ids=loaded.premise_ids, at=at)
    else:
        loaded = Loaded(of.party_ids, account_ids, of.premise_ids)
    _load_accounts(population, parties=loaded.party_ids, account_ids=loaded.account_ids, at=at)
    if searchable:
        rows.add_search_rows(
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
            "kind": bulk_copy.Constant(population.party_kind.value),
            "name": population.name,
            "sort_name": population.sort_name,
            "phone": population.phone,
            "email": population.email,
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
            "city": population.city,
            "state": population.state,
            "zip": population.zip,
            "parcel": bulk_copy.Digits(premise_ids, 9, "P") if population.has_parcels else _NO_TEXT,
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
    rows.add_subledger_accounts(account_ids)
    first = rows.draw_numbers(name=rows.COUNTER, count=count)
    bulk_copy.write_columns(
        table="accounts_account",
        columns={
            "subledger_id": account_ids,
            "number": identifiers.ACCOUNT_NUMBERS.numbers(first=first, count=count),
            "bucket": account_ids % rows.BUCKETS,
            "kind": bulk_copy.Constant(population.kind.value),
            "name": population.name,
            "party_id": parties,
            "mailing_line_1": population.address,
            "mailing_line_2": population.unit,
            "mailing_city": population.city,
            "mailing_state": population.state,
            "mailing_zip": population.zip,
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


@dataclass(frozen=True, slots=True)
class Place:
    """A place without an account of its own."""

    house_number: str
    street: str
    unit: str
    city: str
    state: str
    zip: str


@transactions.needs_transaction
def load_premises(places: Sequence[Place]) -> Numbers:
    """Record places and return their numbers, in their order."""
    premise_ids = bulk_copy.drawn_ids(table="accounts_premise", count=len(places))
    bulk_copy.write_columns(
        table="accounts_premise",
        columns={
            "id": premise_ids,
            **{
                name: bulk_copy.texts_of([getattr(each, name) for each in places])
                for name in ("house_number", "street", "unit", "city", "state", "zip")
            },
            "parcel": _NO_TEXT,
        },
    )
    return premise_ids
