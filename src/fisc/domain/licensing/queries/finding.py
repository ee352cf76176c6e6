"""Finding businesses by what somebody types, and the periods of what is recorded of one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from fisc.domain.accounts import calculations as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices

CANDIDATES_MAX: Final = 200
LETTERS_MIN: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A business that may be the one somebody means."""

    business_id: int
    name: str
    trade_name: str
    place: str


@dataclass(frozen=True, slots=True)
class PlaceOf:
    """Where a business is, was or will be."""

    location_id: int
    premise_id: int
    address: str
    city: str
    state: str
    zip: str
    starts_on: datetime.date
    ends_before: datetime.date | None


@dataclass(frozen=True, slots=True)
class ActivityOf:
    """What a business does, did or will do."""

    activity_id: int
    # The list of the code.
    of: str
    code: code_lists.Code
    starts_on: datetime.date
    ends_before: datetime.date | None


@dataclass(frozen=True, slots=True)
class OwnedBy:
    """What a party holds of a business, held or will hold."""

    ownership_id: int
    party_id: int
    name: str
    hundredths_percent: int
    controls: bool
    starts_on: datetime.date
    ends_before: datetime.date | None

    @property
    def percent(self) -> Decimal:
        """Return the share as a percent."""
        return Decimal(self.hundredths_percent) / 100


_NAMES = """
select party.name, business.trade_name, (
    select string_agg(concat_ws(' ', premise.house_number, premise.street, premise.unit), ' ')
    from licensing_location place join accounts_premise premise on premise.id = place.premise_id
    where place.business_id = business.party_id)
from licensing_business business join accounts_party party on party.id = business.party_id
where business.party_id = %(business)s
"""


def words_of(business_id: int) -> str:
    """Return the words a business is found by."""
    ((name, trade_name, places),) = _rows(_NAMES, business=business_id)
    return words_from(name=name, trade_name=trade_name, places=places or "")


def words_from(*, name: str, trade_name: str, places: str) -> str:
    """Return the words that a business of these names, at these places, is found by."""
    names = accounts.plain_words(f"{name} {trade_name}".replace("'", "").replace("\u2019", ""))
    heard = [accounts.sound(word) for word in names if len(word) >= LETTERS_MIN]
    return " ".join([*names, *accounts.plain_words(places), *dict.fromkeys(heard)])


_FOUND = """
select business.party_id, party.name, business.trade_name, coalesce((
    select concat_ws(' ', premise.house_number, premise.street, nullif(premise.unit, ''))
    from licensing_location place join accounts_premise premise on premise.id = place.premise_id
    where place.business_id = business.party_id
    order by place.starts_on desc, place.id desc limit 1), '')
from licensing_business business join accounts_party party on party.id = business.party_id
where business.party_id = any(%(ids)s)
"""
_BY_WORDS = """
select business_id from licensing_business_words
where document @@ to_tsquery('simple', %(asked)s) limit %(most)s
"""
_NEWEST = "select party_id from licensing_business order by party_id desc limit %(most)s"


def found(business_ids: Sequence[int]) -> list[Found]:
    """Return those of some numbers that are businesses, by number."""
    rows = _rows(_FOUND, ids=list(business_ids))
    return sorted((Found(*row) for row in rows), key=lambda each: each.business_id)


def newest(*, limit: int) -> list[Found]:
    """Return the businesses that were entered last."""
    return list(reversed(found([row[0] for row in _rows(_NEWEST, most=limit)])))


def search(*, text: str, limit: int = 20) -> list[Found]:
    """Return businesses whose names or places have words that begin like those typed.

    Where none has, those whose names sound so. Fewer than three letters in every word find nothing.
    """
    words = accounts.plain_words(text.replace("'", "").replace("\u2019", ""))
    if not any(len(word) >= LETTERS_MIN for word in words):
        return []
    begun = [f"{word}:*" if len(word) >= LETTERS_MIN else word for word in words]
    heard = [f"({accounts.sound(word) or word} | {word}:*)" for word in words]
    for asked in (begun, heard):
        ids = [row[0] for row in _rows(_BY_WORDS, asked=" & ".join(asked), most=CANDIDATES_MAX)]
        if ids:
            break
    candidates = found(ids) if ids else []
    candidates.sort(
        key=lambda each: (
            *accounts.rank(
                words=words,
                name=f"{each.name} {each.trade_name}",
                place=each.place,
                is_closed=False,
            ),
            each.name,
            each.business_id,
        )
    )
    return candidates[:limit]


_PLACES = """
select place.id, place.premise_id,
    concat_ws(' ', premise.house_number, premise.street, nullif(premise.unit, '')),
    premise.city, premise.state, premise.zip, place.starts_on, place.ends_before
from licensing_location place join accounts_premise premise on premise.id = place.premise_id
where place.business_id = %(business)s
order by place.ends_before nulls first, place.starts_on desc, place.id
"""
_ACTIVITIES = """
select activity.id, list.name, activity.code_id, activity.starts_on, activity.ends_before
from licensing_activity activity
join code_lists_code code on code.id = activity.code_id
join code_lists_list list on list.id = code.list_id
where activity.business_id = %(business)s
order by activity.ends_before nulls first, activity.starts_on desc, activity.id
"""
_OWNERS = """
select held.id, held.owner_id, party.name, held.hundredths_percent, held.controls,
    held.starts_on, held.ends_before
from licensing_ownership held join accounts_party party on party.id = held.owner_id
where held.business_id = %(business)s
order by held.ends_before nulls first, held.hundredths_percent desc, held.id
"""


def places_of(business_id: int) -> list[PlaceOf]:
    """Return where a business is, was and will be; where it is first."""
    return [PlaceOf(*row) for row in _rows(_PLACES, business=business_id)]


@dataclass(frozen=True, slots=True)
class AddressInFull:
    """An address by its parts."""

    house_number: str
    street: str
    unit: str
    city: str
    state: str
    zip: str


def address_in_full(premise_id: int) -> AddressInFull:
    """Return the address of a place that is known."""
    (row,) = _rows(
        "select house_number, street, unit, city, state, zip from accounts_premise "
        "where id = %(premise)s",
        premise=premise_id,
    )
    return AddressInFull(*row)


def owners_of(business_id: int) -> list[OwnedBy]:
    """Return who holds, held and will hold what of a business; who holds it first."""
    return [OwnedBy(*row) for row in _rows(_OWNERS, business=business_id)]


def activities_of(business_id: int) -> list[ActivityOf]:
    """Return what a business does, did and will do; what it does first."""
    rows = _rows(_ACTIVITIES, business=business_id)
    lists = [each.value for each in choices.ActivityList] if rows else []
    known = {name: code_lists.codes_by_id(name) for name in lists}
    return [ActivityOf(row[0], row[1], known[row[1]][row[2]], row[3], row[4]) for row in rows]


def _rows(sql: str, **given: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        answered: list[tuple[Any, ...]] = cursor.fetchall()
    return answered
