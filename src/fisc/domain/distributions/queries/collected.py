"""What was collected of taxes, by the day it was posted and by what it was a tax of.

Collected is what settled charges of a code, less what was credited back to accounts under that
code: a charge that is taken back before it is paid collects nothing, one taken back after it was
paid gives up what it had collected. Money left over as a credit counts once it settles a tax.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Collected:
    """What was collected on one day of one charge, region and class; whole cents."""

    day: datetime.date
    charge_id: int
    # Null where the item comes from no return with lines.
    region_id: int | None
    class_id: int | None
    cents: int


# An item of a return is spread over the lines of that return by their tax; one of a region's tax
# over the lines of that region, one of an amended return over those that it raised (a charge) or
# lowered (a credit). What of an item is settled up to a day is spread as a whole, and a day has the
# difference: parts never lose or gain a cent, and an item settled in full is spread as the item is.
_COLLECTED = """
    with tax_item as materialized (
        select item.id, item.kind, item.code_id, item.posting_day, item.amount_cents,
            posted.region_id,
            coalesce(posted.tax_return_id, case
                when coalesce(reversed.source_kind, item.source_kind) = %(tax_return)s
                then coalesce(reversed.source_id, item.source_id) end) as return_id,
            coalesce(reversed.kind, item.kind) as direction
        from receivables_item as item
        left join receivables_item as reversed on reversed.id = item.reverses_id
        left join tax_returns_posted as posted
            on posted.item_id = coalesce(item.reverses_id, item.id)
        where item.code_id = any(%(codes)s) and item.posting_day < %(before)s
    ),
    moved as (
        select tax_item.id, allocation.posting_day as day, sum(allocation.amount_cents) as cents,
            1 as sign
        from tax_item
        join receivables_allocation as allocation on allocation.item_id = tax_item.id
        where tax_item.kind = 1 and allocation.posting_day < %(before)s
        group by tax_item.id, allocation.posting_day
        union all
        select id, posting_day, amount_cents, -1 from tax_item where kind = 2
    ),
    settled as (
        select id, day, sign,
            sum(cents) over (partition by id order by day) as upto,
            sum(cents) over (partition by id order by day) - cents as upto_before
        from moved
    ),
    line as (
        select return_id, region_id, business_class_id, sum(tax) as tax, sum(raised) as raised
        from (
            select line.tax_return_id as return_id, line.region_id, line.business_class_id,
                line.tax_cents as tax, line.tax_cents as raised
            from tax_returns_return_line as line
            where line.tax_return_id in (select return_id from tax_item)
            union all
            select amended.id, line.region_id, line.business_class_id, 0, -line.tax_cents
            from tax_returns_return as amended
            join tax_returns_return_line as line on line.tax_return_id = amended.replaces_id
            where amended.id in (select return_id from tax_item)
        ) as part
        group by return_id, region_id, business_class_id
    ),
    weighed as (
        select tax_item.id, line.region_id, line.business_class_id,
            greatest(line.tax, 0) as tax,
            greatest(case when direction = 1 then line.raised else -line.raised end, 0) as raised
        from tax_item join line on line.return_id = tax_item.return_id
            and line.region_id = coalesce(tax_item.region_id, line.region_id)
    ),
    chosen as (
        select id, region_id, business_class_id,
            case when sum(raised) over item > 0 then raised else tax end as weight
        from weighed window item as (partition by id)
    ),
    spread as (
        select id, region_id, business_class_id,
            sum(weight) over running as weight_upto,
            sum(weight) over running - weight as weight_before,
            sum(weight) over (partition by id) as weights
        from chosen
        window running as (partition by id order by region_id, business_class_id)
    )
    select settled.day, tax_item.code_id, spread.region_id, spread.business_class_id,
        sum(settled.sign * case when spread.id is null then upto - upto_before else
            div(upto * weight_upto, weights) - div(upto * weight_before, weights)
            - div(upto_before * weight_upto, weights) + div(upto_before * weight_before, weights)
        end)::bigint as cents
    from settled join tax_item on tax_item.id = settled.id
    left join spread on spread.id = settled.id and spread.weights > 0
    group by settled.day, tax_item.code_id, spread.region_id, spread.business_class_id
    having sum(settled.sign * (upto - upto_before)) <> 0 or spread.region_id is not null
    order by 1, 2, 3, 4
"""


def collected(
    charge_ids: Collection[int], *, before: datetime.date, tax_return: int
) -> tuple[Collected, ...]:
    """Return what was collected of some charge codes on each posting day before a day.

    `tax_return` is the ledger's source kind of items that come from a return.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _COLLECTED,
            {"codes": list(charge_ids), "before": before, "tax_return": int(tax_return)},
        )
        return tuple(Collected(*row) for row in cursor.fetchall() if row[4])
