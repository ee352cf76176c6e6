"""Returns that did not come: found for many accounts at once, and listed until they come."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.basics import calendars, periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import asking, obligations
from fisc.domain.tax_returns.calculations import extensions as of_extensions
from fisc.domain.tax_returns.queries import extensions, governing, members, registrations

# Whole filing periods that are over, of which there is neither a return nor a row, and in which
# the account is registered for something: as `registrations.owed_returns` has them.
_RESTS = members.RESTS.format(
    account="term.account_id", starts="period.starts_on", ends="period.ends_before"
)
_MISSING = f"""
    select term.account_id, term.frequency_id, period.starts_on, period.ends_before
    from tax_returns_filing_term as term
    join unnest(%(frequencies)s::bigint[], %(lengths)s::int[]) as often (frequency_id, length)
        on often.frequency_id = term.frequency_id
    cross join lateral (
        select greatest(first::date, term.starts_on) as starts_on,
            least((first + make_interval(months => often.length))::date, term.ends_before)
                as ends_before
        from generate_series(
            term.starts_on - make_interval(
                months => (extract(month from term.starts_on)::int + 12 - term.year_starts_in)
                    %% often.length),
            least(term.ends_before - 1, %(on)s::date)::timestamp,
            make_interval(months => often.length)) as first
    ) as period
    where term.account_id %% 4096 >= %(bucket_from)s and term.account_id %% 4096 < %(bucket_before)s
        and period.ends_before <= %(on)s
        and (cardinality(term.seasonal_months) = 0 or exists (
            select from generate_series(
                period.starts_on::timestamp, period.ends_before - 1, interval '1 month') as month
            where extract(month from month) = any(term.seasonal_months)))
        and exists (
            select from tax_returns_registration as registered
            where registered.account_id = term.account_id
                and registered.starts_on < period.ends_before
                and (registered.ends_before is null or registered.ends_before > period.starts_on))
        and not {_RESTS}
        and not exists (
            select from tax_returns_return as filed
            where filed.account_id = term.account_id and filed.starts_on = period.starts_on)
        and not exists (
            select from tax_returns_nonfiling as known
            where known.account_id = term.account_id and known.starts_on = period.starts_on)
    order by term.account_id, period.starts_on
"""

_OPEN = """
    select missing.id, missing.account_id, missing.starts_on, missing.ends_before, missing.due_on,
        missing.timely_until, missing.found_on
    from tax_returns_nonfiling as missing
    where not exists (
            select from tax_returns_return as filed
            where filed.account_id = missing.account_id and filed.starts_on = missing.starts_on)
        and (%(account_id)s::bigint is null or missing.account_id = %(account_id)s)
    order by missing.timely_until, missing.account_id, missing.starts_on
    limit %(most)s
"""


class NoSuchNonFiling(Exception):
    """A period was asked about that was not found missing."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A period of an account without a return on a day when none can come in time any more."""

    account_id: int
    days: periods.Period
    ends_before: datetime.date
    due_on: datetime.date
    # The last day in time, on paper or electronically, whichever is later.
    timely_until: datetime.date


@dataclass(frozen=True, slots=True)
class NonFiling:
    """A missing return as it was found on a day."""

    nonfiling_id: int
    account_id: int
    days: periods.Period
    due_on: datetime.date
    timely_until: datetime.date
    found_on: datetime.date


def missing(
    *, bucket_from: int, bucket_before: int, on: datetime.date, known_at: datetime.datetime
) -> tuple[list[Missing], int]:
    """Return periods that are missing on a day and not yet known to be, by account and period.

    Also how many periods no table or calendar gives a due day for: a day's run says so and goes on.
    Due days are asked once for each frequency and period.
    """
    listed = code_lists.codes_by_id("filing frequency")
    lengths = {each: registrations.months_of(code.code) for each, code in listed.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            _MISSING,
            {
                "bucket_from": bucket_from,
                "bucket_before": bucket_before,
                "on": on,
                "frequencies": list(lengths),
                "lengths": list(lengths.values()),
            },
        )
        rows = cursor.fetchall()
    due = {
        key: _obligation(listed[key[0]].code, key[1], known_at=known_at)
        for key in {(row[1], periods.Period(starts_on=row[2], ends_before=row[3])) for row in rows}
    }
    found, without, put_off = [], 0, extensions.declared()
    for account_id, frequency_id, starts_on, ends_before in rows:
        days = periods.Period(starts_on=starts_on, ends_before=ends_before)
        owed = due[frequency_id, days]
        if owed is None:
            without += 1
            continue
        if any(each.due_from <= owed.due_on <= each.due_through for each in put_off):
            regions = registrations.regions_in(account_id, days=days)
            owed = of_extensions.extended(owed, regions=regions, extensions=put_off)
        until = max(owed.paper_received_by, owed.electronic_received_by)
        if on > until:
            found.append(Missing(account_id, days, ends_before, owed.due_on, until))
    return found, without


def _obligation(
    frequency: str, days: periods.Period, *, known_at: datetime.datetime
) -> obligations.Obligation | None:
    """Return what is owed of a period; None where no table or calendar says by when."""
    try:
        return governing.obligation_of(frequency, days=days, known_at=known_at)
    except (asking.NoAnswer, calendars.CalendarRunsOut, versions.NoVersionForDate):
        return None


def still_missing(*, account_id: int | None = None, most: int = 10_000) -> Sequence[NonFiling]:
    """Return what was found missing and has not come, of one account or all, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"account_id": account_id, "most": most})
        return [
            NonFiling(
                row[0], row[1], periods.Period(starts_on=row[2], ends_before=row[3]), *row[4:]
            )
            for row in cursor.fetchall()
        ]


def one(nonfiling_id: int) -> NonFiling:
    """Return one that was found missing, come or not. Raises NoSuchNonFiling."""
    row = models.NonFiling.objects.filter(id=nonfiling_id).first()
    if row is None:
        raise NoSuchNonFiling(f"No missing return has the number {nonfiling_id}.")
    return NonFiling(
        row.id,
        row.account_id,
        periods.Period(starts_on=row.starts_on, ends_before=row.ends_before),
        row.due_on,
        row.timely_until,
        row.found_on,
    )
