"""Late tax of many accounts at once: what is to be reckoned, and what it costs on a day."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection

from fisc.basics import periods
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import lateness, owing, postings
from fisc.domain.tax_returns.queries import extensions, governing
from fisc.domain.tax_returns.queries import postings as books

_ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A period past its due day, as something that may be late, and what was charged of that.

    `is_alone` says that more than its own charges may move: the account has an open credit or a
    waiver, or the period a pay-off letter, or a declaration may have put its due day off.
    """

    account_id: int
    starts_on: datetime.date
    return_id: int
    owed: lateness.Owed
    penalty_cents: int
    interest_cents: int
    reckoned_on: datetime.date | None
    is_alone: bool


# Newest versions past due of which something is open, or was settled or taken back since a day.
_LATE = """
    select newest.account_id, newest.starts_on, newest.id,
        greatest(newest.tax_due_cents + coalesce((
            select sum(posted.cents) from tax_returns_posted as posted
            where posted.account_id = newest.account_id and posted.starts_on = newest.starts_on
                and posted.part = 4), 0), 0)::bigint,
        first.due_on, first.timely_until, first.received_on, reckoned.reckoned_on,
        exists (
            select from receivables_openitem as credit
            where credit.account_bucket = newest.account_id %% 4096
                and credit.account_id = newest.account_id
                and credit.kind = 2 and credit.open_cents > 0
        ) or exists (
            select from tax_returns_payoff_line as line join tax_returns_payoff as made
                on made.id = line.payoff_id
            where made.account_id = newest.account_id and line.starts_on = newest.starts_on
        ) or exists (
            select from tax_returns_waiver_request as waiver
            where waiver.account_id = newest.account_id and waiver.state = 2
        )
    from tax_returns_return as newest
    join tax_returns_return as first on first.account_id = newest.account_id
        and first.starts_on = newest.starts_on and first.version = 1
    left join lateral (
        select max(reckoned_on) as reckoned_on from tax_returns_reckoning as reckoning
        where reckoning.account_id = newest.account_id and reckoning.starts_on = newest.starts_on
    ) as reckoned on true
    where newest.account_id %% 4096 >= %(bucket_from)s
        and newest.account_id %% 4096 < %(bucket_before)s
        and first.timely_until < %(on)s
        and not exists (
            select from tax_returns_return as later where later.replaces_id = newest.id)
        and exists (
            select from tax_returns_posted as posted
            left join receivables_openitem as open
                on open.item_id = posted.item_id and open.open_cents > 0
            left join receivables_allocation as moved
                on moved.account_bucket = posted.account_id %% 4096
                and moved.account_id = posted.account_id and moved.item_id = posted.item_id
                and moved.posting_day >= %(since)s
            where posted.account_id = newest.account_id and posted.starts_on = newest.starts_on
                and coalesce(open.item_id, moved.item_id) is not null)
    order by newest.account_id, newest.starts_on
"""

_CHARGED = """
    select posted.account_id, posted.starts_on,
        coalesce(sum(posted.cents) filter (where posted.part = 10), 0)::bigint,
        coalesce(sum(posted.cents) filter (where posted.part = 11), 0)::bigint
    from unnest(%(accounts)s::bigint[], %(periods)s::date[]) as wanted (account_id, starts_on)
    join tax_returns_posted as posted using (account_id, starts_on)
    group by posted.account_id, posted.starts_on
"""


def late(
    *, bucket_from: int, bucket_before: int, on: datetime.date, since: datetime.date
) -> list[Late]:
    """Return periods past due on a day that may cost something else than was charged.

    Those of which something is open, and those of which something was settled or taken back on a
    posting day from `since` on. By account and period.
    """
    bounds = {"bucket_from": bucket_from, "bucket_before": bucket_before}
    with connection.cursor() as cursor:
        cursor.execute(_LATE, {**bounds, "on": on, "since": since})
        rows = cursor.fetchall()
        wanted = {"accounts": [row[0] for row in rows], "periods": [row[1] for row in rows]}
        cursor.execute(_CHARGED, wanted)
        charged = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
        cursor.execute(books.SETTLED_OF_MANY, wanted)
        settled = defaultdict(list)
        for account_id, starts_on, part, day, cents in cursor.fetchall():
            if part in choices.TAX_PARTS:
                settled[account_id, starts_on].append((day, cents))
    found, put_off = [], extensions.declared()
    for account_id, starts_on, return_id, tax, due_on, timely_until, filed_on, *rest in rows:
        owed = lateness.Owed(
            tax_cents=tax, due_on=due_on, timely_until=timely_until, filed_on=filed_on
        )
        paid = postings.paid(settled[account_id, starts_on], tax_cents=tax)
        penalty, interest = charged.get((account_id, starts_on), (0, 0))
        found.append(
            Late(
                account_id=account_id,
                starts_on=starts_on,
                return_id=return_id,
                owed=replace(owed, paid=paid),
                penalty_cents=penalty,
                interest_cents=interest,
                reckoned_on=rest[0],
                is_alone=rest[1]
                or any(each.due_from <= due_on <= each.due_through for each in put_off),
            )
        )
    return found


def owings(
    owed: Sequence[lateness.Owed], *, on: datetime.date, known_at: datetime.datetime
) -> list[owing.Owing]:
    """Compute what many taxes, all past due, cost on a day: `governing.owing_on` of each.

    Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    if not owed:
        return []
    penalties = {
        day: versions.in_force(points.PENALTIES.name, day=day, known_at=known_at).tables
        for day in {each.due_on for each in owed}
    }
    totals = {day: governing.tables_of_totals(day, known_at=known_at) for day in penalties}
    first = min(each.due_on for each in owed) + _ONE_DAY
    laws = versions.versions_in(
        points.INTEREST.name,
        days=periods.Period(starts_on=first, ends_before=on + _ONE_DAY),
        known_at=known_at,
    )
    return owing.owing_of_many(
        owed,
        on=on,
        penalties=[penalties[each.due_on] for each in owed],
        interest=[owing.InterestLaw(each.days, each.version.tables) for each in laws],
        totals=[totals[each.due_on] for each in owed],
    )
