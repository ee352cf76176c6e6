"""Who is in the state's files and not registered here, and who is registered and not in them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.domain.licensing.queries import businesses
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import queries as party_identifiers
from fisc.domain.state_collections import models


@dataclass(frozen=True, slots=True)
class Unregistered:
    """A filer of the state whom no business here with a registration in force is known to be."""

    license_number: str
    name: str
    # Its newest file, and its line there.
    file_id: int
    line: int
    # Who has the number here, without a registration in force.
    party_ids: tuple[int, ...]
    # Businesses here of the same name or address, the likest first.
    look_alikes: tuple[businesses.LookAlike, ...]


@dataclass(frozen=True, slots=True)
class NotInFiles:
    """An account registered here whose party no file of the state names."""

    account_number: int
    name: str
    business_id: int | None


_REGISTERED = """
    select account.party_id, account.number, account.name, business.party_id
    from accounts_account as account
    left join licensing_business as business on business.party_id = account.party_id
    where exists (
        select from tax_returns_registration as registration
        where registration.account_id = account.subledger_id and registration.starts_on <= %(day)s
            and (registration.ends_before is null or registration.ends_before > %(day)s))
    order by account.name, account.number
"""


def unregistered(*, as_of: datetime.date) -> Sequence[Unregistered]:
    """Return the filers of the state's files who are not registered here on a day, by name.

    Matched by the state's license number as recorded of a party. Raises
    party_identifiers.IndexKeyIsAnother.
    """
    registered = {party for party, *_ in _registered(as_of)}
    found = []
    for row in _filers():
        parties = _parties(row)
        if registered.isdisjoint(parties):
            found.append(_unregistered(row, parties, as_of=as_of))
    return sorted(found, key=lambda each: (each.name, each.license_number))


def not_in_files(*, as_of: datetime.date) -> Sequence[NotInFiles]:
    """Return accounts registered here on a day whose party is in no file of the state, by name.

    Raises party_identifiers.IndexKeyIsAnother.
    """
    named = {party for row in _filers() for party in _parties(row)}
    return [
        NotInFiles(number, name, business_id)
        for party, number, name, business_id in _registered(as_of)
        if party not in named
    ]


def _filers() -> Sequence[models.StateRow]:
    """Return the newest row of each license number; of a file with its name, where one has it."""
    rows = models.StateRow.objects.select_related("file")
    newest = rows.order_by("license_number", "file__issuer", "-file_id", "line")
    return list(newest.distinct("license_number", "file__issuer"))


def _parties(row: models.StateRow) -> list[int]:
    return party_identifiers.parties_with(
        party_identifiers.Given(
            identifier_choices.Kind.OTHER, row.license_number, issuer=row.file.issuer
        )
    )


def _unregistered(
    row: models.StateRow, parties: Sequence[int], *, as_of: datetime.date
) -> Unregistered:
    said = _said_of(row)
    address = businesses.Address(said.house_number, said.street, said.unit) if said.street else None
    return Unregistered(
        license_number=row.license_number,
        name=said.name,
        file_id=row.file_id,
        line=row.line,
        party_ids=tuple(parties),
        look_alikes=businesses.look_alikes(name=said.name, address=address, as_of=as_of)
        if said.name or address
        else (),
    )


def _said_of(row: models.StateRow) -> models.StateRow:
    """Return the newest row of a filer that names it; files of payments often do not."""
    named = models.StateRow.objects.filter(license_number=row.license_number).exclude(name="")
    return named.order_by("-file_id", "line").first() or row


def _registered(as_of: datetime.date) -> Sequence[tuple[int | None, int, str, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED, {"day": as_of})
        found: list[tuple[int | None, int, str, int | None]] = cursor.fetchall()
    return found
