"""What a late tax costs on a day: the same function for what is owed and for a forecast."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics import periods
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import asking, lateness


@dataclass(frozen=True, slots=True)
class InterestLaw:
    """Tables of interest and the days they govern."""

    days: periods.Period
    tables: loading.Tables


@dataclass(frozen=True, slots=True)
class Bearing:
    """A part of the time unpaid: the facts asked, the interest in whole cents, and by what law."""

    part: lateness.Part
    facts: asking.Facts
    interest_cents: int
    law: InterestLaw


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """What is owed on a day of a tax and for its lateness, in whole cents.

    `penalty_cents` is after the cap on both penalties together, so it may be less than their sum.
    """

    on: datetime.date
    unpaid_tax_cents: int
    late_filing_cents: int
    late_payment_cents: int
    penalty_cents: int
    interest_cents: int
    # What the penalties were asked with, and each part of the interest.
    penalty_facts: asking.Facts
    bearings: tuple[Bearing, ...]

    @property
    def total_cents(self) -> int:
        """Unpaid tax, penalty and interest; what was paid of those two is not taken off."""
        return self.unpaid_tax_cents + self.penalty_cents + self.interest_cents


def owing(
    owed: lateness.Owed,
    *,
    on: datetime.date,
    penalties: loading.Tables,
    interest: Sequence[InterestLaw],
) -> Owing:
    """Compute what a tax and its lateness cost on a day, past or to come.

    `interest` must govern every day from the due day to `on`. Raises asking.NoAnswer.
    """
    facts = _penalty_facts(owed, on=on)
    (answers,) = asking.ask(penalties, [facts])
    names = ("late_filing", "late_payment", "penalty")
    asking.needed(answers, *names, tables=penalties, facts=facts)
    bearings = _bearings(owed, on=on, laws=interest)
    return Owing(
        on=on,
        unpaid_tax_cents=owed.tax_cents - sum(each.cents for each in owed.paid if each.day <= on),
        late_filing_cents=asking.cents(answers["late_filing"]),
        late_payment_cents=asking.cents(answers["late_payment"]),
        penalty_cents=asking.cents(answers["penalty"]),
        interest_cents=sum(each.interest_cents for each in bearings),
        penalty_facts=facts,
        bearings=bearings,
    )


def _penalty_facts(owed: lateness.Owed, *, on: datetime.date) -> asking.Facts:
    late = lateness.late(owed, on=on)
    return {
        "tax": asking.money(late.tax_cents),
        "tax_paid_late": asking.money(late.tax_paid_late_cents),
        "money_months": asking.money(late.money_months_cents),
        "months_filed_late": asking.number(late.months_filed_late),
        "months_paid_late": asking.number(late.months_paid_late),
    }


def _bearings(
    owed: lateness.Owed, *, on: datetime.date, laws: Sequence[InterestLaw]
) -> tuple[Bearing, ...]:
    """Each part's interest, a year knowing the interest of the years before it."""
    changes = [each.days.starts_on for each in laws]
    found: list[Bearing] = []
    for part in lateness.parts(owed, until=on, changes=changes):
        (law,) = (each for each in laws if each.days.holds(part.starts_on))
        earlier = sum(
            each.interest_cents for each in found if each.part.ends_on.year < part.ends_on.year
        )
        facts = _interest_facts(part, earlier_cents=earlier)
        (answers,) = asking.ask(law.tables, [facts])
        asking.needed(answers, "interest", tables=law.tables, facts=facts)
        found.append(Bearing(part, facts, asking.cents(answers["interest"]), law))
    return tuple(found)


def _interest_facts(part: lateness.Part, *, earlier_cents: int) -> asking.Facts:
    return {
        "unpaid_tax": asking.money(part.unpaid_cents),
        "interest_of_earlier_years": asking.money(earlier_cents),
        "days_in_part": asking.number(part.days),
        "days_in_part_by_30": asking.number(part.days_by_30),
        "days_in_year": asking.number(part.days_in_year),
        "months_begun_in_part": asking.number(part.months_begun),
    }
