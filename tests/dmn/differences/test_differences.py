"""The difference of two models, cell by cell, and in words."""

from __future__ import annotations

import dataclasses
import itertools
import pathlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.dmn import model
from fisc.dmn.differences import alignment, comparing, findings, wording
from fisc.dmn.differences.findings import Aspect, Change, Part
from fisc.dmn.xml import reader
from tests.dmn import models

TABLES = pathlib.Path(__file__).parents[3] / "cities" / "mesquite_springs" / "tables"
RATES = [
    ["< 10", "25", "Ordinance 12"],
    ["[10..20)", "round half up(usage * 1.50, 2)", "Ordinance 12"],
    ["[20..30)", "round half up(usage * 1.75, 2)", "Ordinance 12"],
    [">= 30", "60", "Ordinance 12"],
]


def rates(rules: list[list[str]], *, policy: str = "UNIQUE") -> model.Model:
    return models.one_table(
        {"usage": "number"}, {"charge": "number"}, rules, policy=policy, annotations=["citation"]
    )


def literal(text: str) -> model.Model:
    return models.read(models.decision("Deposit", models.literal(text)))


def said(before: model.Model, after: model.Model, *, language: str = "en") -> list[str]:
    found = comparing.between(before, after)
    return [wording.words(each, language=language) for each in found]


class TestCells:
    def test_the_same_model_has_no_difference(self) -> None:
        assert comparing.between(rates(RATES), rates(RATES)) == ()

    def test_a_changed_rate_is_one_cell_with_the_number_that_changed(self) -> None:
        after = [list(row) for row in RATES]
        after[1][1] = "round half up(usage * 1.65, 2)"

        (found,) = comparing.between(rates(RATES), rates(after))

        assert (found.part, found.column) == (Part.RESULT, "charge")
        assert (found.rule_before, found.rule_after) == (2, 2)
        assert found.constants == (findings.Constant("1.50", "1.65"),)

    def test_says_a_changed_rate_in_both_languages(self) -> None:
        after = [list(row) for row in RATES]
        after[0][1] = "30"

        assert said(rates(RATES), rates(after)) == [
            "“Answer”, rule 1, result “charge”: “25” is now “30” (25 → 30, 20.0 % more)."
        ]
        assert said(rates(RATES), rates(after), language="es") == [
            "“Answer”, regla 1, resultado “charge”: “25” es ahora “30” (25 → 30, 20.0 % más)."
        ]

    def test_a_changed_citation_is_a_note(self) -> None:
        after = [*RATES[:3], [">= 30", "60", "Ordinance 14"]]

        (found,) = comparing.between(rates(RATES), rates(after))

        assert (found.part, found.column, found.rule_after) == (Part.NOTE, "citation", 4)

    def test_a_formula_with_other_spaces_means_the_same(self) -> None:
        (found,) = comparing.between(literal("150 + 2"), literal("150  +  2 // a deposit"))

        assert found.is_same_meaning
        assert wording.words(found, language="en").endswith("the same meaning).")

    def test_numbers_too_far_apart_have_no_percentage(self) -> None:
        (found,) = comparing.between(literal("1e-6000"), literal("1e6000"))

        assert found.constants[0].percent is None

    def test_nothing_and_something_are_said_so(self) -> None:
        (found,) = comparing.between(literal(""), literal("150"))

        assert wording.words(found, language="en") == (
            "“Deposit”, the formula: nothing was written; it is now “150”."
        )


class TestRules:
    def test_an_inserted_rule_leaves_the_others_alone(self) -> None:
        after = [["< 5", "15", "Ordinance 12"], ["[5..10)", "25", "Ordinance 12"], *RATES[1:]]

        found = comparing.between(rates(RATES), rates(after))

        assert [(each.part, each.change, each.rule_before) for each in found] == [
            (Part.RULE, Change.ADDED, 0),
            (Part.CONDITION, Change.CHANGED, 1),
        ]
        assert said(rates(RATES), rates(after))[0] == ("“Answer” has a new rule 1: usage < 5 → 15.")

    def test_a_removed_rule_is_told_by_its_old_number(self) -> None:
        assert said(rates(RATES), rates([*RATES[:1], *RATES[2:]])) == [
            "“Answer” no longer has its rule 2: usage [10..20) → round half up(usage * 1.50, 2)."
        ]

    def test_a_moved_rule_is_one_move(self) -> None:
        found = comparing.between(rates(RATES), rates([RATES[3], *RATES[:3]]))

        assert [(each.change, each.rule_before, each.rule_after) for each in found] == [
            (Change.MOVED, 4, 1)
        ]

    def test_a_moved_rule_whose_rate_changed_says_both(self) -> None:
        found = comparing.between(
            rates(RATES), rates([[">= 30", "66", "Ordinance 12"], *RATES[:3]])
        )

        assert [(each.part, each.change) for each in found] == [
            (Part.RULE, Change.MOVED),
            (Part.RESULT, Change.CHANGED),
        ]

    def test_all_rates_raised_and_one_rule_added_stays_cell_by_cell(self) -> None:
        raised = [[row[0], row[1].replace("1.", "2."), row[2]] for row in RATES]

        found = comparing.between(rates(RATES), rates([["< 0", "0", ""], *raised]))

        assert [(each.part, each.rule_before) for each in found] == [
            (Part.RULE, 0), (Part.RESULT, 2), (Part.RESULT, 3),
        ]  # fmt: skip

    def test_a_table_of_thousands_is_compared_by_its_conditions(self) -> None:
        before = [[str(n), str(n * 3), "State file"] for n in range(4000)]
        after = [[str(n), str(n * 3 + (n % 7 == 0)), "State file"] for n in range(5, 4000)]

        found = comparing.between(rates(before), rates(after))

        removed = [each for each in found if each.change is Change.REMOVED]
        changed = [each for each in found if each.part is Part.RESULT]
        assert len(removed) == 5
        assert len(changed) == sum(n % 7 == 0 for n in range(5, 4000))
        assert len(found) == len(removed) + len(changed)


