"""Entering a business as one form tells it: all of it, or nothing."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection

from fisc.basics.periods import Period
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.accounts import queries as account_queries
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import businesses
from fisc.domain.licensing.queries import businesses as known
from fisc.domain.party_identifiers import operations as identifier_writes
from fisc.domain.party_identifiers import queries as party_identifiers
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """An address in full."""

    house_number: str
    street: str
    unit: str
    city: str
    state: str
    zip: str

    @property
    def address(self) -> known.Address:
        """Return what of it is compared."""
        return known.Address(self.house_number, self.street, self.unit)

    @property
    def mailing(self) -> accounts.Mailing:
        """Return it as mail is addressed."""
        return accounts.Mailing(
            line_1=f"{self.house_number} {self.street}".strip(),
            line_2=self.unit,
            city=self.city,
            state=self.state,
            zip=self.zip,
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """A business as somebody tells it at the counter."""

    name: str
    began_on: datetime.date
    kind: account_choices.PartyKind = account_choices.PartyKind.ORGANIZATION
    trade_name: str = ""
    phone: str = ""
    email: str = ""
    place: Place | None = None
    identifier: party_identifiers.Given | None = None
    # Codes of the lists that say what it does.
    activities: Collection[tuple[choices.ActivityList, str]] = ()
    # What an account for its licenses is opened in, or none is.
    account_language: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when."""

    user_id: int
    at: datetime.datetime
    today: datetime.date


@transactions.starts_transaction
def enter_business(entry: Entry, *, by: By, are_others: Collection[int] = ()) -> int:
    """Record a business with its place, number, activities and account; returns its number.

    Asked twice, it looks like itself the second time and is refused. Raises what `add_business`
    and `add_identifier` raise.
    """
    business_id = businesses.add_business(
        name=entry.name,
        trade_name=entry.trade_name,
        kind=entry.kind,
        address=entry.place.address if entry.place else None,
        identifier=entry.identifier,
        began_on=entry.began_on,
        at=by.at,
        are_others=are_others,
    )
    if entry.phone or entry.email:
        accounts.reach_party(party_id=business_id, phone=entry.phone, email=entry.email)
    if entry.identifier:
        identifier_writes.add_identifier(
            party_id=business_id,
            given=entry.identifier,
            at=by.at,
            user_id=by.user_id,
            # Look-alikes by number were said to be others; who is no business may be its owner.
            may_share=party_identifiers.parties_with(entry.identifier),
        )
    _place_it(business_id, entry, by=by)
    _log(business_id, verb="enter", by=by)
    return business_id


@transactions.starts_transaction
def add_place(*, business_id: int, place: Place, starts_on: datetime.date, by: By) -> int:
    """Record where a business is, at a place that is known or a new one. Raises RecordedAlready."""
    location_id = businesses.add_location(
        business_id=business_id,
        premise_id=premise_of(place),
        period=Period(starts_on=starts_on),
        at=by.at,
    )
    _log(business_id, verb="add place", by=by)
    return location_id


@transactions.starts_transaction
def open_account(
    *, business_id: int, kind: account_choices.AccountKind, place: Place, language: str, by: By
) -> accounts.Opened:
    """Open an account of a business, found under its names; mail goes to the place.

    Raises NoSuchBusiness.
    """
    business = known.business(business_id=business_id, as_of=by.today)
    opened = accounts.open_account(
        kind=kind,
        party_id=business_id,
        name=business.name,
        mailing=place.mailing,
        opened_on=by.today,
        at=by.at,
        language=language,
    )
    accounts.make_searchable(account_id=opened.account_id, premise_id=premise_of(place))
    _log(business_id, verb="open account", by=by)
    return opened


@transactions.needs_transaction
def premise_of(place: Place) -> int:
    """Return the place that is known under an address, or record it."""
    found = account_queries.premise_at(
        house_number=place.house_number,
        street=place.street,
        unit=place.unit,
        zip_code=place.zip,
    )
    if found is not None:
        return found
    return accounts.add_premise(
        house_number=place.house_number, street=place.street, mailing=place.mailing
    )


def _place_it(business_id: int, entry: Entry, *, by: By) -> None:
    period = Period(starts_on=entry.began_on)
    premise_id = None
    if entry.place:
        premise_id = premise_of(entry.place)
        businesses.add_location(
            business_id=business_id, premise_id=premise_id, period=period, at=by.at
        )
    for of, code in entry.activities:
        businesses.add_activity(business_id=business_id, of=of, code=code, period=period, at=by.at)
    if entry.account_language and entry.place:
        opened = accounts.open_account(
            kind=account_choices.AccountKind.LICENSE,
            party_id=business_id,
            name=entry.name,
            mailing=entry.place.mailing,
            opened_on=by.today,
            at=by.at,
            language=entry.account_language,
        )
        accounts.make_searchable(account_id=opened.account_id, premise_id=premise_id)


def _log(business_id: int, *, verb: str, by: By) -> None:
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="business",
        subject_id=business_id,
        why="",
        detail={},
        at=by.at,
    )
