"""A business as it is on a day, and which known ones look like one that is about to be entered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import calculations, models
from fisc.domain.party_identifiers import queries as party_identifiers

# More than a person compares; the likest come first.
MOST_SHOWN = 20


class NoSuchBusiness(Exception):
    """There is no business of that number."""


class NoSuchPremise(Exception):
    """There is no place of that number."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place as people write it."""

    house_number: str
    street: str
    unit: str = ""

    @property
    def key(self) -> str:
        """What it has in common with other writings of the same address."""
        return calculations.address_key(
            house_number=self.house_number, street=self.street, unit=self.unit
        )


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A known business that may be the one that is entered."""

    business_id: int
    name: str
    trade_name: str
    same_name: bool
    same_address: bool
    same_identifier: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds what of a business."""

    ownership_id: int
    party_id: int
    name: str
    percent: Decimal
    controls: bool


@dataclass(frozen=True, slots=True)
class Business:
    """A business on a day."""

    business_id: int
    name: str
    trade_name: str
    began_on: datetime.date
    owners: tuple[Owner, ...]
    addresses: tuple[Address, ...]
    activities: tuple[code_lists.Code, ...]


_LOOK_ALIKES = """
select business.party_id, party.name, business.trade_name, found.same_name, found.same_address,
    found.same_identifier
from (
    select business_id, bool_or(what = 'name') as same_name,
        bool_or(what = 'address') as same_address, bool_or(what = 'number') as same_identifier
    from (
        select business_id, 'name' as what from licensing_business_name
        where key = any(%(names)s)
        union all
        select business_id, 'address' from licensing_location
        where key = %(address)s and key <> '' and (ends_before is null or ends_before > %(as_of)s)
        union all
        select unnest(%(holders)s::bigint[]), 'number'
    ) as either
    group by business_id
) as found
join licensing_business business on business.party_id = found.business_id
join accounts_party party on party.id = business.party_id
order by found.same_identifier desc, (found.same_name and found.same_address) desc,
    found.same_name desc, business.party_id
limit %(most)s
"""


def look_alikes(
    *, name: str, trade_name: str = "", address: Address | None = None, as_of: datetime.date,
    identifier: party_identifiers.Given | None = None,
) -> tuple[LookAlike, ...]:  # fmt: skip
    """Return known businesses of the same name, address or number as one, the likest first.

    Names are the same when their words sound alike, whatever their legal form (see
    calculations.name_key); addresses when they are written alike and not left yet. Raises
    IdentifierIsWrong.
    """
    rows = _rows(
        _LOOK_ALIKES,
        names=name_keys(name, trade_name),
        address=address.key if address else "",
        as_of=as_of,
        holders=party_identifiers.parties_with(identifier) if identifier else [],
        most=MOST_SHOWN,
    )
    return tuple(LookAlike(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Entered:
    """The name and place of somebody who may be a known business."""

    name: str
    address: Address | None = None


_LOOK_ALIKES_OF_EACH = """
with asked as (
    select * from unnest(%(places)s::int[], %(names)s::text[], %(addresses)s::text[])
        as asked (place, name, address)
),
found as (
    select place, business_id, bool_or(what = 'name') as same_name,
        bool_or(what = 'address') as same_address
    from (
        select asked.place, known.business_id, 'name' as what
        from asked join licensing_business_name as known on known.key = asked.name
        where asked.name <> ''
        union all
        select asked.place, located.business_id, 'address'
        from asked join licensing_location as located on located.key = asked.address
        where asked.address <> ''
            and (located.ends_before is null or located.ends_before > %(as_of)s)
    ) as either
    group by place, business_id
),
ranked as (
    select *, row_number() over (
        partition by place
        order by (same_name and same_address) desc, same_name desc, business_id
    ) as rank
    from found
)
select place, business.party_id, party.name, business.trade_name, same_name, same_address
from ranked
join licensing_business as business on business.party_id = ranked.business_id
join accounts_party as party on party.id = business.party_id
where rank <= %(most)s
order by place, rank
"""


def look_alikes_of_each(
    asked: Sequence[Entered], *, as_of: datetime.date
) -> list[tuple[LookAlike, ...]]:
    """Return what `look_alikes` says of each of many, in the order asked, in one statement."""
    rows = _rows(
        _LOOK_ALIKES_OF_EACH,
        places=list(range(len(asked))),
        names=[calculations.name_key(each.name) for each in asked],
        addresses=[each.address.key if each.address else "" for each in asked],
        as_of=as_of,
        most=MOST_SHOWN,
    )
    found: list[list[LookAlike]] = [[] for _ in asked]
    for place, *alike in rows:
        found[place].append(LookAlike(*alike))
    return [tuple(each) for each in found]


def name_keys(name: str, trade_name: str) -> list[str]:
    """Return what the names of a business are compared by; each once, none empty."""
    keys = [calculations.name_key(each) for each in (name, trade_name)]
    return [key for key in dict.fromkeys(keys) if key]


_OWNERS = """
select held.id, held.owner_id, party.name, held.hundredths_percent, held.controls
from licensing_ownership held join accounts_party party on party.id = held.owner_id
where held.business_id = %(business)s and held.starts_on <= %(as_of)s
    and (held.ends_before is null or held.ends_before > %(as_of)s)
order by held.hundredths_percent desc, held.id
"""
_ADDRESSES = """
select premise.house_number, premise.street, premise.unit
from licensing_location place join accounts_premise premise on premise.id = place.premise_id
where place.business_id = %(business)s and place.starts_on <= %(as_of)s
    and (place.ends_before is null or place.ends_before > %(as_of)s)
order by place.starts_on, place.id
"""
_ACTIVITIES = """
select code.id, list.name from licensing_activity activity
join code_lists_code code on code.id = activity.code_id
join code_lists_list list on list.id = code.list_id
where activity.business_id = %(business)s and activity.starts_on <= %(as_of)s
    and (activity.ends_before is null or activity.ends_before > %(as_of)s)
order by activity.starts_on, activity.id
"""


def business(*, business_id: int, as_of: datetime.date) -> Business:
    """Return a business as it is on a day. Raises NoSuchBusiness."""
    found = models.Business.objects.select_related("party").filter(party_id=business_id).first()
    if found is None:
        raise NoSuchBusiness(f"There is no business {business_id}.")
    asked = {"business": business_id, "as_of": as_of}
    return Business(
        business_id=business_id,
        name=found.party.name,
        trade_name=found.trade_name,
        began_on=found.began_on,
        owners=tuple(
            Owner(held, party_id, name, Decimal(hundredths) / 100, controls)
            for held, party_id, name, hundredths, controls in _rows(_OWNERS, **asked)
        ),
        addresses=tuple(Address(*row) for row in _rows(_ADDRESSES, **asked)),
        activities=tuple(
            code_lists.codes_by_id(name)[code_id] for code_id, name in _rows(_ACTIVITIES, **asked)
        ),
    )


def address_of(premise_id: int) -> Address:
    """Return the address of a place. Raises NoSuchPremise."""
    rows = _rows(
        "select house_number, street, unit from accounts_premise where id = %(premise)s",
        premise=premise_id,
    )
    if not rows:
        raise NoSuchPremise(f"There is no place {premise_id}.")
    return Address(*rows[0])


def _rows(sql: str, **given: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
