"""What credits bear: the money they are of, their first day, and each way of counting days."""

from __future__ import annotations

import datetime

import pytest

from fisc.basics import periods
from fisc.domain.tax_returns.calculations import crediting, owing
from fisc.domain.tax_returns.calculations.lateness import Paid
from tests.domain.tax_returns import laws

D = datetime.date


def borne(file: str, after: D, through: D, *, cents: int = 100_000) -> list[int]:
    """What 1,000.00 bears by a law of the folder, part by part."""
    found = crediting.bearings(cents, after=after, through=through, laws=[laws.interest(file)])
    return [each.interest_cents for each in found]


class TestDayCounts:
    # 16 January through 31 March 2024 are 16 + 29 + 31 = 76 days; months of 30 make it 75.
    @pytest.mark.parametrize(
        ("file", "cents"),
        [
            # 1,000 x 12% x 76 / 365 = 24.986; / 366 = 24.918; / 360 = 25.333; x 75 / 360 = 25.
            ("credit_interest.basis_365", 2_499),
            ("credit_interest.basis_366", 2_492),
            ("credit_interest.basis_360", 2_533),
            ("credit_interest.basis_30_360", 2_500),
            ("credit_interest.basis_actual", 2_492),
        ],
    )
    def test_each_basis_by_hand(self, file: str, cents: int) -> None:
        assert borne(file, D(2024, 1, 15), D(2024, 3, 31)) == [cents]

    def test_the_days_of_each_year_are_its_own(self) -> None:
        # 30 days of 2023 over 365: 9.863; 31 days of 2024 over 366: 10.164.
        parts = borne("credit_interest.basis_actual", D(2023, 12, 1), D(2024, 1, 31))

        assert parts == [986, 1_016]

    def test_interest_of_the_year_before_bears_interest_where_the_law_says_so(self) -> None:
        # 1,009.86 x 12% x 31 / 366 = 10.264.
        parts = borne("credit_interest.compounding", D(2023, 12, 1), D(2024, 1, 31))

        assert parts == [986, 1_026]

    def test_a_rate_that_changes_cuts_the_time(self) -> None:
        # 16 days at 12%: 5.246; 60 days from 1 February at 8%: 13.115; both over 366.
        first, then = (
            laws.interest(
                "credit_interest.basis_actual",
                days=periods.Period(D(1990, 1, 1), D(2024, 2, 1)),
            ),
            laws.interest("credit_interest.rate_8", days=periods.Period(starts_on=D(2024, 2, 1))),
        )

        found = crediting.bearings(
            100_000, after=D(2024, 1, 15), through=D(2024, 3, 31), laws=[first, then]
        )

        assert [each.interest_cents for each in found] == [525, 1_311]
        assert isinstance(found[0], owing.Bearing)


class TestTheFirstDay:
    @staticmethod
    def after(**said: object) -> D | None:
        start = {"from_payment": True, "from_claim": True, "months_before": 0, "days_before": 0}
        return crediting.runs_after(
            crediting.Start(**{**start, **said}),  # type: ignore[arg-type]
            paid_on=D(2024, 10, 31),
            claimed_on=D(2024, 12, 2),
            borne_through=None,
        )

    def test_is_the_later_of_those_that_count(self) -> None:
        assert self.after() == D(2024, 12, 2)
        assert self.after(from_claim=False) == D(2024, 10, 31)
        assert self.after(from_payment=False) == D(2024, 12, 2)
        assert self.after(from_payment=False, from_claim=False) is None

    def test_comes_after_months_or_days(self) -> None:
        # Four months after 31 October is the last of February; 60 days after 2 December is 31
        # January: 29 days left of December, 31 of January.
        assert self.after(from_claim=False, months_before=4) == D(2025, 2, 28)
        assert self.after(days_before=60) == D(2025, 1, 31)

    def test_is_not_before_what_was_borne_already(self) -> None:
        start = crediting.Start(from_payment=True, from_claim=False, months_before=0, days_before=0)
        paid = D(2024, 1, 5)

        def after(through: D) -> D | None:
            return crediting.runs_after(start, paid_on=paid, claimed_on=None, borne_through=through)

        assert after(D(2024, 3, 1)) == D(2024, 3, 1)
        assert after(D(2023, 3, 1)) == paid
        assert crediting.runs_after(None, paid_on=paid, claimed_on=paid, borne_through=None) is None


class TestTheMoney:
    MONEY = (Paid(D(2024, 1, 5), 1_000), Paid(D(2024, 2, 5), 300), Paid(D(2024, 3, 5), 50))

    def test_the_last_that_came_is_given_back(self) -> None:
        found = crediting.freed(self.MONEY, before_cents=0, cents=360, otherwise=D(2024, 9, 9))

        assert found == [
            Paid(D(2024, 1, 5), 10), Paid(D(2024, 2, 5), 300), Paid(D(2024, 3, 5), 50),
        ]  # fmt: skip

    def test_a_second_credit_gives_back_what_came_before(self) -> None:
        found = crediting.freed(self.MONEY, before_cents=60, cents=300, otherwise=D(2024, 9, 9))

        assert found == [Paid(D(2024, 1, 5), 10), Paid(D(2024, 2, 5), 290)]

    def test_what_no_money_is_found_for_counts_from_the_credit(self) -> None:
        found = crediting.freed(self.MONEY[2:], before_cents=0, cents=60, otherwise=D(2024, 9, 9))

        assert found == [Paid(D(2024, 3, 5), 50), Paid(D(2024, 9, 9), 10)]

    def test_what_was_spent_of_it_is_left_out(self) -> None:
        found = crediting.between(self.MONEY, after_cents=1_100, cents=225)

        assert found == [Paid(D(2024, 2, 5), 200), Paid(D(2024, 3, 5), 25)]
