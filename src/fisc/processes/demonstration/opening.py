"""The businesses of the demonstration city open: parties, places, owners, accounts, registrations.

As from the system before: loaded in columns, in one transaction.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

import numpy as np

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts.operations import loading as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import loading, loading_terms
from fisc.domain.licensing.queries import businesses as known
from fisc.domain.licensing.queries import finding
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import operations as identifiers
from fisc.domain.party_identifiers import queries as known_identifiers
from fisc.domain.tax_returns.operations import registering_many
from fisc.domain.tax_returns.queries import registrations
from fisc.plumbing import bulk_copy, transactions
from fisc.plumbing.runs import pieces
from fisc.processes.demonstration import (
    businesses,
    held_licenses,
    moving_in,
    names,
    tax_calendar,
    trades,
)

# What a business said it would owe in a year, of a thousand of what it takes in. Tables say how
# often it files then.
SAID_PER_MILLE = 16
SAID_STEP_CENTS = 50_000
OWNERS = """
    select party.id from accounts_account as account join accounts_party as party
        on party.id = account.party_id
    where account.subledger_id >= %(first)s and account.subledger_id < %(next)s
    order by account.subledger_id
"""
WHOLE = 10_000
SECOND_SHARE = 4_000


@dataclasses.dataclass(frozen=True)
class Opened:
    """The first number of each kind of row; rows follow one another in the businesses' order."""

    businesses: int
    first_party: int
    first_premise: int
    first_license_account: int
    first_tax_account: int
    # The first lane's tax accounts have the buckets below this one, the second's the others.
    split: int

    def counts(self) -> Mapping[str, int]:
        """Return these numbers as a chunk's result keeps them."""
        return dataclasses.asdict(self)


