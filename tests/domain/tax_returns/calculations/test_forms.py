"""Forms as files: what they say, what is wrong with one, and which a period is filed on."""

from __future__ import annotations

import datetime
import pathlib
from dataclasses import replace
from decimal import Decimal

import pytest
from django.conf import settings

from fisc.domain.tax_returns.calculations import comparing, form_checks, forms, returns
from fisc.domain.tax_returns.calculations.returns import Deduction, Filed, Filing, Line
from tests.domain.tax_returns import laws

FOLDER = pathlib.Path(settings.FISC_CITY) / "forms"
JULY = datetime.date(2026, 7, 1)
SMALL = """
code = "small"
names = { en = "Small", es = "Pequeña" }
valid_from = 2024-01-01
valid_before = 2025-01-01
preference = 1
most_lines = 2
citation = "office policy"

[[sections]]
key = "all"
names = { en = "All", es = "Todo" }
regions = ["MS"]
classes = ["17"]

[[sections.columns]]
key = "gross"
names = { en = "Gross", es = "Bruto" }
holds = "gross"

[[sections.columns]]
key = "tax"
names = { en = "Tax", es = "Impuesto" }
holds = "tax"

[[boxes]]
key = "total"
names = { en = "Total", es = "Total" }
is = "all.tax"
"""


def city_form(code: str) -> forms.Form:
    content = (FOLDER / f"{code}.2020-01-01.toml").read_bytes()
    return forms.read(content, name=code, sha256="0" * 64)


def small() -> forms.Form:
    return forms.read(SMALL.encode(), name="small.toml")


class TestReading:
    def test_sections_columns_and_sums(self) -> None:
        form = city_form("state-city")

        state, city = form.sections
        assert [each.key for each in state.columns] == ["F", "G", "H", "I", "J", "L", "M"]
        assert [str(each) for each in state.columns[-1].terms] == ["+ J", "- L"]
        assert state.takes("ST", "17")
        assert not city.takes("ST", "17")
        assert [each.key for each in form.boxes][:3] == ["AA", "A1", "A2"]

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('code = "small"\n', "", "small.toml: there is no code."),
            ("most_lines = 2", "most_lines = 0", "most_lines is 0; write 1 to 32767"),
            ('es = "Bruto"', 'es = ""', "column gross: write names in English"),
            ('holds = "gross"', 'holds = "net"', "nothing is called “net”"),
            ('holds = "gross"', 'holds = "gross"\nis = "tax"', "either “holds” or “is”"),
            ('is = "all.tax"', 'is = "all.tax all.tax"', "is no sum such as"),
            ('is = "all.tax"', 'is = "all.net"', "no amount above it is called “all.net”"),
            ('key = "tax"', 'key = "gross"', "gross is there twice"),
            ('holds = "tax"', 'holds = "net_due"', "“net_due” is of a whole return"),
            ('is = "all.tax"', 'holds = "tax"', "“tax” is of a line"),
            ('is = "all.tax"', 'holds = "schedule"', "a schedule, and nothing else, names"),
            ('citation = "office policy"', 'citation = ""', "write the citation"),
            ("code =", "code", "small.toml: it cannot be read"),
        ],
    )
    def test_what_is_wrong_with_a_file_is_said_with_its_place(
        self, old: str, new: str, said: str
    ) -> None:
        assert SMALL.count(old)

        with pytest.raises(forms.FormIsWrong) as raised:
            forms.read(SMALL.replace(old, new).encode(), name="small.toml")

        assert said in str(raised.value)


