"""Makes a decision table ready to run: which rules match, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fisc.dmn import model, rule_index
from fisc.dmn.feel import comparison, syntax, texts, types
from fisc.dmn.feel.evaluation import Evaluation
from fisc.dmn.feel.functions import list_functions
from fisc.dmn.feel.programs import ready
from fisc.dmn.feel.programs.compiling import Surroundings, constant
from fisc.dmn.feel.programs.frames import Frame, Program
from fisc.dmn.feel.programs.tests import CellProgram
from fisc.dmn.feel.values import Value
from fisc.dmn.item_types import ItemTypes

_Policy = Callable[[Sequence[int], Frame], Value]


@dataclass(frozen=True, slots=True)
class RowHit:
    """A rule that matched: its index from 0, its id and what its annotations say."""

    index: int
    rule_id: str
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableHit:
    """What one run of a table did: what its columns looked at, and the rules that matched."""

    table_id: str
    place: str
    looked_at: tuple[tuple[str, Value], ...]
    rows: tuple[RowHit, ...]


def program(table: model.DecisionTable, names: ItemTypes, surroundings: Surroundings) -> Program:
    """Make a table ready to run."""
    return _TableProgram(table, names, surroundings).run


class _TableProgram:
    def __init__(
        self, table: model.DecisionTable, names: ItemTypes, surroundings: Surroundings
    ) -> None:
        self.table = table
        self.surroundings = surroundings
        self.words = table.place.words
        self.asks = [self._expression(each.expression) for each in table.inputs]
        self.allowed = [
            (index, cell)
            for index, clause in enumerate(table.inputs)
            if (cell := self._cell(clause)) is not None
        ]
        self.rules = [self._conditions(rule) for rule in table.rules]
        self.every_rule = range(len(self.rules))
        self.index = rule_index.best(table)
        self.results = [
            [self._expression(entry.expression) for entry in rule.outputs] for rule in table.rules
        ]
        self.types = [names.find(each.type_ref) for each in table.outputs]
        self.output_names = [each.name or "" for each in table.outputs]
        self.defaults = [
            None if each.default is None else self._expression(each.default.expression)
            for each in table.outputs
        ]
        self.ranks = _Ranks(table, surroundings)
        self.policy = self._policy()

    def _expression(self, tree: syntax.Expression | None) -> Program:
        if tree is None:
            return constant(None)
        return ready.expression(tree, self.surroundings)

    def _cell(self, clause: model.InputClause) -> CellProgram | None:
        if clause.allowed_values is None:
            return None
        return ready.cell(clause.allowed_values, self.surroundings)

    def _conditions(self, rule: model.Rule) -> list[tuple[int, CellProgram]]:
        """The cells of a rule that say something, with their columns."""
        cells = [ready.cell(entry.tests, self.surroundings) for entry in rule.inputs]
        return [(index, cell) for index, cell in enumerate(cells) if cell is not None]

    # --- Running ---------------------------------------------------------------------------------

    def run(self, frame: Frame) -> Value:
        looked_at = [ask(frame) for ask in self.asks]
        evaluation = frame.evaluation
        if not self._are_allowed(looked_at, frame):
            return None
        hits = self._hits(looked_at, frame)
        if evaluation.table_hits is not None:
            evaluation.table_hits.append(self._table_hit(looked_at, hits))
        if not hits:
            return self._without_hit(frame)
        return self.policy(hits, frame)

    def _are_allowed(self, looked_at: Sequence[Value], frame: Frame) -> bool:
        for index, cell in self.allowed:
            clause, value = self.table.inputs[index], looked_at[index]
            if value is not None and not cell(value, frame):
                frame.evaluation.null(
                    f"{clause.place.words}: {texts.text(value)} is not one of"
                    f" {clause.allowed_values_text.strip()}"
                )
                return False
        return True

    def _hits(self, looked_at: Sequence[Value], frame: Frame) -> list[int]:
        candidates: Sequence[int] = self.every_rule
        if self.index is not None:
            candidates = self.index.candidates(looked_at[self.index.column])
        frame.evaluation.step(len(candidates))
        stops_at_first = self.table.hit_policy is model.HitPolicy.FIRST
        hits = []
        for index in candidates:
            for column, cell in self.rules[index]:
                if not cell(looked_at[column], frame):
                    break
            else:
                hits.append(index)
                if stops_at_first:
                    break
        return hits

    def _table_hit(self, looked_at: Sequence[Value], hits: Sequence[int]) -> TableHit:
        table = self.table
        return TableHit(
            table_id=table.id,
            place=self.words,
            looked_at=tuple(
                (clause.label or clause.text.strip(), value)
                for clause, value in zip(table.inputs, looked_at, strict=True)
            ),
            rows=tuple(
                RowHit(index, table.rules[index].id, table.rules[index].annotations)
                for index in hits
            ),
        )

    def _without_hit(self, frame: Frame) -> Value:
        if any(default is not None for default in self.defaults):
            values = [None if each is None else each(frame) for each in self.defaults]
            answer = self._composed(values)
            return [answer] if self._gives_list() else answer
        if self.table.aggregation is model.Aggregation.COUNT:
            return list_functions.count([])
        if self._gives_list():
            return []
        frame.evaluation.null(f"{self.words}: no rule matches")
        return None

    def _gives_list(self) -> bool:
        policy = self.table.hit_policy
        if policy is model.HitPolicy.COLLECT:
            return self.table.aggregation is None
        return policy in (model.HitPolicy.RULE_ORDER, model.HitPolicy.OUTPUT_ORDER)

    # --- Results ---------------------------------------------------------------------------------

    def _answer(self, index: int, frame: Frame) -> Value:
        """The result of one rule: a value, or a context where there are several columns."""
        values = [
            self._bent(result(frame), column, index, frame.evaluation)
            for column, result in enumerate(self.results[index])
        ]
        return self._composed(values)

    def _bent(self, value: Value, column: int, index: int, evaluation: Evaluation) -> Value:
        wanted = self.types[column]
        if wanted is None or value is None:
            return value
        bent = types.bend(value, wanted)
        if bent is None:
            entry = self.table.rules[index].outputs[column]
            evaluation.null(f"{entry.place.words}: the result is not of the column's type")
        return bent

    def _composed(self, values: Sequence[Value]) -> Value:
        if len(self.output_names) == 1:
            return values[0] if values else None
        return dict(zip(self.output_names, values, strict=False))

    def _policy(self) -> _Policy:
        policies: dict[model.HitPolicy, _Policy] = {
            model.HitPolicy.UNIQUE: self._unique,
            model.HitPolicy.ANY: self._any,
            model.HitPolicy.FIRST: self._first,
            model.HitPolicy.PRIORITY: self._priority,
            model.HitPolicy.COLLECT: self._collect,
            model.HitPolicy.RULE_ORDER: self._rule_order,
            model.HitPolicy.OUTPUT_ORDER: self._output_order,
        }
        return policies[self.table.hit_policy]

    def _rule_numbers(self, hits: Sequence[int]) -> str:
        return ", ".join(str(index + 1) for index in hits)

    def _unique(self, hits: Sequence[int], frame: Frame) -> Value:
        if len(hits) > 1:
            frame.evaluation.null(
                f"{self.words}: rules {self._rule_numbers(hits)} all match, and only one may"
            )
            return None
        return self._answer(hits[0], frame)

    def _any(self, hits: Sequence[int], frame: Frame) -> Value:
        answers = [self._answer(index, frame) for index in hits]
        if not all(comparison.is_same(answers[0], each) for each in answers[1:]):
            frame.evaluation.null(
                f"{self.words}: rules {self._rule_numbers(hits)} match and differ"
            )
            return None
        return answers[0]

    def _first(self, hits: Sequence[int], frame: Frame) -> Value:
        return self._answer(hits[0], frame)

    def _rule_order(self, hits: Sequence[int], frame: Frame) -> Value:
        return [self._answer(index, frame) for index in hits]

    def _priority(self, hits: Sequence[int], frame: Frame) -> Value:
        return self._output_order(hits, frame)[0]

    def _output_order(self, hits: Sequence[int], frame: Frame) -> list[Value]:
        answers = [self._answer(index, frame) for index in hits]
        return sorted(answers, key=lambda answer: self.ranks.of(answer, frame))

    def _collect(self, hits: Sequence[int], frame: Frame) -> Value:
        answers = [self._answer(index, frame) for index in hits]
        if self.table.aggregation is None:
            return answers
        result = _AGGREGATIONS[self.table.aggregation](answers)
        if result is None:
            frame.evaluation.null(
                f"{self.words}: {self.table.aggregation.value} of what was collected has no result"
            )
        return result


_AGGREGATIONS: dict[model.Aggregation, Callable[[list[Value]], Value]] = {
    model.Aggregation.SUM: list_functions.total,
    model.Aggregation.COUNT: list_functions.count,
    model.Aggregation.MIN: list_functions.minimum,
    model.Aggregation.MAX: list_functions.maximum,
}


class _Ranks:
    """Ranks results by the order of their columns' allowed values, first column first."""

    def __init__(self, table: model.DecisionTable, surroundings: Surroundings) -> None:
        self.names = [each.name or "" for each in table.outputs]
        self.columns: list[list[CellProgram | None]] = []
        for clause in table.outputs:
            tests = clause.allowed_values.tests if clause.allowed_values else ()
            self.columns.append(
                [ready.cell(syntax.UnaryTests((test,)), surroundings) for test in tests]
            )

    def of(self, answer: Value, frame: Frame) -> tuple[int, ...]:
        values = [answer] if len(self.names) == 1 else [answer.get(name) for name in self.names]
        return tuple(
            self._rank(value, cells, frame)
            for value, cells in zip(values, self.columns, strict=True)
        )

    def _rank(self, value: Value, cells: list[CellProgram | None], frame: Frame) -> int:
        for rank, cell in enumerate(cells):
            if cell is not None and cell(value, frame):
                return rank
        return len(cells)
