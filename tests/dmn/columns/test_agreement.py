"""Columns and the case evaluator agree on generated expressions and tables."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import hypothesis
from hypothesis import strategies as st

from fisc.dmn.columns import types
from tests.dmn.columns import agreement, generated, models

# Set FISC_EXAMPLES to try more, and others each time: 3,000 take some minutes.
EXAMPLES = int(os.environ.get("FISC_EXAMPLES", "100"))

# A hundred rows at a time would try few rows of many tables; bulk runs are the other way round.
MANY_TABLES, MANY_ROWS = 120, 1_000

settings = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FISC_EXAMPLES" not in os.environ,
    suppress_health_check=list(hypothesis.HealthCheck),
)

RESULT = types.Declared("result", types.Kind.NUMBER, scale=9)
ANSWER = types.Declared("result", types.Kind.BOOLEAN)


class TestExpressions:
    @settings
    @hypothesis.given(text=generated.numbers(), rows=generated.ROWS)
    def test_numbers_agree_to_the_last_decimal(
        self, text: str, rows: Sequence[agreement.Row]
    ) -> None:
        box = models.literal(text, generated.NAMES)
        whole = models.decisions(generated.NAMES, {"result": box})

        agreement.assert_same(whole, generated.INPUTS, [RESULT], rows)

    @settings
    @hypothesis.given(text=generated.numbers(2), rows=generated.LARGE_ROWS)
    def test_numbers_without_bounds_agree_up_to_34_digits_and_past_them(
        self, text: str, rows: Sequence[agreement.Row]
    ) -> None:
        box = models.literal(text, generated.NAMES)
        whole = models.decisions(generated.NAMES, {"result": box})

        agreement.assert_same(whole, generated.UNBOUNDED, [RESULT], rows)

    @settings
    @hypothesis.given(text=generated.tier_sums(), rows=generated.ROWS)
    def test_tiers_agree_to_the_last_decimal(
        self, text: str, rows: Sequence[agreement.Row]
    ) -> None:
        box = models.literal(text, generated.NAMES)
        whole = models.decisions(generated.NAMES, {"result": box})
        edges = [{**rows[0], "usage": Decimal(each) / 4} for each in range(-8, 60, 3)]

        agreement.assert_same(whole, generated.INPUTS, [RESULT], [*rows, *edges])

    @settings
    @hypothesis.given(text=generated.truths(), rows=generated.ROWS)
    def test_truth_agrees_in_three_values(self, text: str, rows: Sequence[agreement.Row]) -> None:
        box = models.literal(text, generated.NAMES)
        whole = models.decisions(generated.NAMES, {"result": box})

        agreement.assert_same(whole, generated.INPUTS, [ANSWER], rows)


def outputs_of(written: dict[str, Any]) -> list[types.Declared]:
    """Return what a table gives: one result, or each of its named results."""
    if len(written["outputs"]) == 1:
        return [RESULT]
    return [
        types.Declared(f"result.{each}", types.Kind.NUMBER, scale=9) for each in written["outputs"]
    ]


class TestTables:
    @settings
    @hypothesis.given(written=generated.tables(), rows=generated.ROWS)
    def test_tables_agree_in_results_and_in_rules_matched(
        self, written: dict[str, Any], rows: Sequence[agreement.Row]
    ) -> None:
        whole = models.decisions(generated.NAMES, {"result": models.table(**written)})

        agreement.assert_same(whole, generated.INPUTS, outputs_of(written), rows)

    def test_tables_agree_on_a_hundred_thousand_rows(self) -> None:
        rows = generated.many_rows(seed=20261001, count=MANY_ROWS)
        policies: dict[str, int] = {}

        @hypothesis.settings(settings, max_examples=MANY_TABLES)
        @hypothesis.given(written=generated.tables())
        def agree(written: dict[str, Any]) -> None:
            whole = models.decisions(generated.NAMES, {"result": models.table(**written)})
            agreement.assert_same(whole, generated.INPUTS, outputs_of(written), rows)
            policies[written["policy"]] = policies.get(written["policy"], 0) + len(rows)

        agree()

        assert sum(policies.values()) >= 100_000
        assert set(policies) == set(generated.POLICIES_OF_COLUMNS)


class TestManyDecimals:
    """Scales at which a power of ten alone is past 64 bits."""

    def test_a_table_of_zeros_given_with_twenty_decimals(self) -> None:
        table = models.table(
            "FIRST", inputs=["days"], rules=[["< 10", "0"], ["-", "0"]], names=generated.NAMES
        )
        whole = models.decisions(generated.NAMES, {"result": table})
        result = types.Declared("result", types.Kind.NUMBER, scale=20)
        rows = generated.many_rows(seed=20, count=20)

        agreement.assert_same(whole, generated.INPUTS, [result], rows)

    def test_an_output_cut_by_more_decimals_than_64_bits_hold(self) -> None:
        box = models.literal("usage * 0.00000000000000000001", generated.NAMES)
        whole = models.decisions(generated.NAMES, {"result": box})
        result = types.Declared("result", types.Kind.NUMBER, scale=1)
        rows = generated.many_rows(seed=21, count=20)

        agreement.assert_same(whole, generated.INPUTS, [result], rows)

    def test_tiers_that_are_steep_only_at_zero(self) -> None:
        steep = "max(-1, min(1, usage * 10000000000)) * 1000000000"
        tiers = " + ".join(f"max(0, min(usage, {each}) - 1) * {each}" for each in range(2, 9))
        box = models.literal(f"({steep}) * 10 + {tiers}", generated.NAMES)
        whole = models.decisions(generated.NAMES, {"result": box})
        rows = generated.many_rows(seed=22, count=200)

        agreement.assert_same(whole, generated.INPUTS, [RESULT], rows)

    @settings
    @hypothesis.given(
        written=generated.tables(), rows=generated.ROWS, scale=st.sampled_from([12, 18, 20, 25, 30])
    )
    def test_tables_agree_whatever_scale_is_declared(
        self, written: dict[str, Any], rows: Sequence[agreement.Row], scale: int
    ) -> None:
        whole = models.decisions(generated.NAMES, {"result": models.table(**written)})
        outputs = [dataclasses.replace(each, scale=scale) for each in outputs_of(written)]

        agreement.assert_same(whole, generated.INPUTS, outputs, rows)

    @settings
    @hypothesis.given(
        text=generated.small_numbers(),
        rows=generated.ROWS,
        scale=st.sampled_from([0, 2, 9, 20, 30]),
    )
    def test_small_numbers_agree_whatever_scale_is_declared(
        self, text: str, rows: Sequence[agreement.Row], scale: int
    ) -> None:
        box = models.literal(text, generated.NAMES)
        whole = models.decisions(generated.NAMES, {"result": box})
        result = dataclasses.replace(RESULT, scale=scale)

        agreement.assert_same(whole, generated.INPUTS, [result], rows)