class TestChosen:
    ALL = (city_form("city"), city_form("state-city"))

    def chosen(
        self, code: str, *, day: datetime.date = JULY, regions: tuple[str, ...] = ("MS",)
    ) -> tuple[str, list[str]]:
        form, problems = form_checks.chosen(
            code,
            all_forms=(*self.ALL, small()),
            starts_on=day,
            lines=[(each, "17") for each in regions],
            frequency="monthly",
        )
        return form.code if form else "", [each.said("en") for each in problems]

    def test_an_account_uses_the_first_form_that_takes_all_its_lines(self) -> None:
        assert self.chosen("") == ("city", [])
        assert self.chosen("", regions=("MS", "ST")) == ("state-city", [])
        assert self.chosen("", day=datetime.date(2024, 3, 1)) == ("small", [])

    def test_a_filer_may_use_another_form_of_the_period(self) -> None:
        assert self.chosen("state-city") == ("state-city", [])

    def test_a_form_that_is_not_of_the_period_is_refused_with_the_days_it_is_of(self) -> None:
        assert self.chosen("small") == (
            "",
            [
                (
                    "Form “small” is for periods that begin from 2024-01-01 before 2025-01-01, and "
                    "this one begins on 2026-07-01. Forms of this period: city, state-city."
                )
            ],
        )

    def test_a_form_that_is_not_there_and_lines_that_no_form_takes(self) -> None:
        assert "There is no form “tpt”." in self.chosen("tpt")[1][0]
        assert "No form of this period takes all" in self.chosen("", regions=("XX",))[1][0]

    def test_a_city_without_forms_needs_none(self) -> None:
        assert form_checks.chosen(
            "", all_forms=(), starts_on=JULY, lines=[("MS", "17")], frequency="monthly"
        ) == (None, ())


def of_state(gross: int, *deductions: Deduction, **filed: int) -> Line:
    return line("ST", gross, deductions, filed)


def of_city(gross: int, *deductions: Deduction, **filed: int) -> Line:
    return line("MS", gross, deductions, filed)


def line(region: str, gross: int, deductions: tuple[Deduction, ...], filed: dict[str, int]) -> Line:
    return Line(
        region=region,
        business_class="17",
        gross_cents=gross,
        deductions=deductions,
        as_filed=tuple(Filed(key, cents) for key, cents in filed.items()),
    )


class TestSettling:
    FORM = city_form("state-city")

    def settled(self, *lines: Line, **boxes: int) -> comparing.Settled:
        filing = Filing(
            lines=lines,
            is_on_time=True,
            starts_on=JULY,
            as_filed=tuple(Filed(key, cents) for key, cents in boxes.items()),
        )
        return comparing.settle(
            self.FORM, filing, laws=laws.city_laws(), tables=laws.city("filed_figures")
        )

    def said(self, settled: comparing.Settled) -> list[tuple[int | None, str, int, int, str]]:
        return [
            (each.line, each.key, each.filed_cents, each.computed_cents, each.treatment.value)
            for each in settled.compared
        ]

    def test_the_form_comes_out_as_it_was_written(self) -> None:
        # 1,000.00 less 200.00: 6.3% is 50.40 with 0.45 of credit; 1.5% is 12.00.
        found = self.settled(
            of_state(100_000, Deduction("503", 20_000), G=20_000, H=80_000, J=5_040, L=45, M=4_995),
            of_city(100_000, Deduction("503", 20_000), H=80_000, J=1_200, M=1_200),
            AA=4_995, BB=1_200, A=6_195, A_state=20_000, due=6_195,
        )  # fmt: skip

        assert {each.treatment for each in found.compared} == {comparing.Treatment.ACCEPT}
        assert len(found.compared) == 13
        assert found.computed.net_due_cents == 6_195

    def test_a_difference_within_the_tolerance_is_let_be(self) -> None:
        found = self.settled(of_city(100_000, J=1_600), due=1_400)

        assert self.said(found) == [
            (1, "J", 1_600, 1_500, "accept"),
            (None, "due", 1_400, 1_500, "accept"),
        ]
        assert found.computed.net_due_cents == 1_500

    def test_what_is_beyond_it_is_corrected_as_filed_and_as_computed(self) -> None:
        found = self.settled(of_city(100_000, J=1_601), due=1_399)

        assert self.said(found) == [
            (1, "J", 1_601, 1_500, "correct"),
            (None, "due", 1_399, 1_500, "correct"),
        ]

    def test_what_is_far_beyond_it_is_refused_in_words(self) -> None:
        found = self.settled(of_city(100_000, J=1_001_501))

        (problem,) = form_checks.refused(found.compared)
        assert problem.said("en") == (
            "Line 1: Total tax amount (J) is $10,015.01 on the return; it comes to $15.00. Ask "
            "the filer which figures are right, and correct them."
        )
        assert problem.said("es").startswith("Línea 1: Monto total del impuesto (J)")

    def test_a_schedule_that_is_not_its_column_disallows_the_deductions_of_the_section(
        self,
    ) -> None:
        found = self.settled(
            of_state(100_000, Deduction("503", 20_000), H=80_000),
            of_city(100_000, Deduction("503", 20_000), H=80_000),
            A_state=30_000,
        )

        assert self.said(found) == [
            (None, "A_state", 30_000, 0, "disallow"),
            (1, "H", 80_000, 100_000, "correct"),
            (2, "H", 80_000, 80_000, "accept"),
        ]
        # 6.3% of 1,000.00 less 0.56, and 1.5% of 800.00.
        assert found.computed.tax_due_cents == 6_300 - 56 + 1_200
        assert [each.is_disallowed for each in found.filing.lines] == [True, False]
        assert found.filing.lines[0].itemized_cents == 20_000

    def test_a_column_that_is_not_its_items_disallows_those_of_the_line(self) -> None:
        found = self.settled(of_city(100_000, Deduction("503", 20_000), G=30_000))

        assert self.said(found) == [(1, "G", 30_000, 0, "disallow")]
        assert found.computed.tax_due_cents == 1_500

    def test_without_a_table_every_difference_is_refused(self) -> None:
        filing = Filing(lines=(of_city(100_000, J=1_501),), is_on_time=True)

        found = comparing.settle(self.FORM, filing, laws=laws.city_laws(), tables=None)

        assert [each.treatment for each in found.compared] == [comparing.Treatment.REFUSE]


