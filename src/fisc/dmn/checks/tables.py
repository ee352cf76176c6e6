"""Gaps, overlaps and rules that never decide, of one decision table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, findings, regions, samples, spaces, words
from fisc.dmn.checks.findings import Finding, Kind, NotProved, Severity
from fisc.dmn.columns import plain
from fisc.dmn.columns import tables as column_tables
from fisc.dmn.columns.terms import CannotTake

# More gaps of one table than these say nothing new.
MOST_GAPS = 5
MOST_PAIRS = 20

_ONE_ANSWER = frozenset(
    {dmn.HitPolicy.UNIQUE, dmn.HitPolicy.ANY, dmn.HitPolicy.FIRST, dmn.HitPolicy.PRIORITY}
)
_SHADOWED = frozenset({dmn.HitPolicy.FIRST, dmn.HitPolicy.PRIORITY})


@dataclass(slots=True)
class Found:
    """What was found and what was not proved, in the order found."""

    findings: list[Finding] = field(default_factory=list)
    not_proved: list[NotProved] = field(default_factory=list)


class TableCheck:
    """Checks one table that is a decision; `check` gives all that was found."""

    def __init__(
        self,
        *,
        decision: dmn.Decision,
        table: dmn.DecisionTable,
        space: spaces.Space,
        sampler: samples.Sampler,
        survey: spaces.Survey,
        seconds: float,
    ) -> None:
        self.decision, self.table, self.space = decision, table, space
        self.sampler, self.survey, self.seconds = sampler, survey, seconds
        self.is_line = any(
            each.name.split(".")[0] == decision.name or each.name == decision.name
            for each in survey.book.outputs
        )
        self.found = Found()

    def check(self) -> Found:
        """Look for everything, each proof as far as the time goes."""
        deadline = regions.Deadline(self.seconds)
        together = regions.meetings(self.space.boxes, self.space.widths)
        self._never_met()
        if self.table.hit_policy in {dmn.HitPolicy.UNIQUE, dmn.HitPolicy.ANY}:
            self._overlaps(together)
        if self.table.hit_policy in _SHADOWED:
            self._guarded(Kind.UNREACHABLE, words.REACHED, lambda: self._hidden(deadline))
        has_default = any(each.default is not None for each in self.table.outputs)
        if self.table.hit_policy in _ONE_ANSWER and not has_default:
            self._guarded(Kind.GAP, words.GAPS, lambda: self._gaps(together, deadline))
        return self.found

    # --- Rules that never decide -----------------------------------------------------------------

    def _never_met(self) -> None:
        for rule, box in enumerate(self.space.boxes):
            if not all(box):
                text = words.NEVER.format(decision=self.decision.name, rule=rule + 1)
                self._add(Kind.UNREACHABLE, Severity.LOOK, text, rules=(rule,))

    def _hidden(self, deadline: regions.Deadline) -> None:
        """Under FIRST and PRIORITY: rules of which nothing is left beside those before them."""
        try:
            order = self._order()
        except CannotTake as why:
            self._not_proved(Kind.UNREACHABLE, words.REACHED, str(why))
            return
        boxes = [self.space.boxes[rule] for rule in order]
        together = regions.meetings(boxes, self.space.widths)
        for place, box in enumerate(boxes):
            before = regions.places(together[place] & ((1 << place) - 1))
            if not all(box) or not before:
                continue
            others = [boxes[each] for each in before]
            if not regions.left_over(box, others, deadline):
                self._add_hidden(order[place], [order[each] for each in before])

    def _order(self) -> list[int]:
        rules = range(len(self.table.rules))
        if self.table.hit_policy is dmn.HitPolicy.FIRST:
            return list(rules)
        scope = self.survey.graph.scope_of(self.decision)
        ranks = [
            column_tables.rank(self.survey.to, self.table, each, scope) for each in self.table.rules
        ]
        return sorted(rules, key=lambda rule: (ranks[rule], rule))

    def _add_hidden(self, rule: int, before: Sequence[int]) -> None:
        name = self.decision.name
        for inputs in self.sampler.in_box(self.space, self.space.boxes[rule]):
            hits = self.sampler.rules_hit(name, self.table.id, inputs)
            takers = [each for each in hits or () if each in before]
            if takers:
                text = words.HIDDEN.format(
                    decision=name, rule=rule + 1, taker=takers[0] + 1, example=words.example(inputs)
                )
                self._add(Kind.UNREACHABLE, Severity.LOOK, text, rules=(rule,), example=inputs)
                return
        numbers = words.rules(each + 1 for each in sorted(before))
        text = words.HIDDEN_PART.format(decision=name, rule=rule + 1, takers=numbers)
        self._add(Kind.UNREACHABLE, Severity.LOOK, text, rules=(rule,))

    # --- Overlaps --------------------------------------------------------------------------------

    def _overlaps(self, together: Sequence[int]) -> None:
        count = sum(each.bit_count() - 1 for each in together if each) // 2
        pairs = (
            (one, other)
            for one, meets in enumerate(together)
            for other in regions.places(meets >> (one + 1) << (one + 1))
        )
        listed = 0
        for number, (one, other) in enumerate(pairs):
            if listed == MOST_PAIRS:
                text = words.MORE_PAIRS.format(decision=self.decision.name, count=count - number)
                self.found.not_proved.append(
                    NotProved(kind=Kind.OVERLAP, decision=self.decision.name, words=text)
                )
                return
            listed += self._overlap(one, other)

    def _overlap(self, one: int, other: int) -> bool:
        common = regions.meeting(self.space.boxes[one], self.space.boxes[other])
        assert common is not None, "rules that meet have something in common"
        is_any = self.table.hit_policy is dmn.HitPolicy.ANY
        if is_any and self._answers_alike(one, other):
            return False
        for inputs in self.sampler.in_box(self.space, common):
            hits = self.sampler.rules_hit(self.decision.name, self.table.id, inputs) or ()
            if {one, other} <= set(hits) and not (is_any and self._agree(inputs)):
                self._add_overlap(one, other, common, inputs)
                return True
        where = f"{words.rules((one + 1, other + 1))} for {self._place(common)}"
        why = words.NOT_SEEN.format(where=f"rules {where}")
        self._not_proved(Kind.OVERLAP, words.OVERLAPS, why)
        return True

    def _answers_alike(self, one: int, other: int) -> bool:
        pairs = zip(self.table.rules[one].outputs, self.table.rules[other].outputs, strict=True)
        return all(mine.expression == its.expression for mine, its in pairs)

    def _agree(self, inputs: Mapping[str, plain.Plain]) -> bool:
        """Whether rules that match give one answer: then the table gives it, and not null."""
        outcome = self.sampler.prepared.trace(self.decision.name, inputs)
        return not any("match and differ" in each.words for each in outcome.reasons)

    def _add_overlap(
        self, one: int, other: int, common: regions.Box, inputs: Mapping[str, plain.Plain]
    ) -> None:
        is_any = self.table.hit_policy is dmn.HitPolicy.ANY
        outputs = [
            ", ".join(each.text.strip() for each in self.table.rules[rule].outputs)
            for rule in (one, other)
        ]
        text = (words.DIFFERENT if is_any else words.OVERLAP).format(
            decision=self.decision.name,
            rules=words.rules((one + 1, other + 1)),
            where=self._place(common),
            first=outputs[0],
            second=outputs[1],
            example=words.example(inputs),
        )
        self._add(Kind.OVERLAP, Severity.STOPS, text, rules=(one, other), example=inputs)

    # --- Gaps ------------------------------------------------------------------------------------

    def _gaps(self, together: Sequence[int], deadline: regions.Deadline) -> None:
        boxes = list(self.space.boxes)
        widths = self.space.widths
        cut = regions.apart(boxes, together, deadline)
        pieces = list(itertools.chain.from_iterable(cut))
        for _ in range(MOST_GAPS):
            point = regions.hole(pieces, widths, deadline)
            if point is None:
                return
            gap = regions.grown(point, boxes, widths)
            # Filled, so that the next one is another.
            boxes.append(gap)
            pieces.append(gap)
            self._gap(gap)

    def _gap(self, gap: regions.Box) -> None:
        name = self.decision.name
        for inputs in self.sampler.in_box(self.space, gap):
            if self.sampler.rules_hit(name, self.table.id, inputs) == ():
                words_of = words.GAP_OF_LINE if self.is_line else words.GAP
                text = words_of.format(
                    decision=name, where=self._place(gap), example=words.example(inputs)
                )
                severity = Severity.LOOK if self.is_line else Severity.STOPS
                self._add(Kind.GAP, severity, text, where=self._place(gap), example=inputs)
                return
        why = words.NOT_SEEN.format(where=self._place(gap))
        self._not_proved(Kind.GAP, words.GAPS, why)

    # --- Saying it -------------------------------------------------------------------------------

    def _place(self, box: regions.Box) -> str:
        return words.place(self._columns(box))

    def _columns(self, box: regions.Box) -> Iterator[tuple[str, str]]:
        for axis, members in zip(self.space.axes, box, strict=True):
            if members.bit_count() < len(axis.classes):
                yield axis.label, words.choice(_spans(axis, regions.places(members)))

    def _guarded(self, kind: Kind, what: str, proof: object) -> None:
        assert callable(proof)
        try:
            proof()
        except regions.OutOfTime:
            self._not_proved(kind, what, words.OUT_OF_TIME.format(seconds=self.seconds))

    def _not_proved(self, kind: Kind, what: str, why: str) -> None:
        text = words.NOT_PROVED.format(decision=self.decision.name, what=what, why=why)
        self.found.not_proved.append(NotProved(kind=kind, decision=self.decision.name, words=text))

    def _add(
        self,
        kind: Kind,
        severity: Severity,
        text: str,
        *,
        rules: Sequence[int] = (),
        where: str = "",
        example: Mapping[str, plain.Plain] | None = None,
    ) -> None:
        parts = [each for rule in rules for each in asked.texts_of(self.table.rules[rule])]
        self.found.findings.append(
            Finding(
                kind=kind,
                severity=severity,
                decision=self.decision.name,
                table=self.table.id,
                rule=rules[0] + 1 if rules else None,
                words=text,
                example=example,
                key=findings.key(kind, self.decision.name, *parts, where),
            )
        )


def _spans(axis: spaces.Axis, members: Sequence[int]) -> Iterator[str]:
    """Classes as a person reads them, neighbors joined."""
    run: list[plain.Plain] = []
    last = -1
    for each in members:
        values = axis.classes[each].values
        is_text = isinstance(values[0], str) or values[0] is None
        if run and (each != last + 1 or is_text):
            yield words.span(run[0], run[-1])
            run = []
        last = each
        if is_text:
            yield from (words.value(value) for value in values)
        else:
            run += values
    if run:
        yield words.span(run[0], run[-1])