@transactions.needs_transaction
def open_businesses(
    *, moved: moving_in.MovedIn, today: datetime.date, at: datetime.datetime
) -> Opened:
    """Record the businesses with all that they have from the first day on."""
    city = businesses.city(businesses=businesses.count(accounts=moved.accounts))
    first_day = tax_calendar.first_year_day(today=today, months=moved.months)
    opened_on = min(first_day, held_licenses.oldest_day(today=today))
    population = _population(city, on=opened_on)
    licensed = accounts.load_population(
        population=dataclasses.replace(population, kind=account_choices.AccountKind.LICENSE), at=at
    )
    taxed = accounts.load_population(
        population=dataclasses.replace(population, kind=account_choices.AccountKind.TAX),
        at=at,
        of=licensed,
    )
    _load_businesses(city, licensed, first_day=first_day, at=at)
    _load_owners(city, licensed.party_ids, moved=moved, first_day=first_day, at=at)
    identifiers.add_many(
        [
            (party_id, known_identifiers.Given(kind=identifier_choices.Kind.EIN, text=number))
            for party_id, number in zip(
                licensed.party_ids.tolist(), city.employer_numbers, strict=True
            )
        ],
        at=at,
        user_id=None,
    )
    _register(city, taxed.account_ids, today=today, months=moved.months, at=at)
    held_licenses.load(city, licensed, today=today, at=at)
    buckets = np.sort(taxed.account_ids % pieces.BUCKETS)
    return Opened(
        businesses=len(city),
        first_party=moving_in.first_of(licensed.party_ids),
        first_premise=moving_in.first_of(licensed.premise_ids),
        first_license_account=moving_in.first_of(licensed.account_ids),
        first_tax_account=moving_in.first_of(taxed.account_ids),
        split=int(buckets[len(buckets) // 2]) if len(buckets) else 0,
    )


def frequencies(
    city: businesses.Businesses, *, on: datetime.date, at: datetime.datetime
) -> list[str]:
    """Return how often each business files, by the city's table and what the business said."""
    said = city.year_cents * SAID_PER_MILLE // 1000 // SAID_STEP_CENTS * SAID_STEP_CENTS
    found = {
        cents: registrations.frequency_for(cents, day=on, known_at=at)
        for cents in np.unique(said).tolist()
    }
    return [found[cents] for cents in said.tolist()]


def _population(city: businesses.Businesses, *, on: datetime.date) -> accounts.Population:
    texts = bulk_copy.texts_of
    shown = texts(city.names)
    return accounts.Population(
        name=shown,
        sort_name=shown,
        phone=bulk_copy.Texts(city.phones, [f"(555) 555-01{each:02}" for each in range(100)]),
        house_number=texts([str(each) for each in city.house_numbers.tolist()]),
        street=bulk_copy.Texts(city.streets, names.STREETS),
        unit=texts([f"Suite {each}" if each else "" for each in city.suites.tolist()]),
        city=bulk_copy.Constant(moving_in.MAILING.city),
        state=bulk_copy.Constant(moving_in.MAILING.state),
        zip=bulk_copy.Constant(moving_in.MAILING.zip),
        opened_on=np.full(len(city), moving_in.day_number(on)),
        is_inside_city=np.ones(len(city), dtype=np.bool_),
        speaks_spanish=city.is_spanish,
        party_kind=account_choices.PartyKind.ORGANIZATION,
    )


def _load_businesses(
    city: businesses.Businesses, opened: accounts.Loaded, *, first_day: datetime.date,
    at: datetime.datetime,
) -> None:  # fmt: skip
    began_on = moving_in.day_number(first_day) - city.age_days
    places = [
        known.Address(str(number), names.STREETS[street], f"Suite {suite}" if suite else "")
        for number, street, suite in zip(
            city.house_numbers.tolist(), city.streets.tolist(), city.suites.tolist(), strict=True
        )
    ]
    codes = code_lists.code_ids("business class")
    of_trade = np.array([codes[each.business_class] for each in trades.TRADES])
    loading.load_businesses(
        loading.Businesses(
            party_ids=opened.party_ids,
            trade_names=city.trade_names,
            began_on=began_on,
            words=[
                finding.words_from(
                    name=name,
                    trade_name=trade_name,
                    places=f"{each.house_number} {each.street} {each.unit}",
                )
                for name, trade_name, each in zip(city.names, city.trade_names, places, strict=True)
            ],
            name_keys=[
                known.name_keys(name, trade_name)
                for name, trade_name in zip(city.names, city.trade_names, strict=True)
            ],
        ),
        places=loading.Places(
            business_ids=opened.party_ids,
            premise_ids=opened.premise_ids,
            address_keys=[each.key for each in places],
            starts_on=began_on,
        ),
        doings=loading.Doings(
            business_ids=opened.party_ids, code_ids=of_trade[city.trades], starts_on=began_on
        ),
        at=at,
    )


def _load_owners(
    city: businesses.Businesses, party_ids: businesses.Whole, *, moved: moving_in.MovedIn,
    first_day: datetime.date, at: datetime.datetime,
) -> None:  # fmt: skip
    """Let people of the city own the businesses: one wholly, or two who share."""
    people = bulk_copy.read_columns(
        OWNERS,
        {"first": moved.first_account, "next": moved.first_account + moved.accounts},
        ["party"],
    )["party"]
    place = city.owners % len(people)
    second = city.second_owners % len(people)
    has_second = (city.second_owners >= 0) & (second != place)
    began_on = moving_in.day_number(first_day) - city.age_days
    share = np.where(has_second, WHOLE - SECOND_SHARE, WHOLE)
    loading_terms.load_owners(
        loading_terms.Owners(
            business_ids=np.concatenate([party_ids, party_ids[has_second]]),
            owner_ids=np.concatenate([people[place], people[second[has_second]]]),
            hundredths_percent=np.concatenate(
                [share, np.full(int(has_second.sum()), SECOND_SHARE)]
            ),
            controls=np.concatenate(
                [np.ones(len(city), np.bool_), np.zeros(int(has_second.sum()), np.bool_)]
            ),
            starts_on=np.concatenate([began_on, began_on[has_second]]),
        ),
        at=at,
    )


def _register(
    city: businesses.Businesses, account_ids: businesses.Whole, *, today: datetime.date,
    months: int, at: datetime.datetime,
) -> None:  # fmt: skip
    """Register the tax accounts for what they sell, and say how often they file."""
    first_day = tax_calendar.first_year_day(today=today, months=months)
    files = frequencies(city, on=first_day, at=at)
    starts = {
        name: moving_in.day_number(day)
        for name, day in tax_calendar.first_days(today=today, months=months).items()
    }
    since = np.array([starts[each] for each in files], dtype=np.int64)
    classes = code_lists.code_ids("business class")
    of_trade = np.array([classes[each.business_class] for each in trades.TRADES])[city.trades]
    beside = city.sells_beside & (of_trade != classes[trades.RETAIL])
    often = code_lists.code_ids("filing frequency")
    registering_many.register_many(
        registering_many.Registrations(
            account_ids=np.concatenate([account_ids, account_ids[beside]]),
            region_ids=np.full(
                len(city) + int(beside.sum()), code_lists.code("tax region", trades.REGION).id
            ),
            business_class_ids=np.concatenate(
                [of_trade, np.full(int(beside.sum()), classes[trades.RETAIL])]
            ),
            starts_on=np.concatenate([since, since[beside]]),
        ),
        terms=registering_many.Terms(
            account_ids=account_ids,
            frequency_ids=np.array([often[each] for each in files], dtype=np.int64),
            starts_on=since,
        ),
        at=at,
    )
