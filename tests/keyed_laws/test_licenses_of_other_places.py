"""Fees and late renewals of licenses of other places, keyed in as tables alone."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from fisc.domain.licensing import calculations
from tests.keyed_laws import laws

D = datetime.date


def fee(place: str, day: D, *, first_month: int | None, months: int = 12, units: int = 0) -> str:
    """The fee of a license of a day, by the facts of its term."""
    term = calculations.term(day=day, first_month=first_month, months=months)
    left = calculations.left(day=day, term=term)
    answers = laws.of(f"licensing.license_fee.{place}").answers(
        {
            "units": Decimal(units),
            "months_begun": Decimal(left.months_begun),
            "days_left": Decimal(left.days_left),
            "days_in_term": Decimal(left.days_in_term),
        }
    )
    return f"{answers['License fee']:.2f}"


@pytest.mark.parametrize(
    ("employees", "expected"),
    [
        (1, "195.00"),
        (2, "195.00"),
        (3, "225.00"),
        # 8 at 30; 33 at 30 and 25 at 40; 33, 65, 400 and 500 at 30, 40, 50 and 60.
        (10, "435.00"),
        (60, "2185.00"),
        (1_000, "53785.00"),
        # 195 + 990 + 2,600 + 20,000 + 2,500 x 60 is more than the most.
        (3_000, "150000.00"),
    ],
)
def test_a_flat_minimum_and_so_much_an_employee(employees: int, expected: str) -> None:
    assert fee("san_jose", D(2026, 5, 14), first_month=None, units=employees) == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    [(D(2025, 10, 1), "100.00"), (D(2026, 3, 31), "100.00"), (D(2026, 4, 1), "50.00"),
     (D(2026, 9, 30), "50.00")],
)  # fmt: skip
def test_half_of_it_for_the_second_half_of_a_fiscal_year(issued: D, expected: str) -> None:
    assert fee("half_year", issued, first_month=10) == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    # 30 days of October, 30, and 31; of a leap year 366 days are whole: 365 x 1 / 366.
    [(D(2026, 10, 2), "91.00"), (D(2026, 1, 1), "365.00"), (D(2024, 12, 31), "1.00")],
)
def test_by_the_days_that_are_left(issued: D, expected: str) -> None:
    assert fee("by_days", issued, first_month=1) == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    # Two years from January 2024: 24 months, 19 from June, 1 at the end.
    [(D(2024, 1, 31), "120.00"), (D(2024, 6, 30), "95.00"), (D(2025, 12, 1), "5.00")],
)
def test_a_term_of_two_years_by_the_month(issued: D, expected: str) -> None:
    assert fee("two_years", issued, first_month=1, months=24) == expected


class TestA29thOfFebruary:
    def test_is_renewed_from_the_first_of_march(self) -> None:
        first = calculations.term(day=D(2024, 2, 29), first_month=None, months=12)
        assert first.ends_before is not None
        second = calculations.term(day=first.ends_before, first_month=None, months=12)

        assert (first.ends_before, second.ends_before) == (D(2025, 3, 1), D(2026, 3, 1))

    @pytest.mark.parametrize(
        ("on", "expected"),
        # Days after 28 February 2025: 30 by 30 March, 31, 59, 60 by 29 April, 89, 90 by 29 May.
        [
            (D(2025, 3, 30), "0.00"),
            (D(2025, 3, 31), "20.00"),
            (D(2025, 4, 28), "20.00"),
            (D(2025, 4, 29), "40.00"),
            (D(2025, 5, 28), "40.00"),
            (D(2025, 5, 29), "80.00"),
        ],
    )
    def test_is_late_by_days_of_the_ladder(self, on: D, expected: str) -> None:
        assert late("south_jordan", last=D(2025, 2, 28), on=on, fee="80") == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    # 10, 21 and 33.1 percent; the fee again from November 1.
    [
        (D(2025, 7, 31), "10.00"),
        (D(2025, 8, 1), "21.00"),
        (D(2025, 9, 30), "33.10"),
        (D(2025, 11, 1), "100.00"),
    ],
)
def test_a_penalty_that_compounds_and_a_day_that_doubles_the_fee(on: D, expected: str) -> None:
    assert late("bethany", last=D(2025, 6, 30), on=on, fee="100") == expected


def late(place: str, *, last: D, on: D, fee: str) -> str:
    answers = laws.of(f"licensing.license_penalty.{place}").answers(
        {
            "license_fee": Decimal(fee),
            "days_late": Decimal((on - last).days),
            "months_late": Decimal(calculations.months_begun(last, on)),
            "renewed_on": on,
        }
    )
    return f"{answers['Late penalty']:.2f}"
