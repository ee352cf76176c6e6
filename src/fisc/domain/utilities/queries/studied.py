"""Bills of the past as columns, for a study of what they would be by other tables."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import polars
from django.db import connection

BUCKETS = 4096


@dataclass(frozen=True, slots=True)
class Scope:
    """The bills of some days of a range of buckets; those cancelled left out."""

    starts_on: datetime.date
    ends_before: datetime.date
    bucket_from: int = 0
    bucket_before: int = BUCKETS


@dataclass(frozen=True, slots=True)
class Mark:
    """What would differ if the bills of a scope were others: their count, ids and money."""

    bills: int
    last_id: int
    ids: int
    total_cents: int


_COUNTED = """
from utilities_bill bill
where bill.bill_day >= %(from)s and bill.bill_day < %(before)s
  and bill.account_bucket >= %(bucket_from)s and bill.account_bucket < %(bucket_before)s
  and not exists (
    select from utilities_bill_cancellation cancelled where cancelled.bill_id = bill.id)
"""

_MARK = f"""
select count(*), coalesce(max(bill.id), 0), coalesce(sum(bill.id), 0),
    coalesce(sum(bill.total_cents), 0)
{_COUNTED}
"""

_BILLS = f"""
select bill.id, bill.number, bill.account_id, bill.total_cents
{_COUNTED}
order by bill.account_bucket, bill.account_id, bill.id
"""

_LINES = f"""
select line.bill_id, line.segment_id, line.code_id, line.amount_cents, line.stage, line.block_id,
    line.block_row
from utilities_bill_line line
where line.bill_id in (select bill.id {_COUNTED})
"""

_SEGMENTS = f"""
select segment.bill_id, segment.id, segment.agreement_id,
    segment.starts_on - date '1970-01-01', segment.ends_before - date '1970-01-01',
    segment.usage_milli, point.service, term.rate_class_id
from utilities_bill_segment segment
join utilities_service_agreement agreement on agreement.id = segment.agreement_id
join utilities_service_point point on point.id = agreement.service_point_id
left join lateral (
    select rate_class_id from utilities_agreement_term term
    where term.agreement_id = agreement.id and term.starts_on < segment.ends_before
    order by term.starts_on desc limit 1
) term on true
where segment.bill_id in (select bill.id {_COUNTED})
"""

_BILL_COLUMNS = ("bill_id", "number", "account_id", "total_cents")
_LINE_COLUMNS = (
    "bill_id", "segment_id", "code_id", "amount_cents", "stage", "block_id", "block_row",
)  # fmt: skip
_SEGMENT_COLUMNS = (
    "bill_id", "segment_id", "agreement_id", "starts_on", "ends_before", "usage_milli",
)  # fmt: skip


def mark(scope: Scope) -> Mark:
    """Return what tells the bills of a scope from others, without reading them."""
    return Mark(*(int(each) for each in _rows(_MARK, scope)[0]))


def bills(scope: Scope) -> polars.DataFrame:
    """Return the bills of a scope, by bucket and account."""
    return _frame(_rows(_BILLS, scope), dict.fromkeys(_BILL_COLUMNS, polars.Int64))


def lines(scope: Scope) -> polars.DataFrame:
    """Return the lines of the bills of a scope, with the block and row that gave each."""
    return _frame(_rows(_LINES, scope), dict.fromkeys(_LINE_COLUMNS, polars.Int64))


def segments(scope: Scope) -> polars.DataFrame:
    """Return the segments of the bills of a scope; days as day numbers from 1970.

    The class is that of the agreement's terms, by which bills are grouped, not calculated.
    """
    schema = {
        **dict.fromkeys(_SEGMENT_COLUMNS, polars.Int64),
        "service": polars.String,
        "class_id": polars.Int64,
    }
    return _frame(_rows(_SEGMENTS, scope), schema)


def _frame(rows: list[tuple[Any, ...]], schema: dict[str, Any]) -> polars.DataFrame:
    return polars.DataFrame(rows, schema=schema, orient="row")


def _rows(sql: str, scope: Scope) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "from": scope.starts_on,
                "before": scope.ends_before,
                "bucket_from": scope.bucket_from,
                "bucket_before": scope.bucket_before,
            },
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
