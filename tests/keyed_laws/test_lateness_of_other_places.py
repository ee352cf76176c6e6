"""Penalties and interest of other places: each law is tables alone, each answer worked by hand."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pytest

from fisc.basics import periods
from fisc.domain.rule_tables.calculations import citations
from fisc.domain.tax_returns.calculations import asking, many, owing, owing_columns
from fisc.domain.tax_returns.calculations.lateness import Owed, Paid
from tests.keyed_laws import laws

D = datetime.date


@dataclass(frozen=True)
class Law:
    """What a place says of lateness."""

    penalties: str
    interest: str
    is_capped: bool = False


LINO_LAKES = Law("lino_lakes", "lino_lakes")
WHITESBORO = Law("whitesboro", "whitesboro")
FALLON = Law("fallon", "fallon")
BETHANY = Law("bethany", "bethany")
COLORADO = Law("colorado", "one_a_month")
FLORIDA = Law("florida", "florida")
CHICAGO = Law("chicago", "one_a_month")
JOINT = Law("five_a_month", "one_a_month", is_capped=True)
GROWING = Law("whole_months", "grows")


def owing_of(law: Law, owed: Owed, *, on: D) -> owing.Owing:
    """By the path of every return, having seen that the case evaluator says the same."""
    tables = laws.of(f"tax_returns.penalties.{law.penalties}")
    totals = laws.of("tax_returns.late_totals.joint_cap") if law.is_capped else None
    found = owing.owing(
        owed,
        on=on,
        penalties=tables,
        interest=[laws.interest(law.interest)],
        totals=totals,
    )
    by_case = tables.answers(found.penalty_facts)
    assert asking.cents(by_case["Penalty"]) == found.uncapped_penalty_cents  # type: ignore[arg-type]
    for each in found.bearings:
        assert asking.cents(each.law.tables.answers(each.facts)["Interest"]) == each.interest_cents  # type: ignore[arg-type]
    return found


def owed(tax_cents: int, due_on: D, *paid: tuple[D, int], filed_on: D | None = None) -> Owed:
    return Owed(
        tax_cents=tax_cents,
        due_on=due_on,
        timely_until=due_on,
        filed_on=filed_on,
        paid=tuple(Paid(*each) for each in paid),
    )


MAY, JAN, MARCH = D(2024, 5, 20), D(2023, 1, 31), D(2024, 3, 20)
CASES = [
    # Lino Lakes: 11 days of May, 30 of June, 25 of July are 66, so 20%; 8% on 1,200.00 over 365:
    # 17.359. The 30th day: 10%, 8% on 1,100.00: 7.233; the 31st: 8% on 1,150.00: 7.814. Of 60.00
    # the least is 10.00; 8% on 70.00 for a day: 0.015.
    (LINO_LAKES, owed(100_000, MAY), D(2024, 7, 25), 20_000, 1_736),
    (LINO_LAKES, owed(100_000, MAY), D(2024, 6, 19), 10_000, 723),
    (LINO_LAKES, owed(100_000, MAY), D(2024, 6, 20), 15_000, 781),
    (LINO_LAKES, owed(6_000, MAY), D(2024, 5, 21), 1_000, 2),
    # Whitesboro: 5% to the 30th day, 10% then; nothing bears before the 60th. Of 90 days 30 bear:
    # 800 x 12% x 30 / 365 = 7.890. With 300.00 paid on day 70, 10 days on 800.00 are 2.630 and 20
    # on 500.00 are 3.288.
    (WHITESBORO, owed(80_000, JAN), D(2023, 3, 2), 4_000, 0),
    (WHITESBORO, owed(80_000, JAN), D(2023, 3, 3), 8_000, 0),
    (WHITESBORO, owed(80_000, JAN), D(2023, 4, 1), 8_000, 0),
    (WHITESBORO, owed(80_000, JAN), D(2023, 5, 1), 8_000, 789),
    (WHITESBORO, owed(80_000, JAN, (D(2023, 4, 11), 30_000)), D(2023, 5, 1), 8_000, 592),
    (WHITESBORO, owed(1_000, JAN), D(2023, 2, 1), 100, 0),
    # Fallon: due on a last day, so February ends the first month and March 1 begins the second.
    (FALLON, owed(50_000, D(2024, 1, 31)), D(2024, 2, 29), 7_500, 750),
    (FALLON, owed(50_000, D(2024, 1, 31)), D(2024, 3, 1), 7_500, 1_500),
    (FALLON, owed(200_000, D(2024, 1, 31)), D(2024, 3, 1), 20_000, 6_000),
    # Bethany: 600.00 a month late and 400.00 three: 10% of 1,800.00; 2% of 1,000.00 for the first
    # month and of 400.00 for two more. After six months the penalty is half the tax.
    (
        BETHANY,
        owed(100_000, D(2024, 1, 20), (D(2024, 2, 10), 60_000)),
        D(2024, 4, 1),
        18_000,
        3_600,
    ),
    (BETHANY, owed(100_000, D(2024, 1, 20)), D(2024, 7, 1), 50_000, 12_000),
    # Colorado: 10% and 0.5% a month; 12.5% of 1,200.00 for five, 18% from sixteen; at least 15.00.
    (COLORADO, owed(120_000, D(2024, 1, 20)), D(2024, 6, 20), 15_000, 6_000),
    (COLORADO, owed(120_000, D(2024, 1, 20)), D(2025, 6, 1), 21_600, 20_400),
    (COLORADO, owed(4_000, D(2024, 1, 20)), D(2024, 1, 21), 1_500, 40),
    # Florida: 30 days are one period, 31 two, 200 five; 1,000 x 31 x 0.000245902 = 7.623.
    (FLORIDA, owed(100_000, MARCH), D(2024, 4, 19), 10_000, 738),
    (FLORIDA, owed(100_000, MARCH), D(2024, 4, 20), 20_000, 762),
    (FLORIDA, owed(100_000, MARCH), D(2024, 10, 6), 50_000, 4_918),
    (FLORIDA, owed(10_000, MARCH), D(2024, 3, 21), 5_000, 2),
    # Chicago: 1% of 800,000.00 would be 8,000.00 and is 5,000.00; 5% of what was paid late.
    (CHICAGO, owed(80_000_000, MARCH), D(2024, 3, 21), 4_500_000, 800_000),
    (CHICAGO, owed(100_000, MARCH, filed_on=MARCH), D(2024, 3, 21), 5_000, 1_000),
    # A cap on all together, 30% of 400.00: 20% and 4% stay; 25% and 8% leave 20.00 of interest;
    # after two years no more than that.
    (JOINT, owed(40_000, D(2024, 1, 20)), D(2024, 5, 20), 8_000, 1_600),
    (JOINT, owed(40_000, D(2024, 1, 20)), D(2024, 9, 20), 10_000, 2_000),
    (JOINT, owed(40_000, D(2024, 1, 20)), D(2026, 1, 20), 10_000, 2_000),
    # Whole months: 19 February ends none, 20 February one. 0.05% a day of 1,000.00 is 0.50: 30 and
    # 31 days. Interest: 1% a month for three, 2% after; five months, cut by the year, are 7%.
    (GROWING, owed(100_000, D(2024, 1, 20)), D(2024, 2, 19), 0 + 1_500, 1_000),
    (GROWING, owed(100_000, D(2024, 1, 20)), D(2024, 2, 20), 2_000 + 1_550, 1_000),
    (GROWING, owed(100_000, D(2023, 11, 20)), D(2024, 4, 20), 10_000 + 7_600, 7_000),
]


@pytest.mark.parametrize(("law", "one", "on", "penalty", "interest"), CASES)
class TestALaw:
    def test_gives_what_it_says(
        self, law: Law, one: Owed, on: D, penalty: int, interest: int
    ) -> None:
        found = owing_of(law, one, on=on)

        assert (found.penalty_cents, found.interest_cents) == (penalty, interest)

    def test_gives_many_taxes_the_same(
        self, law: Law, one: Owed, on: D, penalty: int, interest: int
    ) -> None:
        if one.paid:
            pytest.skip("columns are of taxes with nothing paid")
        found = owing_columns.cost(
            np.array([one.tax_cents, 0], dtype=np.int64),
            np.array([many.number_of(one.filed_on or D(2100, 1, 1))] * 2, dtype=np.int64),
            due=owing_columns.DueAlike(one.due_on, one.timely_until),
            on=on,
            penalties=laws.of(f"tax_returns.penalties.{law.penalties}"),
            interest=[laws.interest(law.interest)],
            totals=laws.of("tax_returns.late_totals.joint_cap") if law.is_capped else None,
        )

        assert (found.penalty_cents[0], found.interest_cents[0]) == (penalty, interest)
        assert not found.unanswered.any()


def test_arizona_compounds_yearly_over_rates_that_change() -> None:
    # 41 days of 2023 at 7%: 78.630; 92 at 8%: 201.644; 46 of 2024 at 8% on 10,280.27 over 366:
    # 103.364.
    seven = laws.interest("arizona_7", days=periods.Period(D(1990, 1, 1), D(2023, 10, 1)))
    eight = laws.interest("arizona_8", days=periods.Period(starts_on=D(2023, 10, 1)))

    found = owing.owing(
        owed(1_000_000, D(2023, 8, 20)),
        on=D(2024, 2, 15),
        penalties=laws.of("tax_returns.penalties.five_a_month"),
        interest=[seven, eight],
    )

    assert [each.interest_cents for each in found.bearings] == [7_863, 20_164, 10_336]
    assert found.interest_cents == 38_363


@pytest.mark.parametrize("file", sorted(each.stem for each in laws.TABLES.glob("*.dmn")))
def test_every_row_of_a_law_says_where_it_is_from(file: str) -> None:
    assert citations.lacking(laws.of(file).model) == ()
