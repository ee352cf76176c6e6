"""What others read of accounts: headers, premises, holds, and search."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.basics import identifiers
from fisc.domain.accounts import calculations, models

CANDIDATES_MAX = 200
LETTERS_MIN = 3
BUCKETS = 4096


class NoSuchAccount(Exception):
    """No account has this number."""


class NoSuchParty(Exception):
    """There is no party of that number."""


@dataclass(frozen=True, slots=True)
class PlaceServed:
    """Where something is served."""

    premise_id: int
    address: str
    city: str
    state: str
    zip: str
    parcel: str


@dataclass(frozen=True, slots=True)
class AccountHeader:
    """What stands at the top of everything about an account."""

    account_id: int
    bucket: int
    number: int
    kind: str
    name: str
    language: str
    mailing_lines: tuple[str, ...]
    phone: str
    email: str
    opened_on: datetime.date
    closed_on: datetime.date | None
    holds: tuple[HeldFor, ...]


@dataclass(frozen=True, slots=True)
class HeldFor:
    """A hold in force."""

    kind: str
    why: str
    starts_on: datetime.date
    ends_before: datetime.date | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an account, and where its mail goes."""

    account_id: int
    number: int
    kind: str
    # None where nobody was recorded.
    party_id: int | None
    party_name: str
    name: str
    language: str
    line_1: str
    line_2: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate of a search."""

    account_id: int
    number: int
    name: str
    place: str
    is_closed: bool
    # Which rule found it: "number", "words" or "sound".
    by: str


def account_id(*, number: int) -> int:
    """Return the account with a number. Raises NumberIsWrong or NoSuchAccount."""
    identifiers.ACCOUNT_NUMBERS.require(number)
    found = models.Account.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise NoSuchAccount(f"There is no account {number}.")
    return int(found)


def ids_by_number(numbers: Sequence[int]) -> dict[int, int]:
    """Return the accounts of many numbers, by number; numbers that no account has are left out."""
    rows = models.Account.objects.filter(number__in=numbers)
    return {int(number): int(found) for number, found in rows.values_list("number", "pk")}


def closed_days(*, account_ids: Sequence[int]) -> dict[int, datetime.date]:
    """Return the day on which each of some accounts was closed; open ones are left out."""
    rows = models.Account.objects.filter(pk__in=account_ids, closed_on__isnull=False)
    return {int(found): day for found, day in rows.values_list("pk", "closed_on") if day}


def open_count() -> int:
    """Return how many accounts are not closed, to cut a run into chunks by."""
    return models.Account.objects.filter(closed_on=None).count()


# Plain SQL: every page of an account begins with these two, and building them anew each time
# through the ORM took longer than all the rest of the page's statements.
_HEADER = """
select account.subledger_id, account.bucket, account.number, account.kind, account.name,
    account.language,
    array_remove(array[
        account.mailing_line_1, account.mailing_line_2,
        concat_ws(' ', nullif(account.mailing_city, ''), nullif(account.mailing_state, ''),
            nullif(account.mailing_zip, ''))], ''),
    coalesce(party.phone, ''), coalesce(party.email, ''), account.opened_on, account.closed_on
from accounts_account account
left join accounts_party party on party.id = account.party_id
where account.subledger_id = %(account)s
"""
_HOLDS = """
select hold.kind, coalesce(nullif(hold.why, ''), reason.label_en), hold.starts_on, hold.ends_before
from accounts_hold hold join code_lists_code reason on reason.id = hold.reason_id
where hold.account_bucket = %(account)s %% 4096 and hold.account_id = %(account)s
    and hold.starts_on <= %(as_of)s
    and (hold.ends_before is null or hold.ends_before > %(as_of)s)
order by hold.starts_on, hold.id
"""


def account(*, account_id: int, as_of: datetime.date) -> AccountHeader:
    """Return an account's header as of a day. Raises NoSuchAccount."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADER, {"account": account_id})
        row = cursor.fetchone()
    if row is None:
        raise NoSuchAccount(f"There is no account with the internal number {account_id}.")
    return AccountHeader(
        account_id=row[0],
        bucket=row[1],
        number=row[2],
        kind=row[3],
        name=row[4],
        language=row[5],
        mailing_lines=tuple(row[6]),
        phone=row[7],
        email=row[8],
        opened_on=row[9],
        closed_on=row[10],
        holds=tuple(holds(account_id=account_id, as_of=as_of)),
    )


def party_id(*, account_id: int) -> int | None:
    """Return whose account it is; None where it has no party, or there is no such account."""
    return models.Account.objects.filter(pk=account_id).values_list("party_id", flat=True).first()


