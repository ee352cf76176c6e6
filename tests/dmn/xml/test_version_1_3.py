"""A file of any version, written for an editor that opens DMN 1.3 only."""

from __future__ import annotations

import dataclasses
import pathlib

import pytest
from lxml import etree

from fisc.dmn import model
from fisc.dmn.xml import drawings, reader, version_1_3
from fisc.dmn.xml.problems import UnreadableXml
from tests.dmn import models

DMN_12 = "http://www.omg.org/spec/DMN/20180521/MODEL/"
DMN_14 = "https://www.omg.org/spec/DMN/20211108/MODEL/"
DMN_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"
CITY_TABLES = sorted(pathlib.Path("cities").glob("*/tables/*.dmn"))


def a_model(dmn: str) -> bytes:
    return models.file(
        models.input_data("usage"),
        models.decision("Rate", models.literal("0.05"), type_ref="number"),
        models.decision("Fee", models.literal("usage * Rate"), needs=["i_usage", "d_Rate"]),
        dmn=dmn,
    )


def said(content: bytes) -> model.Definitions:
    """Everything that a file says, whatever version it is written in."""
    return dataclasses.replace(reader.read(content).definitions, written_in="")


def refusal(content: bytes) -> str:
    with pytest.raises(version_1_3.NotWritable) as refused:
        version_1_3.document(content)
    return str(refused.value)


class TestTheDocument:
    @pytest.mark.parametrize("dmn", [DMN_12, models.DMN_13, DMN_14, DMN_15])
    def test_says_the_same_in_1_3(self, dmn: str) -> None:
        written = version_1_3.document(a_model(dmn))

        assert reader.read(written).definitions.written_in == models.DMN_13
        assert said(written) == said(a_model(dmn))

    def test_renames_the_language_that_an_expression_names(self) -> None:
        content = a_model(DMN_15).replace(
            b"<literalExpression",
            b'<literalExpression expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/"',
        )

        written = version_1_3.document(content)

        assert b"20230324" not in written
        assert b"https://www.omg.org/spec/DMN/20191111/FEEL/" in written

    def test_leaves_words_that_look_like_a_version(self) -> None:
        content = a_model(DMN_15).replace(b'name="Fee"', f'name="Fee" label="{DMN_15}"'.encode(), 1)

        assert f'label="{DMN_15}"'.encode() in version_1_3.document(content)

    def test_of_a_drawn_file_in_1_3_is_the_file_byte_for_byte(self) -> None:
        drawn = version_1_3.document(a_model(models.DMN_13))

        assert version_1_3.document(drawn) is drawn

    @pytest.mark.parametrize("path", CITY_TABLES, ids=lambda path: path.stem)
    def test_of_every_city_table_says_the_same(self, path: pathlib.Path) -> None:
        content = path.read_bytes()

        assert said(version_1_3.document(content)) == said(content)


class TestRefusals:
    def test_name_what_is_newer_and_where(self) -> None:
        boxed = (
            f"<conditional><if>{models.literal('true')}</if><then>{models.literal('1')}</then>"
            f"<else>{models.literal('2')}</else></conditional>"
        )

        words = refusal(models.file(models.decision("Fee", boxed), dmn=DMN_15))

        assert "“Fee”" in words
        assert "a boxed if (<conditional>), which is newer than DMN 1.3" in words

    def test_name_a_constraint_on_a_whole_list(self) -> None:
        item = (
            '<itemDefinition name="Blocks" isCollection="true"><typeRef>number</typeRef>'
            "<typeConstraint><text>count(?) &lt; 4</text></typeConstraint></itemDefinition>"
        )

        words = refusal(models.file(item, dmn=DMN_15))

        assert "“Blocks”" in words
        assert "a constraint on a whole list" in words

    def test_name_a_decision_without_an_id(self) -> None:
        assert "“Fee”" in refusal(models.file('<decision name="Fee"/>'))

    def test_name_what_is_no_model(self) -> None:
        assert "no decision model" in refusal(b"<html/>")

    def test_of_what_is_not_xml_are_those_of_the_reader(self) -> None:
        with pytest.raises(UnreadableXml):
            version_1_3.document(b"<definitions")


class TestTheDrawing:
    def boxes(self, content: bytes) -> dict[str, tuple[float, float]]:
        root = etree.fromstring(content)
        return {
            str(shape.get("dmnElementRef")): (float(bounds.attrib["x"]), float(bounds.attrib["y"]))
            for shape in root.iter(f"{{{drawings.NAMESPACE}}}DMNShape")
            for bounds in shape
        }

    def lines(self, content: bytes) -> int:
        return len(list(etree.fromstring(content).iter(f"{{{drawings.NAMESPACE}}}DMNEdge")))

    def test_stands_each_decision_above_what_it_needs(self) -> None:
        drawn = version_1_3.document(a_model(models.DMN_13))
        at = self.boxes(drawn)

        assert at["d_Fee"][1] < at["d_Rate"][1] == at["i_usage"][1]
        assert at["d_Rate"] != at["i_usage"]
        assert self.lines(drawn) == 2

    def test_keeps_the_places_of_a_file_that_is_drawn_and_adds_what_is_not(self) -> None:
        drawn = version_1_3.document(a_model(models.DMN_13))
        added = models.decision("Tax", models.literal("Fee * 2"), needs=["d_Fee"])
        grown = drawn.replace(b"<dmndi:DMNDI", added.encode() + b"<dmndi:DMNDI")

        redrawn = version_1_3.document(grown)

        before, after = self.boxes(drawn), self.boxes(redrawn)
        assert {name: after[name] for name in before} == before
        assert after["d_Tax"][1] > max(y for _, y in before.values())
        assert self.lines(redrawn) == 3

    def test_lays_out_anew_boxes_without_a_line(self) -> None:
        path = next(each for each in CITY_TABLES if "late_charge" in each.name)

        at = self.boxes(version_1_3.document(path.read_bytes()))

        assert at["i_days_late"][1] == at["i_past_due"][1] == at["d_late_charge"][1] + 140

    def test_of_decisions_that_need_each_other_ends(self) -> None:
        circle = models.file(
            models.decision("A", models.literal("B"), needs=["d_B"]),
            models.decision("B", models.literal("A"), needs=["d_A"]),
        )

        assert set(self.boxes(version_1_3.document(circle))) == {"d_A", "d_B"}

    def test_of_a_long_chain_of_decisions_ends(self) -> None:
        chain = [
            models.decision(f"D{n}", models.literal("1"), needs=[f"d_D{n - 1}"] if n else [])
            for n in range(2_000)
        ]

        at = self.boxes(version_1_3.document(models.file(*chain)))

        assert at["d_D1999"][1] < at["d_D0"][1]


class TestComments:
    def test_are_counted_for_who_would_lose_them(self) -> None:
        content = a_model(models.DMN_13).replace(b"<decision", b"<!-- why --><decision")

        assert version_1_3.comments(content) == 2
        assert version_1_3.comments(a_model(models.DMN_13)) == 0
