"""Edits of a file's bytes: what is touched changes, everything else stays byte for byte."""

from __future__ import annotations

import dataclasses
import pathlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.dmn import model
from fisc.dmn.editing import applying, edits, outline
from fisc.dmn.editing.edits import CellKind
from fisc.dmn.editing.outline import Address
from fisc.dmn.xml import problems, reader
from tests.dmn import models

TABLES = pathlib.Path(__file__).parents[3] / "cities" / "mesquite_springs" / "tables"
WATER = (TABLES / "utilities.water_charges.2025-10-01.dmn").read_bytes()
BASE = Address("Water base charge")

CELL = edits.SetCell(table=BASE, rule=2, kind=CellKind.RESULT, column=1, text="110.00")
RULE = edits.InsertRule(
    table=BASE, at=3, conditions=('"1 1/4"',), results=("150 < 151",), notes=("Ordinance 9",)
)


def table(content: bytes, address: Address = BASE) -> outline.Table:
    return next(each for each in outline.read(content).tables if each.address == address)


def changed_lines(before: bytes, after: bytes) -> tuple[list[bytes], list[bytes]]:
    left, right = before.splitlines(), after.splitlines()
    return [line for line in left if line not in right], [
        line for line in right if line not in left
    ]


class TestCells:
    def test_one_cell_changes_one_line(self) -> None:
        gone, new = changed_lines(WATER, applying.applied(WATER, [CELL]))

        assert gone == [
            b"          <text>round half up(102.35 * days_in_part / Days counted, 2)</text>"
        ]
        assert new == [b"          <text>110.00</text>"]

    def test_a_cell_written_back_gives_the_same_bytes(self) -> None:
        old = dataclasses.replace(CELL, text=table(WATER).rules[1].results[0])

        assert applying.applied(applying.applied(WATER, [CELL]), [old]) == WATER

    def test_the_same_text_changes_nothing(self) -> None:
        same = dataclasses.replace(CELL, text=table(WATER).rules[1].results[0])

        assert applying.applied(WATER, [same]) == WATER

    def test_what_xml_reserves_is_written_so_that_it_reads_back(self) -> None:
        text = 'if 1 < 2 and 3 > 2 then "a & b ]]>" else "ñ\r\n"'

        after = applying.applied(WATER, [dataclasses.replace(CELL, text=text)])

        assert table(after).rules[1].results[0] == text

    def test_a_missing_note_is_added(self) -> None:
        content = models.file(
            models.decision(
                "Fee",
                models.table({}, {"fee": "number"}, [["1"]], annotations=["citation", "text_en"]),
            )
        )
        note = edits.SetCell(
            table=Address("Fee"), rule=1, kind=CellKind.NOTE, column=2, text="a fee"
        )

        after = applying.applied(content, [note])

        assert table(after, Address("Fee")).rules[0].notes == ("", "a fee")

    def test_prefixes_cdata_comments_and_empty_tags_are_kept(self) -> None:
        content = (
            f'<?xml version="1.0" encoding="iso-8859-1"?><!-- a --><d:definitions'
            f' xmlns:d="{models.DMN_13}" name="t" namespace="n"><d:decision id="d" name="Fee">'
            "<d:variable name='Fee' typeRef = 'number' /><d:decisionTable id='t'>"
            "<d:output id='o' /><!-- why --><d:rule id='r'><d:outputEntry>"
            "<d:text><![CDATA[1]]></d:text>"
            "</d:outputEntry></d:rule>\n</d:decisionTable></d:decision>"
            "<d:decision id='e' name='Empty'><d:literalExpression ><d:text/></d:literalExpression>"
            "</d:decision></d:definitions >"
        ).encode()
        cell = edits.SetCell(
            table=Address("Fee"), rule=1, kind=CellKind.RESULT, column=1, text='"ñ ✓"'
        )
        formula = edits.SetFormula(formula=Address("Empty"), text="2")
        rule = edits.InsertRule(table=Address("Fee"), at=2, conditions=(), results=("3",))

        after = applying.applied(content, [cell, formula, rule])

        expected = content.replace(b"<![CDATA[1]]>", b'"\xf1 &#10003;"')
        expected = expected.replace(b"<d:text/>", b"<d:text>2</d:text>")
        expected = expected.replace(
            b"</d:rule>",
            b'</d:rule><d:rule id="t_r2"><d:outputEntry id="t_r2_o1"><d:text>3</d:text>'
            b"</d:outputEntry></d:rule>",
        )
        assert after == expected


