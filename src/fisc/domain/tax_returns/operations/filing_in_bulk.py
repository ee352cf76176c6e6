"""Taking many returns in at once: the same law as one by one, in columns.

The first return of a period with nothing wrong is computed and written with all others like it.
Any other (an amendment, one that is wrong, one that something of its account makes special) is
taken in by `filing.take_in` itself, in its turn, so that what becomes of it and what is said of it
is the same. Returns of one account are taken in the order of their rows, round after round.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from django.db import connection

from fisc.basics import calendars
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import (
    asking,
    checking,
    columns,
    many,
    obligations,
    posting_columns,
)
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, filing_rows, posting_in_bulk
from fisc.domain.tax_returns.queries import many as queries
from fisc.domain.tax_returns.queries import many_late
from fisc.domain.tax_returns.queries import returns as kept_returns
from fisc.plumbing import transactions

By = filing.By
Flags = many.Flags
Numbers = many.Numbers

# What keeps a return from being taken, which a person can set right: it is held with its words.
CANNOT_BE_TAKEN = (
    filing.NoReturnIsOwed,
    filing.IsFiledAlready,
    filing.ReturnIsWrong,
    versions.NoVersionForDate,
    asking.NoAnswer,
    calendars.CalendarRunsOut,
    obligations.ObligationIsWrong,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A return that was not taken: its place in what came, the whole of it, and why."""

    place: int
    came: filing.Came
    is_amendment: bool
    problems: tuple[checking.Problem, ...]
    # All that is wrong, in English.
    words: str


@dataclass(slots=True)
class Filed:
    """What became of many returns; every one is counted once."""

    # Together, in columns; and by themselves.
    together: int = 0
    alone: int = 0
    # Not kept again: the newest return of their period is here and says the same.
    again: int = 0
    tax_due_cents: int = 0
    held: list[Held] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """How many are kept."""
        return self.together + self.alone


@transactions.needs_transaction
@code_lists.at_one_generation()
def file_many(
    of: many.Returns, *, by: By, posting_day: datetime.date, run_id: int | None = None,
    chunk: int | None = None,
) -> Filed:  # fmt: skip
    """Take returns in, in the order of their rows; one that cannot be is held, the others go on.

    Rows of a run's chunk are numbered by it. Raises what PostgreSQL says of a sealed day.
    """
    _lock(of.account_ids)
    filers = queries.filers(of.account_ids)
    _lock_filers(filers)
    ids = filing_rows.Ids(run_id=run_id, chunk=chunk)
    marks = posting_in_bulk.Marks(posting_day, by.user_id, by.at, run_id)
    filed = Filed()
    for rows in of.rounds(filers):
        _file_round(of.part(rows), filed, ids=ids, by=by, marks=marks)
    filed.held.sort(key=lambda each: each.place)
    return filed


def _lock(account_ids: Numbers) -> None:
    """As `registering.lock`, in the order of ids, so that two chunks never wait in a ring."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from accounts_account where subledger_id = any(%s)"
            " order by subledger_id for no key update",
            [np.unique(account_ids).tolist()],
        )


def _lock_filers(filers: Numbers) -> None:
    """As `registering.lock_filer`, after all accounts and in the order of ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from accounts_party where id = any(%s) order by id for no key update",
            [np.unique(filers[filers > 0]).tolist()],
        )


def _file_round(
    of: many.Returns, filed: Filed, *, ids: filing_rows.Ids, by: By, marks: posting_in_bulk.Marks
) -> None:
    """Take in returns of filers of whom none is there twice."""
    done, odd = _computed(of, posting_day=marks.posting_day, known_at=by.at)
    if len(done.of):
        return_ids = filing_rows.write(done, ids=ids, at=by.at)
        posting_in_bulk.post(done, return_ids=return_ids, ids=ids, marks=marks)
        filed.together += len(done.of)
        filed.tax_due_cents += int(done.figures.tax_due_cents.sum())
    for row in odd.tolist():
        _file_alone(of, row, filed, by=by, posting_day=marks.posting_day)


