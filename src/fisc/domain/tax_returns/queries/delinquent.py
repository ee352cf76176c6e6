"""Tax accounts that are behind: returns that never came, came late, and what is owed, by age."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from fisc.domain.tax_returns.queries import past_due


class Kind(enum.StrEnum):
    """Which accounts are meant: with anything missing or owing, or one of the three."""

    ALL = "all"
    MISSING = "missing"
    OWING = "owing"
    LATE = "late"


class Order(enum.StrEnum):
    """What comes first: the most owed, the most returns missing, or the oldest."""

    OWED = "owed"
    MISSING = "missing"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """What is open past its due day, in whole cents, by how many days it is late."""

    to_30_cents: int
    to_60_cents: int
    to_90_cents: int
    over_90_cents: int

    @property
    def total_cents(self) -> int:
        """All of it."""
        return self.to_30_cents + self.to_60_cents + self.to_90_cents + self.over_90_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """An account that is behind."""

    account_id: int
    number: int
    name: str
    missing: int
    # The first day of the oldest period whose return never came; None where none is missing.
    missing_since: datetime.date | None
    # Returns that came after their last day in time within a year.
    late: int
    owed: Aged
    # The due day of the oldest charge that is open; None where nothing is owed.
    owed_since: datetime.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A page of the accounts that are behind, and what all of them come to."""

    rows: Sequence[Behind] = ()
    accounts: int = 0
    missing: int = 0
    late: int = 0
    owed: Aged = field(
        default_factory=lambda: Aged(to_30_cents=0, to_60_cents=0, to_90_cents=0, over_90_cents=0)
    )


# By 30 days, as receivables.queries.aging has them. Returns are read once: by an index they would
# be asked for each account and period, a million times in a large city (decision 0173).
_BOARD = f"""
with due as ({past_due.OF_TERMS}), filed as materialized (
    select account_id, starts_on from tax_returns_return where version = 1
), missing as (
    select due.account_id, count(*) as periods, min(due.starts_on) as since
    from due
    where not due.is_closed
        and not exists (
            select from filed
            where filed.account_id = due.account_id and filed.starts_on = due.starts_on)
    group by due.account_id
), owing as (
    select open.account_id, min(open.due_on) as since,
        coalesce(sum(open_cents) filter (where late <= 30), 0)::bigint as to_30,
        coalesce(sum(open_cents) filter (where late between 31 and 60), 0)::bigint as to_60,
        coalesce(sum(open_cents) filter (where late between 61 and 90), 0)::bigint as to_90,
        coalesce(sum(open_cents) filter (where late > 90), 0)::bigint as over_90,
        sum(open_cents)::bigint as total
    from (
        select item.account_id, item.due_on, item.open_cents, %(today)s::date - item.due_on as late
        from receivables_openitem as item
        join accounts_account as account on account.subledger_id = item.account_id
        where item.kind = 1 and item.open_cents > 0 and item.due_on < %(today)s
            and account.kind = 'tax'
    ) as open
    group by open.account_id
), late as (
    select account_id, count(*) as returns from tax_returns_return
    where version = 1 and not is_on_time and received_on >= %(today)s::date - interval '1 year'
    group by account_id
), behind as (
    select account_id, coalesce(missing.periods, 0) as missing, missing.since as missing_since,
        coalesce(late.returns, 0) as late, coalesce(to_30, 0) as to_30, coalesce(to_60, 0) as to_60,
        coalesce(to_90, 0) as to_90, coalesce(over_90, 0) as over_90, owing.since as owed_since,
        coalesce(total, 0) as total
    from missing full join owing using (account_id) full join late using (account_id)
)
select account.subledger_id, account.number, account.name, missing, missing_since, late,
    to_30, to_60, to_90, over_90, owed_since,
    count(*) over (), sum(missing) over (), sum(late) over (), sum(to_30) over (),
    sum(to_60) over (), sum(to_90) over (), sum(over_90) over ()
from behind join accounts_account as account on account.subledger_id = behind.account_id
where case %(kind)s
    when 'missing' then missing > 0
    when 'owing' then total > 0
    when 'late' then late > 0
    else missing > 0 or total > 0 end
order by
    case %(order)s when 'owed' then total when 'missing' then missing end desc nulls last,
    case when %(order)s = 'oldest' then least(missing_since, owed_since) end nulls last,
    total desc, missing desc, account.subledger_id
limit %(limit)s offset %(offset)s
"""


def board(
    *, today: datetime.date, known_at: datetime.datetime, kind: Kind = Kind.ALL,
    order: Order = Order.OWED, limit: int | None = 50, offset: int = 0,
) -> Board:  # fmt: skip
    """Return accounts that are behind on a day, with the sums over all of the kind.

    A return is missing once none can be in time any more, whichever way it is sent. A page past
    the last has neither rows nor sums. Raises what governing.obligations_of raises.
    """
    found = past_due.past_due(today=today, known_at=known_at)
    with connection.cursor() as cursor:
        cursor.execute(
            _BOARD,
            {
                **found.parameters(),
                "today": today,
                "kind": kind.value,
                "order": order.value,
                "limit": limit,
                "offset": offset,
            },
        )
        rows = cursor.fetchall()
    if not rows:
        return Board()
    accounts, missing, late, *cents = map(int, rows[0][11:])
    return Board(
        rows=[_behind(row) for row in rows],
        accounts=accounts,
        missing=missing,
        late=late,
        owed=_aged(cents),
    )


def _behind(row: Sequence[Any]) -> Behind:
    account_id, number, name, missing, since, late, *cents, owed_since = row[:11]
    return Behind(
        account_id=account_id,
        number=number,
        name=name,
        missing=missing,
        missing_since=since,
        late=late,
        owed=_aged(cents),
        owed_since=owed_since,
    )


def _aged(cents: Sequence[int]) -> Aged:
    to_30, to_60, to_90, over_90 = cents
    return Aged(to_30_cents=to_30, to_60_cents=to_60, to_90_cents=to_90, over_90_cents=over_90)
