"""Returns, payments and distribution of a month beside one another, filer by filer."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Beside:
    """What the files of a month say of a filer's period, where they do not say the same.

    None where no file of that kind has the filer's period; money in whole cents.
    """

    license_number: str
    name: str
    period: datetime.date
    returned_cents: int | None
    paid_cents: int | None
    shared_cents: int | None

    @property
    def difference_cents(self) -> int:
        """Return what was distributed beyond what was paid."""
        return (self.shared_cents or 0) - (self.paid_cents or 0)


@dataclass(frozen=True, slots=True)
class Differences:
    """The first of them, and how many there are."""

    rows: tuple[Beside, ...]
    count: int


_DIFFERENCES = """
    with said as (
        select row.license_number, row.period,
            sum(amount_cents) filter (where kind = 'returns') as returned,
            sum(amount_cents) filter (where kind = 'payments') as paid,
            sum(amount_cents) filter (where kind = 'distribution') as shared
        from state_collections_row as row
        join state_collections_file as file on file.id = row.file_id
        where file.month = %(month)s and kind <> 'licenses' and row.period is not null
        group by row.license_number, row.period
    ),
    differing as (
        select * from said
        where (%(returns)s and returned is distinct from paid)
            or (%(shares)s and paid is distinct from shared)
            or (%(both)s and returned is distinct from shared)
    ),
    counted as (
        select *, count(*) over () as differing from differing
        order by abs(coalesce(shared, 0) - coalesce(paid, 0)) desc, license_number, period
        limit %(limit)s
    )
    select license_number, coalesce(named.name, ''), period, returned::bigint, paid::bigint,
        shared::bigint, differing
    from counted left join lateral (
        select row.name from state_collections_row as row
        where row.license_number = counted.license_number and row.name <> ''
        order by row.file_id desc, row.line limit 1
    ) as named on true
    order by abs(coalesce(shared, 0) - coalesce(paid, 0)) desc, license_number, period
"""


def differences(
    month: datetime.date, *, kinds: Sequence[str], limit: int | None = None
) -> Differences:
    """Return where the files of a month differ by filer and period, the greatest first.

    `kinds` are those that came: what did not come is no difference.
    """
    came = {each: each in kinds for each in ("returns", "payments", "distribution")}
    given: dict[str, datetime.date | bool | int | None] = {
        "month": month,
        "returns": came["returns"] and came["payments"],
        "shares": came["payments"] and came["distribution"],
        "both": came["returns"] and came["distribution"],
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, given)
        found = cursor.fetchall()
    return Differences(tuple(Beside(*row[:6]) for row in found), found[0][6] if found else 0)
