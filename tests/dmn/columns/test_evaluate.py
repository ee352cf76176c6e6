"""What a run over columns does with ordinary, odd and bad rows."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from fisc.dmn import model
from fisc.dmn.columns import compile, decisions, evaluate, plain, running, types
from tests.dmn.columns import agreement, models

Kind = types.Kind
USAGE = types.Declared("usage", Kind.QUANTITY, scale=3, low=0, high=10_000_000)
SIZE = types.Declared("size", Kind.CODE, codes=("5/8", "1"))
CHARGE = types.Declared("charge", Kind.MONEY)


def _program(
    text: str,
    *,
    inputs: tuple[types.Declared, ...] = (USAGE,),
    output: types.Declared = CHARGE,
    numbers: compile.Numbers = compile.Numbers.PROVED,
) -> compile.Program:
    names = [each.name for each in inputs]
    whole = models.decisions(names, {output.name: models.literal(text, names)})
    return compile.compile_model(model=whole, inputs=inputs, outputs=[output], numbers=numbers)


def _values(program: compile.Program, **columns: list[object]) -> list[plain.Plain]:
    given = {each.name: plain.column(each, columns[each.name]) for each in program.inputs}
    result = evaluate.evaluate(program=program, columns=given)
    (output,) = program.outputs
    column = result.outputs[output.name]
    return [plain.value(output, column, row) for row in range(len(column))]


class TestAmounts:
    def test_tiers_are_charged_to_the_cent(self) -> None:
        tiers = "round half up(min(usage, 6) * 6.85 + max(0, usage - 6) * 12.005, 2)"

        amounts = _values(_program(tiers), usage=[0, 6, Decimal("6.1"), 10])

        assert amounts == [Decimal(each) for each in ("0.00", "41.10", "42.30", "89.12")]

    def test_many_tiers_over_one_amount_become_one_step(self) -> None:
        tiers = " + ".join(
            f"max(0, min(usage, {each + 3}) - {each}) * 1.{each}" for each in range(9)
        )
        program = _program(f"round half up(5 + {tiers}, 2)")

        assert [each.op for each in program.plan.steps] == ["input", "segments", "round"]
        assert _values(program, usage=[0, 100])[0] == Decimal("5.00")

    def test_half_a_cent_goes_the_way_the_table_says(self) -> None:
        ways = {"round half up": "0.13", "round half down": "0.12", "decimal": "0.12"}

        found = {
            way: _values(_program(f"{way}(usage, 2)"), usage=[Decimal("0.125")]) for way in ways
        }

        assert found == {way: [Decimal(cents)] for way, cents in ways.items()}

    def test_a_share_by_days_is_divided_before_it_is_rounded(self) -> None:
        days = types.Declared("days", Kind.NUMBER, low=0, high=31)
        program = _program("round half up(7.5 * days / 28, 2)", inputs=(days,))

        # A quotient worked out first would give 7.4999… and lose the half cent.
        assert _values(program, days=[28, 14, 0]) == [Decimal("7.50"), Decimal("3.75"), Decimal(0)]
        assert program.report[0].way is compile.Way.INT64

    def test_only_a_division_that_comes_out_even_may_be_used_further(self) -> None:
        even = _program("usage / 8 * 8")
        odd = _program("usage / -15 * 15")

        assert [each.report[0].way for each in (even, odd)] == [compile.Way.INT64, compile.Way.CASE]
        assert "outside a rounding" in odd.report[0].reason
        assert _values(_program("(10 + 20) / (-5 * 3) + usage"), usage=[5]) == [Decimal(3)]

    def test_dividing_by_zero_is_null(self) -> None:
        program = _program("round half up(10 / usage, 2)")

        assert _values(program, usage=[0, 4]) == [None, Decimal("2.50")]

    def test_rows_past_a_block_are_like_those_in_it(self) -> None:
        program = _program("round half up(usage * 3, 2)")
        count = running.BLOCK_ROWS + 3
        columns = {"usage": types.Column(np.arange(count, dtype=np.int64))}

        cents = evaluate.evaluate(program=program, columns=columns).outputs["charge"].values

        assert cents.tolist() == [(each * 3 + 5) // 10 for each in range(count)]

    def test_no_rows_are_no_trouble(self) -> None:
        assert _values(_program("round half up(usage, 2)"), usage=[]) == []


class TestBadRows:
    def test_a_value_out_of_bounds_stops_its_row_and_no_other(self) -> None:
        program = _program("round half up(usage * 3, 2)")
        column = types.Column(np.array([1000, -1, 2**62, 2000], dtype=np.int64))

        result = evaluate.evaluate(program=program, columns={"usage": column})

        charges = result.outputs["charge"]
        assert charges.nulls is not None
        assert charges.nulls.tolist() == [False, True, True, False]
        assert charges.values[[0, 3]].tolist() == [300, 600]
        assert [(each.where, each.rows.tolist()) for each in result.problems] == [
            ("input “usage”", [1, 2])
        ]

    def test_an_input_no_output_asks_for_is_checked_all_the_same(self) -> None:
        program = _program("1.5", inputs=(USAGE,))
        column = types.Column(np.array([-1], dtype=np.int64))

        result = evaluate.evaluate(program=program, columns={"usage": column})

        assert result.problems[0].rows.tolist() == [0]

    def test_a_code_that_is_not_listed_stops_its_row(self) -> None:
        program = _program('if size = "1" then 2 else 1', inputs=(SIZE,))
        column = types.Column(np.array([0, 1, 2]), texts=("1", "9", "5/8"))

        result = evaluate.evaluate(program=program, columns={"size": column})

        assert result.problems[0].rows.tolist() == [1]
        assert result.outputs["charge"].values[[0, 2]].tolist() == [200, 100]

    def test_more_decimals_than_declared_are_a_problem_not_a_rounding(self) -> None:
        program = _program("usage * 2")
        column = types.Column(np.array([1000, 1001], dtype=np.int64))

        result = evaluate.evaluate(program=program, columns={"usage": column})

        assert [(each.reason, each.rows.tolist()) for each in result.problems] == [
            ("more decimals than declared", [1])
        ]

    def test_a_null_input_gives_null(self) -> None:
        assert _values(_program("usage + 1"), usage=[None, 1]) == [None, Decimal(2)]

    def test_columns_that_do_not_fit_are_refused(self) -> None:
        program = _program("usage")
        floats = types.Column(np.array([1.5]))

        with pytest.raises(evaluate.ColumnsDoNotFit, match="float64"):
            evaluate.evaluate(program=program, columns={"usage": floats})
        with pytest.raises(evaluate.ColumnsDoNotFit, match="No column"):
            evaluate.evaluate(program=program, columns={})


class TestIntegers:
    def test_what_64_bits_cannot_be_proved_to_hold_is_computed_on_python_integers(self) -> None:
        program = _program("round half up(usage * usage * usage, 2)")

        assert program.report[0].way is compile.Way.PYTHON
        assert "past 64 bits" in program.report[0].reason
        assert _values(program, usage=[10_000_000]) == [Decimal(10) ** 21]

    def test_a_row_past_34_digits_is_left_to_the_case_evaluator(self) -> None:
        wide = types.Declared("usage", Kind.NUMBER, scale=0)
        output = types.Declared("charge", Kind.NUMBER)
        program = _program("usage * usage / 100 * 0", inputs=(wide,), output=output)
        large = 10**20 + 1
        column = types.Column(np.array([7, large], dtype=object))

        result = evaluate.evaluate(program=program, columns={"usage": column})

        assert result.rows_by_case.tolist() == [1]
        assert result.outputs["charge"].values.tolist() == [0, 0]

    def test_both_integers_agree_on_a_thousand_rows_of_a_table(self) -> None:
        rules = [
            [f"[{each}..{each + 1})", f"round half up(usage * {each}.{each:03}5, 2)"]
            for each in range(100)
        ]
        names = ["usage"]
        table = models.table("UNIQUE", inputs=names, rules=rules, names=names)
        whole = models.decisions(names, {"charge": table})
        rows = [{"usage": Decimal(each) / 8} for each in range(0, 1000, 7)]

        agreement.assert_same(whole, [USAGE], [CHARGE], rows)


class TestFallback:
    def test_a_form_columns_lack_is_computed_by_the_case_evaluator_and_says_so(self) -> None:
        program = _program('usage * string length("abc")')

        assert program.report[0].way is compile.Way.CASE
        assert "string length" in program.report[0].reason
        assert _values(program, usage=[2, None]) == [Decimal(6), None]

    def test_only_the_outputs_that_need_it_fall_back(self) -> None:
        names = ["usage"]
        boxes = {
            "plain": models.literal("usage * 2", names),
            "odd": models.literal("count([usage])", names),
        }
        outputs = [types.Declared(each, Kind.NUMBER, scale=3) for each in boxes]

        program = compile.compile_model(
            model=models.decisions(names, boxes), inputs=[USAGE], outputs=outputs
        )

        assert [each.way for each in program.report] == [compile.Way.INT64, compile.Way.CASE]

    def test_rules_matched_are_told_there_too(self) -> None:
        names = ["usage"]
        rules = [["> 5", "string(usage)"], ["-", '"few"']]
        table = models.table("FIRST", inputs=names, rules=rules, names=names)
        whole = models.decisions(names, {"words": table})
        output = types.Declared("words", Kind.TEXT)

        rows: list[agreement.Row] = [{"usage": Decimal(1)}, {"usage": Decimal(9)}, {"usage": None}]
        agreement.assert_same(whole, [USAGE], [output], rows)

    def test_an_output_without_a_decision_is_refused(self) -> None:
        whole = models.decisions(["usage"], {"charge": models.literal("usage", ["usage"])})

        with pytest.raises(decisions.NoSuchDecision, match="“tax”"):
            compile.compile_model(
                model=whole, inputs=[USAGE], outputs=[types.Declared("tax", Kind.MONEY)]
            )


class TestHits:
    def test_two_rules_where_one_may_match_are_a_problem_of_the_row(self) -> None:
        names = ["usage"]
        table = models.table(
            "UNIQUE", inputs=names, rules=[["> 5", "1"], ["> 8", "2"]], names=names
        )
        program = compile.compile_model(
            model=models.decisions(names, {"charge": table}), inputs=[USAGE], outputs=[CHARGE]
        )

        result = evaluate.evaluate(
            program=program, columns={"usage": plain.column(USAGE, [1, 6, 9])}
        )

        assert result.hits["charge"].tolist() == [0, 1, 0]
        assert [each.rows.tolist() for each in result.problems] == [[2]]

    def test_collect_has_a_bit_for_every_rule_past_the_64th_too(self) -> None:
        names = ["usage"]
        rules = [[f">= {each}", "0.01"] for each in range(70)]
        table = models.table("COLLECT SUM", inputs=names, rules=rules, names=names)
        whole = models.decisions(names, {"charge": table})

        rows: list[agreement.Row] = [{"usage": Decimal(each)} for each in (0, 63, 64, 69)]
        agreement.assert_same(whole, [USAGE], [CHARGE], [*rows, {"usage": None}])


class TestModels:
    def test_functions_contexts_and_earlier_decisions_are_put_in_place(self) -> None:
        names = ["usage"]
        function = model.FunctionDefinition(
            parameters=(model.Variable(name="n", type_ref="number"),),
            body=models.literal("round half up(n * 1.075, 2)", ["n"]),
        )
        tiers = model.Context(
            entries=(
                model.ContextEntry(
                    variable=model.Variable(name="low"),
                    expression=models.literal("min(usage, 5) * 2", names),
                ),
                model.ContextEntry(
                    variable=None,
                    expression=models.literal("low + max(0, usage - 5) * 3", [*names, "low"]),
                ),
            )
        )
        boxes = {
            "tiers": tiers,
            "charge": models.literal("with tax(tiers)", [*names, "tiers", "with tax"]),
        }
        whole = models.decisions(names, boxes, functions={"with tax": function})

        made = agreement.assert_same(
            whole, [USAGE], [CHARGE], [{"usage": Decimal(each) / 10} for each in range(0, 120, 7)]
        )

        assert not made[0].by_case

    def test_an_answer_does_not_depend_on_how_many_rows_are_asked(self) -> None:
        program = _program("round half up(usage * 2.345, 2)")
        everything = [Decimal(each) / 8 for each in range(200)]

        together = _values(program, usage=list(everything))

        assert together == [_values(program, usage=[each])[0] for each in everything]