def _computed(
    of: many.Returns, *, posting_day: datetime.date, known_at: datetime.datetime
) -> tuple[filing_rows.Computed, Numbers]:
    """Return those that can be taken together with their figures, and the rows of all others."""
    known = _Known(
        governed=queries.laws(of, known_at=known_at),
        owed=queries.owed(of, known_at=known_at),
        before=queries.before(of),
        posting_day=posting_day,
        known_at=known_at,
    )
    is_odd = columns.wrong(
        of,
        governed=known.governed,
        codes=queries.codes(of, known_at=known_at),
        most_cents=points.MONEY_MAX * 100,
    )
    is_odd |= ~known.owed.is_plain | of.is_amendment | (known.before.versions > 0)
    is_odd |= queries.in_the_books(of) | of.is_special
    is_odd[of.lines.of[~known.owed.is_registered]] = True
    rows = np.flatnonzero(~is_odd)
    done = _figures(of, rows, known)
    if (odd := done.is_odd).any():
        is_odd[rows[odd]] = True
        done = _figures(of, np.flatnonzero(~is_odd), known)
    return done, np.flatnonzero(is_odd)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of the returns of a round."""

    governed: columns.Governed
    owed: queries.Owed
    before: queries.Before
    posting_day: datetime.date
    known_at: datetime.datetime


def _figures(of: many.Returns, rows: Numbers, known: _Known) -> filing_rows.Computed:
    part = of.part(rows)
    owed = known.owed.at(rows, lines=np.flatnonzero(np.isin(of.lines.of, rows)))
    is_on_time = part.received_on <= owed.timely_until
    taken = known.before.credit_taken_cents[rows]
    figures = columns.computed(
        part,
        governed=replace(known.governed, place=known.governed.place[rows]),
        is_on_time=is_on_time,
        taken=taken,
        ends_before=owed.ends_before,
    )
    cost = many_late.cost(
        part,
        owed,
        tax_cents=np.maximum(figures.tax_due_cents, 0),
        on=known.posting_day,
        known_at=known.known_at,
    )
    return filing_rows.Computed(
        of=part,
        owed=owed,
        is_on_time=is_on_time,
        credit_taken_cents=taken,
        figures=figures,
        tax=posting_columns.of_returns(
            part, figures, region_ids=filing_rows.region_ids(part.lines)
        ),
        cost=cost,
        lateness=posting_columns.of_lateness(
            penalty_cents=cost.penalty_cents, interest_cents=cost.interest_cents
        ),
    )


def _file_alone(
    of: many.Returns, row: int, filed: Filed, *, by: By, posting_day: datetime.date
) -> None:
    one = came(of, row)
    if _is_here(one):
        filed.again += 1
        return
    try:
        with transactions.savepoint():
            kept = filing.take_in(one, by=by, posting_day=posting_day)
    except CANNOT_BE_TAKEN as problem:
        filed.held.append(
            Held(
                place=int(of.places[row]),
                came=one,
                is_amendment=bool(of.is_amendment[row]),
                problems=getattr(problem, "problems", ()),
                words=str(problem),
            )
        )
    else:
        filed.alone += 1
        filed.tax_due_cents += kept.tax_due_cents


def _is_here(one: filing.Came) -> bool:
    """Tell whether the newest return of the period says what came: the same, sent again.

    The day and the way it came are not compared: a sender repeats on another day, another way.
    """
    here = kept_returns.versions_of(one.account_id, starts_on=one.starts_on)
    if not here:
        return False
    newest = here[-1].filing
    return (
        _as_sent(newest.lines) == _as_sent(one.lines)
        and set(newest.as_filed) == set(one.as_filed)
        and newest.excess_tax_cents == one.excess_tax_cents
        and newest.credit_carried_cents == one.credit_carried_cents
        and newest.estimated_payments_cents == one.estimated_payments_cents
    )


def _as_sent(lines: tuple[Line, ...]) -> list[Line]:
    """Return lines as a sender says them: figures as filed in no order, nothing disallowed."""
    return [
        replace(
            each,
            is_disallowed=False,
            as_filed=tuple(sorted(each.as_filed, key=lambda figure: figure.key)),
        )
        for each in lines
    ]


def came(of: many.Returns, row: int) -> filing.Came:
    """Return one of many as it would have come alone."""
    account_id, starts_on = int(of.account_ids[row]), many.day(of.starts_on[row])
    said = of.special.get(int(of.places[row]))
    amends_id = None
    if of.is_amendment[row]:
        versions_here = kept_returns.versions_of(account_id, starts_on=starts_on)
        # No return has the number 0: that there is nothing to amend is said as for any other.
        amends_id = versions_here[-1].return_id if versions_here else 0
    return filing.Came(
        account_id=account_id,
        starts_on=starts_on,
        received_on=many.day(of.received_on[row]),
        is_electronic=bool(of.is_electronic[row]),
        lines=of.lines_of(row),
        excess_tax_cents=int(of.excess_tax_cents[row]),
        credit_carried_cents=int(of.credit_carried_cents[row]),
        estimated_payments_cents=int(of.estimated_payments_cents[row]),
        amends_id=amends_id,
        form=said.form if said else "",
        as_filed=said.as_filed if said else (),
    )


def of_filings(filings: Iterator[tuple[int, filing.Came, bool]]) -> many.Returns:
    """Return filings as columns: each with its place in what came, and whether it amends."""
    rows = list(filings)
    lines = [(row, line) for row, (_, each, _) in enumerate(rows) for line in each.lines]
    deductions = [
        (place, each) for place, (_, line) in enumerate(lines) for each in line.deductions
    ]

    def numbers(values: list[int]) -> Numbers:
        return np.array(values, dtype=np.int64)

    return many.Returns(
        places=numbers([place for place, _, _ in rows]),
        account_ids=numbers([each.account_id for _, each, _ in rows]),
        starts_on=numbers([many.number_of(each.starts_on) for _, each, _ in rows]),
        received_on=numbers([many.number_of(each.received_on) for _, each, _ in rows]),
        is_electronic=np.array([each.is_electronic for _, each, _ in rows], dtype=np.bool_),
        is_amendment=np.array([amends for _, _, amends in rows], dtype=np.bool_),
        excess_tax_cents=numbers([each.excess_tax_cents for _, each, _ in rows]),
        credit_carried_cents=numbers([each.credit_carried_cents for _, each, _ in rows]),
        estimated_payments_cents=numbers([each.estimated_payments_cents for _, each, _ in rows]),
        lines=many.Lines(
            of=numbers([row for row, _ in lines]),
            region=many.coded([line.region for _, line in lines]),
            business_class=many.coded([line.business_class for _, line in lines]),
            gross_cents=numbers([line.gross_cents for _, line in lines]),
        ),
        deductions=many.Deductions(
            of=numbers([place for place, _ in deductions]),
            code=many.coded([each.code for _, each in deductions]),
            cents=numbers([each.cents for _, each in deductions]),
        ),
        special={place: special for place, each, _ in rows if (special := _special(each))},
    )


def _special(came: filing.Came) -> many.Special | None:
    """What a return says that columns have no room for; None where that is nothing."""
    plain = all(
        each
        == Line(
            region=each.region,
            business_class=each.business_class,
            gross_cents=each.gross_cents,
            deductions=each.deductions,
        )
        for each in came.lines
    )
    if plain and not came.form and not came.as_filed:
        return None
    return many.Special(form=came.form, as_filed=came.as_filed, lines=came.lines)
