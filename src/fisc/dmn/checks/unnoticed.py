"""Changes that no case would notice: each made, tried on the cases, and shown to matter.

A change counts when no case's expected answers differ with it, and some input within the declared
bounds has an answer that does. A change for which no such input is found is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import (
    asked,
    changes,
    findings,
    regions,
    samples,
    sites,
    structure,
    witnesses,
    words,
)
from fisc.dmn.checks.findings import Changes, Finding, Kind, NotProved, Severity


@dataclass(slots=True)
class Tried:
    """What was tried, and what came of it."""

    findings: list[Finding] = field(default_factory=list)
    not_proved: list[NotProved] = field(default_factory=list)
    tried: int = 0
    noticed: int = 0
    without_effect: int = 0

    @property
    def counts(self) -> Changes:
        """The same in numbers."""
        return Changes(
            tried=self.tried,
            noticed=self.noticed,
            unnoticed=len(self.findings),
            without_effect=self.without_effect,
        )


def check(
    made: structure.Structure,
    *,
    cases: Sequence[asked.Case],
    outcomes: Sequence[evaluator.Outcome],
    seconds: float,
) -> Tried:
    """Try every change of every decision that an output rests on, as far as the time goes."""
    tried = Tried()
    deadline = regions.Deadline(seconds)
    pool = [made.sampler.mixture() for _ in range(samples.POOL)]
    late = 0
    for decision in made.book.model.definitions.decisions:
        site = sites.Site(made.book, made.sampler.prepared, decision)
        if not site.outputs or decision.expression is None:
            continue
        if not site.is_whole:
            _not_proved(tried, decision, words.OTHER_FILES)
            continue
        by_case = [
            trial
            for case, outcome in zip(cases, outcomes, strict=True)
            if (trial := site.of_outcome(case.inputs, outcome, watched=case.expected))
        ]
        inputs = witnesses.Witnesses(site, made, cases=by_case, pool=pool)
        late += _Attempt(tried, site, by_case, inputs).all(deadline)
        if late:
            _not_proved(tried, decision, words.NOT_TRIED.format(seconds=seconds, count=late))
            late = 0
    return tried


def _not_proved(tried: Tried, decision: dmn.Decision, why: str) -> None:
    text = words.NOT_PROVED.format(decision=decision.name, what=words.TRIED, why=why)
    tried.not_proved.append(NotProved(kind=Kind.UNNOTICED, decision=decision.name, words=text))


@dataclass(slots=True)
class _Attempt:
    """The changes of one decision."""

    tried: Tried
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
        self._add(
            effect,
            words_of=(change.before, change.after, text),
            parts=(column, *asked.texts_of(rule)),
            rule=change.rule + 1,
            column=column,
        )

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
                self._add(effect, words_of=(nudge.before, nudge.after, text), parts=(text.strip(),))
            else:
                self.tried.without_effect += 1
        return 0

    def _add(
        self,
        effect: sites.Effect,
        *,
        words_of: tuple[str, str, str],
        parts: tuple[str, ...],
        rule: int | None = None,
        column: str = "",
    ) -> None:
        before, after, cell = words_of
        decision = self.site.decision.name
        text = words.UNNOTICED.format(
            decision=decision,
            rule="" if rule is None else words.OF_RULE.format(number=rule),
            before=before,
            after=after,
            cell=cell.strip(),
            output=effect.output,
            was=words.value(effect.was),
            becomes=words.value(effect.becomes),
            example=words.example(effect.trial.inputs),
        )
        key = findings.key(Kind.UNNOTICED, decision, *parts, before, after)
        # The same number twice in one cell is told apart by its order.
        again = sum(each.key.split(".")[0] == key for each in self.tried.findings)
        self.tried.findings.append(
            Finding(
                kind=Kind.UNNOTICED,
                severity=Severity.LOOK,
                decision=decision,
                table=self.site.table.id if self.site.table is not None else "",
                rule=rule,
                column=column,
                words=text,
                example=effect.trial.inputs,
                key=f"{key}.{again}" if again else key,
                before=before,
                after=after,
            )
        )


def _cell_of(table: dmn.DecisionTable, change: changes.CellChange) -> tuple[str, str]:
    """The text of the cell that a change is in, and its column's label."""
    rule = table.rules[change.rule]
    if change.is_condition:
        clause = table.inputs[change.column]
        return rule.inputs[change.column].text, clause.label.strip() or clause.text.strip()
    place = change.column - len(table.inputs)
    output = table.outputs[place]
    return rule.outputs[place].text, output.label.strip() or (output.name or "")
