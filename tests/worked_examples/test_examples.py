"""Published worked examples, computed by tables written from the rule in words."""

from __future__ import annotations

import datetime
import functools
import json
import pathlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from fisc.dmn import cases, model
from fisc.dmn.columns import compile as compiling
from fisc.dmn.columns import evaluate, types
from fisc.dmn.xml import reader
from fisc.domain.rule_tables.calculations import citations, values
from tests import shared_facts
from tests.worked_examples import coverage

TABLES = pathlib.Path(__file__).parent / "tables"
ALL_EXAMPLES: list[dict[str, Any]] = json.loads(
    shared_facts.path_of("facts/worked_examples.json").read_text(encoding="utf-8")
)
EXAMPLES = [each for each in ALL_EXAMPLES if each["id"] not in coverage.ELSEWHERE]

Case = tuple[model.Model, dict[str, Any], dict[str, Any]]


@functools.cache
def tables(file: str) -> model.Model:
    return reader.read((TABLES / f"{file}.dmn").read_bytes())


def case_of(example: Mapping[str, Any]) -> Case:
    """The tables of an example, its facts as they see them, and what each decision must be."""
    name = str(example["id"])
    if name in coverage.NOT_YET:
        pytest.skip(f"not yet covered: {coverage.NOT_YET[name]}")
    assert name in coverage.COVERED, f"no table is written for the example {name}"
    covered = coverage.COVERED[name]
    read = tables(covered.file)
    kinds = {each.name: each.variable.type_ref for each in read.definitions.inputs}
    facts = {
        each: value_of(value, kinds[each])
        for each, value in {**example["inputs"], **covered.facts}.items()
        if each in kinds
    }
    # Where a source prints a sum that its own lines do not add up to, the lines are right.
    said = example["recomputed" if "off" in example["status"] else "expected"]
    decisions = {each.name: each for each in read.definitions.decisions}
    expected: dict[str, Any] = {}
    for key, value in said.items():
        decision = covered.decisions.get(key, key)
        if decision in decisions:
            expected[decision] = value_of(value, decisions[decision].variable.type_ref)
        else:
            lines = enumerate(value, start=1)
            expected |= {f"{decision} {place}": Decimal(line) for place, line in lines}
    return read, facts, expected


def value_of(value: Any, type_ref: str | None) -> Any:
    if isinstance(value, list):
        return [value_of(each, type_ref) for each in value]
    if type_ref == "date":
        return datetime.date.fromisoformat(value)
    if type_ref == "string" or not is_number(value):
        return value
    return Decimal(str(value))


def is_number(value: Any) -> bool:
    try:
        Decimal(str(value))
    except ArithmeticError:
        return False
    return True


def declared(name: str, value: Any) -> types.Declared:
    """A declaration with room for a hundred times an example's number, on its side of zero."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        scale = max(-exponent if isinstance(exponent, int) else 0, 0)
        room = max(100 * value, Decimal(1)) if value >= 0 else 100 * value
        low, high = sorted((Decimal(0), room.quantize(Decimal(1))))
        return types.Declared(name, types.Kind.NUMBER, scale=scale, low=low, high=high)
    if isinstance(value, datetime.date):
        centuries = datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)
        return types.Declared(name, types.Kind.DATE, low=centuries[0], high=centuries[1])
    return types.Declared(name, types.Kind.TEXT)


@pytest.mark.parametrize("example", EXAMPLES, ids=[str(each["id"]) for each in EXAMPLES])
class TestWorkedExample:
    def test_case_evaluator_gives_what_is_published(self, example: dict[str, Any]) -> None:
        read, facts, expected = case_of(example)

        found = {name: cases.evaluate(read, name, facts) for name in expected}

        assert found == expected

    def test_columns_give_what_is_published(self, example: dict[str, Any]) -> None:
        read, facts, expected = case_of(example)
        if any(isinstance(each, list) for each in (*facts.values(), *expected.values())):
            pytest.skip("lists have no form in columns")
        inputs = [declared(name, facts.get(name)) for name in input_names(read)]
        outputs = [declared(name, value) for name, value in expected.items()]
        program = compiling.compile_model(model=read, inputs=inputs, outputs=outputs)
        if reasons := [each.reason for each in program.report if each.way is compiling.Way.CASE]:
            pytest.skip(f"no exact form in columns: {reasons[0]}")

        columns = {
            each.name: values.to_column([facts.get(each.name)], declared=each) for each in inputs
        }
        result = evaluate.evaluate(program=program, columns=columns)

        assert result.problems == ()
        found = {
            each.name: values.from_column(result.outputs[each.name], 0, declared=each)
            for each in outputs
        }
        assert found == expected


def input_names(read: model.Model) -> list[str]:
    return [each.name for each in read.definitions.inputs]


# Kinds of examples of which each must be computed: taxes, licenses, penalties, calendars, factors.
MUST_BE_COVERED = ("tax", "bed_tax", "business_licence")


def test_no_example_is_left_out_without_a_word() -> None:
    everywhere = {str(each["id"]): str(each["area"]) for each in ALL_EXAMPLES}
    named = [*coverage.COVERED, *coverage.ELSEWHERE, *coverage.NOT_YET]

    assert sorted(named) == sorted(everywhere)
    assert [
        name
        for name, area in everywhere.items()
        if name in coverage.NOT_YET and area.startswith(MUST_BE_COVERED)
    ] == []
    assert len([each for each in everywhere.values() if each.startswith(MUST_BE_COVERED)]) >= 31


@pytest.mark.parametrize("file", sorted(path.stem for path in TABLES.glob("*.dmn")))
def test_every_rule_and_constant_of_a_table_is_cited(file: str) -> None:
    assert citations.lacking(tables(file)) == ()
