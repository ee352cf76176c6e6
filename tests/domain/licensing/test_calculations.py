"""Terms of licenses and what is left of them, on the days where calendars are hard."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.basics import periods
from fisc.domain.licensing import calculations


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def period(starts_on: str, ends_before: str) -> periods.Period:
    return periods.Period(starts_on=day(starts_on), ends_before=day(ends_before))


class TestTerm:
    @pytest.mark.parametrize(
        ("issued", "first_month", "months", "expected"),
        [
            ("2026-05-14", 1, 12, period("2026-01-01", "2027-01-01")),
            ("2026-12-31", 1, 12, period("2026-01-01", "2027-01-01")),
            ("2026-09-30", 10, 12, period("2025-10-01", "2026-10-01")),
            ("2026-10-01", 10, 12, period("2026-10-01", "2027-10-01")),
            ("2026-05-14", 1, 6, period("2026-01-01", "2026-07-01")),
            ("2026-05-14", 10, 3, period("2026-04-01", "2026-07-01")),
            ("2026-05-14", None, 12, period("2026-05-14", "2027-05-14")),
        ],
    )
    def test_begins_with_its_month_or_its_day(
        self, issued: str, first_month: int | None, months: int, expected: periods.Period
    ) -> None:
        assert calculations.term(day=day(issued), first_month=first_month, months=months) == (
            expected
        )

    @pytest.mark.parametrize(
        ("issued", "months", "ends_before"),
        [
            ("2024-02-29", 12, "2025-03-01"),
            ("2023-02-28", 12, "2024-02-28"),
            ("2026-01-31", 1, "2026-03-01"),
            ("2024-01-31", 1, "2024-03-01"),
            ("2024-01-29", 1, "2024-02-29"),
            ("2026-08-31", 1, "2026-10-01"),
            ("2026-12-31", 2, "2027-03-01"),
        ],
    )
    def test_ends_with_the_month_that_has_no_such_day(
        self, issued: str, months: int, ends_before: str
    ) -> None:
        found = calculations.term(day=day(issued), first_month=None, months=months)

        assert found == period(issued, ends_before)

    @pytest.mark.parametrize("months", [0, 61])
    def test_refuses_months_that_are_no_term(self, months: int) -> None:
        with pytest.raises(calculations.MonthsAreNoTerm, match=f"not {months}"):
            calculations.term(day=day("2026-05-14"), first_month=1, months=months)

    @pytest.mark.parametrize("months", [5, 13])
    def test_refuses_months_that_do_not_fill_the_year(self, months: int) -> None:
        with pytest.raises(calculations.MonthsAreNoTerm, match=f"{months} months"):
            calculations.term(day=day("2026-05-14"), first_month=1, months=months)

    @pytest.mark.parametrize(
        ("issued", "first_month", "first_year", "expected"),
        [
            # Two years from any day, from an even year, and from an odd fiscal year.
            ("2025-05-14", None, None, period("2025-05-14", "2027-05-14")),
            ("2024-02-29", None, None, period("2024-02-29", "2026-03-01")),
            ("2025-05-14", 1, None, period("2024-01-01", "2026-01-01")),
            ("2025-05-14", 1, 2025, period("2025-01-01", "2027-01-01")),
            ("2027-06-30", 7, 2023, period("2025-07-01", "2027-07-01")),
            ("2027-07-01", 7, 2023, period("2027-07-01", "2029-07-01")),
        ],
    )
    def test_may_be_of_two_years(
        self, issued: str, first_month: int | None, first_year: int | None,
        expected: periods.Period,
    ) -> None:  # fmt: skip
        found = calculations.term(
            day=day(issued), first_month=first_month, months=24, first_year=first_year
        )

        assert found == expected

    def test_refuses_a_day_that_no_calendar_goes_beyond(self) -> None:
        with pytest.raises(calculations.DayIsOutsideTerm, match="9999-12-31"):
            calculations.term(day=datetime.date.max, first_month=1, months=12)

    @given(
        issued=st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)),
        first_month=st.none() | st.integers(1, 12),
        months=st.sampled_from([3, 6, 12]),
    )
    def test_has_the_day_of_issue_and_some_of_it_is_left(
        self, issued: datetime.date, first_month: int | None, months: int
    ) -> None:
        term = calculations.term(day=issued, first_month=first_month, months=months)
        left = calculations.left(day=issued, term=term)

        assert term.holds(issued)
        assert 1 <= left.months_begun <= months
        assert left.months_nearest in {left.months_begun, left.months_begun - 1}
        assert left.quarters_begun == -(-left.months_begun // 3)


class TestLeft:
    @pytest.mark.parametrize(
        ("issued", "begun", "nearest", "quarters", "days"),
        [
            ("2026-01-01", 12, 12, 4, 365),
            ("2026-01-16", 12, 12, 4, 350),
            ("2026-01-17", 12, 11, 4, 349),
            # 31 + 28 + 30 days are gone.
            ("2026-03-31", 10, 9, 4, 276),
            ("2026-04-01", 9, 9, 3, 275),
            # Fifteen of thirty days are left: half.
            ("2026-06-16", 7, 7, 3, 199),
            ("2026-06-17", 7, 6, 3, 198),
            ("2026-12-31", 1, 0, 1, 1),
        ],
    )
    def test_of_a_calendar_year(
        self, issued: str, begun: int, nearest: int, quarters: int, days: int
    ) -> None:
        term = period("2026-01-01", "2027-01-01")

        assert calculations.left(day=day(issued), term=term) == calculations.Left(
            months_begun=begun,
            months_nearest=nearest,
            quarters_begun=quarters,
            days_left=days,
            days_in_term=365,
        )

    def test_of_a_fiscal_year_counts_quarters_of_that_year(self) -> None:
        term = period("2025-10-01", "2026-10-01")

        assert calculations.left(day=day("2026-01-01"), term=term).quarters_begun == 3
        assert calculations.left(day=day("2026-09-30"), term=term).quarters_begun == 1

    @pytest.mark.parametrize(
        ("issued", "days"), [("2024-02-29", 366), ("2026-01-31", 365), ("2026-05-14", 365)]
    )
    def test_of_a_term_from_its_issue_is_whole(self, issued: str, days: int) -> None:
        term = calculations.term(day=day(issued), first_month=None, months=12)

        assert calculations.left(day=day(issued), term=term) == calculations.Left(
            months_begun=12, months_nearest=12, quarters_begun=4, days_left=days, days_in_term=days
        )

    @pytest.mark.parametrize("issued", ["2025-12-31", "2027-01-01"])
    def test_of_a_day_outside_is_refused(self, issued: str) -> None:
        with pytest.raises(calculations.DayIsOutsideTerm, match=issued):
            calculations.left(day=day(issued), term=period("2026-01-01", "2027-01-01"))


class TestMonthsBegun:
    @pytest.mark.parametrize(
        ("last_day", "on", "expected"),
        [
            ("2026-09-30", "2026-09-30", 0),
            ("2026-09-30", "2026-10-01", 1),
            ("2026-09-30", "2026-10-31", 1),
            ("2026-09-30", "2026-11-01", 2),
            ("2026-09-30", "2027-01-15", 4),
            ("2026-03-14", "2026-04-14", 1),
            ("2026-03-14", "2026-04-15", 2),
            ("2026-01-30", "2026-02-28", 1),
            ("2026-01-30", "2026-03-01", 2),
            ("2024-02-29", "2025-02-28", 12),
            ("2024-02-29", "2025-03-01", 13),
        ],
    )
    def test_counts_the_one_that_has_begun(self, last_day: str, on: str, expected: int) -> None:
        assert calculations.months_begun(day(last_day), day(on)) == expected
