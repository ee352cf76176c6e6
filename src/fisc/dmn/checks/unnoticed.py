"""Changes that no case would notice: each made, tried on the cases, and shown to matter.

A change counts when no case's expected answers differ with it, and some input within the declared
bounds has an answer that does. A change for which no such input is found is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import (
    asked,
    changes,
    functions,
    regions,
    samples,
    sites,
    structure,
    trying,
    witnesses,
    words,
)


def check(
    made: structure.Structure,
    *,
    cases: Sequence[asked.Case],
    outcomes: Sequence[evaluator.Outcome],
    seconds: float,
    without: frozenset[str] = frozenset(),
) -> trying.Tried:
    """Try every change of every decision that an output rests on, as far as the time goes.

    Decisions named in `without` are left alone.
    """
    tried = trying.Tried()
    deadline = regions.Deadline(seconds)
    pool = [made.sampler.mixture() for _ in range(samples.POOL)]
    for decision in made.book.model.definitions.decisions:
        site = sites.Site(made.book, made.sampler.prepared, decision)
        if not site.outputs or decision.expression is None or decision.name in without:
            continue
        if not site.is_whole:
            tried.late(decision.name, words.NOT_ALONE)
            continue
        by_case = [
            trial
            for case, outcome in zip(cases, outcomes, strict=True)
            if (trial := site.of_outcome(case.inputs, outcome, watched=case.expected))
        ]
        inputs = witnesses.Witnesses(site, made, cases=by_case, pool=pool)
        late = _Attempt(tried, site, by_case, inputs).all(deadline)
        if late:
            why = words.NOT_TRIED.format(seconds=seconds, count=late)
            tried.late(decision.name, why)
    functions.check(made, cases=cases, pool=pool, tried=tried, deadline=deadline)
    return tried


@dataclass(slots=True)
class _Attempt:
    """The changes of one decision."""

    tried: trying.Tried
    site: sites.Site
    by_case: Sequence[sites.Trial]
    inputs: witnesses.Witnesses

    def all(self, deadline: regions.Deadline) -> int:
        """Try all; gives the number of rules for which there was no time."""
        if self.site.table is None:
            return self._expression(deadline)
        rules = range(len(self.site.table.rules))
        for rule in rules:
            try:
                deadline.check()
            except regions.OutOfTime:
                return len(rules) - rule
            for change in changes.of_rule(self.site.table, rule):
                self._cell(change)
        return 0

    def _cell(self, change: changes.CellChange) -> None:
        self.tried.tried += 1
        if self.site.effect_of_cell(change, self.by_case):
            self.tried.noticed += 1
            return
        effect = self.site.effect_of_cell(change, self.inputs.of_rule(change.rule))
        if effect is None:
            self.tried.without_effect += 1
            return
        table = self.site.table
        assert table is not None, "only tables have cells"
        rule = table.rules[change.rule]
        text, column = _cell_of(table, change)
        where = trying.Where(
            element=self.site.decision.name,
            cell=text,
            parts=(column, *asked.texts_of(rule)),
            table=table.id,
            rule=change.rule + 1,
            column=column,
        )
        self.tried.add(where, effect, before=change.before, after=change.after)

    def _expression(self, deadline: regions.Deadline) -> int:
        box = self.site.decision.expression
        assert box is not None, "a decision that says nothing has nothing to change"
        for nudge, text in changes.of_box(box):
            try:
                deadline.check()
            except regions.OutOfTime:
                return 1
            self.tried.tried += 1
            if self.site.effect(nudge.node, self.by_case):
                self.tried.noticed += 1
            elif effect := self.site.effect(nudge.node, self.inputs.anywhere):
                where = trying.Where(
                    element=self.site.decision.name, cell=text, parts=(text.strip(),)
                )
                self.tried.add(where, effect, before=nudge.before, after=nudge.after)
            else:
                self.tried.without_effect += 1
        return 0


def _cell_of(table: dmn.DecisionTable, change: changes.CellChange) -> tuple[str, str]:
    """The text of the cell that a change is in, and its column's label."""
    rule = table.rules[change.rule]
    if change.is_condition:
        clause = table.inputs[change.column]
        return rule.inputs[change.column].text, clause.label.strip() or clause.text.strip()
    place = change.column - len(table.inputs)
    output = table.outputs[place]
    return rule.outputs[place].text, output.label.strip() or (output.name or "")
