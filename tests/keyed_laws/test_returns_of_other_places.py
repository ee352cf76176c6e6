"""Taxes, credits, due days and filing periods of other places, keyed in as tables alone."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal

import pytest

from fisc.basics import calendars, periods
from fisc.domain.tax_returns.calculations import obligations, returns
from fisc.domain.tax_returns.calculations.returns import Filing, Line
from tests.domain.tax_returns import laws as city
from tests.keyed_laws import laws

D = datetime.date


def computed(
    place: str,
    *lines: Line,
    totals: str = "",
    is_on_time: bool = True,
    is_electronic: bool = False,
) -> returns.Computed:
    """A return by a place's lines, and its totals and factoring where it has such."""
    factored = laws.TABLES / f"tax_returns.factoring.{place}.dmn"
    law = returns.Laws(
        city.city("deductions"),
        laws.of(f"tax_returns.return_lines.{place}"),
        laws.of(f"tax_returns.return_totals.{totals}") if totals else city.city("return_totals"),
        laws.of(f"tax_returns.factoring.{place}") if factored.exists() else None,
    )
    filing = Filing(lines=lines, is_on_time=is_on_time, is_electronic=is_electronic)
    return returns.compute(filing, laws=law)


def line(cents: int, *, region: str = "MS", of: str = "17", units: str = "0") -> Line:
    return Line(region=region, business_class=of, gross_cents=cents, units=Decimal(units))


class TestLines:
    @pytest.mark.parametrize(
        ("gallons", "cents"),
        # 0.018 x 123,456.7 = 2,222.2206; x 27.75 = 0.4995; x 27.7 = 0.4986.
        [("123456.7", 222_222), ("27.75", 50), ("27.7", 50), ("0", 0)],
    )
    def test_an_excise_by_the_gallon(self, gallons: str, cents: int) -> None:
        (found,) = computed("jet_fuel", line(100_000, units=gallons)).lines

        assert found.tax_cents == cents

    @pytest.mark.parametrize(
        ("gross", "cents"),
        [
            (100_000_000, 75_000),
            # 750.00 and a thousandth of 0.10 is nothing more.
            (100_000_010, 75_000),
            # 750.00 + 1,500.00 + 0.135% of 500,000.00.
            (300_000_000, 292_500),
            (2_500_000_000, 3_262_500),
            # 32,625.00 + 0.16% of 5,000,000.00.
            (3_000_000_000, 4_062_500),
        ],
    )
    def test_brackets_with_a_rate_for_each_part(self, gross: int, cents: int) -> None:
        (found,) = computed("san_francisco", line(gross)).lines

        assert found.tax_cents == cents

    @pytest.mark.parametrize(
        ("gross", "net", "taxes"),
        [
            # 1,140.20 / 1.1402 = 1,000.00.
            (114_020, 100_000, [7_270, 1_750, 5_000]),
            # 438.5195: 438.52, of which 31.880, 7.674 and 21.926.
            (50_000, 43_852, [3_188, 767, 2_193]),
        ],
    )
    def test_three_taxes_in_one_price(self, gross: int, net: int, taxes: list[int]) -> None:
        rooms = [("ST", "17"), ("SC", "444"), ("SC", "447")]

        found = computed(
            "hotel",
            *(
                Line(region=region, business_class=of, gross_cents=gross, includes_tax=True)
                for region, of in rooms
            ),
        )

        assert [each.taxable_cents for each in found.lines] == [net] * 3
        assert [each.tax_cents for each in found.lines] == taxes
        assert sum(taxes) == gross - net

    @pytest.mark.parametrize(
        ("gross", "is_on_time", "allowance"),
        # By the brackets above the tax is 1,000.00, 2,925.00; 2.5% of 1,000.00, and of 1,200.00.
        [(125_000_000, True, 2_500), (300_000_000, True, 3_000), (300_000_000, False, 0)],
    )
    def test_an_allowance_of_the_first_dollars_for_who_is_in_time(
        self, gross: int, is_on_time: bool, allowance: int
    ) -> None:
        found = computed(
            "san_francisco",
            line(gross),
            totals="florida",
            is_on_time=is_on_time,
            is_electronic=True,
        )

        assert found.accounting_credit_cents == allowance
        assert found.tax_due_cents == found.total_tax_cents - allowance


# Monday to Thursday; Martin Luther King Day, Juneteenth, Veterans Day and Thanksgiving.
FOUR_DAYS = calendars.Calendar(
    name="four days a week",
    covers_from=D(2025, 12, 1),
    covers_before=D(2027, 1, 1),
    closed_weekdays=frozenset({5, 6, 7}),
    closed_days=frozenset({D(2026, 1, 1), D(2026, 1, 19), D(2026, 11, 11), D(2026, 11, 26)}),
)


class TestDueDays:
    @pytest.mark.parametrize(
        ("place", "period", "due_on"),
        [
            # 31 July 2026 is a Friday; 31 January a Saturday; 30 November a Monday.
            ("last_open_day", periods.Period(D(2026, 4, 1), D(2026, 7, 1)), D(2026, 7, 30)),
            ("last_open_day", periods.Period(D(2025, 12, 1), D(2026, 1, 1)), D(2026, 1, 29)),
            ("last_open_day", periods.Period(D(2026, 10, 1), D(2026, 11, 1)), D(2026, 11, 30)),
            # November: 2-5, 9, 10, 12, 16, 17 are nine.
            ("tenth_open_day", periods.Period(D(2026, 10, 1), D(2026, 11, 1)), D(2026, 11, 18)),
            # 20 June 2026 is a Saturday: Thursday the 18th. 20 July is a Monday.
            ("twentieth_or_before", periods.Period(D(2026, 5, 1), D(2026, 6, 1)), D(2026, 6, 18)),
            ("twentieth_or_before", periods.Period(D(2026, 6, 1), D(2026, 7, 1)), D(2026, 7, 20)),
        ],
    )
    def test_in_an_office_that_closes_on_friday(
        self, place: str, period: periods.Period, due_on: D
    ) -> None:
        found = obligations.obligation(
            period,
            frequency="monthly",
            tables=laws.of(f"tax_returns.due_days.{place}"),
            office=FOUR_DAYS,
        )

        assert (found.due_on, found.paper_received_by, found.electronic_received_by) == (
            due_on, due_on, due_on,
        )  # fmt: skip


class TestFiscalYears:
    @staticmethod
    def periods_of(length: int, first_month: int, since: D, *, seasonal: set[int]) -> list[D]:
        found = obligations.filing_periods(
            length,
            registered=periods.Period(starts_on=since),
            seasonal_months=seasonal,
            year_starts_in=first_month,
        )
        return [each.starts_on for each in itertools.islice(found, 3)]

    def test_quarters_of_a_year_from_february(self) -> None:
        found = self.periods_of(3, 2, D(2026, 1, 15), seasonal=set())

        assert found == [D(2025, 11, 1), D(2026, 2, 1), D(2026, 5, 1)]

    def test_a_year_from_july(self) -> None:
        assert self.periods_of(12, 7, D(2026, 6, 30), seasonal=set())[:2] == [
            D(2025, 7, 1), D(2026, 7, 1),
        ]  # fmt: skip
        assert self.periods_of(12, 7, D(2026, 7, 1), seasonal=set())[0] == D(2026, 7, 1)

    def test_a_season_over_the_turn_of_the_year(self) -> None:
        found = self.periods_of(3, 2, D(2026, 1, 15), seasonal={1})

        assert found == [D(2025, 11, 1), D(2026, 11, 1), D(2027, 11, 1)]
