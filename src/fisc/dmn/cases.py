"""The case evaluator: one decision, one set of inputs, the exact value and how it came about.

`evaluate` gives the value, `trace` also each decision with its inputs, the rules that matched and
their citations. A model is made ready once (`prepare`) and then evaluated many times.
Nothing here raises because of what a table says: what has no value is null, with a reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from fisc.dmn import boxes, model
from fisc.dmn.boxes import Boxes
from fisc.dmn.feel import evaluation, types
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.evaluation import ClockRefused, Evaluation, Reason, TooManySteps
from fisc.dmn.feel.programs import calls
from fisc.dmn.feel.programs.frames import Frame, Program
from fisc.dmn.feel.types import Type
from fisc.dmn.feel.values import Function, NotAValue, Value
from fisc.dmn.item_types import ItemTypes
from fisc.dmn.tables import RowHit, TableHit

__all__ = [
    "ClockRefused",
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


class UnknownDecision(Exception):
    """The model has no such decision."""


class UnknownInput(Exception):
    """A value was given for an input the model does not have."""


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of a trace: what went in, which rules matched, what came out."""

    decision: str
    decision_id: str
    inputs: Mapping[str, Value]
    tables: tuple[TableHit, ...]
    value: Value
    description: str = ""

    @property
    def rows(self) -> tuple[RowHit, ...]:
        """The rules that matched, of all tables this decision ran."""
        return tuple(row for table in self.tables for row in table.rows)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value, the steps that made it in the order they were taken, and why anything is null."""

    value: Value
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]


Inputs = Mapping[str, object]


def evaluate(
    whole: model.Model,
    decision_name: str,
    inputs: Inputs,
    *,
    clock: datetime.datetime | None = None,
    most_steps: int = evaluation.MOST_STEPS,
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
    most_steps: int = evaluation.MOST_STEPS,
) -> Outcome:
    """Evaluate a decision and tell how its value came about; raises as `evaluate` does."""
    return prepare(whole).trace(decision_name, inputs, clock=clock, most_steps=most_steps)


@lru_cache(maxsize=64)
def prepare(whole: model.Model) -> Prepared:
    """Make a model ready to be evaluated many times; kept for the models used last."""
    return Prepared(whole)


@dataclass(frozen=True, slots=True)
class _Need:
    """A name in a decision's text, and the element it stands for.

    With a prefix, the name is an entry of the context that an import is known by.
    """

    prefix: str
    name: str
    reference: model.Reference


@dataclass(frozen=True, slots=True)
class _Ready:
    """An element made ready: what it needs, and the program that gives its value."""

    node: model.Node
    words: str
    needs: tuple[_Need, ...]
    program: Program
    type: Type | None


class Prepared:
    """A model made ready; safe to share, since each evaluation keeps its own state."""

    def __init__(self, whole: model.Model) -> None:
        self.model = whole
        self._ready: dict[model.Reference, _Ready] = {}
        self._boxes: dict[str, Boxes] = {}

    # --- Asking ----------------------------------------------------------------------------------

    def evaluate(
        self,
        decision_name: str,
        inputs: Inputs,
        *,
        clock: datetime.datetime | None = None,
        most_steps: int = evaluation.MOST_STEPS,
    ) -> Value:
        """Evaluate a decision and give its value; see the module's `evaluate`."""
        run = self._start(inputs, clock, most_steps)
        return run.finished(self.decision(decision_name))

    def trace(
        self,
        decision_name: str,
        inputs: Inputs,
        *,
        clock: datetime.datetime | None = None,
        most_steps: int = evaluation.MOST_STEPS,
    ) -> Outcome:
        """Evaluate a decision and tell how its value came about."""
        run = self._start(inputs, clock, most_steps)
        run.steps = []
        value = run.finished(self.decision(decision_name))
        return Outcome(value, tuple(run.steps), tuple(run.evaluation.reasons))

    def call(
        self,
        name: str,
        arguments: Inputs,
        *,
        clock: datetime.datetime | None = None,
        most_steps: int = evaluation.MOST_STEPS,
    ) -> Value:
        """Call a decision service or a function of the model with named arguments."""
        definitions = self.model.definitions
        identities = [each.id for each in definitions.services if each.name == name]
        identities += [each.id for each in definitions.knowledge_models if each.name == name]
        if not identities:
            raise UnknownDecision(f'The model has no function or service "{name}".')
        run = self._start({}, clock, most_steps)
        function = run.finished(model.Reference(definitions.namespace, identities[0]))
        assert isinstance(function, Function)
        wanted = function.parameters or ()
        given = {each: kinds.of(arguments.get(each)) for each in wanted}
        return calls.call_by_name(function, list(given), list(given.values()), run.evaluation)

    def decision(self, name: str) -> model.Reference:
        """The decision of a name; raises `UnknownDecision`."""
        for definitions in (self.model.definitions, *self.model.imported):
            for node in definitions.decisions:
                if node.name == name:
                    return model.Reference(definitions.namespace, node.id)
        known = ", ".join(each.name for each in self.model.definitions.decisions)
        raise UnknownDecision(f'The model has no decision "{name}". It has: {known}.')

    def _start(self, inputs: Inputs, clock: datetime.datetime | None, most_steps: int) -> _Run:
        run = _Run(self, Evaluation(most_steps=most_steps, clock=clock))
        for name, value in inputs.items():
            for reference in self._named(name):
                run.given[reference] = kinds.of(value)
        return run

    @lru_cache(maxsize=1024)  # noqa: B019 - a prepared model lives as long as its cache
    def _named(self, name: str) -> tuple[model.Reference, ...]:
        """The inputs and decisions that a given value may stand for."""
        found = tuple(
            reference
            for reference, node in self.model.nodes.items()
            if node.name == name and isinstance(node, model.InputData | model.Decision)
        )
        if not found:
            known = ", ".join(each.name for each in self.model.definitions.inputs)
            raise UnknownInput(f'The model has no input "{name}". It has: {known}.')
        return found

    # --- Making ready ----------------------------------------------------------------------------

    def ready(self, reference: model.Reference) -> _Ready:
        """An element made ready, once."""
        found = self._ready.get(reference)
        if found is None:
            found = self._ready[reference] = self._make(reference)
        return found

    def _boxes_of(self, definitions: model.Definitions) -> Boxes:
        found = self._boxes.get(definitions.namespace)
        if found is None:
            names = ItemTypes(definitions, self.model)
            found = Boxes(names, names.surroundings())
            self._boxes[definitions.namespace] = found
        return found

    def _make(self, reference: model.Reference) -> _Ready:
        node = self.model.node(reference)
        definitions = self.model.by_namespace(reference.namespace)
        assert definitions is not None
        made = self._boxes_of(definitions)
        wanted = made.names.find(node.variable.type_ref)
        requires: tuple[model.Reference, ...] = ()
        if isinstance(node, model.Decision):
            program = made.program(node.expression)
            requires = node.requires + node.knows
        elif isinstance(node, model.BusinessKnowledgeModel):
            program = self._function_program(node, made)
            requires = node.knows
            wanted = None
        else:
            program = _no_program
        needs = tuple(self._need(each, definitions) for each in requires)
        return _Ready(node, node.place.words, needs, program, wanted)

    def type_of(self, service: model.DecisionService) -> Type | None:
        """The type a decision service is declared with."""
        for definitions in (self.model.definitions, *self.model.imported):
            if service in definitions.services:
                return self._boxes_of(definitions).names.find(service.variable.type_ref)
        return None

    def _function_program(self, node: model.BusinessKnowledgeModel, made: Boxes) -> Program:
        if node.function is None:
            return _no_program
        make = made.function_maker(node.function, node.name)
        name = node.name

        def run(frame: Frame) -> Value:
            function = make(frame)
            frame.values[name] = function
            return function

        return run

    def _need(self, reference: model.Reference, definitions: model.Definitions) -> _Need:
        node = self.model.node(reference)
        if reference.namespace == definitions.namespace:
            return _Need("", node.name, reference)
        prefixes = {each.namespace: each.name for each in definitions.imports}
        return _Need(prefixes.get(reference.namespace, ""), node.name, reference)