class TestRules:
    def test_a_new_rule_looks_like_its_neighbors(self) -> None:
        after = applying.applied(WATER, [RULE])

        assert table(after).rules[2].conditions == ('"1 1/4"',)
        assert table(after).rules[2].notes == ("Ordinance 9", "", "")
        assert len(after.splitlines()) == len(WATER.splitlines()) + 17
        assert b'\n      <rule id="t_water_base_charge_r5">\n        <inputEntry' in after

    def test_inserted_and_deleted_gives_the_same_bytes(self) -> None:
        deleted = edits.DeleteRule(table=BASE, rule=3)

        assert applying.applied(applying.applied(WATER, [RULE]), [deleted]) == WATER
        assert applying.applied(WATER, [RULE, deleted]) == WATER

    def test_moved_and_moved_back_gives_the_same_bytes(self) -> None:
        there = edits.MoveRule(table=BASE, rule=1, to=4)
        back = edits.MoveRule(table=BASE, rule=4, to=1)
        moved = applying.applied(WATER, [there])

        assert [rule.conditions[0] for rule in table(moved).rules] == [
            '"1"', '"1 1/2"', '"2"', '"5/8", "3/4"',
        ]  # fmt: skip
        assert applying.applied(moved, [back]) == WATER

    def test_numbers_are_those_that_the_edits_before_have_left(self) -> None:
        after = applying.applied(
            WATER,
            [
                edits.DeleteRule(table=BASE, rule=1),
                edits.SetCell(
                    table=BASE, rule=1, kind=CellKind.CONDITION, column=1, text='"1", "5/8"'
                ),
                RULE,
            ],
        )

        assert [rule.conditions[0] for rule in table(after).rules] == [
            '"1", "5/8"', '"1 1/2"', '"1 1/4"', '"2"',
        ]  # fmt: skip


class TestConstants:
    CONTENT = models.file(models.decision("Deposit", models.literal("150")))

    def test_a_constant_and_its_citation(self) -> None:
        after = applying.applied(
            self.CONTENT,
            [
                edits.SetFormula(formula=Address("Deposit"), text="175"),
                edits.SetDescription(element="Deposit", text="Citation: Ordinance 14"),
            ],
        )

        (decision,) = reader.read(after).definitions.decisions
        assert isinstance(decision.expression, model.LiteralExpression)
        assert (decision.expression.text, decision.description) == (
            "175",
            "Citation: Ordinance 14",
        )
        assert (
            after.replace(b"175", b"150").replace(
                b"<description>Citation: Ordinance 14</description>", b""
            )
            == self.CONTENT
        )


class TestRefusals:
    def test_all_addresses_that_are_not_there_are_told_at_once(self) -> None:
        changes: list[edits.Edit] = [
            dataclasses.replace(CELL, rule=9),
            dataclasses.replace(CELL, column=2),
            dataclasses.replace(CELL, table=Address("Water", 1)),
            dataclasses.replace(CELL, table=Address("Water base charge", 2)),
            dataclasses.replace(RULE, at=9),
            dataclasses.replace(RULE, conditions=()),
            dataclasses.replace(CELL, text="\x00"),
            edits.SetFormula(formula=BASE, text="1"),
            edits.MoveRule(table=BASE, rule=1, to=5),
        ]

        with pytest.raises(applying.EditsAreRefused) as refused:
            applying.applied(WATER, changes)

        assert len(refused.value.problems) == len(changes)
        assert str(refused.value.problems[0]) == (
            "“Water base charge”, rule 9: The table has 4 rules, no rule 9."
        )

    def test_a_result_that_is_no_model_is_refused_with_its_place(self) -> None:
        with pytest.raises(problems.ModelIsRefused, match='rule 2, column ""'):
            applying.applied(WATER, [dataclasses.replace(CELL, text="1 +")])

    def test_a_file_of_two_bytes_a_letter_is_refused(self) -> None:
        text = WATER.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')

        with pytest.raises(problems.UnreadableXml, match="save it as UTF-8"):
            applying.applied(text.encode("utf-16"), [CELL])


