"""Rows, or whole outputs, that the case evaluator computes because columns have no exact form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fisc.dmn import cases, imports, model
from fisc.dmn.columns import compile, decisions, plain, types
from fisc.dmn.feel import values as kinds

_KINDS: Mapping[types.Kind, str] = {
    types.Kind.MONEY: kinds.NUMBER,
    types.Kind.NUMBER: kinds.NUMBER,
    types.Kind.QUANTITY: kinds.NUMBER,
    types.Kind.BOOLEAN: kinds.BOOLEAN,
    types.Kind.CODE: kinds.STRING,
    types.Kind.TEXT: kinds.STRING,
    types.Kind.DATE: kinds.DATE,
}


# The policies by which several rules count.
LISTING = frozenset(
    {model.HitPolicy.COLLECT, model.HitPolicy.RULE_ORDER, model.HitPolicy.OUTPUT_ORDER}
)


@dataclass(slots=True)
class CaseRows:
    """What the case evaluator gave, by output and row.

    `hits` has, by decision and row, the rules that matched in its table, from 1.
    """

    values: dict[str, dict[int, plain.Plain]] = field(default_factory=dict)
    hits: dict[str, dict[int, tuple[int, ...]]] = field(default_factory=dict)
    problems: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def problem(self, output: str, reason: str, row: int) -> None:
        self.problems.setdefault((f"output “{output}”", reason), []).append(row)


def compute(
    program: compile.Program,
    columns: Mapping[str, types.Column],
    rows: Iterable[int],
    outputs: Sequence[types.Declared],
) -> CaseRows:
    """Compute some outputs of some rows by the case evaluator."""
    found = CaseRows(values={each.name: {} for each in outputs})
    known = set(imports.input_names(program.model))
    given = [each for each in program.inputs if each.name in known]
    for row in rows:
        inputs = {each.name: plain.value(each, columns[each.name], row) for each in given}
        for output in outputs:
            _compute_one(program, inputs, output, row, found)
    return found


def _compute_one(
    program: compile.Program,
    inputs: Mapping[str, plain.Plain],
    output: types.Declared,
    row: int,
    found: CaseRows,
) -> None:
    found.values[output.name][row] = None
    decision, part = decisions.decision_of(program.model, output.name)
    try:
        outcome = program.prepared.trace(decision.name, inputs)
        value = outcome.value if part is None else _part(outcome.value, part)
        found.values[output.name][row] = _fitted(output, value)
    except (cases.TooManySteps, cases.ClockRefused, plain.DoesNotFit) as problem:
        found.problem(output.name, str(problem), row)
        return
    for step in outcome.steps:
        if step.decision in program.tables:
            found.hits.setdefault(step.decision, {})[row] = _counted(
                program.tables[step.decision].hit_policy, step
            )
    if value is None:
        for reason in outcome.reasons[:1]:
            found.problem(output.name, str(reason), row)


def _counted(policy: model.HitPolicy, step: cases.Step) -> tuple[int, ...]:
    """The rules that made a table's value, from 1.

    Where one of several was chosen by its result, and where they were in each other's way, none.
    """
    rules = tuple(each.index + 1 for table in step.tables[:1] for each in table.rows)
    if policy in LISTING or len(rules) < 2:
        return rules
    is_settled = policy is model.HitPolicy.ANY and step.value is not None
    return rules[:1] if is_settled else ()


def _part(value: Any, part: str) -> Any:
    if value is None or isinstance(value, dict):
        return None if value is None else value.get(part)
    raise plain.DoesNotFit(f"a {kinds.kind(value)} where several results are declared")


def _fitted(output: types.Declared, value: Any) -> plain.Plain:
    """The value as its output declares it. Raises DoesNotFit."""
    if value is None:
        return None
    if kinds.kind(value) != _KINDS[output.kind]:
        raise plain.DoesNotFit(f"a {kinds.kind(value)} where {output.kind.value} is declared")
    if output.is_numeric or output.kind is types.Kind.DATE:
        plain.number(output, value)
    fitted: plain.Plain = value
    return fitted
