"""Tiers as segments: a sum of tiers over one amount is a straight line between any two breaks.

Many steps over one column (caps, floors, products, sums) become a search for the segment and one
product and sum with numbers looked up. All of it is whole numbers, so the result is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fisc.dmn.columns import searching, terms

MOST_SEGMENTS = 64
# Searching and looking up cost about as much as this many steps, and each break a little more.
FIXED_STEPS = 5
STEPS_A_BREAK = 0.6

# Slope and intercept.
Line = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Curve:
    """A function of one term: `lines[k]` from `starts[k]` up to the next start."""

    source: terms.Term
    starts: tuple[int, ...]
    lines: tuple[Line, ...]

    def spans(self) -> list[tuple[int, int, Line]]:
        """The segments with their first and last number."""
        ends = (*(each - 1 for each in self.starts[1:]), self.source.high)
        return list(zip(self.starts, ends, self.lines, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What a step needs: how to find the segment, and the line of each."""

    search: searching.Search
    slopes: npt.NDArray[np.int64]
    intercepts: npt.NDArray[np.int64]


def replaced(made: Sequence[terms.Term], kept: Iterable[int]) -> dict[int, terms.Term]:
    """By slot, the terms that are better computed by segments; `kept` are asked for themselves."""
    curves: dict[int, Curve] = {}
    for term in made:
        curve = _curve(term, curves)
        if curve is not None:
            curves[term.slot] = curve
    readers: dict[int, set[int]] = {}
    for term in made:
        for each in term.args:
            readers.setdefault(each.slot, set()).add(term.slot)
    asked = set(kept)
    found: dict[int, terms.Term] = {}
    for term in reversed(made):
        curve = curves.get(term.slot)
        if curve is None or (term.slot not in asked and term.slot not in readers):
            continue
        outer = readers.get(term.slot, set())
        is_inner = term.slot not in asked and all(
            each in curves and curves[each].source is curve.source for each in outer
        )
        if not is_inner and _is_shorter(term, curve, readers, asked):
            found[term.slot] = _by_segments(term, curve)
    return found


def _is_shorter(
    term: terms.Term, curve: Curve, readers: Mapping[int, set[int]], asked: set[int]
) -> bool:
    """Whether the steps that nobody else reads are more than segments cost."""
    own = {term.slot}
    waiting = list(term.args)
    while waiting:
        here = waiting.pop()
        is_own = here.slot not in asked and readers[here.slot] <= own
        if is_own and here is not curve.source and not here.is_constant:
            own.add(here.slot)
            waiting.extend(here.args)
    return len(own) > FIXED_STEPS + STEPS_A_BREAK * len(curve.starts)


def _by_segments(term: terms.Term, curve: Curve) -> terms.Term:
    low, high = curve.source.low, curve.source.high
    lines = Lines(
        search=searching.search(curve.starts[1:], low=low, high=high),
        slopes=np.array([slope for slope, _ in curve.lines], dtype=np.int64),
        intercepts=np.array([intercept for _, intercept in curve.lines], dtype=np.int64),
    )
    return terms.Term(
        slot=term.slot, op="segments", args=(curve.source,), detail=lines, sort=term.sort,
        scale=term.scale, low=term.low, high=term.high, works_wide=False, is_wide=False,
    )  # fmt: skip


# --- Which terms are such functions --------------------------------------------------------------


def _curve(term: terms.Term, curves: Mapping[int, Curve]) -> Curve | None:
    build = _CURVES.get(term.op)
    if build is None or term.sort is not terms.Sort.NUMBER or term.works_wide:
        return None
    curve = build(term, curves)
    if curve is None or len(curve.starts) > MOST_SEGMENTS:
        return None
    if not all(_fits(each) for each in curve.spans()):
        return None
    return curve


def _fits(span: tuple[int, int, Line]) -> bool:
    first, last, (slope, intercept) = span
    # The slope by itself too: over zero alone any slope gives zero.
    return terms.fits_int64(slope, slope * first, slope * last, intercept)


def _of(term: terms.Term, curves: Mapping[int, Curve]) -> Curve:
    """A term as a function: of what it is made from, or of itself."""
    return curves.get(term.slot) or Curve(term, (term.low,), ((1, 0),))


def _joined(source: terms.Term, pieces: Iterable[tuple[int, Line]]) -> Curve:
    starts: list[int] = []
    lines: list[Line] = []
    for start, line in pieces:
        if not lines or lines[-1] != line:
            starts.append(start)
            lines.append(line)
    return Curve(source, tuple(starts), tuple(lines))


def _times(term: terms.Term, curves: Mapping[int, Curve]) -> Curve | None:
    inner, by = term.args
    if not by.is_constant:
        return None
    factor = int(by.detail)
    curve = _of(inner, curves)
    lines = ((slope * factor, intercept * factor) for slope, intercept in curve.lines)
    return _joined(curve.source, zip(curve.starts, lines, strict=True))


def _sum(term: terms.Term, curves: Mapping[int, Curve]) -> Curve | None:
    sign = 1 if term.op == "add" else -1
    left, right = term.args
    if left.is_constant:
        return None
    one = _of(left, curves)
    if right.is_constant:
        offset = sign * int(right.detail)
        return _joined(one.source, [(start, (a, b + offset)) for start, _, (a, b) in one.spans()])
    other = _of(right, curves)
    if one.source is not other.source:
        return None
    pieces = []
    for start in sorted({*one.starts, *other.starts}):
        (a, b), (c, d) = _line_at(one, start), _line_at(other, start)
        pieces.append((start, (a + sign * c, b + sign * d)))
    return _joined(one.source, pieces)


def _line_at(curve: Curve, number: int) -> Line:
    place = sum(each <= number for each in curve.starts) - 1
    return curve.lines[place]


def _limited(term: terms.Term, curves: Mapping[int, Curve]) -> Curve | None:
    limit = term.args[1]
    if not limit.is_constant or term.args[0].is_constant:
        return None
    return _limit(_of(term.args[0], curves), term.op, int(limit.detail))


def _clipped(term: terms.Term, curves: Mapping[int, Curve]) -> Curve | None:
    low, high = term.detail
    return _limit(_limit(_of(term.args[0], curves), "maximum", low), "minimum", high)


def _limit(curve: Curve, op: str, limit: int) -> Curve:
    """The function where it is on the right side of a limit, the limit elsewhere."""
    # The smaller of two is the larger of both turned round.
    sign = 1 if op == "maximum" else -1
    pieces: list[tuple[int, Line]] = []
    for first, last, line in curve.spans():
        slope, above = sign * line[0], sign * (line[1] - limit)
        # Above the limit where slope · x + above ≥ 0.
        is_above = slope * first + above >= 0
        pieces.append((first, line if is_above else (0, limit)))
        if is_above != (slope * last + above >= 0):
            crossing = -above // slope + 1 if is_above else -(above // slope)
            pieces.append((crossing, (0, limit) if is_above else line))
    return _joined(curve.source, pieces)


_CURVES: Mapping[str, Callable[[terms.Term, Mapping[int, Curve]], Curve | None]] = {
    "multiply": _times,
    "add": _sum,
    "subtract": _sum,
    "minimum": _limited,
    "maximum": _limited,
    "clip": _clipped,
}


def along(detail: Lines, values: Any, out: npt.NDArray[np.int64] | None) -> Any:
    """The value of each number's line."""
    segment = searching.classes(detail.search, values, len(values))
    result = np.take(detail.slopes, segment, out=out, mode="clip")
    result = np.multiply(result, values, out=result)
    return np.add(result, np.take(detail.intercepts, segment, mode="clip"), out=result)
