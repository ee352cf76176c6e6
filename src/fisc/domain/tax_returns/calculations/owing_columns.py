"""What lateness costs of many taxes that are due alike and of which nothing is paid yet.

The same as `owing.owing`, tax by tax: days and months are found once, by the same functions, for a
tax of one cent, and the tables are asked as columns.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import columns, lateness, many, owing

Numbers = many.Numbers
Flags = many.Flags


_FILED = ("months_filed_late", "whole_months_filed_late", "days_filed_late")
_PAID = ("months_paid_late", "whole_months_paid_late", "days_paid_late")


@dataclass(frozen=True, slots=True)
class DueAlike:
    """The due day of some taxes, and the last day on which return and payment are in time."""

    due_on: datetime.date
    timely_until: datetime.date

    def of_one_cent(self, filed_on: datetime.date) -> lateness.Owed:
        """Return a tax of one cent that is due so: what is counted of it, each cent has."""
        return lateness.Owed(
            tax_cents=1, due_on=self.due_on, timely_until=self.timely_until, filed_on=filed_on
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """Penalty and interest in whole cents; neither means anything where a table has no answer."""

    penalty_cents: Numbers
    interest_cents: Numbers
    unanswered: Flags


def cost(
    tax_cents: Numbers, filed_on: Numbers, *, due: DueAlike, on: datetime.date,
    penalties: loading.Tables, interest: Sequence[owing.InterestLaw],
    totals: loading.Tables | None = None,
) -> Cost:  # fmt: skip
    """Return what lateness costs on a day; `interest` governs every day from the due day to it.

    `totals` is the cap on penalty and interest together, where there is one.
    """
    penalty = _penalty(tax_cents, filed_on, due=due, on=on, tables=penalties)
    bears = np.flatnonzero(tax_cents > 0)
    found, unanswered = _interest(
        tax_cents[bears], penalty.values[bears], due=due, on=on, laws=interest
    )
    interest_cents = np.zeros(len(tax_cents), dtype=np.int64)
    interest_cents[bears] = found
    is_unanswered = penalty.nulls.copy()
    is_unanswered[bears[unanswered]] = True
    if totals is None:
        return Cost(penalty.values, interest_cents, is_unanswered)
    return _capped(tax_cents, penalty.values, interest_cents, is_unanswered, tables=totals)


def _capped(
    tax_cents: Numbers, penalty_cents: Numbers, interest_cents: Numbers, unanswered: Flags, *,
    tables: loading.Tables,
) -> Cost:  # fmt: skip
    answers = columns.asked(
        owing.AFTER_CAP,
        [tables],
        np.zeros(len(tax_cents), dtype=np.int64),
        {"tax": tax_cents, "penalty": penalty_cents, "interest": interest_cents},
    )
    penalty, interest = (answers[name] for name in owing.AFTER_CAP)
    return Cost(penalty.values, interest.values, unanswered | penalty.nulls | interest.nulls)


def _penalty(
    tax_cents: Numbers, filed_on: Numbers, *, due: DueAlike, on: datetime.date,
    tables: loading.Tables,
) -> columns.Answer:  # fmt: skip
    days, place = np.unique(filed_on, return_inverse=True)
    late = [lateness.late(due.of_one_cent(many.day(day)), on=on) for day in days.tolist()]

    def each(name: str) -> Numbers:
        found: Numbers = np.array([getattr(one, name) for one in late], dtype=np.int64)[place]
        return found

    answers = columns.asked(
        ("late_filing", "late_payment", "penalty"),
        [tables],
        np.zeros(len(tax_cents), dtype=np.int64),
        {
            "tax": tax_cents,
            "tax_paid_late": tax_cents * each("tax_paid_late_cents"),
            "money_months": tax_cents * each("money_months_cents"),
            "money_days": tax_cents * each("money_days_cents"),
            "unpaid_tax": tax_cents * each("unpaid_cents"),
            **{name: each(name) for name in _FILED},
            # Of no tax nothing is paid late.
            **{name: np.where(tax_cents > 0, each(name), 0) for name in _PAID},
        },
    )
    nulls = answers["late_filing"].nulls | answers["late_payment"].nulls
    return columns.Answer(answers["penalty"].values, answers["penalty"].nulls | nulls)


def _interest(
    tax_cents: Numbers, penalty_cents: Numbers, *, due: DueAlike, on: datetime.date,
    laws: Sequence[owing.InterestLaw],
) -> tuple[Numbers, Flags]:  # fmt: skip
    none = np.zeros(len(tax_cents), dtype=np.int64)
    # By calendar year: a year knows the interest of the years before it.
    found: dict[int, Numbers] = {}
    unanswered = np.zeros(len(tax_cents), dtype=np.bool_)
    one_cent = due.of_one_cent(due.due_on)
    for part in lateness.parts(one_cent, until=on, changes=[each.days.starts_on for each in laws]):
        (law,) = (each for each in laws if each.days.holds(part.starts_on))
        earlier = sum((cents for year, cents in found.items() if year < part.ends_on.year), none)
        answer = columns.asked(
            ("interest",),
            [law.tables],
            none,
            {
                "unpaid_tax": tax_cents * part.unpaid_cents,
                "interest_of_earlier_years": earlier,
                "days_in_part": none + part.days,
                "days_in_part_by_30": none + part.days_by_30,
                "days_in_year": none + part.days_in_year,
                "months_begun_in_part": none + part.months_begun,
                "months_before_part": none + part.months_before,
                "days_before_part": none + part.days_before,
                "penalty": penalty_cents,
            },
        )["interest"]
        unanswered |= answer.nulls
        found[part.ends_on.year] = found.get(part.ends_on.year, none) + answer.values
    return sum(found.values(), none), unanswered
