"""A look-up table of thousands of rows, against the file it was taken from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, coverage, findings, publish, reconciliation
from fisc.dmn.columns import types
from tests.dmn import models

COUNT = 5000
RATES = [(f"{number:05}", Decimal(600 + number % 250) / 10000) for number in range(COUNT)]


def book(rates: Sequence[tuple[str, object]]) -> asked.Book:
    rows = [[f'"{place}"', str(rate)] for place, rate in rates]
    return asked.Book(
        model=models.one_table({"place": "string"}, {"rate": "number"}, rows),
        inputs=(types.Declared("place", types.Kind.CODE),),
        outputs=(types.Declared("Answer", types.Kind.NUMBER, scale=4),),
    )


def table(rates: Sequence[tuple[str, object]]) -> dmn.DecisionTable:
    ((_, found),) = coverage.tables_of(book(rates).model)
    return found


def file(rates: Sequence[tuple[str, object]]) -> bytes:
    lines = ["location,name,rate", *(f"{place},a place,{rate}" for place, rate in rates)]
    return "\n".join(lines).encode()


def source(
    rates: Sequence[tuple[str, object]], *, last: reconciliation.Source | None = None
) -> reconciliation.Source:
    return reconciliation.Source(
        name="rates.csv", content=file(rates), columns=("location", "rate"), last=last
    )


def test_the_same_rows_agree_in_any_order_and_with_any_zeros() -> None:
    turned = [(place, f"{rate:.6f}") for place, rate in reversed(RATES)]

    found = reconciliation.reconcile("Answer", table(RATES), source(turned))

    assert found.agrees
    assert found.table.rows == COUNT
    assert found.table.totals["rate"] == sum(rate for _, rate in RATES)


def test_a_wrong_a_missing_and_a_surplus_row_are_listed() -> None:
    wrong = [*RATES[:-1], ("99999", Decimal("0.05"))]
    wrong[7] = ("00007", Decimal("0.7"))

    found = reconciliation.reconcile("Answer", table(wrong), source(RATES))

    assert not found.agrees
    assert found.differences.added == (("04999", "0.0849"),)
    assert found.differences.removed == (("99999", "0.05"),)
    assert found.differences.changed == ((("00007", "0.7"), ("00007", "0.0607")),)


def test_a_row_that_stands_twice_is_not_the_row_once() -> None:
    found = reconciliation.reconcile("Answer", table([*RATES[:3], RATES[2]]), source(RATES[:3]))

    assert not found.agrees
    assert found.differences.removed == (("00002", "0.0602"),)


def test_what_differs_from_last_time_is_told() -> None:
    last = source([*RATES[:5], ("00005", Decimal("0.01"))])

    found = reconciliation.reconcile("Answer", table(RATES[:7]), source(RATES[:7], last=last))

    assert found.agrees
    assert found.since_last == reconciliation.Differences(
        added=(("00006", "0.0606"),),
        removed=(),
        changed=((("00005", "0.01"), ("00005", "0.0605")),),
    )


def test_a_cell_that_is_no_value_is_refused() -> None:
    ((_, ranges),) = coverage.tables_of(
        models.one_table({"usage": "number"}, {"rate": "number"}, [["< 6", "1"]])
    )

    with pytest.raises(reconciliation.NotALookUp, match="rule 1"):
        reconciliation.reconcile("Answer", ranges, source([]))


@pytest.mark.parametrize("content", [b"\xff\xfe", b'location,rate\n"open,1', b"place,rate\na,1"])
def test_a_source_that_cannot_be_read_is_refused(content: bytes) -> None:
    wrong = reconciliation.Source(name="x.csv", content=content, columns=("location", "rate"))

    with pytest.raises(reconciliation.SourceIsWrong, match=r"x\.csv"):
        reconciliation.reconcile("Answer", table(RATES[:1]), wrong)


def test_a_code_that_looks_like_a_number_stays_a_code() -> None:
    found = reconciliation.reconcile("Answer", table([("1.50", 1)]), source([("1.5", 1)]))

    assert found.differences.added == (("1.5", "1"),)
    assert found.differences.removed == (("1.50", "1"),)


@pytest.mark.parametrize("text", ["1E999999999", "1_000", "NaN", "=1+1", "٣"])
def test_what_is_no_plain_number_is_text(text: str) -> None:
    assert reconciliation.of_kind(text) == text


def test_a_number_is_itself_with_zeros_before_it() -> None:
    rows = [["7", "1"]]
    ((_, numbers),) = coverage.tables_of(
        models.one_table({"usage": "number"}, {"rate": "number"}, rows)
    )

    assert reconciliation.reconcile("Answer", numbers, source([("007", "1.00")])).agrees


class TestInTheReport:
    def test_many_rules_ask_for_a_source_and_not_for_cases(self) -> None:
        report = publish.report(book=book(RATES))

        kinds = {each.kind for each in report.findings}
        assert findings.Kind.NO_CASE not in kinds
        assert findings.Kind.UNNOTICED not in kinds
        assert [each.kind for each in report.stops] == [findings.Kind.SOURCE]
        assert "5000 rules" in report.stops[0].words

    def test_a_source_that_agrees_stands_for_the_cases(self) -> None:
        last = source([*RATES[:-1], ("99999", Decimal("0.05"))])

        report = publish.report(book=book(RATES), sources={"Answer": source(RATES, last=last)})

        assert report.stops == ()
        (found,) = report.reconciled
        assert (found.agrees, found.rows, found.source_rows) == (True, COUNT, COUNT)
        assert found.since_last == findings.SinceLast(
            name="rates.csv",
            added=1,
            removed=1,
            changed=0,
            listed=(("", "04999, 0.0849"), ("99999, 0.05", "")),
        )

    def test_no_reason_lets_a_look_up_be_without_its_source(self) -> None:
        (stops,) = publish.report(book=book(RATES)).stops

        report = publish.report(book=book(RATES), accepted={stops.key: "We looked at it"})

        assert report.stops == (stops,)

    def test_a_source_that_cannot_be_read_stops_publishing_and_says_why(self) -> None:
        wrong = reconciliation.Source(name="x.csv", content=b"a,b\n1,2\n", columns=("a", "rate"))

        report = publish.report(book=book(RATES[:1]), sources={"Answer": wrong})

        assert [each.words for each in report.stops if each.kind is findings.Kind.SOURCE] == [
            "x.csv has no column “rate”. It has “a”, “b”. Say which column is meant."
        ]
        assert report.reconciled == ()

    def test_a_source_that_differs_stops_publishing(self) -> None:
        report = publish.report(
            book=book([("00001", Decimal(1))]), sources={"Answer": source(RATES[:1])}
        )

        stops = [each.words for each in report.stops]
        assert "1 rows (location 1, rate 1) here and 1 there (location 0, rate 0.06)" in stops[0]
        assert len(stops) == 3
