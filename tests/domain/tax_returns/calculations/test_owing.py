"""Penalties and interest: published examples and statute text, through tables, to the cent."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest

from fisc.basics import periods
from fisc.domain.tax_returns.calculations import asking, lateness, owing
from fisc.domain.tax_returns.calculations.lateness import Owed, Paid
from tests import shared_facts
from tests.domain.tax_returns import laws

D = datetime.date
EXAMPLES: list[dict[str, Any]] = json.loads(
    shared_facts.path_of("facts/worked_examples.json").read_text()
)
PENALTIES = [each for each in EXAMPLES if each["area"] == "tax_penalty"]
INTEREST = [each for each in EXAMPLES if each["area"] == "tax_interest"]


def owed(tax: str, *, due_on: datetime.date, **rest: Any) -> Owed:
    rest.setdefault("timely_until", due_on)
    return Owed(tax_cents=asking.cents(Decimal(tax)), due_on=due_on, **rest)


def owing_of(
    one: Owed,
    *,
    on: datetime.date,
    penalties: str = "penalties.arizona",
    interest: tuple[owing.InterestLaw, ...] = (),
) -> owing.Owing:
    """By the columns, having seen that the case evaluator says the same of each evaluation."""
    tables = laws.of(penalties)
    interest = interest or (laws.interest("interest.tennessee_7_5"),)
    found = owing.owing(one, on=on, penalties=tables, interest=interest)
    by_case = tables.answers(found.penalty_facts)
    assert asking.cents(by_case["Penalty"]) == found.penalty_cents  # type: ignore[arg-type]
    for each in found.bearings:
        answer = each.law.tables.answers(each.facts)["Interest"]
        assert asking.cents(answer) == each.interest_cents  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("example", PENALTIES, ids=[each["id"] for each in PENALTIES])
def test_arizona_penalties_are_those_derived_from_its_rule(example: dict[str, Any]) -> None:
    months = example["inputs"]["months_or_fractions"]
    due_on = D(2024, 1, 20)
    last_month_has_begun = D(2024, months, 21)

    found = owing_of(owed(example["inputs"]["tax"], due_on=due_on), on=last_month_has_begun)

    expected = example["expected"]
    assert asking.money(found.late_filing_cents) == Decimal(expected["late_filing"])
    assert asking.money(found.late_payment_cents) == Decimal(expected["late_payment"])
    assert asking.money(found.penalty_cents) == Decimal(expected["total"])


@pytest.mark.parametrize("example", INTEREST, ids=[each["id"] for each in INTEREST])
def test_tennessee_interest_is_what_it_publishes(example: dict[str, Any]) -> None:
    given = example["inputs"]
    due_on, filed_on = (D.fromisoformat(f"2023-{given[name]}") for name in ("due", "filed"))
    law = {"0.0875": "interest.tennessee_8_75", "0.075": "interest.tennessee_7_5"}

    found = owing_of(
        owed(given["tax"], due_on=due_on, filed_on=filed_on),
        on=filed_on,
        interest=(laws.interest(law[given["annual_rate"]]),),
    )

    (bearing,) = found.bearings
    assert bearing.part.days == given["days"]
    assert asking.money(found.interest_cents) == Decimal(example["expected"]["interest"])


class TestPenalties:
    def test_a_day_late_is_a_month_and_the_least_is_charged(self) -> None:
        found = owing_of(owed("100.00", due_on=D(2024, 3, 20)), on=D(2024, 3, 21))

        # 4.5% would be 4.50 and the least is 25.00; 0.50 of late payment; 25% caps both at 25.00.
        assert (found.late_filing_cents, found.late_payment_cents) == (2500, 50)
        assert found.penalty_cents == 2500

    def test_nothing_is_late_on_the_due_day(self) -> None:
        found = owing_of(owed("100.00", due_on=D(2024, 3, 20)), on=D(2024, 3, 20))

        assert (found.penalty_cents, found.interest_cents, found.bearings) == (0, 0, ())
        assert found.total_cents == 10000

    def test_a_return_in_time_until_its_received_by_day_has_no_filing_penalty(self) -> None:
        due_on, timely = D(2024, 8, 20), D(2024, 8, 29)
        in_time = owed("1000.00", due_on=due_on, timely_until=timely, filed_on=timely)
        late = owed("1000.00", due_on=due_on, timely_until=timely, filed_on=D(2024, 8, 30))

        assert owing_of(in_time, on=D(2024, 8, 30)).late_filing_cents == 0
        # Months of a late one count from the due day.
        assert owing_of(late, on=D(2024, 9, 30)).late_filing_cents == 4500

    def test_a_payment_in_time_bears_nothing_and_one_a_day_later_all_from_the_due_day(self) -> None:
        due_on, timely = D(2024, 8, 20), D(2024, 8, 29)

        def paid_on(day: datetime.date) -> Owed:
            return owed("1000.00", due_on=due_on, timely_until=timely, filed_on=timely,
                        paid=(Paid(day, 100000),))  # fmt: skip

        in_time = owing_of(paid_on(timely), on=D(2024, 12, 1))
        late = owing_of(paid_on(D(2024, 8, 30)), on=D(2024, 12, 1))

        assert (in_time.penalty_cents, in_time.interest_cents) == (0, 0)
        assert (late.late_payment_cents, late.bearings[0].part.days) == (500, 10)

    def test_until_the_received_by_day_nothing_is_late(self) -> None:
        one = owed("1000.00", due_on=D(2024, 8, 20), timely_until=D(2024, 8, 29))

        last, after = (owing_of(one, on=day) for day in (D(2024, 8, 29), D(2024, 8, 30)))

        assert (last.penalty_cents, last.interest_cents, last.bearings) == (0, 0, ())
        assert [each.part.days for each in after.bearings] == [10]

    def test_filing_stops_its_penalty_and_paying_stops_the_other(self) -> None:
        one = owed(
            "1000.00",
            due_on=D(2024, 1, 20),
            filed_on=D(2024, 2, 20),
            paid=(Paid(D(2024, 3, 15), 40000), Paid(D(2024, 4, 21), 60000)),
        )

        found = owing_of(one, on=D(2025, 6, 1))

        assert found.late_filing_cents == 4500
        # 400.00 two months and 600.00 four months late, at half a percent.
        assert found.late_payment_cents == 400 + 1200
        assert found.unpaid_tax_cents == 0
        assert found.bearings[-1].part.ends_on == D(2024, 4, 21)

    def test_a_forecast_knows_nothing_of_what_happened_later(self) -> None:
        one = owed("1000.00", due_on=D(2024, 1, 20), filed_on=D(2024, 5, 2),
                   paid=(Paid(D(2024, 5, 2), 100000),))  # fmt: skip
        silent = owed("1000.00", due_on=D(2024, 1, 20))

        day = D(2024, 3, 1)
        assert owing_of(one, on=day) == owing_of(silent, on=day)


class TestInterest:
    @pytest.mark.parametrize(
        ("law", "cents"),
        [
            # 10,000.00 at 7% from 20 December 2023 to 20 March 2024: 11 and 80 days, or 10 and 80.
            ("interest.basis_365", 2110 + 15342),
            ("interest.basis_360", 2139 + 15556),
            ("interest.basis_30_360", 1944 + 15556),
            ("interest.basis_actual", 2110 + 15301),
        ],
    )
    def test_each_year_basis_counts_its_own_days(self, law: str, cents: int) -> None:
        found = owing_of(
            owed("10000.00", due_on=D(2023, 12, 20)),
            on=D(2024, 3, 20),
            interest=(laws.interest(law),),
        )

        assert found.interest_cents == cents

    def test_interest_of_earlier_years_bears_interest_where_the_law_says(self) -> None:
        found = owing_of(
            owed("10000.00", due_on=D(2021, 12, 31)),
            on=D(2023, 12, 31),
            interest=(laws.interest("interest.compounding"),),
        )

        # 800.00 in 2022, then 8% of 10,800.00.
        assert [each.interest_cents for each in found.bearings] == [80000, 86400]

    def test_a_changed_rate_cuts_the_time_and_the_day_it_begins_bears_the_new_one(self) -> None:
        begins = D(2024, 4, 1)
        before = periods.Period(starts_on=D(2020, 1, 1), ends_before=begins)
        found = owing_of(
            owed("1000.00", due_on=D(2024, 3, 20)),
            on=D(2024, 4, 22),
            interest=(
                laws.interest("interest.tennessee_8_75", days=before),
                laws.interest("interest.tennessee_7_5", days=periods.Period(starts_on=begins)),
            ),
        )

        assert [(each.part.days, each.interest_cents) for each in found.bearings] == [
            (11, 264),
            (22, 452),
        ]

    def test_months_begun_add_up_over_parts(self) -> None:
        one = owed("1000.00", due_on=D(2024, 1, 20), paid=(Paid(D(2024, 2, 10), 50000),))

        found = owing.owing(
            one,
            on=D(2024, 3, 21),
            penalties=laws.city("penalties"),
            interest=[owing.InterestLaw(laws.ALWAYS, laws.city("interest"))],
        )

        # One month begun on 1,000.00, two more on the 500.00 that were left.
        assert [each.interest_cents for each in found.bearings] == [1000, 1000]
        assert found.penalty_cents == 15000 + 10000
        assert found.total_cents == 50000 + 25000 + 2000


class TestOwed:
    def test_everything_wrong_is_said_at_once(self) -> None:
        with pytest.raises(lateness.LatenessIsWrong) as raised:
            Owed(
                tax_cents=-5,
                due_on=D(2024, 3, 20),
                timely_until=D(2024, 3, 19),
                paid=(Paid(D(2024, 3, 1), 0),),
            )

        said = str(raised.value)
        assert "the tax is negative, -5 cents" in said
        assert "timely until 2024-03-19, before 2024-03-20" in said
        assert "0 cents were paid on 2024-03-01" in said
        assert "more tax was paid than was owed" in said
