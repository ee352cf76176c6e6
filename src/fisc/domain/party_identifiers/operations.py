"""Recording numbers of parties, showing one whole, and sealing them under a newer key."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Final

from django.db import connection

from fisc.domain.party_identifiers import calculations, choices, models, queries
from fisc.plumbing import sealed_values, transactions
from fisc.plumbing.action_log import operations as action_log

SUBJECT: Final = "party identifier"
_AT_ONCE: Final = 5_000


class HeldByAnother(Exception):
    """Other parties have the number that nobody said may have it too; `party_ids` are they."""

    def __init__(self, party_ids: Collection[int]) -> None:
        self.party_ids = tuple(party_ids)
        told = ", ".join(str(each) for each in self.party_ids)
        super().__init__(
            f"This number is recorded of another party already: {told}. Use that one, or say that "
            "both have it."
        )


class RecordedAlready(Exception):
    """The party has that number already."""


class NothingSaid(Exception):
    """Nobody said why a number is shown whole, or ended."""


@transactions.needs_transaction
def add_identifier(
    *, party_id: int, given: queries.Given, at: datetime.datetime, user_id: int | None,
    may_share: Collection[int] = (),
) -> int:  # fmt: skip
    """Record a number of a party, sealed, and return the row's number.

    `may_share` are the other parties of that number that a person was shown and says have it too.
    Raises IdentifierIsWrong, HeldByAnother, RecordedAlready, IndexKeyIsAnother.
    """
    keys = queries.ring()
    written = given.written()
    found = queries.index_of(given, keys=keys)
    with connection.cursor() as cursor:
        # Two people who enter the same number at once wait for each other; the second sees.
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('party_identifier'), hashtext(%s))",
            [found.hex()],
        )
    holders = queries.parties_with(given)
    if party_id in holders:
        raise RecordedAlready("This number is recorded of this party already.")
    if others := [each for each in holders if each not in may_share]:
        raise HeldByAnother(others)
    sealed = keys.seal(written.text, about=_about(party_id, found))
    row = models.Identifier.objects.create(
        party_id=party_id,
        kind=given.kind,
        issuer=given.issuer.strip(),
        blind_index=found,
        index_check=keys.check,
        sealed=sealed.content,
        key_version=sealed.key_version,
        last=written.last,
        recorded_at=at,
        recorded_by_id=user_id,
    )
    _log(row, verb="add", why="", user_id=user_id, at=at)
    return row.id


@transactions.needs_transaction
def add_many(
    given: Sequence[tuple[int, queries.Given]], *, at: datetime.datetime, user_id: int | None
) -> None:
    """Record a number of each of many parties, which nobody has: the caller asked.

    Raises IdentifierIsWrong, IndexKeyIsAnother.
    """
    keys = queries.ring()
    queries.require_own_key(keys)
    rows = []
    for party_id, each in given:
        written = each.written()
        found = keys.blind_index(written.text, kind=each.index_kind)
        sealed = keys.seal(written.text, about=_about(party_id, found))
        rows.append(
            models.Identifier(
                party_id=party_id,
                kind=each.kind,
                issuer=each.issuer.strip(),
                blind_index=found,
                index_check=keys.check,
                sealed=sealed.content,
                key_version=sealed.key_version,
                last=written.last,
                recorded_at=at,
                recorded_by_id=user_id,
            )
        )
    models.Identifier.objects.bulk_create(rows, batch_size=_AT_ONCE)


@transactions.needs_transaction
def show_whole(*, identifier_id: int, why: str, user_id: int, at: datetime.datetime) -> str:
    """Return a number as it is written on paper, and keep who saw it, when and why.

    Raises NoSuchIdentifier, NothingSaid, sealed_values.KeyIsMissing, DoesNotOpen.
    """
    row = _in_force(identifier_id, why=why)
    opened = _opened(row, keys=queries.ring())
    _log(row, verb="see whole", why=why, user_id=user_id, at=at)
    return calculations.grouped(opened, kind=row.kind)


@transactions.needs_transaction
def end_identifier(*, identifier_id: int, why: str, user_id: int, at: datetime.datetime) -> None:
    """Have a number be the party's no longer. Raises NoSuchIdentifier, NothingSaid."""
    row = _in_force(identifier_id, why=why)
    models.Identifier.objects.filter(pk=row.pk).update(ended_at=at)
    _log(row, verb="end", why=why, user_id=user_id, at=at)


@transactions.needs_transaction
def seal_anew(*, limit: int) -> int:
    """Seal numbers that an older key closed under the newest; returns how many were.

    Each call does at most `limit` of them, so that a run can be stopped and go on.
    """
    keys = queries.ring()
    rows = list(
        models.Identifier.objects.select_for_update(skip_locked=True)
        .exclude(key_version=keys.newest)
        .order_by("id")[:limit]
    )
    for row in rows:
        sealed = keys.seal(
            _opened(row, keys=keys), about=_about(row.party_id, bytes(row.blind_index))
        )
        row.sealed, row.key_version = sealed.content, sealed.key_version
    models.Identifier.objects.bulk_update(rows, ["sealed", "key_version"])
    return len(rows)


def _in_force(identifier_id: int, *, why: str) -> models.Identifier:
    if not why.strip():
        raise NothingSaid("Say why. It stays in the record of who saw what.")
    row = (
        models.Identifier.objects.select_for_update()
        .filter(pk=identifier_id, ended_at=None)
        .first()
    )
    if row is None:
        raise queries.NoSuchIdentifier(f"There is no identifier {identifier_id}, or it was ended.")
    return row


def _opened(row: models.Identifier, *, keys: sealed_values.Ring) -> str:
    sealed = sealed_values.Sealed(key_version=row.key_version, content=bytes(row.sealed))
    return keys.opened(sealed, about=_about(row.party_id, bytes(row.blind_index)))


def _about(party_id: int, found: bytes) -> str:
    # Bound to its party and its index: a sealed number copied into another row does not open.
    return f"{party_id} {found.hex()}"


def _log(
    row: models.Identifier, *, verb: str, why: str, user_id: int | None, at: datetime.datetime
) -> None:
    action_log.record(
        user_id=user_id,
        verb=verb,
        subject_kind=SUBJECT,
        subject_id=row.id,
        why=why,
        detail={
            "party": row.party_id,
            "kind": choices.Kind(row.kind).value,
            "shown": calculations.masked(row.last, kind=row.kind),
        },
        at=at,
    )
