"""Makes boxed expressions ready to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fisc.dmn import model, tables
from fisc.dmn.feel import types
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.evaluation import Evaluation
from fisc.dmn.feel.programs import calls, forms, ready
from fisc.dmn.feel.programs.compiling import Surroundings, constant
from fisc.dmn.feel.programs.frames import Frame, Program
from fisc.dmn.feel.types import Type
from fisc.dmn.feel.values import Function, Value
from fisc.dmn.item_types import ItemTypes


@dataclass(frozen=True, slots=True)
class Boxes:
    """Makes the expressions of one file, with the types it knows."""

    names: ItemTypes
    surroundings: Surroundings

    def program(self, box: model.BoxedExpression | None) -> Program:
        """Make a boxed expression ready; nothing written has the value null."""
        if box is None:
            return constant(None)
        plain = _MAKERS[type(box)](self, box)
        return self.typed(plain, box.type_ref, box.place.words)

    def typed(self, plain: Program, type_ref: str | None, words: str) -> Program:
        """Bend what a program gives to a type; null with a reason where it does not fit."""
        wanted = self.names.find(type_ref)
        if wanted is None or wanted is types.ANY:
            return plain

        def run(frame: Frame) -> Value:
            return bent(plain(frame), wanted, type_ref or "", words, frame.evaluation)

        return run

    # --- One maker for each kind -----------------------------------------------------------------

    def literal(self, box: model.LiteralExpression) -> Program:
        if box.expression is None:
            return constant(None)
        return ready.expression(box.expression, self.surroundings)

    def table(self, box: model.DecisionTable) -> Program:
        return tables.program(box, self.names, self.surroundings)

    def context(self, box: model.Context) -> Program:
        entries = [(each.variable, self._entry(each)) for each in box.entries]

        def run(frame: Frame) -> Value:
            values: dict[str, Value] = {}
            inner = frame.inner(values)
            for variable, value in entries:
                if variable is None:
                    return value(inner)
                values[variable.name] = value(inner)
            return dict(values)

        return run

    def _entry(self, entry: model.ContextEntry) -> Program:
        plain = self.program(entry.expression)
        if entry.variable is None:
            return plain
        return self.typed(plain, entry.variable.type_ref, entry.place.words)

    def invocation(self, box: model.Invocation) -> Program:
        function_of = self.program(box.function)
        names = [binding.parameter.name for binding in box.bindings]
        arguments = [
            self.typed(self.program(each.expression), each.parameter.type_ref, each.place.words)
            for each in box.bindings
        ]

        def run(frame: Frame) -> Value:
            function = function_of(frame)
            if not isinstance(function, Function):
                frame.evaluation.null(f"A {kinds.kind(function)} cannot be invoked")
                return None
            values = [argument(frame) for argument in arguments]
            return calls.call_by_name(function, names, values, frame.evaluation)

        return run

    def list(self, box: model.List) -> Program:
        items = [self.program(item) for item in box.items]

        def run(frame: Frame) -> Value:
            return [item(frame) for item in items]

        return run

    def relation(self, box: model.Relation) -> Program:
        rows = [
            [
                (column.name, self.typed(self.program(cell), column.type_ref, cell.place.words))
                for column, cell in zip(box.columns, row, strict=False)
            ]
            for row in box.rows
        ]

        def run(frame: Frame) -> Value:
            return [{name: cell(frame) for name, cell in row} for row in rows]

        return run

    def function(self, box: model.FunctionDefinition) -> Program:
        def run(frame: Frame) -> Value:
            return make(frame)

        make = self.function_maker(box, "")
        return run

    def function_maker(
        self, box: model.FunctionDefinition, name: str
    ) -> Callable[[Frame], Function]:
        """What makes the function value, given the frame its body sees."""
        body = self.program(box.body)
        names = tuple(parameter.name for parameter in box.parameters)
        wanted = tuple(self.names.find(each.type_ref) or types.ANY for each in box.parameters)
        result = self.names.find(box.body.type_ref) if box.body is not None else None
        is_external = box.kind != "FEEL"

        def make(frame: Frame) -> Function:
            def call(arguments: Any) -> Value:
                evaluation = frame.evaluation
                if is_external:
                    evaluation.null("A function outside the tables (Java, PMML) is never run")
                    return None
                evaluation.enter_call()
                try:
                    return body(frame.inner(dict(zip(names, arguments, strict=True))))
                finally:
                    evaluation.leave_call()

            return Function(name, names, call, wanted, result)

        return make

    def conditional(self, box: model.Conditional) -> Program:
        condition = self.program(box.condition)
        then, otherwise = self.program(box.then), self.program(box.otherwise)

        def run(frame: Frame) -> Value:
            holds = condition(frame)
            if holds is not None and not isinstance(holds, bool):
                frame.evaluation.null(f"{box.place.words}: the condition is a {kinds.kind(holds)}")
                return None
            return then(frame) if holds is True else otherwise(frame)

        return run

    def filter(self, box: model.BoxedFilter) -> Program:
        source, condition = self.program(box.source), self.program(box.condition)

        def run(frame: Frame) -> Value:
            value = source(frame)
            items = value if type(value) is list else [] if value is None else [value]
            kept = []
            for item in items:
                frame.evaluation.step()
                holds = condition(forms.item_frame(item, frame))
                if not isinstance(holds, bool):
                    frame.evaluation.null(
                        f"{box.place.words}: the condition is a {kinds.kind(holds)}"
                    )
                    return None
                kept += [item] if holds else []
            return kept

        return run

    def loop(self, box: model.BoxedFor) -> Program:
        source, result = self.program(box.source), self.program(box.result)
        variable = box.variable

        def run(frame: Frame) -> Value:
            items = forms.items_of(source(frame))
            if items is None:
                frame.evaluation.null("“for” has nothing to go over")
                return None
            results: list[Value] = []
            for item in items:
                frame.evaluation.step()
                values = {variable: item, "partial": list(results)}
                results.append(result(frame.inner(values)))
            return results

        return run

    def quantified(self, box: model.BoxedQuantified) -> Program:
        source, condition = self.program(box.source), self.program(box.condition)
        variable, settling = box.variable, box.quantifier == "some"

        def run(frame: Frame) -> Value:
            items = forms.items_of(source(frame))
            if items is None:
                frame.evaluation.null(f"“{box.quantifier}” has nothing to go over")
                return None
            answer = not settling
            for item in items:
                frame.evaluation.step()
                holds = condition(frame.inner({variable: item}))
                if not isinstance(holds, bool):
                    frame.evaluation.null(
                        f"{box.place.words}: the condition is a {kinds.kind(holds)}"
                    )
                    return None
                answer = settling if holds is settling else answer
            return answer

        return run


def bent(value: Value, wanted: Type, name: str, words: str, evaluation: Evaluation) -> Value:
    """A value bent to a type; null with a reason where it does not fit."""
    fitted = types.bend(value, wanted)
    if fitted is None and value is not None:
        evaluation.null(f"{words}: a {kinds.kind(value)} is not of the type {name}")
    return fitted


_MAKERS: dict[type[model.BoxedExpression], Callable[[Boxes, Any], Program]] = {
    model.LiteralExpression: Boxes.literal,
    model.DecisionTable: Boxes.table,
    model.Context: Boxes.context,
    model.Invocation: Boxes.invocation,
    model.List: Boxes.list,
    model.Relation: Boxes.relation,
    model.FunctionDefinition: Boxes.function,
    model.Conditional: Boxes.conditional,
    model.BoxedFilter: Boxes.filter,
    model.BoxedFor: Boxes.loop,
    model.BoxedQuantified: Boxes.quantified,
}