# --- Properties ----------------------------------------------------------------------------------

# The file up to its first table, which takes the name that the edits speak of.
SMALL = (
    b"".join(WATER.partition(b"</decisionTable>")[0:2]).replace(
        b"Days counted", b"Water base charge"
    )
    + b"</decision></definitions>"
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=6)
KINDS = st.sampled_from([(CellKind.CONDITION, 1), (CellKind.RESULT, 1), (CellKind.NOTE, 3)])
NUMBERS = st.integers(-1, 6)
CHANGES = st.one_of(
    st.builds(
        lambda kind, rule, column, text: edits.SetCell(
            table=BASE, rule=rule, kind=kind[0], column=min(column, kind[1]), text=text
        ),
        KINDS, NUMBERS, st.integers(1, 3), TEXTS,
    ),
    st.builds(
        edits.InsertRule,
        table=st.just(BASE),
        at=NUMBERS,
        conditions=st.tuples(TEXTS),
        results=st.tuples(TEXTS),
        notes=st.tuples(TEXTS, TEXTS, TEXTS),
    ),
    st.builds(edits.DeleteRule, table=st.just(BASE), rule=NUMBERS),
    st.builds(edits.MoveRule, table=st.just(BASE), rule=NUMBERS, to=NUMBERS),
)  # fmt: skip


def as_a_list_would(rules: list[outline.Rule], change: edits.RuleEdit) -> list[outline.Rule]:
    """The same edit on plain data."""
    after = list(rules)
    match change:
        case edits.SetCell():
            names = {"inputEntry": "conditions", "outputEntry": "results"}
            name = names.get(change.kind, "notes")
            cells = list(getattr(after[change.rule - 1], name))
            cells[change.column - 1] = change.text
            replaced = dataclasses.replace(after[change.rule - 1], **{name: tuple(cells)})
            after[change.rule - 1] = replaced
        case edits.InsertRule():
            after.insert(
                change.at - 1,
                outline.Rule(
                    conditions=change.conditions, results=change.results, notes=change.notes
                ),
            )
        case edits.DeleteRule():
            del after[change.rule - 1]
        case edits.MoveRule():
            after.insert(change.to - 1, after.pop(change.rule - 1))
    return after


class TestAnyEdits:
    @settings(max_examples=80, deadline=None)
    @given(changes=st.lists(CHANGES, max_size=5))
    def test_rules_come_out_as_a_list_would_and_the_rest_stays(
        self, changes: list[edits.RuleEdit]
    ) -> None:
        content = SMALL
        kept: list[edits.RuleEdit] = []
        expected = list(table(content).rules)
        after = content
        for change in changes:
            try:
                after = applying.spliced(content, [*kept, change])
            except applying.EditsAreRefused:
                continue
            kept.append(change)
            expected = as_a_list_would(expected, change)

        after = applying.spliced(content, kept)

        assert list(table(after).rules) == expected
        ids = re.findall(rb' id="([^"]+)"', after)
        assert len(ids) == len(set(ids))
        head, tail = content.index(b"<rule"), len(content) - content.rindex(b"</rule>") - 7
        assert after.startswith(content[:head].rstrip())
        assert after.endswith(content[-tail:])

    @settings(max_examples=80, deadline=None)
    @given(
        at=st.integers(0, len(SMALL)),
        junk=st.binary(max_size=4),
        gone=st.integers(0, 40),
        changes=st.lists(CHANGES, max_size=2),
    )
    def test_a_damaged_file_is_refused_or_edited(
        self, at: int, junk: bytes, gone: int, changes: list[edits.RuleEdit]
    ) -> None:
        content = SMALL[:at] + junk + SMALL[at + gone :]
        try:
            after = applying.spliced(content, changes)
        except (problems.ModelIsRefused, applying.EditsAreRefused):
            return
        outline.read(after)
