"""Decisions evaluated: hit policies to the cent, traces, nulls with their reasons."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

import pytest

from fisc.dmn import cases
from tests.dmn import models

D = Decimal
FEE = {"fee": "number"}
USAGE = {"usage": "number"}


class TestHitPolicies:
    OVERLAPPING = [["< 10", "1.005"], ["< 20", "2.25"], ["< 30", "0.10"]]

    @pytest.mark.parametrize(
        ("policy", "aggregation", "usage", "expected"),
        [
            ("FIRST", "", 5, D("1.005")),
            ("FIRST", "", 15, D("2.25")),
            ("RULE ORDER", "", 5, [D("1.005"), D("2.25"), D("0.10")]),
            ("COLLECT", "", 15, [D("2.25"), D("0.10")]),
            ("COLLECT", "SUM", 5, D("3.355")),
            ("COLLECT", "MIN", 5, D("0.10")),
            ("COLLECT", "MAX", 5, D("2.25")),
            ("COLLECT", "COUNT", 5, D(3)),
            ("COLLECT", "COUNT", 99, D(0)),
            ("COLLECT", "SUM", 99, None),
            ("COLLECT", "", 99, []),
            ("FIRST", "", 99, None),
            ("UNIQUE", "", 25, D("0.10")),
            ("UNIQUE", "", 5, None),
            ("ANY", "", 5, None),
            ("ANY", "", 25, D("0.10")),
        ],
    )
    def test_choose_among_the_rules_that_match(
        self, policy: str, aggregation: str, usage: int, expected: object
    ) -> None:
        table = models.one_table(
            USAGE, FEE, self.OVERLAPPING, policy=policy, aggregation=aggregation
        )

        assert cases.evaluate(table, "Answer", {"usage": usage}) == expected

    def test_any_takes_rules_that_agree(self) -> None:
        table = models.one_table(USAGE, FEE, [["< 10", "1.50"], ["< 20", "1.5"]], policy="ANY")

        assert cases.evaluate(table, "Answer", {"usage": 5}) == D("1.5")

    @pytest.mark.parametrize(
        ("policy", "expected"), [("PRIORITY", "hold"), ("OUTPUT ORDER", ["hold", "warn", "pass"])]
    )
    def test_ranked_results_come_in_the_order_of_the_allowed_values(
        self, policy: str, expected: object
    ) -> None:
        table = models.one_table(
            USAGE,
            {"action": "string"},
            [["-", '"pass"'], ["> 5", '"hold"'], ["> 1", '"warn"']],
            policy=policy,
            allowed={"action": '"hold", "warn", "pass"'},
        )

        assert cases.evaluate(table, "Answer", {"usage": 9}) == expected

    def test_a_default_stands_in_where_no_rule_matches(self) -> None:
        table = models.one_table(USAGE, FEE, [["< 10", "1"]], defaults={"fee": "7.25"})

        assert cases.evaluate(table, "Answer", {"usage": 99}) == D("7.25")

    def test_several_results_come_as_a_context(self) -> None:
        table = models.one_table(USAGE, {"fee": "number", "code": "string"}, [["-", "1.10", '"A"']])

        assert cases.evaluate(table, "Answer", {"usage": 1}) == {"fee": D("1.10"), "code": "A"}


class TestConditions:
    @pytest.mark.parametrize(
        ("cell", "usage", "is_hit"),
        [
            ("-", None, True),
            ("null", None, True),
            ("null", 0, False),
            ("> 1", None, False),
            ("<= 10", 10, True),
            ("[0..10)", 10, False),
            ("[0..10)", D("9.999999999999999999999999999999999"), True),
            ("10.00", 10, True),
            ("1, 2, 3", 2, True),
            ("not(1, 2)", 3, True),
            ("not(1, 2)", 2, False),
            ("not(1, 2)", None, True),
            ("not(> 5)", None, False),
            ("modulo(?, 2) = 0", 4, True),
            ("modulo(?, 2) = 0", 3, False),
            ("[1, 5, 9]", 5, True),
        ],
    )
    def test_match_as_the_standard_says(self, cell: str, usage: object, is_hit: bool) -> None:
        table = models.one_table(USAGE, FEE, [[cell, "1"]])

        assert cases.evaluate(table, "Answer", {"usage": usage}) == (D(1) if is_hit else None)

    def test_a_value_that_is_not_allowed_gives_null_with_the_reason(self) -> None:
        table = models.one_table(
            {"class": "string"}, FEE, [["-", "1"]], allowed={"class": '"residential", "general"'}
        )

        outcome = cases.trace(table, "Answer", {"class": "residental"})

        assert outcome.value is None
        assert "residental is not one of" in str(outcome.reasons[0])


class TestLongTables:
    RULES = [
        *([f'"C{number}"', f"[0..{number}]", f"{number}.25"] for number in range(200)),
        ["-", "> 1000", "9999"],
        ['not("C7")', "[500..600]", "1"],
        ["other", "-", "5"],
    ]

    def fee(self, code: object, usage: object) -> object:
        table = models.one_table(
            {"code": "string", "usage": "number", "other": "string"},
            FEE,
            [[code, usage, "-", fee] for code, usage, fee in self.RULES],
            policy="FIRST",
        )
        return cases.evaluate(table, "Answer", {"code": code, "usage": usage, "other": "X"})

    @pytest.mark.parametrize(
        ("code", "usage", "expected"),
        [
            ("C7", 7, D("7.25")),
            ("C7", 8, None),
            ("C7", 1001, D(9999)),
            ("C8", 550, D(1)),
            ("C7", 550, None),
            ("X", 3, D(5)),
            (None, 1001, D(9999)),
            (None, 3, None),
        ],
    )
    def test_are_looked_up_as_if_every_rule_were_tried(
        self, code: object, usage: object, expected: object
    ) -> None:
        assert self.fee(code, usage) == expected


class TestTiers:
    RULES: Sequence[Sequence[str]] = [
        ["<= 3", "usage * 1.37"],
        ["(3..10]", "3 * 1.37 + (usage - 3) * 2.055"],
        ["> 10", "3 * 1.37 + 7 * 2.055 + (usage - 10) * 3.4275"],
    ]

    @pytest.mark.parametrize(
        ("usage", "charge"),
        [("0", "0"), ("3", "4.11"), ("3.001", "4.112055"), ("10", "18.495"), ("10.5", "20.20875")],
    )
    def test_are_exact_at_and_beside_their_bounds(self, usage: str, charge: str) -> None:
        table = models.one_table(USAGE, FEE, self.RULES)

        assert cases.evaluate(table, "Answer", {"usage": D(usage)}) == D(charge)

    def test_are_rounded_once_where_the_table_says_so(self) -> None:
        found = models.read(
            models.input_data("usage"),
            models.decision("Charge", models.table(USAGE, FEE, self.RULES), needs=["i_usage"]),
            models.decision("Line", models.literal("round half up(Charge, 2)"), needs=["d_Charge"]),
        )

        assert cases.evaluate(found, "Line", {"usage": 10}) == D("18.50")


class TestTraces:
    def outcome(self, usage: object) -> cases.Outcome:
        found = models.read(
            models.input_data("usage"),
            models.decision(
                "Charge",
                models.table(
                    USAGE, FEE,
                    [["< 5", "1", "§ 1", "low"], [">= 5", "2.50", "§ 2", "high"]],
                    annotations=["citation", "text_en"],
                ),
                needs=["i_usage"],
            ),
            models.decision("Total", models.literal("Charge * 2"), needs=["d_Charge"]),
        )  # fmt: skip
        return cases.trace(found, "Total", {"usage": usage})

    def test_tell_each_decision_in_the_order_taken(self) -> None:
        outcome = self.outcome(7)

        assert [(each.decision, each.value) for each in outcome.steps] == [
            ("Charge", D("2.50")),
            ("Total", D("5.00")),
        ]
        assert outcome.step("Total").inputs == {"Charge": D("2.50")}

    def test_tell_the_row_its_citation_and_what_it_looked_at(self) -> None:
        step = self.outcome(7).step("Charge")

        assert [(row.index, row.rule_id) for row in step.rows] == [(1, "rule_2")]
        assert step.rows[0].annotations == {"citation": "§ 2", "text_en": "high"}
        assert step.tables[0].looked_at == (("usage", D(7)),)

    def test_tell_why_a_value_is_null(self) -> None:
        outcome = self.outcome(None)

        assert outcome.value is None
        assert [str(each) for each in outcome.reasons] == [
            'decision "Charge": decision "Charge": no rule matches',
            'decision "Total": null * number has no result',
        ]


class TestTypes:
    def test_a_result_of_another_type_is_null_with_the_reason(self) -> None:
        found = models.read(models.decision("A", models.literal('"x"'), type_ref="number"))

        outcome = cases.trace(found, "A", {})

        assert outcome.value is None
        assert "a string is not of the type number" in str(outcome.reasons[0])

    def test_a_list_of_one_becomes_the_one(self) -> None:
        found = models.read(models.decision("A", models.literal("[5]"), type_ref="number"))

        assert cases.evaluate(found, "A", {}) == D(5)

    def test_a_date_is_the_day_given(self) -> None:
        found = models.read(
            models.input_data("day", "date"),
            models.decision("Month", models.literal("day.month"), needs=["i_day"]),
        )

        assert cases.evaluate(found, "Month", {"day": datetime.date(2026, 10, 1)}) == D(10)

    def test_that_hold_themselves_end(self) -> None:
        tree = "".join(
            f'<itemComponent name="{side}"><typeRef>tTree</typeRef></itemComponent>'
            for side in ("left", "right", "middle")
        )
        found = models.read(
            f'<itemDefinition name="tTree">{tree}</itemDefinition>',
            models.decision(
                "A",
                models.literal("{left: null, right: {left: 1, right: 2, middle: 3}, middle: null}"),
                type_ref="tTree",
            ),
        )

        assert cases.evaluate(found, "A", {})["right"]["left"] == D(1)

    @pytest.mark.parametrize(("usage", "expected"), [(5, D(5)), (50, None)])
    def test_with_allowed_values_hold_at_the_border(self, usage: int, expected: object) -> None:
        found = models.read(
            '<itemDefinition name="tUsage"><typeRef>number</typeRef><allowedValues>'
            "<text>[0..10]</text></allowedValues></itemDefinition>",
            models.input_data("usage", "tUsage"),
            models.decision("A", models.literal("usage"), needs=["i_usage"]),
        )

        assert cases.evaluate(found, "A", {"usage": usage}) == expected


class TestFunctions:
    def test_of_the_model_are_called_by_decisions(self) -> None:
        found = models.read(
            models.function(
                "with tax", ["amount", "rate"], "round half up(amount * (1 + rate), 2)"
            ),
            models.decision(
                "A", models.literal("with tax(rate: 0.10, amount: 1.05)"), needs=["f_with tax"]
            ),
        )

        assert cases.evaluate(found, "A", {}) == D("1.16")

    def test_that_never_end_are_stopped(self) -> None:
        found = models.read(
            models.function("again", ["n"], "again(n + 1)"),
            models.decision("A", models.literal("again(1)"), needs=["f_again"]),
        )

        with pytest.raises(cases.TooManySteps, match="Look for a function that calls itself"):
            cases.evaluate(found, "A", {})

    def test_that_loop_too_long_are_stopped_and_name_the_decision(self) -> None:
        found = models.read(
            models.decision("Endless", models.literal("count(for i in 1..1e12 return i)"))
        )

        with pytest.raises(cases.TooManySteps, match='decision "Endless" took more than 1,000'):
            cases.evaluate(found, "Endless", {}, most_steps=1_000)


class TestAsking:
    def test_an_unknown_decision_names_the_ones_there_are(self) -> None:
        found = models.read(models.decision("Fee", models.literal("1")))

        with pytest.raises(cases.UnknownDecision, match="It has: Fee"):
            cases.evaluate(found, "Fees", {})

    def test_an_unknown_input_names_the_ones_there_are(self) -> None:
        table = models.one_table(USAGE, FEE, [["-", "1"]])

        with pytest.raises(cases.UnknownInput, match="It has: usage"):
            cases.evaluate(table, "Answer", {"usge": 1})

    def test_a_float_is_refused(self) -> None:
        table = models.one_table(USAGE, FEE, [["-", "1"]])

        with pytest.raises(cases.NotAValue):
            cases.evaluate(table, "Answer", {"usage": 1.5})

    def test_the_day_of_the_computer_is_refused(self) -> None:
        found = models.read(models.decision("A", models.literal("today()")))

        with pytest.raises(cases.ClockRefused):
            cases.evaluate(found, "A", {})

    def test_several_decisions_share_what_they_have_in_common(self) -> None:
        found = models.read(
            models.input_data("usage"),
            models.decision("Charge", models.literal("usage * 2"), needs=["i_usage"]),
            models.decision("Tax", models.literal("Charge * 0.1"), needs=["d_Charge"]),
        )

        outcome = cases.prepare(found).trace_all(["Charge", "Tax"], {"usage": 3})

        assert outcome.values == {"Charge": D(6), "Tax": D("0.6")}
        assert [each.decision for each in outcome.steps] == ["Charge", "Tax"]
