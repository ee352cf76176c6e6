"""A look-up table filled from its source: what changes, what stays, what is refused."""

from __future__ import annotations

import time

import pytest

from fisc.dmn.checks import reconciliation, source_files
from fisc.dmn.xml import reader
from fisc.domain.rule_tables.calculations import filling, sources
from tests.factories import look_ups

LAW = "State rate file of April 2026"
RATES = (("00001", "0.0625"), ("00002", "0.08"), ("00003", "0.0825"))


def given(*rows: tuple[str, str], columns: tuple[str, ...] = ("Place", "Rate")) -> sources.Given:
    return sources.Given(
        decision="Tax rate", name="rates.csv", content=look_ups.csv(*rows), columns=columns
    )


def agrees(content: bytes, of: sources.Given) -> bool:
    table = sources.table_of(reader.read(content), of.decision)
    return reconciliation.reconcile(of.decision, table, of.source()).agrees


def test_the_columns_are_proposed_by_their_names() -> None:
    table = sources.table_of(reader.read(look_ups.file(*RATES)), "Tax rate")

    assert sources.proposed("Tax rate", table, ("Name", "PLACE", "tax_rate")) == (
        "PLACE",
        "tax_rate",
    )
    assert sources.proposed("Tax rate", table, ("Name", "rate")) == ("", "rate")


def test_the_same_rows_change_nothing() -> None:
    content = look_ups.file(*RATES)

    found = filling.filled(content, given(*reversed(RATES)), citation=LAW)

    assert (found.content, found.differences, found.problems) == (content, (), ())


def test_each_difference_is_said_and_the_table_is_then_its_source() -> None:
    content = look_ups.file(*RATES)
    of = given(("00001", "0.0650"), ("00003", "0.0825"), ("00004", ".09"))

    found = filling.filled(content, of, citation=LAW)

    assert found.problems == ()
    assert agrees(found.content, of)
    assert not agrees(content, of)
    rules = sources.table_of(reader.read(found.content), "Tax rate").rules
    assert [each.annotations["citation"] for each in rules] == [LAW, look_ups.LAW, LAW]
    assert ("0.0625", "0.065") in {(each.before, each.after) for each in found.differences}


def test_a_rule_that_no_file_could_hold_is_taken_out() -> None:
    content = look_ups.file(*RATES).replace(b'"00002"</text>', b'not("00002")</text>')

    found = filling.filled(content, given(*RATES), citation=LAW)

    assert agrees(found.content, given(*RATES))


@pytest.mark.parametrize("place", ["=1+1", '"quoted"', "back\\slash", "a <b> & c", "@date", "007"])
def test_a_cell_is_plain_text_whatever_it_looks_like(place: str) -> None:
    of = given(*RATES, (place, "0.01"))

    found = filling.filled(look_ups.file(*RATES), of, citation=LAW)

    assert found.problems == ()
    assert agrees(found.content, of)
    rules = sources.table_of(reader.read(found.content), "Tax rate").rules
    assert reconciliation.row(rules[-1], 4) == (place, "0.01")


def test_every_wrong_cell_is_said_with_its_line() -> None:
    of = given(("00001", "=1+1"), ("00002", "1,5"), ("00003", "8.25%"), ("00004", "1e-3"))

    with pytest.raises(source_files.SourceIsWrong) as refused:
        filling.filled(look_ups.file(*RATES), of, citation=LAW)

    words = str(refused.value)
    assert "line 2: “=1+1” under “Rate” is no number" in words
    assert all(f"line {line}:" in words for line in (3, 4, 5))


def test_a_row_that_stands_twice_and_one_without_its_place_are_refused() -> None:
    with pytest.raises(source_files.SourceIsWrong) as refused:
        filling.filled(
            look_ups.file(*RATES),
            given(("00001", "1"), ("", "2"), ("00001", "3")),
            citation=LAW,
        )

    words = str(refused.value)
    assert "line 3 has nothing under “Place”" in words
    assert "lines 2 and 4 are both for “00001”" in words


def test_an_unnamed_column_and_a_missing_one_are_refused() -> None:
    for columns in (("Place", ""), ("Place", "Tax"), ("Place",)):
        with pytest.raises(source_files.SourceIsWrong):
            filling.filled(look_ups.file(*RATES), given(*RATES, columns=columns), citation=LAW)


def test_another_table_is_named_beside_those_there_are() -> None:
    of = sources.Given(decision="Rate", name="x", content=b"a\n1\n", columns=("a",))

    with pytest.raises(sources.NoSuchTable, match="“Tax rate”"):
        filling.filled(look_ups.file(*RATES), of, citation=LAW)


def test_five_thousand_rows_take_seconds() -> None:
    before = look_ups.rates(5_000)
    after = [(place, "0.99" if at % 3 else rate) for at, (place, rate) in enumerate(before)]
    content, of = look_ups.file(*before), given(*after[100:], ("99999", "0.05"))
    began = time.monotonic()

    found = filling.filled(content, of, citation=LAW)

    took = time.monotonic() - began
    assert agrees(found.content, of)
    assert took < 20, took
