"""What a late tax costs on a day: the same function for what is owed and for a forecast."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics import periods
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import asking, lateness

AFTER_CAP = ("penalty_after_cap", "interest_after_cap")


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

    `penalty_cents` is after the cap on both penalties together, so it may be less than their sum;
    it and `interest_cents` are after a cap on both, where the city has one.
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
    # The penalty before a cap on it and interest together.
    uncapped_penalty_cents: int

    @property
    def uncapped_interest_cents(self) -> int:
        """The interest of all parts, before a cap on penalty and interest together."""
        return sum(each.interest_cents for each in self.bearings)

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
    totals: loading.Tables | None = None,
) -> Owing:
    """Compute what a tax and its lateness cost on a day, past or to come.

    `interest` must govern every day from the due day to `on`. Raises asking.NoAnswer.
    """
    (found,) = owing_of_many(
        [owed], on=on, penalties=[penalties], interest=interest, totals=[totals]
    )
    return found


def owing_of_many(
    owed: Sequence[lateness.Owed],
    *,
    on: datetime.date,
    penalties: Sequence[loading.Tables],
    interest: Sequence[InterestLaw],
    totals: Sequence[loading.Tables | None],
) -> list[Owing]:
    """Compute the same for many taxes at once; `penalties` and `totals` are the tables of each.

    Tables are asked once for all that they govern, and those of interest once more for each part
    that a tax's time unpaid has: a year must know the interest of the years before it.
    """
    facts = [_penalty_facts(each, on=on) for each in owed]
    answers = _asked(penalties, facts, names=("late_filing", "late_payment", "penalty"))
    penalty_cents = [asking.cents(answer["penalty"]) for answer in answers]
    bearings = bearings_of_many(owed, on=on, laws=interest, penalty_cents=penalty_cents)
    uncapped = [
        (cents, sum(each.interest_cents for each in found))
        for cents, found in zip(penalty_cents, bearings, strict=True)
    ]
    capped = _capped(owed, uncapped, totals)
    return [
        Owing(
            on=on,
            unpaid_tax_cents=one.tax_cents - sum(each.cents for each in one.paid if each.day <= on),
            late_filing_cents=asking.cents(answer["late_filing"]),
            late_payment_cents=asking.cents(answer["late_payment"]),
            penalty_cents=both[0],
            interest_cents=both[1],
            penalty_facts=asked,
            bearings=tuple(found),
            uncapped_penalty_cents=before[0],
        )
        for one, asked, answer, found, before, both in zip(
            owed, facts, answers, bearings, uncapped, capped, strict=True
        )
    ]


def total_facts(*, tax_cents: int, penalty_cents: int, interest_cents: int) -> asking.Facts:
    """Return what the table of penalty and interest together is asked with."""
    return {
        "tax": asking.money(tax_cents),
        "penalty": asking.money(penalty_cents),
        "interest": asking.money(interest_cents),
    }


def _capped(
    owed: Sequence[lateness.Owed],
    uncapped: Sequence[tuple[int, int]],
    totals: Sequence[loading.Tables | None],
) -> list[tuple[int, int]]:
    """Penalty and interest of each tax after the cap on both, where its law has one."""
    found = list(uncapped)
    rows = [(place, each) for place, each in enumerate(totals) if each is not None]
    facts = [
        total_facts(
            tax_cents=owed[place].tax_cents,
            penalty_cents=uncapped[place][0],
            interest_cents=uncapped[place][1],
        )
        for place, _ in rows
    ]
    answers = _asked([each for _, each in rows], facts, names=AFTER_CAP)
    for (place, _), answer in zip(rows, answers, strict=True):
        penalty, interest = (asking.cents(answer[name]) for name in AFTER_CAP)
        found[place] = (penalty, interest)
    return found


def _asked(
    tables: Sequence[loading.Tables], facts: Sequence[asking.Facts], *, names: Sequence[str]
) -> list[asking.Answers]:
    """Ask each row of its own tables, each table once."""
    places = defaultdict(list)
    by_id = {id(each): each for each in tables}
    for place, each in enumerate(tables):
        places[id(each)].append(place)
    found: dict[int, asking.Answers] = {}
    for number, of in places.items():
        answers = asking.ask(by_id[number], [facts[place] for place in of])
        for place, answer in zip(of, answers, strict=True):
            asking.needed(answer, *names, tables=by_id[number], facts=facts[place])
            found[place] = answer
    return [found[place] for place in range(len(facts))]


def _penalty_facts(owed: lateness.Owed, *, on: datetime.date) -> asking.Facts:
    late = lateness.late(owed, on=on)
    return {
        "tax": asking.money(late.tax_cents),
        "tax_paid_late": asking.money(late.tax_paid_late_cents),
        "money_months": asking.money(late.money_months_cents),
        "months_filed_late": asking.number(late.months_filed_late),
        "months_paid_late": asking.number(late.months_paid_late),
        "whole_months_filed_late": asking.number(late.whole_months_filed_late),
        "whole_months_paid_late": asking.number(late.whole_months_paid_late),
        "days_filed_late": asking.number(late.days_filed_late),
        "days_paid_late": asking.number(late.days_paid_late),
        "money_days": asking.money(late.money_days_cents),
        "unpaid_tax": asking.money(late.unpaid_cents),
    }


def bearings_of_many(
    owed: Sequence[lateness.Owed],
    *,
    on: datetime.date,
    laws: Sequence[InterestLaw],
    name: str = "unpaid_tax",
    penalty_cents: Sequence[int] = (),
) -> list[list[Bearing]]:
    """Return each tax's parts with their interest, a year knowing that of the years before it.

    `name` is what the tables call the amount that bears it; `penalty_cents` is of each tax.
    """
    changes = [each.days.starts_on for each in laws]
    parts = [lateness.parts(each, until=on, changes=changes) for each in owed]
    found: list[list[Bearing]] = [[] for _ in owed]
    for turn in range(max(map(len, parts), default=0)):
        rows = [place for place, each in enumerate(parts) if turn < len(each)]
        facts, governing = [], []
        for place in rows:
            part = parts[place][turn]
            (law,) = (each for each in laws if each.days.holds(part.starts_on))
            earlier = sum(
                each.interest_cents
                for each in found[place]
                if each.part.ends_on.year < part.ends_on.year
            )
            asked = _interest_facts(part, name=name, earlier_cents=earlier)
            facts.append({**asked, "penalty": asking.money(sum(penalty_cents[place : place + 1]))})
            governing.append(law)
        answers = _asked([each.tables for each in governing], facts, names=("interest",))
        for place, told, law, answer in zip(rows, facts, governing, answers, strict=True):
            cents = asking.cents(answer["interest"])
            found[place].append(Bearing(parts[place][turn], told, cents, law))
    return found


def _interest_facts(part: lateness.Part, *, name: str, earlier_cents: int) -> asking.Facts:
    return {
        name: asking.money(part.unpaid_cents),
        "interest_of_earlier_years": asking.money(earlier_cents),
        "days_in_part": asking.number(part.days),
        "days_in_part_by_30": asking.number(part.days_by_30),
        "days_in_year": asking.number(part.days_in_year),
        "months_begun_in_part": asking.number(part.months_begun),
        "months_before_part": asking.number(part.months_before),
        "days_before_part": asking.number(part.days_before),
    }