def names(*, account_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return the number and the name of each of some accounts, by internal number."""
    rows = models.Account.objects.filter(pk__in=account_ids).values_list("pk", "number", "name")
    return {account_id: (number, name) for account_id, number, name in rows}


_HOLDERS = """
select account.subledger_id, account.number, account.kind, account.party_id,
    coalesce(party.name, ''), account.name, account.language, account.mailing_line_1,
    account.mailing_line_2, account.mailing_city, account.mailing_state, account.mailing_zip
from accounts_account account left join accounts_party party on party.id = account.party_id
"""


def holders(*, account_ids: Sequence[int]) -> dict[int, Holder]:
    """Return who holds each of some accounts, by internal number."""
    return _holders("where account.subledger_id = any(%s)", list(account_ids))


def accounts_of_party(*, party_id: int) -> dict[int, Holder]:
    """Return every account that a party holds, by internal number."""
    return _holders("where account.party_id = %s order by account.subledger_id", party_id)


def _holders(where: str, parameter: int | list[int]) -> dict[int, Holder]:
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS + where, [parameter])
        return {row[0]: Holder(*row) for row in cursor.fetchall()}


def holds(*, account_id: int, as_of: datetime.date) -> list[HeldFor]:
    """Return the holds in force on an account that day."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS, {"account": account_id, "as_of": as_of})
        return [HeldFor(*row) for row in cursor.fetchall()]


def premise(*, premise_id: int) -> PlaceServed:
    """Return where a premise is."""
    found = models.Premise.objects.get(pk=premise_id)
    unit = f" {found.unit}" if found.unit else ""
    return PlaceServed(
        premise_id=found.pk,
        address=f"{found.house_number} {found.street}{unit}",
        city=found.city,
        state=found.state,
        zip=found.zip,
        parcel=found.parcel,
    )


_PREMISE_AT = """
select id from accounts_premise
where zip = %(zip)s and upper(house_number) = upper(%(house_number)s)
    and upper(street) = upper(%(street)s) and upper(unit) = upper(%(unit)s)
order by id limit 1
"""


def premise_at(*, house_number: str, street: str, unit: str, zip_code: str) -> int | None:
    """Return the place that is written so, in capital letters or not; None where none is known."""
    asked = {"house_number": house_number, "street": street, "unit": unit, "zip": zip_code}
    with connection.cursor() as cursor:
        cursor.execute(_PREMISE_AT, asked)
        found = cursor.fetchone()
    return None if found is None else int(found[0])


@dataclass(frozen=True, slots=True)
class Party:
    """Who somebody is, and how they are reached."""

    party_id: int
    kind: str
    name: str
    phone: str
    email: str


def party(*, party_id: int) -> Party:
    """Return a party. Raises NoSuchParty."""
    row = models.Party.objects.filter(pk=party_id).first()
    if row is None:
        raise NoSuchParty(f"There is no person or organization {party_id}.")
    return Party(row.id, row.kind, row.name, row.phone, row.email)


@dataclass(frozen=True, slots=True)
class OfParty:
    """An account of a party."""

    account_id: int
    number: int
    kind: str
    name: str
    opened_on: datetime.date
    closed_on: datetime.date | None


def accounts_of(*, party_id: int) -> list[OfParty]:
    """Return the accounts that a party holds, open ones first."""
    rows = models.Account.objects.filter(party_id=party_id).order_by("closed_on", "pk")
    found = rows.values_list("pk", "number", "kind", "name", "opened_on", "closed_on")
    return sorted((OfParty(*row) for row in found), key=lambda each: each.closed_on is not None)


def search(*, text: str, limit: int = 20) -> list[Found]:
    """Return accounts for what somebody typed: an exact number alone, else the best candidates.

    Words are found by their first letters, all of them in the name or the place; where no account
    has them, by how the name sounds. Fewer than three letters in every word find nothing.
    """
    if exact := _by_number(text):
        return exact
    words = calculations.plain_words(text)
    if not any(len(word) >= LETTERS_MIN for word in words):
        return []
    begun = [f"{word}:*" if len(word) >= LETTERS_MIN else word for word in words]
    candidates = _candidates(" & ".join(begun), by="words")
    if not candidates:
        heard = [f"({calculations.sound(word) or word} | {word}:*)" for word in words]
        candidates = [
            found
            for found in _candidates(" & ".join(heard), by="sound")
            if calculations.sounds_like(words=words, name=found.name, place=found.place)
        ]
    candidates.sort(
        key=lambda found: (
            *calculations.rank(
                words=words, name=found.name, place=found.place, is_closed=found.is_closed
            ),
            found.name,
            found.account_id,
        )
    )
    return candidates[:limit]


def _by_number(text: str) -> list[Found]:
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit() and len(digits) == identifiers.ACCOUNT_NUMBERS.digits:
        found = _documents(_FOUND_BY_NUMBER, [int(digits)], by="number")
        if found:
            return found
    parcel = text.strip()
    if not any(each.isdigit() for each in parcel):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from accounts_premise where parcel = %s and parcel <> ''", [parcel]
        )
        if cursor.fetchone() is None:
            return []
    found = _documents(_FOUND_BY_PARCEL, [parcel, CANDIDATES_MAX], by="number")
    return [each for each in found if parcel in each.place]


_FOUND = """
select account.subledger_id, account.number, account.name, coalesce(words.place, ''),
    account.closed_on is not null
from accounts_account account
left join accounts_search_document words on words.account_id = account.subledger_id
"""
_FOUND_BY_NUMBER = _FOUND + "where account.number = %s"
# Unordered and cut short: ordering the thousands that a short beginning finds is what takes long.
_THAT_HAVE_WORDS = """where account.subledger_id in (
    select account_id from accounts_search_document
    where document @@ to_tsquery('simple', %s) limit %s)
"""
_FOUND_BY_WORDS = _FOUND + _THAT_HAVE_WORDS
# Cut into words as the documents were, hyphens and all.
_FOUND_BY_PARCEL = _FOUND + _THAT_HAVE_WORDS.replace("to_tsquery", "plainto_tsquery")


def _candidates(asked: str, *, by: str) -> list[Found]:
    return _documents(_FOUND_BY_WORDS, [asked, CANDIDATES_MAX], by=by)


def _documents(statement: str, parameters: Sequence[str | int], *, by: str) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    return [
        Found(account_id=row[0], number=row[1], name=row[2], place=row[3], is_closed=row[4], by=by)
        for row in rows
    ]
