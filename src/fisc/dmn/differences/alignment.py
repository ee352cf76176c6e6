"""Which rule of one table is which rule of another, when rules were inserted, moved or removed.

Rows whose conditions no other row has anchor each other first, then rows equal in all their cells;
what lies between anchors is paired by likeness. So a changed rate stays one rule with one changed
cell, wherever it stands, and a table of thousands of rows costs little more than reading it.
"""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# Between two anchors, pairs are weighed one by one while there are no more than this.
MOST_WEIGHED: Final = 40_000
# Two rows less alike than this are a removed one and an added one.
LEAST_LIKENESS: Final = 0.3
_CONDITIONS, _RESULTS, _NOTES, _IDENTITY = 0.5, 0.35, 0.15, 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as its cells, over the columns that both tables have."""

    conditions: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A rule before and after, by position; None where there is none."""

    before: int | None
    after: int | None
    is_moved: bool = False


def _all_cells(row: Row) -> Hashable:
    return row.conditions, row.results, row.notes


def _computing_cells(row: Row) -> Hashable:
    return row.conditions, row.results


def _conditions(row: Row) -> Hashable:
    return row.conditions


_Key = Callable[[Row], Hashable]
_KEYS: Final[tuple[_Key, ...]] = (_all_cells, _computing_cells, _conditions)
# With each key, whether equal rows at both ends are paired too, though others be equal to them.
_PASSES: Final[tuple[tuple[_Key, bool], ...]] = (
    (_conditions, False),
    *((key, True) for key in _KEYS),
)

# A stretch of rows before and one after: from, up to, from, up to.
_Gap = tuple[int, int, int, int]


def pairs(before: Sequence[Row], after: Sequence[Row]) -> tuple[Pair, ...]:
    """Return every rule of both tables once, in the order of the later one."""
    together = dict(_in_order(before, after))
    moved = _moved(before, after, together)
    earlier = {there: here for here, there in (together | moved).items()}
    found = [
        Pair(before=earlier.get(there), after=there, is_moved=earlier.get(there) in moved)
        for there in range(len(after))
    ]
    gone = [Pair(here, None) for here in range(len(before)) if here not in together | moved]
    return (*found, *gone)


def _in_order(before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Pair rows without letting two pairs cross."""
    gaps: list[_Gap] = [(0, len(before), 0, len(after))]
    for key, has_ends in _PASSES:
        left = [key(row) for row in before]
        right = [key(row) for row in after]
        narrower: list[_Gap] = []
        for gap in gaps:
            anchors = _anchors(left, right, gap, has_ends=has_ends)
            yield from anchors
            narrower += _between(anchors, gap)
        gaps = narrower
    for gap in gaps:
        yield from _by_likeness(before, after, gap)


def _anchors(
    left: Sequence[Hashable], right: Sequence[Hashable], gap: _Gap, *, has_ends: bool
) -> list[tuple[int, int]]:
    """Equal rows at both ends, and in between those that are equal and occur once."""
    a, b, c, d = gap
    head: list[tuple[int, int]] = []
    while has_ends and a < b and c < d and left[a] == right[c]:
        head.append((a, c))
        a, c = a + 1, c + 1
    tail: list[tuple[int, int]] = []
    while has_ends and a < b and c < d and left[b - 1] == right[d - 1]:
        b, d = b - 1, d - 1
        tail.append((b, d))
    times_left, times_right = Counter(left[a:b]), Counter(right[c:d])
    places = {right[there]: there for there in range(c, d) if times_right[right[there]] == 1}
    unique = [
        (here, places[left[here]])
        for here in range(a, b)
        if times_left[left[here]] == 1 and left[here] in places
    ]
    return [*head, *_longest_rising(unique), *reversed(tail)]


def _longest_rising(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs that do not cross: the longest run whose later positions rise."""
    ends: list[int] = []
    holders: list[int] = []
    previous: list[int] = []
    for number, (_, there) in enumerate(found):
        length = bisect.bisect_left(ends, there)
        previous.append(holders[length - 1] if length else -1)
        if length == len(ends):
            ends.append(there)
            holders.append(number)
        else:
            ends[length], holders[length] = there, number
    chain: list[tuple[int, int]] = []
    at = holders[-1] if holders else -1
    while at >= 0:
        chain.append(found[at])
        at = previous[at]
    return chain[::-1]


def _between(anchors: Sequence[tuple[int, int]], gap: _Gap) -> Iterator[_Gap]:
    a, b, c, d = gap
    for here, there in (*anchors, (b, d)):
        if a < here and c < there:
            yield a, here, c, there
        a, c = here + 1, there + 1


def _by_likeness(before: Sequence[Row], after: Sequence[Row], gap: _Gap) -> list[tuple[int, int]]:
    """Pair the rows of a gap so that the pairs are together as alike as can be."""
    a, b, c, d = gap
    if (b - a) * (d - c) > MOST_WEIGHED:
        return []
    # best[i][j]: the likeness reached with the rows from a+i and c+j on.
    best = [[0.0] * (d - c + 1) for _ in range(b - a + 1)]
    alike = [[_likeness(before[i], after[j]) for j in range(c, d)] for i in range(a, b)]
    for i in range(b - a - 1, -1, -1):
        for j in range(d - c - 1, -1, -1):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= LEAST_LIKENESS else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < b - a and j < d - c:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            found.append((a + i, c + j))
            i, j = i + 1, j + 1
    return found


def _likeness(one: Row, other: Row) -> float:
    """From 0 to about 1; the same id adds to it and alone is just enough."""
    weighed = (
        (_CONDITIONS, one.conditions, other.conditions),
        (_RESULTS, one.results, other.results),
        (_NOTES, one.notes, other.notes),
    )
    total = _IDENTITY if one.id and one.id == other.id else 0.0
    for weight, here, there in weighed:
        if here:
            total += weight * sum(x == y for x, y in zip(here, there, strict=True)) / len(here)
    return total


def _moved(before: Sequence[Row], after: Sequence[Row], together: dict[int, int]) -> dict[int, int]:
    """Pair what is left over by equal cells, wherever the rows stand."""
    taken = set(together.values())
    moved: dict[int, int] = {}
    for key in _KEYS:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for there in range(len(after) - 1, -1, -1):
            if there not in taken:
                waiting[key(after[there])].append(there)
        for here, row in enumerate(before):
            if here not in together and here not in moved and waiting.get(key(row)):
                moved[here] = waiting[key(row)].pop()
                taken.add(moved[here])
    return moved
