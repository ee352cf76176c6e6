"""Who is in the state's files and not registered here, and who is registered and not in them."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.domain.licensing.queries import businesses
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import queries as party_identifiers
from fisc.domain.work_items import queries as work_items

# Work items of filers: the cause has who gave the number and the number itself.
CAUSE = "state filer/"
# … and those of accounts that no file names.
SILENT_CAUSE = "not-in-state-files/"


@dataclass(frozen=True, slots=True)
class Unregistered:
    """A filer of the state whom no business here with a registration in force is known to be."""

    license_number: str
    issuer: str
    name: str
    # Its newest file, and its line there.
    file_id: int
    line: int
    # Who has the number here, without a registration in force.
    party_ids: tuple[int, ...]
    # Businesses here of the same name or address, the likest first.
    look_alikes: tuple[businesses.LookAlike, ...]
    # What somebody is to look at about it, if anything.
    item_id: int | None = None

    @property
    def cause_key(self) -> str:
        """Return what work items of this filer are known by."""
        return f"{CAUSE}{self.issuer}/{self.license_number}"


@dataclass(frozen=True, slots=True)
class NotInFiles:
    """An account registered here whose party no file of the state names."""

    account_number: int
    name: str
    business_id: int | None
    account_id: int
    item_id: int | None = None

    @property
    def cause_key(self) -> str:
        """Return what work items of this account are known by."""
        return f"{SILENT_CAUSE}{self.account_number}"


@dataclass(frozen=True, slots=True)
class _Filer:
    """The newest row of a license number, and who it is by the newest row with a name."""

    parties: tuple[int, ...]
    license_number: str
    issuer: str
    file_id: int
    line: int
    name: str
    house_number: str
    street: str
    unit: str


_FILERS = """
    with newest as (
        select distinct on (row.license_number, file.issuer)
            row.license_number, file.issuer, row.file_id, row.line
        from state_collections_row as row
        join state_collections_file as file on file.id = row.file_id
        order by row.license_number, file.issuer, row.file_id desc, row.line
    ),
    named as (
        select distinct on (row.license_number, file.issuer) row.license_number, file.issuer,
            row.name, row.house_number, row.street, row.unit
        from state_collections_row as row
        join state_collections_file as file on file.id = row.file_id
        where row.name <> ''
        order by row.license_number, file.issuer, row.street <> '' desc, row.file_id desc,
            row.line
    )
    select newest.license_number, newest.issuer, newest.file_id, newest.line,
        coalesce(named.name, ''), coalesce(named.house_number, ''), coalesce(named.street, ''),
        coalesce(named.unit, '')
    from newest left join named using (license_number, issuer)
    order by coalesce(named.name, ''), newest.license_number, newest.issuer
"""

_REGISTERED = """
    select account.party_id, account.number, coalesce(party.name, account.name), business.party_id,
        account.subledger_id
    from accounts_account as account
    left join accounts_party as party on party.id = account.party_id
    left join licensing_business as business on business.party_id = account.party_id
    where exists (
        select from tax_returns_registration as registration
        where registration.account_id = account.subledger_id and registration.starts_on <= %(day)s
            and (registration.ends_before is null or registration.ends_before > %(day)s))
    order by coalesce(party.name, account.name), account.number
"""


def unregistered(*, as_of: datetime.date) -> Sequence[Unregistered]:
    """Return the filers of the state's files who are not registered here on a day, by name.

    Matched by the state's license number as recorded of a party; a number that no record could
    have is nobody's. Raises party_identifiers.IndexKeyIsAnother.
    """
    return _described(_only_of_the_state(as_of), as_of=as_of)


@dataclass(frozen=True, slots=True)
class Found:
    """The first of the unregistered, and how many there are."""

    rows: Sequence[Unregistered]
    count: int


def found(*, as_of: datetime.date, limit: int) -> Found:
    """Return the first of the unregistered. Raises party_identifiers.IndexKeyIsAnother."""
    all_ = _only_of_the_state(as_of)
    return Found(_described(all_[:limit], as_of=as_of), len(all_))


def not_in_files(*, as_of: datetime.date) -> Sequence[NotInFiles]:
    """Return accounts registered here on a day whose party is in no file of the state, by name.

    Raises party_identifiers.IndexKeyIsAnother.
    """
    named = {party for filer in _filers() for party in filer.parties}
    found = [
        NotInFiles(number, name, business_id, account_id)
        for party, number, name, business_id, account_id in _registered(as_of)
        if party not in named
    ]
    items = work_items.items_of_causes([each.cause_key for each in found])
    return [dataclasses.replace(each, item_id=items.get(each.cause_key)) for each in found]


@dataclass(frozen=True, slots=True)
class Told:
    """What the state's files tell of whoever is at a line of one."""

    license_number: str
    issuer: str
    name: str
    house_number: str
    street: str
    unit: str


_TOLD = """
    select row.license_number, file.issuer, coalesce(named.name, ''),
        coalesce(named.house_number, ''), coalesce(named.street, ''), coalesce(named.unit, '')
    from state_collections_row as row
    join state_collections_file as file on file.id = row.file_id
    left join lateral (
        select other.name, other.house_number, other.street, other.unit
        from state_collections_row as other
        join state_collections_file as its on its.id = other.file_id
        where other.license_number = row.license_number and its.issuer = file.issuer
            and other.name <> ''
        order by other.street <> '' desc, other.file_id desc, other.line limit 1
    ) as named on true
    where row.file_id = %s and row.line = %s
"""


def told(file_id: int, line: int) -> Told | None:
    """Return what the files tell of the filer at a line of one; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [file_id, line])
        found = cursor.fetchone()
    return Told(*found) if found else None


def _only_of_the_state(as_of: datetime.date) -> list[_Filer]:
    registered = {party for party, *_ in _registered(as_of)}
    return [each for each in _filers() if registered.isdisjoint(each.parties)]


def _filers() -> list[_Filer]:
    """Return every license number of each issuer once, by name, with the parties that have it."""
    with connection.cursor() as cursor:
        cursor.execute(_FILERS)
        found = cursor.fetchall()
    given = [
        party_identifiers.Given(identifier_choices.Kind.OTHER, number, issuer=issuer)
        for number, issuer, *_ in found
    ]
    parties = party_identifiers.parties_with_each(given)
    return [_Filer(each, *row) for row, each in zip(found, parties, strict=True)]


def _described(rows: Sequence[_Filer], *, as_of: datetime.date) -> list[Unregistered]:
    alike = businesses.look_alikes_of_each(
        [
            businesses.Entered(
                each.name,
                businesses.Address(each.house_number, each.street, each.unit)
                if each.street
                else None,
            )
            for each in rows
        ],
        as_of=as_of,
    )
    found = [
        Unregistered(
            license_number=each.license_number,
            issuer=each.issuer,
            name=each.name,
            file_id=each.file_id,
            line=each.line,
            party_ids=each.parties,
            look_alikes=those,
        )
        for each, those in zip(rows, alike, strict=True)
    ]
    return _with_items(found)


def _with_items(rows: Sequence[Unregistered]) -> list[Unregistered]:
    items = work_items.items_of_causes([each.cause_key for each in rows])
    return [dataclasses.replace(each, item_id=items.get(each.cause_key)) for each in rows]


def _registered(as_of: datetime.date) -> Sequence[tuple[int | None, int, str, int | None, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED, {"day": as_of})
        found: list[tuple[int | None, int, str, int | None, int]] = cursor.fetchall()
    return found
