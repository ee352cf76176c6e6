"""One decision as a place where changes are tried, without making the book ready again each time.

What a decision is given is known from the trace of an input. A changed decision is evaluated alone
on that; where its value differs, the outputs that rest on it are evaluated with the value put in
its place. A changed rule of a table is evaluated with no more rules than those that match anyway.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from fisc.dmn import cases as evaluator
from fisc.dmn import imports
from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, changes, regions
from fisc.dmn.columns import decisions, plain
from fisc.dmn.feel import comparison, syntax
from fisc.dmn.feel.values import Value

Inputs = Mapping[str, plain.Plain]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """An input with what the book makes of it as it stands.

    `given` is what the decision gets, `value` what it gives, `watched` the outputs that somebody
    looks at. `takes` has for each column of a table the set of rules whose cell takes it.
    """

    inputs: Inputs
    given: Mapping[str, Value]
    value: Value
    watched: Mapping[str, Value]
    takes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """An output that a change alters for an input: from what to what."""

    trial: Trial
    output: str
    was: Value
    becomes: Value


class Site:
    """A decision of a book, and the outputs that rest on it."""

    def __init__(
        self, book: asked.Book, prepared: evaluator.Prepared, decision: dmn.Decision
    ) -> None:
        self.book, self.prepared, self.decision = book, prepared, decision
        table = decision.expression
        self.table = table if isinstance(table, dmn.DecisionTable) else None
        here = book.model.definitions.namespace
        prefixes = imports.prefixes(book.model)
        required = {each: book.model.node(each) for each in decision.requires}
        # By what a trace calls it; the decision alone is given it by its plain name.
        self._required = {
            imports.name_of(node, prefix=prefixes.get(each.namespace, "")): node
            for each, node in required.items()
        }
        # A service would be evaluated by what it has inside, which is not given.
        known = [rests_on(book.model, each) for each in decision.knows]
        names = {each.name for each in required.values()}
        self.is_whole = len(names) == len(required) and all(
            isinstance(book.model.nodes.get(each), dmn.BusinessKnowledgeModel)
            for each in set().union(*known)
        )
        own = dmn.Reference(here, decision.id)
        self.outputs = tuple(
            name
            for name, of in outputs_of(book).items()
            if own in rests_on(book.model, dmn.Reference(here, of.id))
        )
        self._reference = own
        self._rest = {
            reference: _given(node)
            for reference, node in book.model.nodes.items()
            if reference in decision.requires or isinstance(node, dmn.BusinessKnowledgeModel)
        }

    # --- Trials ----------------------------------------------------------------------------------

    def trial(self, inputs: Inputs) -> Trial | None:
        """An input tried on the book as it stands; None where the decision is not come to."""
        outcome = self.prepared.trace_all(self.outputs, inputs)
        return self.of_outcome(inputs, outcome, watched=self.outputs)

    def of_outcome(
        self, inputs: Inputs, outcome: evaluator.Outcome, *, watched: Iterable[str]
    ) -> Trial | None:
        """The same of a trace that is there already; only some outputs are looked at."""
        step = next((each for each in outcome.steps if each.decision == self.decision.name), None)
        seen = {each: outcome.values[each] for each in watched if each in self.outputs}
        if step is None or not seen:
            return None
        given = {self._required[called].name: each for called, each in step.inputs.items()}
        return Trial(inputs, given, step.value, seen, self._takes(given))

    def given(self, inputs: Inputs) -> dict[str, Value]:
        """What the decision gets of an input."""
        found: dict[str, Value] = {}
        for called, node in self._required.items():
            if isinstance(node, dmn.Decision):
                found[node.name] = self.prepared.evaluate(called, inputs)
            else:
                found[node.name] = inputs.get(node.name)
        return found

    # --- Changes ---------------------------------------------------------------------------------

    def effect_of_cell(self, change: changes.CellChange, trials: Sequence[Trial]) -> Effect | None:
        """The first of some trials whose watched answers a change of a rule alters."""
        assert self.table is not None, "only tables have cells"
        touched = self._touched(change, trials)
        if not touched:
            return None
        kept = {change.rule}
        for trial in touched:
            kept.update(regions.places(matching(self.table, trial.takes)))
        rules = tuple(
            change.changed if number == change.rule else self.table.rules[number]
            for number in sorted(kept)
        )
        return self.effect(dataclasses.replace(self.table, rules=rules), touched)

    def effect(self, box: dmn.BoxedExpression, trials: Sequence[Trial]) -> Effect | None:
        """The first of some trials whose watched answers another expression alters."""
        alone = self.alone(box)
        for trial in trials:
            value = alone.evaluate(self.decision.name, trial.given)
            if not same(value, trial.value) and (found := self._seen(trial, value)):
                return found
        return None

    def _seen(self, trial: Trial, value: Value) -> Effect | None:
        name = self.decision.name
        for output, was in trial.watched.items():
            if output == name:
                return Effect(trial, output, was, value)
        for output, was in trial.watched.items():
            becomes = self.prepared.evaluate(output, {**trial.inputs, name: value})
            if not same(was, becomes):
                return Effect(trial, output, was, becomes)
        return None

    def _touched(self, change: changes.CellChange, trials: Sequence[Trial]) -> list[Trial]:
        """The trials for which the changed rule matches now or would."""
        rule = 1 << change.rule
        if not change.is_condition:
            return [each for each in trials if all(takes & rule for takes in each.takes)]
        others = [place for place in range(len(self._columns)) if place != change.column]
        near = [each for each in trials if all(each.takes[place] & rule for place in others)]
        if not near:
            return []
        assert self.table is not None, "only tables have cells"
        alone = self.alone(_one_column(self.table, change.column, [change.changed]), is_plain=True)
        return [
            each
            for each in near
            if bool(alone.evaluate(self.decision.name, each.given))
            != bool(each.takes[change.column] & rule)
        ]

    # --- The decision alone ----------------------------------------------------------------------

    def alone(self, box: dmn.BoxedExpression, *, is_plain: bool = False) -> evaluator.Prepared:
        """A model of this decision with another expression, to be given what it requires.

        With `is_plain` the decision's type is not asked of the result.
        """
        variable = self.decision.variable
        if is_plain:
            variable = dataclasses.replace(variable, type_ref=None)
        decision = dataclasses.replace(self.decision, variable=variable, expression=box)
        definitions = dataclasses.replace(self.book.model.definitions, decisions=(decision,))
        nodes = {**self._rest, self._reference: decision}
        return evaluator.Prepared(dmn.Model(definitions, self.book.model.imported, nodes))

    @cached_property
    def _columns(self) -> list[evaluator.Prepared]:
        """For each column, a model that gives the rules whose cell takes what is looked at."""
        if self.table is None:
            return []
        return [
            self.alone(_one_column(self.table, column, self.table.rules), is_plain=True)
            for column in range(len(self.table.inputs))
        ]

    def _takes(self, given: Mapping[str, Value]) -> tuple[int, ...]:
        return tuple(_members(each.evaluate(self.decision.name, given)) for each in self._columns)

    def matches(self, rule: int) -> evaluator.Prepared:
        """A model whose value has something in it where one rule's conditions all hold."""
        assert self.table is not None, "only tables have rules"
        return self.alone(_numbered(self.table, [self.table.rules[rule]]), is_plain=True)