class TestFactoring:
    def computed(self, *lines: Line) -> returns.Computed:
        return returns.compute(Filing(lines=lines, is_on_time=True), laws=laws.city_laws())

    def test_the_taxes_of_city_and_state_are_what_was_deducted(self) -> None:
        one = Line(region="MS", business_class="17", gross_cents=107_800, includes_tax=True)
        found = self.computed(one, replace(one, region="ST"))

        assert [each.tax_included_cents for each in found.lines] == [7_800, 7_800]
        assert [each.taxable_cents for each in found.lines] == [100_000, 100_000]
        assert sum(each.tax_cents for each in found.lines) == 7_800

    def test_contracting_takes_its_35_percent_of_what_is_left_without_the_tax(self) -> None:
        # 100,000.00 with 4,825.35 of tax is 95,174.65 net, of which 35% is 33,311.13.
        one = Line(
            region="MS",
            business_class="15",
            gross_cents=10_000_000,
            includes_tax=True,
            deductions=(Deduction("502", 3_331_113),),
        )

        found = self.computed(one, replace(one, region="ST"))

        assert [each.tax_included_cents for each in found.lines] == [482_535, 482_535]
        assert [each.tax_cents for each in found.lines] == [92_795, 389_740]
        limit = self.limit(one)
        assert limit == Decimal("33311.13")

    def limit(self, line: Line) -> object:
        filing = Filing(lines=(line,), is_on_time=True)
        ((_, _, answers),) = returns.deduction_answers(filing, laws=laws.city_laws())
        return answers["limit"]

    def test_receipts_without_tax_are_not_factored(self) -> None:
        found = self.computed(Line(region="MS", business_class="17", gross_cents=107_800))

        assert [each.tax_included_cents for each in found.lines] == [0]

    def test_a_class_that_no_rule_factors_is_named(self) -> None:
        one = Line(region="ST", business_class="11", gross_cents=100, includes_tax=True)

        with pytest.raises(returns.NoLaw, match="how much of receipts of class 11 in region ST"):
            self.computed(one)
