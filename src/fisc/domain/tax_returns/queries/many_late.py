"""What lateness costs of many returns, taxes that are due alike together."""

from __future__ import annotations

import datetime

import numpy as np

from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns.calculations import many, owing_columns
from fisc.domain.tax_returns.queries import governing
from fisc.domain.tax_returns.queries import many as queries

Numbers = many.Numbers


def cost(
    of: many.Returns, owed: queries.Owed, *, tax_cents: Numbers, on: datetime.date,
    known_at: datetime.datetime,
) -> owing_columns.Cost:  # fmt: skip
    """Return what lateness of taxes with nothing paid costs on a day, return by return."""
    none = np.zeros(len(of), dtype=np.int64)
    found = owing_columns.Cost(none, none.copy(), np.zeros(len(of), dtype=np.bool_))
    late = np.flatnonzero(owed.due_on < many.number_of(on))
    # Both in one number: a return is in time until some days after it is due.
    days = (owed.timely_until - owed.due_on)[late]
    width = int(days.max(initial=0)) + 1
    keys, place = np.unique(owed.due_on[late] * width + days, return_inverse=True)
    for nth, key in enumerate(keys.tolist()):
        due_on, after = divmod(key, width)
        due = owing_columns.DueAlike(many.day(due_on), many.day(due_on + after))
        rows = late[place == nth]
        try:
            each = _cost(due, tax_cents[rows], of.received_on[rows], on=on, known_at=known_at)
        except versions.NoVersionForDate:
            # Said in words where such a return is taken alone.
            found.unanswered[rows] = True
            continue
        found.penalty_cents[rows] = each.penalty_cents
        found.interest_cents[rows] = each.interest_cents
        found.unanswered[rows] = each.unanswered
    return found


def _cost(
    due: owing_columns.DueAlike, tax_cents: Numbers, filed_on: Numbers, *, on: datetime.date,
    known_at: datetime.datetime,
) -> owing_columns.Cost:  # fmt: skip
    one_cent = due.of_one_cent(due.due_on)
    return owing_columns.cost(
        tax_cents,
        filed_on,
        due=due,
        on=on,
        penalties=governing.penalties(one_cent, known_at=known_at).tables,
        interest=governing.interest_laws(due_on=due.due_on, on=on, known_at=known_at),
        totals=governing.tables_of_totals(due.due_on, known_at=known_at),
    )