class TestTablesAndElements:
    def test_hit_policy_columns_and_types(self) -> None:
        before = models.one_table({"usage": "number"}, {"charge": "number"}, [["-", "1"]])
        after = models.one_table(
            {"usage": "number", "size": "string"},
            {"charge": "string"},
            [["-", '"A"', '"1"']],
            policy="FIRST",
        )

        found = {(each.part, each.aspect, each.change) for each in comparing.between(before, after)}

        assert (Part.TABLE, Aspect.HIT_POLICY, Change.CHANGED) in found
        assert (Part.CONDITION_COLUMN, Aspect.WHOLE, Change.ADDED) in found
        assert (Part.RESULT_COLUMN, Aspect.TYPE, Change.CHANGED) in found
        assert (Part.INPUT, Aspect.WHOLE, Change.ADDED) in found

    def test_a_renamed_decision_is_known_by_its_id(self) -> None:
        body = models.decision("Deposit", models.literal("150"))
        after = models.read(body.replace('name="Deposit"', 'name="Security deposit"'))

        assert said(models.read(body), after) == [
            "The decision “Security deposit”: its name was “Deposit”."
        ]

    def test_new_and_gone_decisions(self) -> None:
        before = models.read(models.decision("Deposit", models.literal("150")))
        after = models.read(models.decision("Fee", models.literal("150")))

        assert said(before, after) == [
            "The decision “Fee” is new.", "The decision “Deposit” is gone.",
        ]  # fmt: skip
        assert said(before, after, language="es") == [
            "Se agregó: La decisión “Fee”.", "Se quitó: La decisión “Deposit”.",
        ]  # fmt: skip

    def test_a_formula_that_becomes_a_table(self) -> None:
        table = models.table({"1": "number"}, {"fee": "number"}, [["1", "2"]])
        after = models.read(models.decision("Deposit", table))

        (found,) = comparing.between(literal("150"), after)

        assert (found.aspect, found.before, found.after) == (Aspect.KIND, "150", "decision table")

    def test_an_entry_of_a_context_is_found_by_name(self) -> None:
        def context(rate: str) -> model.Model:
            entry = f'<contextEntry><variable name="rate"/>{models.literal(rate)}</contextEntry>'
            result = f"<contextEntry>{models.literal('rate * 2')}</contextEntry>"
            return models.read(models.decision("Fee", f"<context>{entry}{result}</context>"))

        assert said(context("10"), context("12")) == [
            "“Fee”, part “rate”, the formula: “10” is now “12” (10 → 12, 20.0 % more)."
        ]

    def test_the_two_years_of_water_charges_differ_in_cells_only(self) -> None:
        before, after = (
            reader.read((TABLES / f"utilities.water_charges.{year}-10-01.dmn").read_bytes())
            for year in (2024, 2025)
        )

        found = comparing.between(before, after)

        assert {each.part for each in found} == {Part.FILE, Part.RESULT, Part.NOTE}
        rates_changed = [each for each in found if each.part is Part.RESULT]
        assert len(rates_changed) == sum(len(each.constants) for each in rates_changed) == 21


class TestWords:
    @pytest.mark.parametrize("language", wording.LANGUAGES)
    def test_every_finding_has_a_sentence(self, language: str) -> None:
        for part, aspect, change in itertools.product(Part, Aspect, Change):
            found = findings.Difference(
                part=part, aspect=aspect, change=change, element="Rate", column="size",
                before="{x}", after="{y}", rule_before=1, rule_after=2,
            )  # fmt: skip

            sentence = wording.words(found, language=language)

            assert sentence.endswith(".")
            assert ", ," not in sentence

    def test_refuses_a_language_it_has_no_words_for(self) -> None:
        (found,) = comparing.between(literal("1"), literal("2"))

        with pytest.raises(wording.NoSuchLanguage, match="en and es"):
            wording.words(found, language="fr")


ROWS = st.lists(
    st.builds(
        alignment.Row,
        conditions=st.tuples(st.sampled_from("abc")),
        results=st.tuples(st.sampled_from("123")),
        notes=st.tuples(st.sampled_from("xy")),
        id=st.sampled_from(["", "r1", "r2"]),
    ),
    max_size=8,
)


class TestAlignment:
    @settings(max_examples=200, deadline=None)
    @given(before=ROWS, after=ROWS)
    def test_every_rule_is_told_once(
        self, before: list[alignment.Row], after: list[alignment.Row]
    ) -> None:
        found = alignment.pairs(before, after)

        assert sorted(p.before for p in found if p.before is not None) == [*range(len(before))]
        assert [p.after for p in found if p.after is not None] == [*range(len(after))]

    @settings(max_examples=100, deadline=None)
    @given(rows=ROWS)
    def test_equal_tables_pair_in_place(self, rows: list[alignment.Row]) -> None:
        assert alignment.pairs(rows, [dataclasses.replace(row) for row in rows]) == tuple(
            alignment.Pair(n, n) for n in range(len(rows))
        )