def outputs_of(book: asked.Book) -> dict[str, dmn.Decision]:
    """The decisions that the outputs of a book name, by their names, each once."""
    found = (decisions.decision_of(book.model, each.name)[0] for each in book.outputs)
    return {each.name: each for each in found}


def matching(table: dmn.DecisionTable, takes: Sequence[int]) -> int:
    """The set of rules that match where every column says which cells take it."""
    found = (1 << len(table.rules)) - 1
    for each in takes:
        found &= each
    return found


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same; nothing is the same as nothing."""
    if one is None or other is None:
        return one is other
    return bool(comparison.is_same(one, other))


def _given(node: dmn.Node) -> dmn.Node:
    """What a decision requires, as something it is given; functions stay as they are."""
    if isinstance(node, dmn.Decision):
        return dmn.InputData(id=node.id, name=node.name, variable=node.variable)
    return node


def rests_on(whole: dmn.Model, output: dmn.Reference) -> set[dmn.Reference]:
    """An element and everything it requires, directly or not."""
    found: set[dmn.Reference] = set()
    waiting = [output]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        node = whole.nodes.get(here)
        if isinstance(node, dmn.Decision):
            waiting += [*node.requires, *node.knows]
        elif isinstance(node, dmn.BusinessKnowledgeModel):
            waiting += node.knows
    return found


def _one_column(
    table: dmn.DecisionTable, column: int, rules: Sequence[dmn.Rule]
) -> dmn.DecisionTable:
    narrow = [dataclasses.replace(each, inputs=(each.inputs[column],)) for each in rules]
    return _numbered(dataclasses.replace(table, inputs=(table.inputs[column],)), narrow)


def _numbered(table: dmn.DecisionTable, rules: Sequence[dmn.Rule]) -> dmn.DecisionTable:
    """A table that gives the numbers, from 0, of all the rules that match."""
    numbered = tuple(
        dataclasses.replace(
            rule,
            outputs=(
                dmn.LiteralExpression(
                    text=str(number), expression=syntax.NumberLiteral(Decimal(number))
                ),
            ),
        )
        for number, rule in enumerate(rules)
    )
    return dataclasses.replace(
        table,
        hit_policy=dmn.HitPolicy.RULE_ORDER,
        aggregation=None,
        outputs=(dmn.OutputClause(),),
        rules=numbered,
        type_ref=None,
    )


def _members(found: Value) -> int:
    """The set of the rule numbers that a table gave; none where it refused an input."""
    members = 0
    for each in found or ():
        members |= 1 << int(each)
    return members
