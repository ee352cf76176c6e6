"""Inputs that a book may be given: the ends of its bounds and classes, and mixtures of them."""

from __future__ import annotations

import datetime
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from fisc.dmn import cases as evaluator
from fisc.dmn.checks import asked, regions, spaces
from fisc.dmn.columns import plain, types

Inputs = dict[str, plain.Plain]

# Tries for an example where a calculated column has to come out in a class.
TRIES = 300
# Inputs anywhere that a change of an expression is tried on.
POOL = 150
# The same mixtures on every run.
_SEED = 1
_TEXTS_WITHOUT_LIST = (spaces.ANY_OTHER,)


class Sampler:
    """Makes inputs of a book, and asks the case evaluator what its tables do with them."""

    def __init__(self, book: asked.Book, made: Iterable[spaces.Space]) -> None:
        self.book = book
        self.prepared = evaluator.Prepared(book.model)
        self._random = random.Random(_SEED)  # noqa: S311 examples, no secrets
        known: dict[str, dict[plain.Plain, None]] = {
            each.name: dict.fromkeys(_ends(each)) for each in book.inputs
        }
        for space in made:
            for axis in space.axes:
                if axis.declared is not None:
                    for each in axis.classes:
                        known[axis.declared.name].update(dict.fromkeys(each.values))
        for name in book.may_be_null & set(known):
            known[name].pop(None, None)
            known[name][None] = None
        self.values: Mapping[str, tuple[plain.Plain, ...]] = {
            name: tuple(each) for name, each in known.items()
        }

    def mixture(self) -> Inputs:
        """Some input of the book: of each name one of its telling values, or any in between."""
        return {each.name: self._some(each) for each in self.book.inputs}

    def _some(self, declared: types.Declared) -> plain.Plain:
        values = self.values[declared.name]
        if declared.kind in types.TEXTUAL or self._random.random() < 0.7:
            return self._random.choice(values)
        known = [each for each in values if each is not None]
        return between(
            declared, self._random.choice(known), self._random.choice(known), self._random
        )

    def in_box(self, space: spaces.Space, box: regions.Box) -> Iterator[Inputs]:
        """Inputs whose direct columns lie in a box; the others are left to chance."""
        choices: dict[str, Sequence[plain.Plain]] = {}
        for axis, members in zip(space.axes, box, strict=True):
            if axis.declared is not None:
                here = [v for each in regions.places(members) for v in axis.classes[each].values]
                choices[axis.declared.name] = here
        first = {name: each[0] for name, each in choices.items()}
        yield {**{each.name: self.values[each.name][0] for each in self.book.inputs}, **first}
        for _ in range(TRIES):
            chosen = {name: self._random.choice(each) for name, each in choices.items()}
            yield {**self.mixture(), **chosen}

    def around(self, space: spaces.Space, box: regions.Box) -> Iterator[Inputs]:
        """Inputs in a box: low, high and between; then at each edge of a column, in and out."""
        if not all(box):
            return
        low = {each.name: self.values[each.name][0] for each in self.book.inputs}
        high = {each.name: _last(self.values[each.name]) for each in self.book.inputs}
        for axis, members in zip(space.axes, box, strict=True):
            if axis.declared is not None:
                places = regions.places(members)
                low[axis.declared.name] = axis.classes[places[0]].values[0]
                high[axis.declared.name] = axis.classes[places[-1]].values[-1]
        bases = [high, low, *itertools.islice(self.in_box(space, box), 1, 3)]
        yield from bases
        for axis, members in zip(space.axes, box, strict=True):
            if axis.declared is not None:
                for value in _edges(axis, members):
                    yield from ({**each, axis.declared.name: value} for each in bases[:3])

    def rules_hit(
        self, decision: str, table: str, inputs: Mapping[str, plain.Plain]
    ) -> tuple[int, ...] | None:
        """The rules of a table, from 0, that the case evaluator finds to match.

        None where it did not come to look: the table was not run, or refused an input.
        """
        step = self.prepared.trace(decision, inputs).step(decision)
        for each in step.tables:
            if each.table_id == table:
                return tuple(row.index for row in each.rows)
        return None


def _ends(declared: types.Declared) -> tuple[plain.Plain, ...]:
    if declared.kind in types.TEXTUAL:
        return declared.codes or _TEXTS_WITHOUT_LIST
    if declared.kind is types.Kind.BOOLEAN:
        return (True, False)
    low, high = declared.low_units, declared.high_units
    middle = (low + high) // 2
    return tuple(dict.fromkeys(of_units(declared, each) for each in (low, middle, high)))


def between(
    declared: types.Declared, one: plain.Plain, other: plain.Plain, chance: random.Random
) -> plain.Plain:
    """Any value from one to the other."""
    if declared.kind is types.Kind.BOOLEAN:
        return one
    low, high = sorted((units_of(declared, one), units_of(declared, other)))
    return of_units(declared, chance.randint(low, high))


def of_units(declared: types.Declared, units: int) -> plain.Plain:
    """A number or date of its whole units."""
    if declared.kind is types.Kind.DATE:
        return types.FIRST_DAY + datetime.timedelta(days=units)
    digits = tuple(map(int, str(abs(units))))
    return Decimal((int(units < 0), digits, -declared.scale))


def units_of(declared: types.Declared, value: plain.Plain) -> int:
    """A number or date in whole units."""
    return plain.number(declared, value)


def _last(values: Sequence[plain.Plain]) -> plain.Plain:
    """The last value that is there, numbers being sorted before null."""
    return next((each for each in reversed(values) if each is not None), None)


def _edges(axis: spaces.Axis, members: int) -> Iterator[plain.Plain]:
    """The values of a column at each edge of some classes, and next to it outside; every text."""
    assert axis.declared is not None, "only an input can be set"
    if axis.declared.kind in types.TEXTUAL or axis.declared.kind is types.Kind.BOOLEAN:
        for place in regions.places(members):
            yield from axis.classes[place].values
        return
    for place in regions.places(members):
        values = axis.classes[place].values
        for value, beside, step in ((values[0], place - 1, -1), (values[-1], place + 1, 1)):
            is_edge = beside < 0 or not members >> beside & 1
            if value is None or not is_edge:
                continue
            units = units_of(axis.declared, value)
            yield value
            if axis.declared.low_units <= units + step <= axis.declared.high_units:
                yield of_units(axis.declared, units + step)
