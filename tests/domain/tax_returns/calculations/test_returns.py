"""Figures of returns, by the demonstration city's tables and by Arizona's."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from fisc.domain.tax_returns.calculations import asking, checking, returns
from fisc.domain.tax_returns.calculations.returns import Deduction, Filing, Line
from tests.domain.tax_returns import laws


def line(gross: int, *deductions: Deduction, of: str = "17") -> Line:
    return Line(region="MS", business_class=of, gross_cents=gross, deductions=deductions)


def arizona() -> returns.Laws:
    return returns.Laws(
        laws.city("deductions"),
        laws.of("return_lines.arizona_retail"),
        laws.of("return_totals.arizona"),
    )


class TestCompute:
    def test_lines_of_classes_and_their_total(self) -> None:
        filing = Filing(
            lines=(
                line(1_000_000, Deduction("503", 200_000), Deduction("504", 50_000)),
                line(500_000, of="11"),
            ),
            is_on_time=True,
            excess_tax_cents=425,
            credit_carried_cents=1_000,
            estimated_payments_cents=5_000,
        )

        found = returns.compute(filing, laws=laws.city_laws())

        assert [each.taxable_cents for each in found.lines] == [750_000, 500_000]
        assert [each.rate for each in found.lines] == [Decimal("0.015"), Decimal("0.018")]
        assert [each.tax_cents for each in found.lines] == [11_250, 9_000]
        assert found.total_tax_cents == found.tax_due_cents == 20_675
        assert found.net_due_cents == 14_675

    def test_both_evaluators_give_the_same_figures(self) -> None:
        tables = laws.city("return_lines")
        filing = Filing(
            lines=tuple(line(gross, of="4") for gross in (1, 18, 20, 99_999_999_999, 200)),
            is_on_time=True,
        )

        for each in returns.compute(filing, laws=laws.city_laws()).lines:
            answers = tables.answers(each.facts)
            assert asking.cents(answers["Tax"]) == each.tax_cents  # type: ignore[arg-type]

    def test_a_zero_return_owes_nothing(self) -> None:
        found = returns.compute(Filing(lines=(), is_on_time=True), laws=laws.city_laws())

        assert (found.lines, found.total_tax_cents, found.net_due_cents) == ((), 0, 0)

    def test_a_class_without_a_rate_is_named(self) -> None:
        filing = Filing(lines=(line(100, of="99"),), is_on_time=True)

        with pytest.raises(asking.NoAnswer, match=r"no rate, no tax for: .*business_class 99"):
            returns.compute(filing, laws=laws.city_laws())

    @pytest.mark.parametrize(
        ("is_on_time", "is_electronic", "taken", "credit"),
        [
            # 0.056% and 0.0672% of 1,000,000.00; the cap of the year; nothing when late.
            (True, False, 0, 56_000),
            (True, True, 0, 67_200),
            (True, False, 960_000, 40_000),
            (True, True, 1_190_000, 10_000),
            (True, False, 1_000_000, 0),
            (True, False, 1_100_000, 0),
            (False, True, 0, 0),
        ],
    )
    def test_the_accounting_credit_of_the_year_is_capped_and_only_in_time(
        self, *, is_on_time: bool, is_electronic: bool, taken: int, credit: int
    ) -> None:
        filing = Filing(
            lines=(line(100_000_000),),
            is_on_time=is_on_time,
            is_electronic=is_electronic,
            credit_taken_in_year_cents=taken,
        )

        found = returns.compute(filing, laws=arizona())

        assert found.accounting_credit_cents == credit
        assert found.tax_due_cents == 6_300_000 - credit


class TestFactsOfLines:
    LAWS = returns.Laws(
        laws.city("deductions"), laws.of("return_lines.many_facts"), laws.city("return_totals")
    )

    def tax(self, one: Line, *, starts_on: datetime.date, months: int = 1) -> int:
        filing = Filing(lines=(one,), is_on_time=True, starts_on=starts_on, months_in_period=months)
        return returns.compute(filing, laws=self.LAWS).total_tax_cents

    def test_a_tax_by_the_gallon(self) -> None:
        fuel = replace(line(500_000, of="4"), units=Decimal("12345.678"))

        assert self.tax(fuel, starts_on=datetime.date(2024, 2, 1)) == 22_222

    @pytest.mark.parametrize(("month", "tax"), [(1, 16_500), (2, 17_500)])
    def test_a_rate_by_date(self, month: int, tax: int) -> None:
        shop = line(1_000_000)

        assert self.tax(shop, starts_on=datetime.date(2019, month, 1)) == tax

    def test_a_lower_rate_above_an_amount_of_one_item(self) -> None:
        # 2% of 10,000.00 and 1% of 2,500.50.
        house = replace(line(1_250_050, of="16"), item_price_cents=1_250_050)

        assert self.tax(house, starts_on=datetime.date(2024, 2, 1)) == 20_000 + 2_501

    @pytest.mark.parametrize(("months", "tax"), [(1, 1_000), (3, 1_500), (12, 6_000)])
    def test_a_minimum_of_each_month(self, months: int, tax: int) -> None:
        show = line(50_000, of="12")

        found = self.tax(show, starts_on=datetime.date(2024, 1, 1), months=months)
        assert found == tax


class TestProblems:
    CODES = checking.Codes(
        regions={"MS"}, business_classes={"15", "17"}, deductions={"502", "503", "518"}
    )

    def problems(self, filing: Filing) -> tuple[checking.Problem, ...]:
        return checking.problems(
            filing, laws=laws.city_laws(), codes=self.CODES, most_cents=laws.MOST_CENTS
        )

    def test_a_right_return_has_none(self) -> None:
        filing = Filing(
            lines=(
                line(100_000, Deduction("503", 100_000)),
                line(100_000, Deduction("503", 20_000), Deduction("502", 28_000), of="15"),
            ),
            is_on_time=True,
        )

        assert self.problems(filing) == ()

    def test_everything_wrong_is_said_at_once_with_its_line(self) -> None:
        filing = Filing(
            lines=(
                line(-100),
                line(100_000, Deduction("503", 100_001)),
                line(laws.MOST_CENTS + 1, of="77"),
                Line(region="XX", business_class="15", gross_cents=0),
                line(500, Deduction("999", 1), Deduction("503", 1), Deduction("503", 2)),
            ),
            is_on_time=True,
            excess_tax_cents=-1,
        )

        said = [each.said("en") for each in self.problems(filing)]

        assert said == [
            (
                "Excess tax collected is below zero, -$0.01. Write it without the sign, or "
                "leave it empty."
            ),
            (
                "Line 1: Gross receipts is below zero, -$1.00. Write it without the sign, or "
                "leave it empty."
            ),
            (
                "Line 2: Deductions of $1,000.01 are more than the gross receipts of $1,000.00. "
                "Correct one of them."
            ),
            "Line 2: Class “17” of region “MS” is already on line 1. Put both on one line.",
            (
                "Line 3: Gross receipts is $1,000,000,000.01, more than the $1,000,000,000.00 that "
                "a return can carry. Check the decimal point."
            ),
            "Line 3: There is no business class “77” in this period. Take one from the list.",
            "Line 4: There is no region “XX” in this period. Take one from the list.",
            "Line 5: There is no deduction code “999” in this period. Take one from the list.",
            "Line 5: Class “17” of region “MS” is already on line 1. Put both on one line.",
            "Line 5: Deduction code “503” is there 2 times. Write it once, with the sum.",
        ]

    def test_deductions_go_by_the_table_class_and_limit(self) -> None:
        filing = Filing(
            lines=(
                line(100_000, Deduction("518", 10_000)),
                line(100_000, Deduction("503", 20_000), Deduction("502", 28_001), of="15"),
            ),
            is_on_time=True,
        )

        refused, over = self.problems(filing)

        assert refused.said("en") == (
            "Line 1: Class “17” may not take deduction code “518”. Remove it, or correct the class."
        )
        assert over.said("es") == (
            "Línea 2: El código de deducción “502” es $280.01; en esta línea puede ser como máximo "
            "$280.00."
        )

    @pytest.mark.parametrize("kind", list(checking.Kind))
    def test_every_kind_speaks_two_languages(self, kind: checking.Kind) -> None:
        names = (
            "amount limit code class_code region other count form key others days starts "
            "received why periods number day locations tolerance"
        )
        facts = dict.fromkeys(names.split(), "7")
        one = checking.Problem(kind, 2, {**facts, "what": {"en": "Tax", "es": "Impuesto"}})

        assert one.said("en") != one.said("es")
        assert "{" not in one.said("en") + one.said("es")
