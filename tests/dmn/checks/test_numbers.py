"""Types, bounds, decimals of money and unrounded quotients."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from fisc.dmn import cases as evaluator
from fisc.dmn.checks import asked, findings, publish
from fisc.dmn.columns import types
from tests.dmn import models

Kind = findings.Kind
FEW = publish.Patience(changes_seconds=0.0)
INPUTS = (
    types.Declared("charge", types.Kind.MONEY, low=0, high=100_000),
    types.Declared("days", types.Kind.NUMBER, low=1, high=800),
    types.Declared("period", types.Kind.NUMBER, low=1, high=800),
)


def expression(text: str, *, kind: types.Kind = types.Kind.MONEY) -> asked.Book:
    return asked.Book(
        model=models.read(
            *(models.input_data(each.name) for each in INPUTS),
            models.decision(
                "Answer", models.literal(text), needs=[f"i_{each.name}" for each in INPUTS]
            ),
        ),
        inputs=INPUTS,
        outputs=(types.Declared("Answer", kind),),
    )


def found(book: asked.Book, kind: Kind) -> tuple[findings.Finding, ...]:
    return publish.report(book=book, patience=FEW).of(kind)


class TestQuotients:
    @pytest.mark.parametrize(
        ("written", "rewritten"),
        [
            (
                "round half up(charge * (days / period), 2)",
                "round half up(charge * days / period, 2)",
            ),
            (
                "round half up(days / period * charge, 2)",
                "round half up(days * charge / period, 2)",
            ),
            (
                "round half up(charge + charge * days / period, 2)",
                "round half up((charge * period + charge * days) / period, 2)",
            ),
            (
                "decimal(charge * 3 / (period / days), 2)",
                "decimal(charge * 3 * days / period, 2)",
            ),
            (
                "round half up(charge - (days / period - 1) * 2, 2)",
                "round half up((charge * period - (days - 1 * period) * 2) / period, 2)",
            ),
            ("charge * days / period", "round half up(charge * days / period, 2)"),
        ],
    )
    def test_come_with_one_rounded_division(self, written: str, rewritten: str) -> None:
        quotients = found(expression(written), Kind.QUOTIENT)

        assert {each.after for each in quotients} == {rewritten}
        assert f"Write “{rewritten}”" in quotients[0].words
        assert found(expression(rewritten), Kind.QUOTIENT) == ()

    def test_rewritten_have_the_same_worth(self) -> None:
        written = "round half up(charge - (days / period - 1) * 2, 2)"
        (quotient,) = found(expression(written), Kind.QUOTIENT)
        inputs = {"charge": Decimal("12.34"), "days": Decimal(3), "period": Decimal(7)}

        values = [
            evaluator.evaluate(expression(each).model, "Answer", inputs)
            for each in (written, quotient.after)
        ]

        assert values[0] == values[1] == Decimal("13.48")

    @pytest.mark.parametrize(
        "text",
        [
            "round half up(charge * days / period, 2)",
            "round half up(charge / 8, 2)",
            "charge / 100",
            "charge + round half up(charge * days / period, 2)",
        ],
    )
    def test_rounded_or_even_ones_are_in_order(self, text: str) -> None:
        assert found(expression(text), Kind.QUOTIENT) == ()

    def test_what_no_rounding_can_mend_is_named_without_a_rewrite(self) -> None:
        (quotient,) = found(expression("round half up(min(days / period, 1), 2)"), Kind.QUOTIENT)

        assert quotient.after == ""
        assert "days / period" in quotient.words


class TestMoney:
    def test_with_parts_of_a_cent_has_an_example_that_shows_them(self) -> None:
        book = expression("charge * 0.105")

        (part,) = found(book, Kind.DECIMALS)

        assert part.stops
        assert part.example is not None
        value = evaluator.evaluate(book.model, "Answer", part.example)
        assert types.scaled(value)[1] > types.MONEY_SCALE

    def test_that_only_looks_so_is_not_proved(self) -> None:
        book = expression("charge * 0.100 * 10 * 0.5 * 2")

        report = publish.report(book=book, patience=FEW)

        assert report.of(Kind.DECIMALS) == ()
        assert Kind.DECIMALS in {each.kind for each in report.not_proved}

    def test_rounded_is_in_order(self) -> None:
        report = publish.report(book=expression("round half up(charge * 0.105, 2)"), patience=FEW)

        assert report.of(Kind.DECIMALS) == ()
        assert {each.kind for each in report.not_proved} <= {Kind.UNNOTICED}


class TestBounds:
    def test_past_64_bits_are_named(self) -> None:
        wide = expression("charge * charge * charge * charge", kind=types.Kind.NUMBER)

        (bounds,) = found(wide, Kind.BOUNDS)

        assert "past 64 bits" in bounds.words
        assert not bounds.stops

    def test_what_runs_row_by_row_is_named_with_the_reason(self) -> None:
        (bounds,) = found(expression("charge / days"), Kind.BOUNDS)

        assert "row by row because of" in bounds.words
        assert "division" in bounds.words

    def test_a_power_of_nothing_runs_row_by_row(self) -> None:
        (bounds,) = found(expression("charge ** null", kind=types.Kind.NUMBER), Kind.BOUNDS)

        assert "a power that is not a small whole number" in bounds.words


class TestTypes:
    """Columns that say their type are refused when the file is read; these say none."""

    def test_a_text_where_a_number_is_looked_at(self) -> None:
        (wrong,) = found(table([["< 6", "1"], ['"six"', "2"]]), Kind.TYPE)

        assert (wrong.rule, wrong.column) == (2, "charge")
        assert '“"six"” is a text, but a number is expected' in wrong.words
        assert wrong.stops

    def test_a_result_that_its_line_cannot_hold(self) -> None:
        (wrong,) = found(table([["< 6", "1"], [">= 6", '"much"']]), Kind.TYPE)

        assert (wrong.rule, wrong.column) == (2, "answer")

    def test_ranges_and_lists_are_looked_into(self) -> None:
        years = '[date("2026-01-01")..date("2027-01-01")]'
        rows = [["[1..2], 3", "1"], ['4, "5"', "2"], [years, "3"]]

        assert [each.rule for each in found(table(rows), Kind.TYPE)] == [2, 3]

    def test_right_ones_are_in_order(self) -> None:
        assert found(table([["not(null)", "charge * 2"], ["null", "null"]]), Kind.TYPE) == ()


def table(rows: Sequence[Sequence[str]]) -> asked.Book:
    looks_up = models.table({"charge": "Any"}, {"answer": "Any"}, rows)
    return asked.Book(
        model=models.read(
            models.input_data("charge", "Any"),
            models.decision("Answer", looks_up, needs=["i_charge"]),
        ),
        inputs=INPUTS[:1],
        outputs=(types.Declared("Answer", types.Kind.NUMBER),),
    )
