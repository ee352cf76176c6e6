"""The demonstration city's returns by the versions in force, and why each figure is what it is."""

from __future__ import annotations

import datetime

import pytest

from fisc.basics import periods
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import explaining
from fisc.domain.tax_returns.calculations import lateness, returns
from fisc.domain.tax_returns.queries import governing
from tests.factories.tax_returns import AT

D = datetime.date
JULY = periods.month(2026, 7)
FILING = returns.Filing(
    lines=(
        returns.Line(
            region="MS",
            business_class="11",
            gross_cents=500_000,
            deductions=(returns.Deduction("503", 25_000),),
        ),
    ),
    is_on_time=False,
    excess_tax_cents=450,
)
OWED = lateness.Owed(tax_cents=100_000, due_on=D(2026, 8, 20), timely_until=D(2026, 8, 28))

pytestmark = pytest.mark.usefixtures("tax_city")


class TestGoverning:
    def test_a_return_is_checked_and_computed_by_the_versions_of_its_period(self) -> None:
        assert governing.problems(FILING, days=JULY, known_at=AT) == ()

        found = returns.compute(FILING, laws=governing.governing(JULY, known_at=AT).laws)

        assert found.lines[0].tax_cents == 8_550
        assert found.net_due_cents == 9_000

    def test_a_code_that_the_list_has_not_is_a_problem(self) -> None:
        line = returns.Line(region="SC", business_class="99", gross_cents=1)
        filing = returns.Filing(lines=(line,), is_on_time=True)

        found = governing.problems(filing, days=JULY, known_at=AT)

        assert {each.kind for each in found} == {"unknown region", "unknown class"}

    def test_a_period_before_every_version_is_refused_in_words(self) -> None:
        with pytest.raises(versions.NoVersionForDate, match="has no version for 2019-12-01"):
            governing.governing(periods.month(2019, 12), known_at=AT)

    def test_a_forecast_grows_month_by_month(self) -> None:
        found = [
            governing.owing_on(OWED, on=day, known_at=AT)
            for day in (D(2026, 8, 28), D(2026, 8, 29), D(2026, 9, 20), D(2027, 8, 20))
        ]

        assert [each.penalty_cents for each in found] == [0, 15_000, 15_000, 25_000]
        assert [each.interest_cents for each in found] == [0, 1_000, 1_000, 12_000]

    def test_a_day_before_the_due_day_is_refused(self) -> None:
        with pytest.raises(governing.DayIsBeforeDue, match="due on 2026-08-20"):
            governing.owing_on(OWED, on=D(2026, 8, 19), known_at=AT)

    def test_obligations_follow_the_office_calendar(self) -> None:
        registered = periods.Period(starts_on=D(2026, 5, 4))

        found = list(
            governing.obligations_of(
                "monthly", registered=registered, before=D(2026, 8, 1), known_at=AT
            )
        )

        assert [(each.due_on, each.paper_received_by) for each in found] == [
            (D(2026, 6, 22), D(2026, 6, 29)),
            (D(2026, 7, 20), D(2026, 7, 30)),
            (D(2026, 8, 20), D(2026, 8, 28)),
        ]


class TestExplaining:
    def test_the_tax_of_a_line_names_its_rate_row_and_citation(self) -> None:
        (line,) = returns.compute(FILING, laws=governing.governing(JULY, known_at=AT).laws).lines

        why = explaining.why_line(line.facts, name="tax", days=JULY, known_at=AT, language="en")

        assert (why.title, why.value, why.is_equal) == ("Tax of the line", "$85.50", True)
        assert any("restaurant and bar (11) 1.8%" in each.citation for each in why.rows)
        assert ("business class", "Restaurants and bars") in [
            (each.words, each.value) for each in why.inputs
        ]
        assert "Martin Okafor" in why.versions[0].words

    def test_the_net_due_in_spanish(self) -> None:
        found = returns.compute(FILING, laws=governing.governing(JULY, known_at=AT).laws)

        why = explaining.why_total(
            found.facts, name="net_due", days=JULY, known_at=AT, language="es"
        )

        assert (why.title, why.value) == ("Saldo a pagar", "$90.00")
        whence = {each.words: each.origin for each in why.inputs}
        assert whence["impuesto cobrado en exceso"] == "la declaración tal como se presentó"

    def test_a_penalty_of_a_day_to_come(self) -> None:
        why = explaining.why_penalty(
            OWED, on=D(2027, 8, 20), name="penalty", known_at=AT, language="en"
        )

        assert (why.value, why.is_equal) == ("$250.00", True)
        assert any("total 25%" in each.citation for each in why.rows)
        # Each day that lateness is counted from is said, and none is left without its origin.
        whence = {each.words: each.origin for each in why.inputs}
        assert all(whence.values())
        assert whence["months or fractions filed late"].startswith("due ")

    def test_interest_part_by_part(self) -> None:
        why = explaining.why_interest(OWED, on=D(2027, 2, 1), known_at=AT, language="en")

        assert (why.value, why.is_equal) == ("$60.00", True)
        assert [each.amount_cents for each in why.pieces] == [5_000, 1_000]
        assert "1% a month" in why.rows[0].citation

    def test_a_figure_that_the_city_does_not_have_is_refused(self) -> None:
        (line,) = returns.compute(FILING, laws=governing.governing(JULY, known_at=AT).laws).lines

        with pytest.raises(explaining.NoSuchFigure, match="there are: taxable, rate, tax"):
            explaining.why_line(line.facts, name="surtax", days=JULY, known_at=AT, language="en")
