"""The case evaluator: one decision, one set of inputs, the exact value and how it came about.

`evaluate` gives a value, `trace` also each decision with its inputs, the rules that matched and
their citations. `prepare` makes a model ready once, to be evaluated many times.
Nothing here raises because of what a table says: what has no value is null, with a reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fisc.dmn import model
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.evaluation import (
    MOST_STEPS,
    ClockRefused,
    Evaluation,
    Reason,
    TooManySteps,
)
from fisc.dmn.feel.programs import calls
from fisc.dmn.feel.values import Function, NotAValue, Value
from fisc.dmn.graph import Graph
from fisc.dmn.runs import Run, Step
from fisc.dmn.tables import RowHit, TableHit

# What a caller meets is named here, wherever it is made.
__all__ = [
    "ClockRefused",
    "Inputs",
    "NotAValue",
    "Outcome",
    "Prepared",
    "Reason",
    "RowHit",
    "Step",
    "TableHit",
    "TooManySteps",
    "UnknownDecision",
    "UnknownInput",
    "evaluate",
    "prepare",
    "trace",
]

Inputs = Mapping[str, object]


class UnknownDecision(Exception):
    """The model has no such decision."""


class UnknownInput(Exception):
    """A value was given for an input the model does not have."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Values by decision, the steps that made them in order, and why anything is null."""

    values: Mapping[str, Value]
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]

    @property
    def value(self) -> Value:
        """The value of the first decision asked for."""
        return next(iter(self.values.values()))

    def step(self, decision: str) -> Step:
        """The step of one decision."""
        return next(step for step in self.steps if step.decision == decision)


def evaluate(
    whole: model.Model,
    decision_name: str,
    inputs: Inputs,
    *,
    clock: datetime.datetime | None = None,
    most_steps: int = MOST_STEPS,
) -> Value:
    """Evaluate a decision and give its value; missing inputs are null.

    Raises `UnknownDecision`, `UnknownInput`, `NotAValue`, `TooManySteps`, and `ClockRefused` when
    a table uses now() or today() and no clock is given.
    """
    return prepare(whole).evaluate(decision_name, inputs, clock=clock, most_steps=most_steps)


def trace(
    whole: model.Model,
    decision_name: str,
    inputs: Inputs,
    *,
    clock: datetime.datetime | None = None,
    most_steps: int = MOST_STEPS,
) -> Outcome:
    """Evaluate a decision and tell how its value came about; raises as `evaluate` does."""
    return prepare(whole).trace(decision_name, inputs, clock=clock, most_steps=most_steps)


@lru_cache(maxsize=64)
def prepare(whole: model.Model) -> Prepared:
    """Make a model ready to be evaluated many times; kept for the models used last."""
    return Prepared(whole)


class Prepared:
    """A model made ready; each evaluation keeps its own state."""

    def __init__(self, whole: model.Model) -> None:
        self.model = whole
        self._graph = Graph(whole)
        self._given: dict[str, tuple[int, ...]] = {}
        self._decisions: dict[str, int] = {}

    def evaluate(
        self,
        decision_name: str,
        inputs: Inputs,
        *,
        clock: datetime.datetime | None = None,
        most_steps: int = MOST_STEPS,
    ) -> Value:
        """Evaluate a decision and give its value; see the module's `evaluate`."""
        return self._start(inputs, clock, most_steps).finished(self._decision(decision_name))

    def evaluate_all(
        self,
        decision_names: Sequence[str],
        inputs: Inputs,
        *,
        clock: datetime.datetime | None = None,
        most_steps: int = MOST_STEPS,
    ) -> dict[str, Value]:
        """Evaluate several decisions on the same inputs, sharing what they have in common."""
        run = self._start(inputs, clock, most_steps)
        return {name: run.finished(self._decision(name)) for name in decision_names}

    def trace(
        self,
        decision_name: str,
        inputs: Inputs,
        *,
        clock: datetime.datetime | None = None,
        most_steps: int = MOST_STEPS,
    ) -> Outcome:
        """Evaluate a decision and tell how its value came about."""
        return self.trace_all([decision_name], inputs, clock=clock, most_steps=most_steps)

    def trace_all(
        self,
        decision_names: Sequence[str],
        inputs: Inputs,
        *,
        clock: datetime.datetime | None = None,
        most_steps: int = MOST_STEPS,
    ) -> Outcome:
        """Evaluate several decisions and tell how their values came about."""
        run = self._start(inputs, clock, most_steps)
        run.steps = []
        values = {name: run.finished(self._decision(name)) for name in decision_names}
        return Outcome(values, tuple(run.steps), tuple(run.evaluation.reasons))

    def call(
        self,
        name: str,
        arguments: Inputs,
        *,
        clock: datetime.datetime | None = None,
        most_steps: int = MOST_STEPS,
    ) -> Value:
        """Call a decision service or a function of the model with named arguments."""
        index = self._graph.function(name)
        if index is None:
            raise UnknownDecision(f'The model has no function or service "{name}".')
        run = self._start({}, clock, most_steps)
        function = run.finished(index)
        assert isinstance(function, Function)
        given = {each: kinds.of(arguments.get(each)) for each in function.parameters or ()}
        return calls.call_by_name(function, list(given), list(given.values()), run.evaluation)

    def _start(self, inputs: Inputs, clock: datetime.datetime | None, most_steps: int) -> Run:
        run = Run(self._graph, Evaluation(most_steps=most_steps, clock=clock))
        for name, value in inputs.items():
            given = kinds.of(value)
            for index in self._elements_given(name):
                run.given[index] = given
        return run

    def _decision(self, name: str) -> int:
        index = self._decisions.get(name)
        if index is not None:
            return index
        index = self._graph.decision(name)
        if index is None:
            known = ", ".join(each.name for each in self.model.definitions.decisions)
            raise UnknownDecision(f'The model has no decision "{name}". It has: {known}.')
        self._decisions[name] = index
        return index

    def _elements_given(self, name: str) -> tuple[int, ...]:
        indexes = self._given.get(name)
        if indexes is not None:
            return indexes
        indexes = self._graph.given(name)
        if not indexes:
            known = ", ".join(each.name for each in self.model.definitions.inputs)
            raise UnknownInput(f'The model has no input "{name}". It has: {known}.')
        self._given[name] = indexes
        return indexes
