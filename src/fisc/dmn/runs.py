"""One evaluation of a model: what was given, what has been found, and the steps on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fisc.dmn import boxes, model
from fisc.dmn.feel import types
from fisc.dmn.feel.evaluation import Evaluation, TooManySteps
from fisc.dmn.feel.programs.frames import Frame
from fisc.dmn.feel.types import Type
from fisc.dmn.feel.values import Function, Value
from fisc.dmn.graph import Graph, Need, ReadyElement
from fisc.dmn.tables import RowHit, TableHit


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


class _NotFoundYet:
    pass


_NOT_FOUND_YET: Final = _NotFoundYet()


class Run:
    """Finds values by the numbers of their elements; not shared between threads."""

    def __init__(self, graph: Graph, state: Evaluation) -> None:
        self.graph = graph
        self.evaluation = state
        self.given: dict[int, Value] = {}
        self.found: list[Value | _NotFoundYet] = [_NOT_FOUND_YET] * len(graph)
        self.steps: list[Step] | None = None

    def finished(self, index: int) -> Value:
        """The value asked for, with Python's own limits turned into ours."""
        try:
            return self.value(index)
        except RecursionError:
            raise TooManySteps(
                f"{self.evaluation.place or 'The model'} goes too deep to be evaluated. Look for"
                " functions that call themselves, or split the decision."
            ) from None

    def value(self, index: int) -> Value:
        """The value of an element, found once."""
        value = self.found[index]
        if value is _NOT_FOUND_YET:
            value = self.found[index] = self._find(index)
        return value

    def _find(self, index: int) -> Value:
        ready = self.graph.ready(index)
        if index in self.given:
            return self._bent(self.given[index], ready)
        if isinstance(ready.node, model.Decision):
            return self._decide(ready)
        if isinstance(ready.node, model.DecisionService):
            return self._service(ready.node)
        if isinstance(ready.node, model.BusinessKnowledgeModel):
            return ready.program(Frame(self._names(ready.needs), self.evaluation))
        self.evaluation.null(f"{ready.words} was not given")
        return None

    def _names(self, needs: tuple[Need, ...]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for need in needs:
            value = self.value(need.index)
            if need.prefix:
                values.setdefault(need.prefix, {})[need.name] = value
            else:
                values[need.name] = value
        return values

    def _decide(self, ready: ReadyElement) -> Value:
        names = self._names(ready.needs)
        state = self.evaluation
        outer_place, outer_hits = state.place, state.table_hits
        state.place = ready.words
        state.table_hits = None if self.steps is None else []
        value = self._bent(ready.program(Frame(names, state)), ready)
        if self.steps is not None:
            self._add_step(ready, value)
        state.place, state.table_hits = outer_place, outer_hits
        return value

    def _add_step(self, ready: ReadyElement, value: Value) -> None:
        assert self.steps is not None
        needed = ((need.label, self.value(need.index)) for need in ready.needs)
        inputs = {label: each for label, each in needed if not isinstance(each, Function)}
        hits = tuple(self.evaluation.table_hits or ())
        node = ready.node
        self.steps.append(Step(ready.label, node.id, inputs, hits, value, node.description))

    def _bent(self, value: Value, ready: ReadyElement) -> Value:
        if ready.type is None or value is None:
            return value
        name = ready.node.variable.type_ref or ""
        return boxes.bent(value, ready.type, name, ready.words, self.evaluation)

    # --- Decision services -----------------------------------------------------------------------

    def _service(self, service: model.DecisionService) -> Function:
        """A service as a function of its inputs; what it decides inside starts afresh."""
        references = service.input_data + service.input_decisions
        parameters = [self.graph.indexes[each] for each in references]
        elements = [self.graph.ready(each) for each in parameters]
        names = tuple(each.node.name for each in elements)
        wanted = tuple(each.type or types.ANY for each in elements)

        def call(arguments: list[Value]) -> Value:
            self.evaluation.enter_call()
            try:
                inner = Run(self.graph, self.evaluation)
                inner.steps = self.steps
                inner.given = dict(zip(parameters, arguments, strict=True))
                return inner.service_result(service)
            finally:
                self.evaluation.leave_call()

        return Function(service.name, names, call, wanted, self._result_type(service))

    def _result_type(self, service: model.DecisionService) -> Type | None:
        declared = self.graph.type_of(service)
        if declared is not None and declared.form == "function":
            return declared.result
        return declared

    def service_result(self, service: model.DecisionService) -> Value:
        """What a service gives: its only decision's value, or a context of several."""
        indexes = [self.graph.indexes[each] for each in service.output_decisions]
        outputs = {self.graph.ready(each).node.name: self.value(each) for each in indexes}
        return next(iter(outputs.values())) if len(outputs) == 1 else outputs
