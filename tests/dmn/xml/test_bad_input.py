"""Files that must be refused, each with its reason, before anything is made of them."""

from __future__ import annotations

import pytest

from fisc.dmn.xml import problems, reader
from tests.dmn import models


def refusal(content: bytes) -> str:
    with pytest.raises(problems.ModelIsRefused) as refused:
        reader.read(content)
    return str(refused.value)


class TestXml:
    @pytest.mark.parametrize(
        "content",
        [
            b"<definitions",
            b"<a></b>",
            b"plain text",
            b"\x00\x01\x02",
            b"\xff\xfe<",
            b"<a>&nbsp;</a>",
        ],
    )
    def test_that_is_malformed_is_refused(self, content: bytes) -> None:
        assert "not well-formed XML" in refusal(content)

    def test_that_is_empty_is_refused(self) -> None:
        assert "It is empty" in refusal(b" \n")

    def test_with_an_entity_bomb_is_refused(self) -> None:
        entities = "".join(
            f'<!ENTITY e{n} "{("&e" + str(n - 1) + ";") * 10}">' for n in range(1, 12)
        )
        bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><d>&e11;</d>'

        assert "document type or entities" in refusal(bomb.encode())

    def test_with_an_external_entity_is_refused(self) -> None:
        content = b'<!DOCTYPE d [<!ENTITY secret SYSTEM "file:///etc/passwd">]><d>&secret;</d>'

        assert "document type or entities" in refusal(content)

    def test_in_utf_16_hides_no_document_type(self) -> None:
        content = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d SYSTEM "http://x/"><d/>'

        assert "document type or entities" in refusal(content.encode("utf-16"))

    def test_nested_ten_thousand_deep_is_refused(self) -> None:
        content = b"<a>" * 10_000 + b"</a>" * 10_000

        assert "nested too deep" in refusal(content)

    def test_nested_deeper_than_any_model_is_refused(self) -> None:
        body = "<context><contextEntry>" * 80 + "</contextEntry></context>" * 80

        assert "nested more than 150 deep" in refusal(models.file(models.decision("A", body)))

    def test_of_fifty_megabytes_is_refused_unread(self) -> None:
        content = b"<!--" + b"x" * 50_000_000 + b"-->"

        assert "It has 50,000,007 bytes; the most that is opened is 10,000,000" in refusal(content)

    def test_of_another_kind_is_refused(self) -> None:
        assert "no decision model" in refusal(b"<html/>")

    def test_of_another_dmn_version_is_refused_with_the_ones_read(self) -> None:
        content = models.file(dmn="http://www.omg.org/spec/DMN/20151101/dmn.xsd")

        assert "DMN 1.2, 1.3, 1.4, 1.5 can be read" in refusal(content)

    @pytest.mark.parametrize(
        "namespace",
        [
            "http://www.omg.org/spec/DMN/20180521/MODEL/",
            "https://www.omg.org/spec/DMN/20191111/MODEL/",
            "https://www.omg.org/spec/DMN/20211108/MODEL/",
            "https://www.omg.org/spec/DMN/20230324/MODEL/",
        ],
    )
    def test_of_each_version_from_1_2_to_1_5_is_read(self, namespace: str) -> None:
        content = models.file(models.decision("A", models.literal("1")), dmn=namespace)

        assert reader.read(content).definitions.written_in == namespace


