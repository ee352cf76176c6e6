"""Finding which of many adjoining spans a number is in: by table, by comparing, or by bisection."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

# A comparison of a whole block costs less than a look-up until there are about this many.
FEW_BREAKS = 16
LARGEST_TABLE = 1 << 16
MOST_IN_A_BUCKET = 4

Index = npt.NDArray[np.intp]


class Way(enum.Enum):
    """How the span is found."""

    TABLE = "table"
    COMPARE = "compare"
    BUCKETS = "buckets"
    BISECT = "bisect"


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """`breaks[k]` is the first number of span k + 1; `low` is the lowest number ever asked."""

    way: Way
    breaks: npt.NDArray[Any]
    low: int
    table: Index
    shift: int = 0
    most_in_a_bucket: int = 0


_NO_TABLE = np.empty(0, dtype=np.intp)


def search(breaks: Sequence[int], *, low: int, high: int) -> Search:
    """Choose how to find the span, from how many there are and how far they reach."""
    fits = all(-(2**63) <= each < 2**63 for each in (low, high))
    edges = np.array(breaks, dtype=np.int64 if fits else object)
    if fits and breaks and breaks[-1] - low < LARGEST_TABLE:
        numbers = np.arange(low, breaks[-1] + 1, dtype=np.int64)
        table = np.searchsorted(edges, numbers, side="right")
        return Search(Way.TABLE, edges, low, table.astype(np.intp))
    if len(breaks) <= FEW_BREAKS:
        return Search(Way.COMPARE, edges, low, _NO_TABLE)
    if fits and high - low < 2**62 and (found := _buckets(edges, low=low)) is not None:
        return found
    return Search(Way.BISECT, edges, low, _NO_TABLE)


def _buckets(edges: npt.NDArray[np.int64], *, low: int) -> Search | None:
    """Cut the reach into equal buckets of a power of two; few breaks fall into each."""
    reach = int(edges[-1]) - low + 1
    shift = max(0, reach.bit_length() - 16)
    count = (reach >> shift) + 2
    starts = (np.arange(count, dtype=np.int64) << shift) + low
    before = np.searchsorted(edges, starts, side="right").astype(np.intp)
    most = int(np.diff(before).max())
    if most > MOST_IN_A_BUCKET:
        return None
    # One more edge that nothing reaches, so that the last look-up stays inside.
    padded = np.append(edges, np.iinfo(np.int64).max)
    return Search(Way.BUCKETS, padded, low, before, shift, most)


def classes(found: Search, values: Any, length: int, out: Index | None = None) -> Index:
    """The span each number is in, from 0. The numbers are not below `low`."""
    values = np.asarray(values)
    if values.dtype == np.bool_:
        values = values.view(np.int8)
    if values.dtype == object and found.breaks.dtype != object:
        values = values.astype(np.int64)
    if values.ndim == 0:
        values = np.full(length, values)
    return _WAYS[found.way](found, values, out)


def _by_table(found: Search, values: npt.NDArray[Any], out: Index | None) -> Index:
    # Clipping puts what lies past the table into the last span.
    places = values if found.low == 0 else values - found.low
    spans: Index = np.take(found.table, places, mode="clip", out=out)
    return spans


def _by_comparing(found: Search, values: npt.NDArray[Any], _: Index | None) -> Index:
    count = np.zeros(len(values), dtype=np.int8)
    for edge in found.breaks.tolist():
        np.add(count, np.greater_equal(values, edge).view(np.int8), out=count)
    return count.astype(np.intp)


def _by_buckets(found: Search, values: npt.NDArray[Any], _: Index | None) -> Index:
    bucket = np.right_shift(values - found.low, found.shift)
    place: Index = np.take(found.table, bucket, mode="clip")
    for _step in range(found.most_in_a_bucket):
        place += np.greater_equal(values, np.take(found.breaks, place, mode="clip"))
    return place


def _by_bisection(found: Search, values: npt.NDArray[Any], _: Index | None) -> Index:
    spans: Index = np.searchsorted(found.breaks, values, side="right")
    return spans


_WAYS = {
    Way.TABLE: _by_table,
    Way.COMPARE: _by_comparing,
    Way.BUCKETS: _by_buckets,
    Way.BISECT: _by_bisection,
}
