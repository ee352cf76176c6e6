"""Filing periods that no return can be in time for any more, of all accounts at once.

Whole periods are said once for each frequency and year; those that a change of frequency cut short
are said of their own term. SQL joins both with terms by `OF_TERMS`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import months, obligations
from fisc.domain.tax_returns.queries import governing, members

FREQUENCY = "filing frequency"

# Gives account_id, starts_on, ends_before and is_closed, which is of a seasonal account's months
# without business. The account is registered for something on a day of each.
_RESTS = members.RESTS.format(
    account="term.account_id", starts="due.starts_on", ends="due.ends_before"
)
OF_TERMS = f"""
    with registered as materialized (
        select account_id, starts_on, ends_before from tax_returns_registration)
    select term.account_id, due.starts_on, due.ends_before,
        term.seasonal_months <> '{{}}' and not exists (
            select from generate_series(due.starts_on::timestamp,
                due.ends_before - interval '1 day', interval '1 month') as month
            where extract(month from month) = any(term.seasonal_months)) as is_closed
    from tax_returns_filing_term as term
    join unnest(%(frequencies)s::bigint[], %(years)s::int[], %(terms)s::bigint[],
            %(starts)s::date[], %(ends)s::date[])
        as due (frequency_id, year_starts_in, term_id, starts_on, ends_before)
        on due.frequency_id = term.frequency_id and due.year_starts_in = term.year_starts_in
        and (due.term_id = term.id
            or due.term_id is null and due.starts_on >= term.starts_on
                and (term.ends_before is null or due.ends_before <= term.ends_before))
    where not {_RESTS} and exists (
        select from registered
        where registered.account_id = term.account_id
            and registered.starts_on < due.ends_before
            and (registered.ends_before is null or registered.ends_before > due.starts_on))
"""

_CUT = """
    select term.id from tax_returns_filing_term as term
    join unnest(%(frequencies)s::bigint[], %(lengths)s::int[]) as often (frequency_id, length)
        on often.frequency_id = term.frequency_id
    where (extract(month from term.starts_on)::int + 12 - term.year_starts_in) %% length <> 0
        or (extract(month from term.ends_before)::int + 12 - term.year_starts_in) %% length <> 0
"""


@dataclass(slots=True)
class Periods:
    """Periods as columns, for OF_TERMS; one of no term is of every term of its frequency."""

    frequencies: list[int] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    terms: list[int | None] = field(default_factory=list)
    starts: list[datetime.date] = field(default_factory=list)
    ends: list[datetime.date] = field(default_factory=list)

    def add(self, row: models.FilingTerm, *, term_id: int | None, days: periods.Period) -> None:
        """Take one in."""
        # Every filing period has an end.
        assert days.ends_before is not None
        self.frequencies.append(row.frequency_id)
        self.years.append(row.year_starts_in)
        self.terms.append(term_id)
        self.starts.append(days.starts_on)
        self.ends.append(days.ends_before)

    def parameters(self) -> dict[str, list[Any]]:
        """Return them as OF_TERMS names them."""
        return {
            "frequencies": self.frequencies,
            "years": self.years,
            "terms": self.terms,
            "starts": self.starts,
            "ends": self.ends,
        }


@code_lists.at_one_generation()
def past_due(
    *, today: datetime.date, known_at: datetime.datetime, since: datetime.date | None = None
) -> Periods:
    """Return the periods that no return can be in time for any more, however it is sent.

    Only those that begin on `since` or later, where it is given. Raises what
    governing.obligations_of raises.
    """
    found, codes = Periods(), code_lists.codes_by_id(FREQUENCY)
    terms = models.FilingTerm.objects.order_by("frequency_id", "year_starts_in", "starts_on")
    for row in terms.distinct("frequency_id", "year_starts_in"):
        first = max(row.starts_on, since or row.starts_on)
        for owed in governing.obligations_of(
            codes[row.frequency_id].code,
            registered=periods.Period(starts_on=first),
            before=today,
            known_at=known_at,
            year_starts_in=row.year_starts_in,
        ):
            if _is_past(owed, today=today) and owed.days.starts_on >= (since or first):
                found.add(row, term_id=None, days=owed.days)
    for row, days in _cut(today=today):
        if since is None or days.starts_on >= since:
            frequency = codes[row.frequency_id].code
            owed = governing.obligation_of(frequency, days=days, known_at=known_at)
            if _is_past(owed, today=today):
                found.add(row, term_id=row.id, days=days)
    return found


def _is_past(owed: obligations.Obligation, *, today: datetime.date) -> bool:
    return max(owed.paper_received_by, owed.electronic_received_by) < today


def _cut(*, today: datetime.date) -> Iterator[tuple[models.FilingTerm, periods.Period]]:
    """Give the periods of terms that are shorter than those of their frequency."""
    codes = code_lists.codes_by_id(FREQUENCY)
    lengths = {each: int(code.attributes["months"]) for each, code in codes.items()}
    # A length that fits no year is said in words where its whole periods are.
    lengths = {
        each: length for each, length in lengths.items() if 1 < length <= months.MONTHS_IN_YEAR
    }
    with connection.cursor() as cursor:
        cursor.execute(_CUT, {"frequencies": list(lengths), "lengths": list(lengths.values())})
        ids = [row[0] for row in cursor.fetchall()]
    for row in models.FilingTerm.objects.filter(id__in=ids).order_by("id"):
        length = lengths[row.frequency_id]
        for days in obligations.filing_periods(
            length,
            registered=periods.Period(starts_on=row.starts_on, ends_before=row.ends_before),
            year_starts_in=row.year_starts_in,
            is_cut=True,
        ):
            if days.ends_before is None or days.ends_before > today:
                break
            if months.spanned(days) < length:
                yield row, days
