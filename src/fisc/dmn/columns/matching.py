"""Which rules of a decision table match, found by looking up and not by trying each.

Every column cuts its values into classes within which no cell changes its answer. Going through the
columns, one after the other, a row moves from state to state; a state is a set of rules that still
match, and the next state is read from an array by state and class. However many rules a table has,
a row costs one search and one look-up a column. The arrays are data: a new table needs no new code.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fisc.dmn.columns import cells, searching

MOST_STEPS = 1 << 22

Index = npt.NDArray[np.intp]


class TableIsTooWide(Exception):
    """The columns of a table cut across each other in too many ways to list."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One column: where its classes start, and for each the rules whose cell it satisfies.

    Rule n is bit n of a mask. The class of null comes last.
    """

    breaks: tuple[int, ...]
    masks: tuple[int, ...]

    @property
    def null_class(self) -> int:
        return len(self.masks) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One column of the walk: how to find the class, and the next state by state plus class.

    `steps` is None where the search gives the state at once.
    """

    argument: int
    search: searching.Search
    null_class: int
    steps: Index | None


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """All columns, and what each last state means.

    `plain` says which states a row without nulls can end in.
    """

    levels: tuple[Level, ...]
    masks: tuple[int, ...]
    plain: npt.NDArray[np.bool_]


def condition(column: Sequence[cells.Cell], *, low: int, high: int) -> Condition:
    """Cut the values between two bounds into the classes that the cells of a column tell apart."""
    edges = {edge for cell in column for span in cell.spans for edge in span}
    breaks = sorted(edge for edge in edges if low < edge <= high)
    toggles = [0] * (len(breaks) + 2)
    for rule, cell in enumerate(column):
        for first, after in cell.spans:
            if first <= high and after > low:
                toggles[bisect_right(breaks, max(first, low))] ^= 1 << rule
                toggles[bisect_left(breaks, after) + 1 if after <= high else -1] ^= 1 << rule
    kept: list[int] = []
    masks: list[int] = []
    mask = 0
    for place, toggle in enumerate(toggles[:-1]):
        mask ^= toggle
        if not masks or mask != masks[-1]:
            if place:
                kept.append(breaks[place - 1])
            masks.append(mask)
    null_mask = sum(1 << rule for rule, cell in enumerate(column) if cell.takes_null)
    return Condition(breaks=tuple(kept), masks=(*masks, null_mask))


def walk(conditions: Sequence[tuple[int, Condition, tuple[int, int]]], *, rule_count: int) -> Walk:
    """Join the columns of a table; each comes with its argument's place and its bounds.

    Raises TableIsTooWide.
    """
    # Few classes first: states then stay few for longest.
    ordered = sorted(conditions, key=lambda each: len(each[1].masks))
    states = {(1 << rule_count) - 1: 0}
    plain = {0}
    levels: list[Level] = []
    widths = [len(each.masks) for _, each, _ in ordered] + [1]
    for place, (argument, column, bounds) in enumerate(ordered):
        if len(states) * len(column.masks) > MOST_STEPS:
            raise TableIsTooWide
        steps, states, plain = _step(states, column, plain)
        search = searching.search(column.breaks, low=bounds[0], high=bounds[1])
        steps *= widths[place + 1]
        if place == 0 and search.way is searching.Way.TABLE:
            search = dataclasses.replace(search, table=steps[search.table])
            levels.append(Level(argument, search, int(steps[column.null_class]), None))
        else:
            levels.append(Level(argument, search, column.null_class, steps))
    is_plain = np.zeros(len(states), dtype=bool)
    is_plain[list(plain)] = True
    return Walk(tuple(levels), tuple(states), is_plain)


def _step(
    states: dict[int, int], column: Condition, plain: set[int]
) -> tuple[Index, dict[int, int], set[int]]:
    steps = np.empty(len(states) * len(column.masks), dtype=np.intp)
    after: dict[int, int] = {}
    plain_after: set[int] = set()
    place = 0
    for mask, state in states.items():
        first = place
        for each in column.masks:
            steps[place] = after.setdefault(mask & each, len(after))
            place += 1
        if state in plain:
            plain_after.update(steps[first : place - 1].tolist())
    return steps, after, plain_after


def states_of(
    detail: Walk, arguments: Sequence[tuple[Any, Any]], length: int, out: Index | None
) -> Index:
    """The last state of each row; an argument is its values and its nulls or None."""
    state: Index | None = None
    for level in detail.levels:
        values, nulls = arguments[level.argument]
        found = searching.classes(level.search, values, length, out if state is None else None)
        if nulls is not None:
            found = np.where(nulls, level.null_class, found)
        if level.steps is None:
            state = found
        else:
            key = found if state is None else np.add(state, found, out=found)
            state = np.take(level.steps, key, mode="clip")
    return np.zeros(length, dtype=np.intp) if state is None else state
