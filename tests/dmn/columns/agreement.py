"""The question every property test asks: do columns and the case evaluator say the same?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from fisc.dmn import cases, model
from fisc.dmn.columns import compile, evaluate, plain, types

Row = Mapping[str, plain.Plain]


def columns(inputs: Sequence[types.Declared], rows: Sequence[Row]) -> dict[str, types.Column]:
    return {each.name: plain.column(each, [row[each.name] for row in rows]) for each in inputs}


def programs(
    whole: model.Model, inputs: Sequence[types.Declared], outputs: Sequence[types.Declared]
) -> list[compile.Program]:
    return [
        compile.compile_model(model=whole, inputs=inputs, outputs=outputs, numbers=numbers)
        for numbers in compile.Numbers
    ]


def assert_same(
    whole: model.Model,
    inputs: Sequence[types.Declared],
    outputs: Sequence[types.Declared],
    rows: Sequence[Row],
) -> list[compile.Program]:
    """Values to the last decimal and rows matched, on 64-bit and on Python integers."""
    made = programs(whole, inputs, outputs)
    prepared = cases.Prepared(whole)
    given = columns(inputs, rows)
    results = [evaluate.evaluate(program=each, columns=given) for each in made]
    for result, program in zip(results, made, strict=True):
        for place, row in enumerate(rows):
            for output in outputs:
                outcome = prepared.trace(output.name.partition(".")[0], row)
                expected = _expected(output, outcome.value)
                got = plain.value(output, result.outputs[output.name], place)
                assert got == expected, (output.name, row, got, expected, program.report)
                for step in outcome.steps:
                    _assert_same_hits(result, step, program, place)
    return made


def _expected(output: types.Declared, value: object) -> plain.Plain:
    _, _, part = output.name.partition(".")
    if part and isinstance(value, dict):
        value = value[part]
    if isinstance(value, Decimal):
        try:
            plain.number(output, value)
        except plain.DoesNotFit:
            return None
    return value  # type: ignore[return-value]


def _assert_same_hits(
    result: types.Result, step: cases.Step, program: compile.Program, row: int
) -> None:
    table = program.tables.get(step.decision)
    if table is None or not step.tables:
        return
    matched = [each.index + 1 for each in step.tables[0].rows]
    hits = result.hits[step.decision][row]
    if isinstance(hits, np.ndarray):
        bits = sum(int(word) << (64 * place) for place, word in enumerate(hits))
        assert bits == sum(1 << (number - 1) for number in matched), (bits, matched)
    elif len(matched) < 2 or table.hit_policy is model.HitPolicy.FIRST:
        assert hits == (matched[0] if matched else 0), (hits, matched)
    elif table.hit_policy is model.HitPolicy.UNIQUE:
        assert hits == 0
        assert any(row in problem.rows for problem in result.problems)
    elif hits == 0:
        # ANY whose rules differ; or PRIORITY in the case evaluator, which does not say.
        assert step.value is None or program.by_case
    else:
        assert hits in matched
