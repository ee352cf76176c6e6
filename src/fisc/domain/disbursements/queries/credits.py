"""Open credits that could be paid out, and which requisition has asked for one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """A credit with something open.

    `asked_in` numbers the living requisition that has it; `carried_on` is the day since which it is
    carried forward, until something is spent of it.
    """

    item_id: int
    account_id: int
    code_id: int
    arises_on: datetime.date
    amount_cents: int
    open_cents: int
    asked_in: int | None
    carried_on: datetime.date | None = None

    @property
    def is_offered(self) -> bool:
        """Whether it can be asked for."""
        return self.asked_in is None and self.carried_on is None


_RESERVED = """
    select credit_item_id, amount_cents from disbursements_source
    where is_living and credit_item_id = any(%(item_ids)s::bigint[])
"""

_CREDITS = """
    select open.item_id, open.account_id, open.code_id, item.arises_on, item.amount_cents,
        open.open_cents, requisition.number,
        case when last.kind = 'carried forward' and last.open_cents = open.open_cents
            then last.on end
    from receivables_openitem as open
    join receivables_item as item on item.id = open.item_id
    left join disbursements_source as source
        on source.credit_item_id = open.item_id and source.is_living
    left join disbursements_requisition as requisition on requisition.id = source.requisition_id
    left join lateral (
        select standing.kind, standing.open_cents, standing.on
        from disbursements_standing as standing where standing.credit_item_id = open.item_id
        order by standing.number desc limit 1
    ) as last on true
    where open.account_bucket = any(%(buckets)s::smallint[])
        and open.account_id = any(%(account_ids)s::bigint[])
        and open.kind = 2 and open.open_cents > 0
    order by open.item_id
"""


def open_credits(*, account_ids: Sequence[int]) -> list[OpenCredit]:
    """Return the open credits of some accounts, oldest number first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CREDITS,
            {
                "account_ids": list(account_ids),
                "buckets": sorted({each % 4096 for each in account_ids}),
            },
        )
        return [OpenCredit(*row) for row in cursor.fetchall()]


def reserved(item_ids: Iterable[int]) -> Mapping[int, int]:
    """Return the cents of some credits that living requisitions have asked for, by credit.

    One rule for all who spend credits: lock the open items of the account, then ask this, and leave
    so much of each. Who prepares a requisition locks the same items first, so that nobody spends
    what another is just asking for.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESERVED, {"item_ids": list(item_ids)})
        return dict(cursor.fetchall())