def _no_program(_: Frame) -> Value:
    return None


class _Run:
    """One evaluation: what was given, what has been found so far."""

    def __init__(self, prepared: Prepared, state: Evaluation) -> None:
        self.prepared = prepared
        self.evaluation = state
        self.given: dict[model.Reference, Value] = {}
        self.found: dict[model.Reference, Value] = {}
        self.steps: list[Step] | None = None

    def finished(self, reference: model.Reference) -> Value:
        """The value asked for, with Python's own limits turned into ours."""
        try:
            return self.value(reference)
        except RecursionError:
            raise TooManySteps(
                f"{self.evaluation.place or 'The model'} goes too deep to be evaluated. Look for"
                " functions that call themselves, or split the decision."
            ) from None

    def value(self, reference: model.Reference) -> Value:
        """The value of an element, found once."""
        if reference not in self.found:
            self.found[reference] = self._find(reference)
        return self.found[reference]

    def _find(self, reference: model.Reference) -> Value:
        ready = self.prepared.ready(reference)
        if reference in self.given:
            return self._bent(self.given[reference], ready)
        if isinstance(ready.node, model.Decision):
            return self._decide(ready)
        if isinstance(ready.node, model.DecisionService):
            return self._service(ready.node)
        if isinstance(ready.node, model.BusinessKnowledgeModel):
            return ready.program(Frame(self._names(ready.needs), self.evaluation))
        return None

    def _names(self, needs: tuple[_Need, ...]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for need in needs:
            value = self.value(need.reference)
            if need.prefix:
                values.setdefault(need.prefix, {})[need.name] = value
            else:
                values[need.name] = value
        return values

    def _decide(self, ready: _Ready) -> Value:
        names = self._names(ready.needs)
        state = self.evaluation
        outer_place, outer_hits = state.place, state.table_hits
        state.place = ready.words
        state.table_hits = None if self.steps is None else []
        value = self._bent(ready.program(Frame(names, state)), ready)
        if self.steps is not None:
            self._add_step(ready, names, value)
        state.place, state.table_hits = outer_place, outer_hits
        return value

    def _add_step(self, ready: _Ready, names: dict[str, Value], value: Value) -> None:
        assert self.steps is not None
        inputs = {name: each for name, each in names.items() if not isinstance(each, Function)}
        hits = tuple(self.evaluation.table_hits or ())
        node = ready.node
        self.steps.append(Step(node.name, node.id, inputs, hits, value, node.description))

    def _bent(self, value: Value, ready: _Ready) -> Value:
        if ready.type is None or value is None:
            return value
        name = ready.node.variable.type_ref or ""
        return boxes.bent(value, ready.type, name, ready.words, self.evaluation)

    # --- Decision services -----------------------------------------------------------------------

    def _service(self, service: model.DecisionService) -> Function:
        """A service as a function of its inputs; what it decides inside starts afresh."""
        parameters = service.input_data + service.input_decisions
        names = tuple(self.prepared.model.node(each).name for each in parameters)
        wanted = tuple(self.prepared.ready(each).type or types.ANY for each in parameters)

        def call(arguments: list[Value]) -> Value:
            self.evaluation.enter_call()
            try:
                inner = _Run(self.prepared, self.evaluation)
                inner.steps = self.steps
                inner.given = dict(zip(parameters, arguments, strict=True))
                return inner.service_result(service)
            finally:
                self.evaluation.leave_call()

        return Function(service.name, names, call, wanted, self._result_type(service))

    def _result_type(self, service: model.DecisionService) -> Type | None:
        declared = self.prepared.type_of(service)
        if declared is not None and declared.form == "function":
            return declared.result
        return declared

    def service_result(self, service: model.DecisionService) -> Value:
        outputs = [
            (self.prepared.model.node(each).name, self.value(each))
            for each in service.output_decisions
        ]
        return outputs[0][1] if len(outputs) == 1 else dict(outputs)
