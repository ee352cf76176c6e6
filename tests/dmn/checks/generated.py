"""Generated tables: spaces cut into boxes, with gaps, overlaps and hidden rules planted in them.

A box is a half-open span of whole steps for each input; what a step is (a number, a day, a code, a
truth) the input says. The same boxes are what the table is written from and what brute force tries.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from fisc.dmn import model
from fisc.dmn.checks import asked
from fisc.dmn.columns import plain, types
from tests.dmn import models

Span = tuple[int, int]
Box = tuple[Span, ...]
Point = tuple[int, ...]

FIRST_DAY = datetime.date(2026, 1, 1)
CODES = tuple(f"code {number}" for number in range(40))


@dataclasses.dataclass(frozen=True)
class Input:
    """An input of so many steps, each of them one of its values."""

    name: str
    kind: types.Kind
    steps: int

    def declared(self) -> types.Declared:
        if self.kind is types.Kind.BOOLEAN:
            return types.Declared(self.name, self.kind)
        if self.kind is types.Kind.CODE:
            return types.Declared(self.name, self.kind, codes=CODES[: self.steps])
        low, high = self.value(0), self.value(self.steps - 1)
        assert not isinstance(low, str | bool | None)
        assert not isinstance(high, str | bool | None)
        return types.Declared(self.name, self.kind, low=low, high=high)

    def value(self, step: int) -> plain.Plain:
        if self.kind is types.Kind.BOOLEAN:
            return bool(step)
        if self.kind is types.Kind.CODE:
            return CODES[step]
        if self.kind is types.Kind.DATE:
            return FIRST_DAY + datetime.timedelta(days=step)
        return Decimal(step)

    def cell(self, span: Span) -> str:
        first, after = span
        if after - first == self.steps:
            return "-"
        if self.kind in {types.Kind.BOOLEAN, types.Kind.CODE}:
            return ", ".join(self._literal(each) for each in range(first, after))
        if first == 0:
            return f"< {self._literal(after)}"
        if after == self.steps:
            return f">= {self._literal(first)}"
        return f"[{self._literal(first)}..{self._literal(after)})"

    def _literal(self, step: int) -> str:
        value = self.value(step)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, datetime.date):
            return f'date("{value}")'
        return f'"{value}"' if isinstance(value, str) else str(value)


TYPE_NAMES = {
    types.Kind.NUMBER: "number",
    types.Kind.DATE: "date",
    types.Kind.BOOLEAN: "boolean",
    types.Kind.CODE: "string",
}


def small(chance: random.Random) -> tuple[Input, ...]:
    """A few inputs of a few values, so that every point can be tried."""
    kinds = [
        Input("usage", types.Kind.NUMBER, chance.randint(2, 6)),
        Input("day", types.Kind.DATE, chance.randint(2, 4)),
        Input("inside", types.Kind.BOOLEAN, 2),
        Input("class", types.Kind.CODE, chance.randint(2, 4)),
    ]
    return tuple(chance.sample(kinds, chance.randint(1, 4)))


LARGE = (
    Input("usage", types.Kind.NUMBER, 1_000_001),
    Input("days", types.Kind.NUMBER, 801),
    Input("day", types.Kind.DATE, 3653),
    Input("inside", types.Kind.BOOLEAN, 2),
    Input("class", types.Kind.CODE, 12),
    Input("size", types.Kind.CODE, 9),
)


def whole(inputs: Sequence[Input]) -> Box:
    return tuple((0, each.steps) for each in inputs)


def cut(inputs: Sequence[Input], rules: int, chance: random.Random) -> list[Box]:
    """The whole space cut into boxes that neither overlap nor leave anything out."""
    boxes = [whole(inputs)]
    while len(boxes) < rules:
        place = chance.randrange(len(boxes))
        box = boxes[place]
        columns = [number for number, (first, after) in enumerate(box) if after - first > 1]
        if not columns:
            continue
        column = chance.choice(columns)
        first, after = box[column]
        middle = chance.randint(first + 1, after - 1)
        boxes[place] = (*box[:column], (first, middle), *box[column + 1 :])
        boxes.append((*box[:column], (middle, after), *box[column + 1 :]))
    return boxes


def any_boxes(inputs: Sequence[Input], rules: int, chance: random.Random) -> list[Box]:
    """Boxes anywhere."""
    return [tuple(_span(each.steps, chance) for each in inputs) for _ in range(rules)]


def _span(steps: int, chance: random.Random) -> Span:
    first, after = sorted(chance.sample(range(steps + 1), 2))
    return (0, steps) if chance.random() < 0.4 else (first, after)


def inner_point(box: Box) -> Point:
    return tuple(first for first, _ in box)


def points(inputs: Sequence[Input]) -> Iterator[Point]:
    return itertools.product(*(range(each.steps) for each in inputs))


def holds(box: Box, point: Point) -> bool:
    return all(first <= at < after for (first, after), at in zip(box, point, strict=True))


def point_of(inputs: Sequence[Input], example: Mapping[str, plain.Plain]) -> Point:
    """The point that an example is."""
    found = []
    for each in inputs:
        value = example[each.name]
        if isinstance(value, datetime.date):
            found.append((value - FIRST_DAY).days)
        elif isinstance(value, str):
            found.append(CODES.index(value))
        else:
            assert value is not None
            found.append(int(value))
    return tuple(found)


def written(inputs: Sequence[Input], boxes: Sequence[Box], *, policy: str) -> model.Model:
    """The table of some boxes; each rule answers its own number."""
    rows = [
        [*(each.cell(span) for each, span in zip(inputs, box, strict=True)), str(number)]
        for number, box in enumerate(boxes, start=1)
    ]
    return models.one_table(
        {each.name: TYPE_NAMES[each.kind] for each in inputs},
        {"answer": "number"},
        rows,
        policy=policy,
    )


def book(inputs: Sequence[Input], boxes: Sequence[Box], *, policy: str = "UNIQUE") -> asked.Book:
    """The same as it is checked."""
    return asked.Book(
        model=written(inputs, boxes, policy=policy),
        inputs=tuple(each.declared() for each in inputs),
        outputs=(types.Declared("Answer", types.Kind.NUMBER),),
    )
