"""From a decision model and declared inputs and outputs to a program over columns."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fisc.dmn import cases, imports
from fisc.dmn import model as dmn
from fisc.dmn.columns import decisions, plans, types
from fisc.dmn.columns.terms import CannotTake, Sort, Term, Terms


class Numbers(enum.Enum):
    """Which integers a program computes with."""

    # 64 bits wherever the declared bounds prove that they are enough.
    PROVED = "64 bits where proved"
    # Python's integers everywhere; slower, and the yardstick for the former.
    PYTHON = "Python integers"


class Way(enum.Enum):
    """How an output is computed."""

    INT64 = "64-bit integers"
    PYTHON = "Python integers"
    CASE = "case evaluator, row by row"


@dataclass(frozen=True, slots=True)
class Report:
    """How one output is computed, and why not faster."""

    output: str
    way: Way
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A compiled model; may be used by many runs at once."""

    model: dmn.Model
    inputs: tuple[types.Declared, ...]
    outputs: tuple[types.Declared, ...]
    plan: plans.Plan
    prepared: cases.Prepared
    report: tuple[Report, ...]
    # The decisions that are one decision table, by name, those of imported files too.
    tables: Mapping[str, dmn.DecisionTable]

    @property
    def by_case(self) -> tuple[types.Declared, ...]:
        """The outputs that the case evaluator computes for every row."""
        names = {each.output for each in self.report if each.way is Way.CASE}
        return tuple(each for each in self.outputs if each.name in names)


def compile_model(
    *,
    model: dmn.Model,
    inputs: Sequence[types.Declared],
    outputs: Sequence[types.Declared],
    numbers: Numbers = Numbers.PROVED,
) -> Program:
    """Compile the decisions that outputs name, each over columns where it has an exact form.

    An output is named like its decision, or `decision.result` for one result of several. Raises
    decisions.NoSuchDecision.
    """
    made = Terms(always_wide=numbers is Numbers.PYTHON)
    # Codes are numbered first, in the order declared, so that columns rarely need translating.
    for declared in inputs:
        for code in declared.codes or ():
            made.number_of_text(code)
    graph = decisions.Graph(model, made, {each.name: each for each in inputs})
    given = [graph.input(each) for each in inputs]
    reports: list[Report] = []
    compiled: list[tuple[types.Declared, Term]] = []
    for declared in outputs:
        decisions.decision_of(model, declared.name)
        try:
            term = fitted(made, declared, graph.output(declared.name))
        except CannotTake as why:
            reports.append(Report(declared.name, Way.CASE, str(why)))
        else:
            compiled.append((declared, term))
            reports.append(_report(declared, term))
    tables = graph.tables_of(each.name for each, _ in compiled)
    return Program(
        model=model,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        plan=plans.plan(made=made, inputs=given, outputs=compiled, tables=tables),
        prepared=cases.Prepared(model),
        report=tuple(reports),
        tables=_tables(model),
    )


_SORTS: Mapping[types.Kind, Sort] = {
    types.Kind.MONEY: Sort.NUMBER,
    types.Kind.NUMBER: Sort.NUMBER,
    types.Kind.QUANTITY: Sort.NUMBER,
    types.Kind.BOOLEAN: Sort.BOOLEAN,
    types.Kind.CODE: Sort.TEXT,
    types.Kind.TEXT: Sort.TEXT,
    types.Kind.DATE: Sort.DATE,
}


def sort_of(declared: types.Declared) -> Sort:
    """The sort of term that a declared name holds."""
    return _SORTS[declared.kind]


def fitted(made: Terms, declared: types.Declared, term: Term) -> Term:
    """An output in the units it declares; more decimals than those are a problem of the row."""
    if term.is_null:
        return term
    if term.sort is not sort_of(declared):
        raise CannotTake(f"{term.sort.value} where {declared.kind.value} is declared")
    if not declared.is_numeric or term.scale == declared.scale:
        return term
    if term.scale < declared.scale:
        return made.rescale(term, declared.scale)
    divisor = 10 ** (term.scale - declared.scale)
    return made.make(
        "reduce", (term,), sort=Sort.NUMBER, scale=declared.scale,
        bounds=(term.low // divisor, term.high // divisor), detail=(divisor, declared.name),
        reach=divisor,
    )  # fmt: skip


def _tables(whole: dmn.Model) -> dict[str, dmn.DecisionTable]:
    prefixes = imports.prefixes(whole)
    return {
        imports.name_of(each, prefix=prefixes.get(definitions.namespace, "")): each.expression
        for definitions in (whole.definitions, *whole.imported)
        for each in definitions.decisions
        if isinstance(each.expression, dmn.DecisionTable)
    }


def _report(declared: types.Declared, term: Term) -> Report:
    wide = _first_wide(term)
    if wide is None:
        return Report(declared.name, Way.INT64)
    return Report(
        declared.name,
        Way.PYTHON,
        f"a step ({wide.op}) may reach {max(-wide.low, wide.high):.3g}, past 64 bits",
    )


def _first_wide(term: Term) -> Term | None:
    """The earliest step of a result that needs Python's integers."""
    seen: set[int] = set()
    waiting = [term]
    found: Term | None = None
    while waiting:
        here = waiting.pop()
        if here.slot in seen:
            continue
        seen.add(here.slot)
        if here.works_wide and (found is None or here.slot < found.slot):
            found = here
        waiting.extend(here.args)
    return found


def words(reports: Iterable[Report]) -> list[str]:
    """The report as sentences, one an output."""
    return [
        f"{each.output}: {each.way.value}" + (f" ({each.reason})" if each.reason else "")
        for each in reports
    ]
