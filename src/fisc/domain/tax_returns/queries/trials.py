"""A return tried before it is filed: its figures, or everything wrong with it; nothing is kept."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.domain.tax_returns.calculations import (
    checking,
    comparing,
    forms,
    months,
    obligations,
    returns,
)
from fisc.domain.tax_returns.queries import judging, registrations
from fisc.domain.tax_returns.queries import returns as queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A return as it came, for the period that starts on a day; money in whole cents.

    `amends_id` is the newest version that the filer or clerk saw, where this one replaces it.
    `form` is the code of the form it is written on; empty, it is the account's for the period.
    `as_filed` has the figures of the form's boxes that the filer worked out; those of lines are
    on the lines.
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
    form: str = ""
    as_filed: tuple[returns.Filed, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What filing a return would find: figures where nothing is wrong with it.

    `compared` are the figures that the filer worked out beside them; deductions that were
    disallowed for one of those count for nothing in `filing`.
    """

    filing: returns.Filing
    problems: tuple[checking.Problem, ...]
    computed: returns.Computed | None
    form: forms.Form | None = None
    compared: tuple[comparing.Compared, ...] = ()


def tried(
    came: Came,
    *,
    owed: registrations.Owed,
    before: Sequence[queries.Kept],
    known_at: datetime.datetime,
) -> Tried:
    """Check and compute a return as filing it would; `before` are the versions of its period.

    Raises versions.NoVersionForDate, forms.FormIsWrong.
    """
    filing = filing_of(came, owed.obligation, before)
    form, settled = judging.judged(filing, owed=owed, code=came.form, known_at=known_at)
    if isinstance(settled, tuple):
        return Tried(filing, settled, None, form)
    return Tried(settled.filing, (), settled.computed, form, settled.compared)


def filing_of(
    came: Came, obligation: obligations.Obligation, before: Sequence[queries.Kept]
) -> returns.Filing:
    """Return what came as it is computed: in time or not, and with the credit of the year."""
    if before:
        first = before[0]
        # Its due day may have been put off since it came.
        last = obligation.timely_until(is_electronic=first.filing.is_electronic)
        is_on_time = first.filing.is_on_time or first.received_on <= last
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
        starts_on=came.starts_on,
        months_in_period=months.spanned(obligation.days),
        as_filed=came.as_filed,
    )


def filing_alone(came: Came) -> returns.Filing:
    """Return what came, for a period that nothing is known of."""
    return returns.Filing(
        lines=came.lines,
        is_on_time=False,
        is_electronic=came.is_electronic,
        excess_tax_cents=came.excess_tax_cents,
        credit_carried_cents=came.credit_carried_cents,
        estimated_payments_cents=came.estimated_payments_cents,
        as_filed=came.as_filed,
    )
