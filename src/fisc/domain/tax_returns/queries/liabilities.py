"""What tax accounts owed over the newest twelve months that returns are due of."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from fisc.basics import periods
from fisc.domain.tax_returns.calculations import liabilities, months
from fisc.domain.tax_returns.queries import past_due

_BUCKETS = 4096
# The newest term of each account that goes on, and its last twelve months: back from the end of
# the newest period that no return can be in time for any more. A month without business is known.
_FIGURES = f"""
with due as ({past_due.OF_TERMS}
        and term.account_id %% 4096 >= %(bucket_from)s
        and term.account_id %% 4096 < %(bucket_before)s
), term as (
    select distinct on (account_id) account_id, id, starts_on
    from tax_returns_filing_term
    where account_id %% 4096 >= %(bucket_from)s and account_id %% 4096 < %(bucket_before)s
    order by account_id, starts_on desc
), going as (
    select term.account_id, term.id from term
    join accounts_account as account on account.subledger_id = term.account_id
    where term.starts_on <= %(on)s and (account.closed_on is null or account.closed_on > %(on)s)
        and exists (
            select from tax_returns_registration as registered
            where registered.account_id = term.account_id
                and (registered.ends_before is null or registered.ends_before > %(until)s))
), newest as (
    select account_id, max(ends_before) as ends_before from due group by account_id
), looked as (
    select due.*, newest.ends_before as looked_before, filed.id as return_id,
        coalesce(filed.tax_due_cents, assessed.tax_cents) as tax_cents,
        (extract(year from age(due.ends_before, due.starts_on)) * 12
            + extract(month from age(due.ends_before, due.starts_on)))::int as months
    from due join newest using (account_id)
    left join lateral (
        select kept.id, kept.tax_due_cents from tax_returns_return as kept
        where kept.account_id = due.account_id and kept.starts_on = due.starts_on
        order by kept.version desc limit 1) as filed on true
    left join lateral (
        select assessment.tax_cents from tax_returns_assessment as assessment
        join tax_returns_nonfiling as missing on missing.id = assessment.nonfiling_id
        where missing.account_id = due.account_id and missing.starts_on = due.starts_on
            and assessment.state = 2) as assessed on true
    where due.starts_on >= newest.ends_before - interval '12 months'
)
select going.account_id, going.id, min(looked.starts_on), max(looked.looked_before),
    coalesce(sum(looked.tax_cents), 0)::bigint,
    coalesce(sum(looked.months) filter (
        where looked.is_closed or looked.tax_cents is not null), 0)::int,
    count(*) filter (where not looked.is_closed and looked.return_id is null)
from going join looked using (account_id)
group by going.account_id, going.id order by going.account_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """What an account owed over the months looked at, in whole cents, and how much is known."""

    account_id: int
    # The newest filing term.
    term_id: int
    looked_from: datetime.date
    looked_before: datetime.date
    tax_cents: int
    months_known: int
    missing_returns: int

    @property
    def annual_cents(self) -> int:
        """What that makes in a year; 0 where nothing is known."""
        if not self.months_known:
            return 0
        return liabilities.annual_cents(self.tax_cents, months_known=self.months_known)


def of_accounts(
    *, bucket_from: int, bucket_before: int, on: datetime.date, until: datetime.date,
    known_at: datetime.datetime,
) -> Collection[Liability]:  # fmt: skip
    """Return what each account of a range owed that goes on after a day, by account.

    One whose newest term has not begun on the day is none of them: a change is coming. Raises what
    governing.obligations_of raises.
    """
    since = months.after(on.replace(day=1), -3 * months.MONTHS_IN_YEAR)
    due = past_due.past_due(today=on, known_at=known_at, since=since)
    with connection.cursor() as cursor:
        cursor.execute(
            _FIGURES,
            {
                **due.parameters(),
                "bucket_from": bucket_from,
                "bucket_before": bucket_before,
                "on": on,
                "until": until,
            },
        )
        return [
            Liability(
                account_id=row[0],
                term_id=row[1],
                looked_from=row[2],
                looked_before=row[3],
                tax_cents=row[4],
                months_known=row[5],
                missing_returns=row[6],
            )
            for row in cursor.fetchall()
        ]


def of_account(
    account_id: int, *, on: datetime.date, known_at: datetime.datetime
) -> Liability | None:
    """Return what one account owed; None where nothing is due of it yet, or it goes on no more."""
    bucket = account_id % _BUCKETS
    found = of_accounts(
        bucket_from=bucket, bucket_before=bucket + 1, on=on, until=on, known_at=known_at
    )
    return next((each for each in found if each.account_id == account_id), None)


def looked_at(
    account_id: int, *, days: periods.Period, known_at: datetime.datetime
) -> list[tuple[datetime.date, datetime.date, int]]:
    """Return the periods of some days with the tax that the newest return of then owed, in cents.

    A period without one has the tax that was assessed of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select * from (
                select distinct on (kept.starts_on) kept.starts_on, kept.ends_before,
                    kept.tax_due_cents
                from tax_returns_return as kept
                where kept.account_id = %(account_id)s and kept.starts_on >= %(first)s
                    and kept.ends_before <= %(end)s and kept.recorded_at <= %(known_at)s
                order by kept.starts_on, kept.version desc
            ) as filed
            union all
            select missing.starts_on, missing.ends_before, assessment.tax_cents
            from tax_returns_assessment as assessment
            join tax_returns_nonfiling as missing on missing.id = assessment.nonfiling_id
            where missing.account_id = %(account_id)s and missing.starts_on >= %(first)s
                and missing.ends_before <= %(end)s and assessment.posted_on is not null
                and assessment.decided_at <= %(known_at)s
                and not exists (
                    select from tax_returns_return as kept
                    where kept.account_id = missing.account_id
                        and kept.starts_on = missing.starts_on
                        and kept.recorded_at <= %(known_at)s)
            order by 1
            """,
            {
                "account_id": account_id,
                "first": days.starts_on,
                "end": days.ends_before,
                "known_at": known_at,
            },
        )
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]
