"""What a file imports, over columns and case by case: the same values, and the same rules hit."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import hypothesis
import pytest

from fisc.dmn import cases, imports, model
from fisc.dmn.columns import compile as compiling
from fisc.dmn.columns import evaluate, types
from fisc.dmn.xml import problems, reader
from tests.dmn.columns import agreement, generated, models
from tests.dmn.columns.test_agreement import RESULT, settings
from tests.factories import shared_tables

SHARED = "urn:shared"
PAST_DUE = types.Declared("past_due", types.Kind.MONEY, low=Decimal(0), high=Decimal(10_000))
LATE_CHARGE = types.Declared("Late charge", types.Kind.MONEY)


def importing(whole: model.Model, text: str) -> model.Model:
    """A model of its own whose one decision uses what another file decides, imported as `s`."""
    shared = dataclasses.replace(whole.definitions, namespace=SHARED)
    moved = tuple(
        dataclasses.replace(
            each,
            requires=tuple(model.Reference(SHARED, one.id) for one in each.requires),
            knows=tuple(model.Reference(SHARED, one.id) for one in each.knows),
        )
        for each in shared.decisions
    )
    shared = dataclasses.replace(shared, decisions=moved)
    own = models.decisions(
        generated.NAMES, {"result": models.literal(text, (*generated.NAMES, "s"))}
    )
    (decision,) = own.definitions.decisions
    decision = dataclasses.replace(
        decision, requires=(*decision.requires, model.Reference(SHARED, "rate"))
    )
    definitions = dataclasses.replace(
        own.definitions,
        decisions=(decision,),
        imports=(model.Import(name="s", namespace=SHARED, kind="DMN"),),
    )
    nodes: dict[model.Reference, model.Node] = {
        **own.nodes,
        model.Reference(models.NAMESPACE, "result"): decision,
    }
    nodes |= {model.Reference(SHARED, each.id): each for each in shared.inputs}
    nodes |= {model.Reference(SHARED, each.id): each for each in moved}
    return model.Model(definitions, (shared,), nodes)


class TestGenerated:
    @settings
    @hypothesis.given(written=generated.tables(), rows=generated.ROWS)
    def test_an_imported_table_agrees_in_results_and_in_rules_matched(
        self, written: dict[str, Any], rows: Sequence[agreement.Row]
    ) -> None:
        result = written["outputs"][0]
        asked = f"s.rate.{result}" if len(written["outputs"]) > 1 else "s.rate"
        shared = models.decisions(generated.NAMES, {"rate": models.table(**written)})
        whole = importing(shared, f"if {asked} > 0 then {asked} * 2 else {asked}")

        (program, _) = agreement.assert_same(whole, generated.INPUTS, [RESULT], rows)

        assert set(program.tables) == {"s.rate"}


class TestRead:
    def test_is_computed_in_64_bits_and_its_rules_are_told(self) -> None:
        whole = reader.read(
            shared_tables.late_charge_file(), imported=[shared_tables.fees_file("0.10")]
        )
        rows = [{"past_due": Decimal(each) / 100} for each in range(49_900, 50_200, 7)]

        (program, _) = agreement.assert_same(whole, [PAST_DUE], [LATE_CHARGE], rows)

        assert compiling.words(program.report) == ["Late charge: 64-bit integers"]
        assert imports.input_names(whole) == ("past_due",)

    def test_a_fact_named_like_a_decision_of_the_import_is_not_taken_for_it(self) -> None:
        shared = shared_tables.fees_file("0.10", decision="past due share")
        whole = reader.read(
            shared_tables.late_charge_file("fees.past due share * past_due").replace(
                b'name="past_due"', b'name="past due share"'
            ).replace(b" * past_due", b" * past due share"),
            imported=[shared.replace(b'name="past_due"', b'name="owed"').replace(
                b"<text>past_due", b"<text>owed")],
        )  # fmt: skip

        outcome = cases.trace(whole, "Late charge", {"past due share": 100, "owed": 100})

        assert outcome.value == Decimal("10.00")
        assert [each.decision for each in outcome.steps] == ["fees.past due share", "Late charge"]
        assert dict(outcome.steps[1].inputs) == {
            "past due share": Decimal(100),
            "fees.past due share": Decimal("0.10"),
        }

    def test_the_whole_import_as_a_value_is_left_to_the_case_evaluator_with_the_reason(
        self,
    ) -> None:
        whole = reader.read(
            shared_tables.late_charge_file("get value(fees, &quot;Share&quot;) * past_due"),
            imported=[shared_tables.fees_file("0.10")],
        )

        (program, _) = agreement.assert_same(
            whole, [PAST_DUE], [LATE_CHARGE], [{"past_due": Decimal(100)}]
        )

        (text,) = compiling.words(program.report)
        assert text.startswith("Late charge: case evaluator, row by row (decision “Late charge”")

    def test_an_import_and_an_element_of_one_name_are_refused(self) -> None:
        content = shared_tables.late_charge_file().replace(
            b'name="Late charge">\n    <desc', b'name="fees">\n    <desc'
        )

        with pytest.raises(problems.ModelIsRefused, match=r"An import of this file is called"):
            reader.read(content, imported=[shared_tables.fees_file("0.10")])

    def test_tables_that_ask_for_nothing_give_as_many_rows_as_are_wanted(self) -> None:
        content = shared_tables.HEAD % ("rates", "Rates", "urn:rates") + (
            '<decision id="d" name="Rate"><variable id="v" name="Rate" typeRef="number"/>'
            '<literalExpression id="e"><text>0.07</text></literalExpression></decision>'
            "</definitions>"
        )
        rate = types.Declared("Rate", types.Kind.NUMBER, scale=2)
        program = compiling.compile_model(
            model=reader.read(content.encode()), inputs=[], outputs=[rate]
        )

        result = evaluate.evaluate(program=program, columns={}, rows=3)

        assert result.outputs["Rate"].values.tolist() == [7, 7, 7]
