"""A return tried before it is filed: its figures, or everything wrong with it; nothing is kept."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.domain.tax_returns.calculations import checking, obligations, returns
from fisc.domain.tax_returns.queries import governing, registrations
from fisc.domain.tax_returns.queries import returns as queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A return as it came, for the period that starts on a day; money in whole cents.

    `amends_id` is the newest version that the filer or clerk saw, where this one replaces it.
    """

    account_id: int
    starts_on: datetime.date
    received_on: datetime.date
    is_electronic: bool
    lines: tuple[returns.Line, ...]
    excess_tax_cents: int = 0
    credit_carried_cents: int = 0
    estimated_payments_cents: int = 0
    amends_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What filing a return would find: figures where nothing is wrong with it."""

    filing: returns.Filing
    problems: tuple[checking.Problem, ...]
    computed: returns.Computed | None


def tried(
    came: Came,
    *,
    owed: registrations.Owed,
    before: Sequence[queries.Kept],
    known_at: datetime.datetime,
) -> Tried:
    """Check and compute a return as filing it would; `before` are the versions of its period.

    Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    filing = filing_of(came, owed.obligation, before)
    wrong = problems(filing, owed=owed, known_at=known_at)
    if wrong:
        return Tried(filing, wrong, None)
    laws = governing.governing(owed.obligation.days, known_at=known_at).laws
    return Tried(filing, (), returns.compute(filing, laws=laws))


def problems(
    filing: returns.Filing, *, owed: registrations.Owed, known_at: datetime.datetime
) -> tuple[checking.Problem, ...]:
    """Return everything wrong with a return of an account. Raises versions.NoVersionForDate."""
    return (
        *governing.problems(filing, days=owed.obligation.days, known_at=known_at),
        *checking.unregistered(filing, lines=owed.lines),
    )


def filing_of(
    came: Came, obligation: obligations.Obligation, before: Sequence[queries.Kept]
) -> returns.Filing:
    """Return what came as it is computed: in time or not, and with the credit of the year."""
    if before:
        is_on_time = before[0].filing.is_on_time
    else:
        last = obligation.timely_until(is_electronic=came.is_electronic)
        is_on_time = came.received_on <= last
    return returns.Filing(
        lines=came.lines,
        is_on_time=is_on_time,
        is_electronic=came.is_electronic,
        excess_tax_cents=came.excess_tax_cents,
        credit_taken_in_year_cents=queries.credit_taken(
            came.account_id, year=came.starts_on.year, but_not=came.starts_on
        ),
        credit_carried_cents=came.credit_carried_cents,
        estimated_payments_cents=came.estimated_payments_cents,
    )
