"""Inputs by which a change of a rule shows: inside its box, at the edges, and just outside."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import cached_property

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import samples, sites, structure
from fisc.dmn.columns import types

# Inputs inside a rule's conditions that edges are looked for from.
_BASES = 3
_TRIES = 80


class Witnesses:
    """The inputs that changes of one decision are tried on, made when first needed."""

    def __init__(
        self,
        site: sites.Site,
        made: structure.Structure,
        *,
        cases: Sequence[sites.Trial],
        pool: Sequence[samples.Inputs],
    ) -> None:
        self.site, self.sampler = site, made.sampler
        self.space = made.spaces.get(site.decision.name)
        self._cases, self._pool = cases, pool
        self._of_rule: dict[int, list[sites.Trial]] = {}

    @cached_property
    def anywhere(self) -> list[sites.Trial]:
        """The pool and the inputs of all cases, with every output looked at."""
        inputs = [*(each.inputs for each in self._cases), *self._pool]
        return self._trials(inputs)

    def of_rule(self, rule: int) -> list[sites.Trial]:
        """Inputs in and around the conditions of a rule."""
        found = self._of_rule.get(rule)
        if found is None:
            inputs = list(self._around(rule))
            found = self._of_rule[rule] = self._trials(inputs)
        return found

    def _trials(self, inputs: Sequence[sites.Inputs]) -> list[sites.Trial]:
        unique = {tuple(each.items()): each for each in inputs}
        trials = (self.site.trial(each) for each in unique.values())
        return [each for each in trials if each is not None]

    def _around(self, rule: int) -> Iterator[sites.Inputs]:
        if self.space is not None:
            yield from self.sampler.around(self.space, self.space.boxes[rule])
            if self.space.is_direct:
                return
        matches = self.site.matches(rule)
        bases = self._bases(rule, matches)
        yield from bases
        for base in bases:
            for declared in self._numbers:
                yield from self._edges(base, declared, matches)

    def _bases(self, rule: int, matches: evaluator.Prepared) -> list[sites.Inputs]:
        """Some inputs for which a rule matches: of cases, in its box, or by chance."""
        candidates: list[sites.Inputs] = [
            each.inputs for each in self._cases if all(takes >> rule & 1 for takes in each.takes)
        ]
        candidates = candidates[:_BASES]
        tries: list[sites.Inputs] = list(self._pool)
        if self.space is not None:
            box = self.space.boxes[rule]
            tries += itertools.islice(self.sampler.in_box(self.space, box), _TRIES)
        for inputs in tries:
            if len(candidates) == 2 * _BASES:
                break
            if self._holds(inputs, matches):
                candidates.append(inputs)
        return candidates

    @cached_property
    def _numbers(self) -> list[types.Declared]:
        """The inputs of numbers and dates that the decision rests on."""
        book = self.site.book
        here = dmn.Reference(book.model.definitions.namespace, self.site.decision.id)
        names = {book.model.nodes[each].name for each in sites.rests_on(book.model, here)}
        return [
            each
            for each in book.inputs
            if each.name in names and (each.is_numeric or each.kind is types.Kind.DATE)
        ]

    def _edges(
        self, base: sites.Inputs, declared: types.Declared, matches: evaluator.Prepared
    ) -> Iterator[sites.Inputs]:
        """From an input for which a rule matches, up and down one value to where it stops."""
        value = base[declared.name]
        if value is None:
            return
        start = samples.units_of(declared, value)
        for end in (declared.low_units, declared.high_units):
            inside, outside = start, end
            if self._holds(_with(base, declared, outside), matches):
                yield _with(base, declared, outside)
                continue
            while abs(outside - inside) > 1:
                middle = (inside + outside) // 2
                if self._holds(_with(base, declared, middle), matches):
                    inside = middle
                else:
                    outside = middle
            yield _with(base, declared, inside)
            yield _with(base, declared, outside)

    def _holds(self, inputs: sites.Inputs, matches: evaluator.Prepared) -> bool:
        return bool(matches.evaluate(self.site.decision.name, self.site.given(inputs)))


def _with(base: sites.Inputs, declared: types.Declared, units: int) -> sites.Inputs:
    return {**base, declared.name: samples.of_units(declared, units)}