class TestModels:
    def test_that_need_their_own_result_are_refused(self) -> None:
        content = models.file(
            models.decision("A", models.literal("B"), needs=["d_B"]),
            models.decision("B", models.literal("A"), needs=["d_A"]),
        )

        assert 'It needs its own result: "A" → "B" → "A"' in refusal(content)

    def test_that_refer_to_nothing_are_refused(self) -> None:
        content = models.file(models.decision("A", models.literal("1"), needs=["d_gone"]))

        assert 'decision "A" (line 3): It refers to "d_gone", which does not exist.' in refusal(
            content
        )

    def test_that_use_an_unknown_function_are_refused(self) -> None:
        content = models.file(models.decision("A", models.literal("ruond up(1.5, 0)")))

        assert 'No function is named "ruond up"; did you mean "round up"?' in refusal(content)

    def test_that_use_an_unknown_name_are_refused(self) -> None:
        content = models.file(
            models.input_data("usage"),
            models.decision("A", models.literal("usge * 2"), needs=["i_usage"]),
        )

        assert 'Nothing is named "usge"; did you mean "usage"?' in refusal(content)

    def test_that_call_a_function_wrongly_are_refused(self) -> None:
        content = models.file(models.decision("A", models.literal("round half up(1.5)")))

        assert "it is round half up(n, scale)" in refusal(content)

    def test_that_use_a_name_without_asking_for_it_are_refused(self) -> None:
        content = models.file(
            models.input_data("usage"), models.decision("A", models.literal("usage"))
        )

        assert 'named "usage" here; connect it by drawing a requirement' in refusal(content)

    def test_of_another_language_are_refused(self) -> None:
        body = '<literalExpression expressionLanguage="python"><text>1</text></literalExpression>'

        assert "written in python; only FEEL" in refusal(models.file(models.decision("A", body)))

    def test_that_import_a_file_nobody_gave_are_refused(self) -> None:
        content = models.file('<import name="other" namespace="urn:other" importType="DMN"/>')

        assert "The file of urn:other was not given" in refusal(content)

    def test_with_two_elements_of_one_name_are_refused(self) -> None:
        content = models.file(models.input_data("A"), models.decision("A", models.literal("1")))

        assert 'Two elements of this file are called "A"' in refusal(content)

    def test_with_an_unknown_type_are_refused(self) -> None:
        content = models.file(models.input_data("A", "mony"))

        assert 'The type "mony" does not exist' in refusal(content)


class TestTables:
    def table(self, **arguments: object) -> bytes:
        body = models.table({"usage": "number"}, {"fee": "number"}, **arguments)  # type: ignore[arg-type]
        return models.file(
            models.input_data("usage"), models.decision("Fee", body, needs=["i_usage"])
        )

    def test_with_an_unknown_hit_policy_are_refused(self) -> None:
        content = self.table(rules=[], policy="SOMETIMES")

        assert 'The hit policy "SOMETIMES" is none of UNIQUE, ANY' in refusal(content)

    def test_with_a_rule_of_too_few_cells_are_refused(self) -> None:
        content = self.table(rules=[["-", "1"], ["-"]])

        assert "rule 2 (line 4): It has 0 results; the table has 1" in refusal(content)

    def test_with_an_unreadable_cell_say_which(self) -> None:
        content = self.table(rules=[["< 5", "1"], [">> 5", "2"]])

        assert 'decision "Fee", rule 2, column "usage"' in refusal(content)

    def test_ranked_without_an_order_are_refused(self) -> None:
        content = self.table(rules=[], policy="PRIORITY")

        assert "PRIORITY needs the allowed values" in refusal(content)

    def test_adding_up_without_collecting_are_refused(self) -> None:
        content = self.table(rules=[], aggregation="SUM")

        assert "Only COLLECT tables add up" in refusal(content)

    def test_show_all_their_problems_at_once(self) -> None:
        content = self.table(rules=[["<", "1"], ["-", "usge"], ["-", "5 %"]])

        with pytest.raises(problems.ModelIsRefused) as refused:
            reader.read(content)

        assert len(refused.value.problems) == 3

    @pytest.mark.parametrize(
        ("condition", "result", "words"),
        [
            (
                '"5"',
                "1",
                'column "usage" (line 4): It holds a string; the column is of the type number',
            ),
            ("[1..true]", "1", "It holds a boolean"),
            ("-", '"1.25"', 'column "fee" (line 4): It holds a string'),
            ('< @"2026-10-01"', "1", "It holds a date"),
        ],
    )
    def test_with_a_cell_of_another_type_are_refused(
        self, condition: str, result: str, words: str
    ) -> None:
        content = self.table(rules=[[condition, result]])

        assert words in refusal(content)
