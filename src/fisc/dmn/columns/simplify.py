"""Fewer passes for the same numbers: constants are gathered, a floor under a cap is one step.

`max(0, min(usage, 12) - 5) * 3.05`, a tier, becomes one clip and one product, and all tiers of a
sum share one constant. Whole numbers make this exact; only steps proved to stay under 34 digits are
looked through, so the case evaluator has the same value.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from fisc.dmn.columns import terms

_OVER_ONE_SOURCE = frozenset({"multiply", "add", "subtract", "minimum", "maximum", "clip"})


def split(term: terms.Term) -> tuple[terms.Term | None, int]:
    """A term as something that varies, if anything does, and a constant added to it."""
    if term.is_constant:
        return None, int(term.detail)
    if term.op == "add" and term.args[1].is_constant:
        return term.args[0], int(term.args[1].detail)
    return term, 0


def _with_offset(made: terms.Terms, term: terms.Term, offset: int) -> terms.Term:
    if offset == 0:
        return term
    by = made.constant(offset, sort=terms.Sort.NUMBER, scale=term.scale)
    bounds = (term.low + offset, term.high + offset)
    return made.make("add", (term, by), sort=terms.Sort.NUMBER, scale=term.scale, bounds=bounds)


def added(made: terms.Terms, left: terms.Term, right: terms.Term) -> terms.Term | None:
    """A sum with its constants at the end, or None when there are none."""
    (x, first), (y, second) = split(left), split(right)
    if x is None and y is None:
        return None
    if x is not None and y is not None:
        if first == 0 and second == 0:
            return _regrouped(made, x, y)
        return _with_offset(made, made.add(x, y), first + second)
    return _with_offset(made, x if x is not None else _known(y), first + second)


def _regrouped(made: terms.Terms, left: terms.Term, right: terms.Term) -> terms.Term | None:
    """Amounts over the same source stand together in a sum, so that segments can take them all."""
    if left.op != "add" or right.works_wide or left.works_wide:
        return None
    own = _source(made, right)
    if _source(made, left) is own:
        return None
    for one, other in (left.args, left.args[::-1]):
        fits = terms.fits_int64(one.low + right.low, one.high + right.high)
        if fits and one is not right and _source(made, one) is own:
            return made.add(other, made.add(one, right))
    return None


def _source(made: terms.Terms, term: terms.Term) -> terms.Term:
    """The term that a calculation with constants starts from."""
    if (known := made.sources.get(term.slot)) is not None:
        return known
    source = term
    if term.op in _OVER_ONE_SOURCE:
        first, *others = (_source(made, each) for each in term.args if not each.is_constant)
        if all(each is first for each in others):
            source = first
    made.sources[term.slot] = source
    return source


def subtracted(made: terms.Terms, left: terms.Term, right: terms.Term) -> terms.Term | None:
    """A difference with its constants at the end, or None when there are none to move."""
    (x, first), (y, second) = split(left), split(right)
    if x is None or (first == 0 and second == 0):
        return None
    if y is None:
        return _with_offset(made, x, first - second)
    return _with_offset(made, made.subtract(x, y), first - second)


def times(made: terms.Terms, term: terms.Term, factor: int, scale: int) -> terms.Term:
    """A term times a whole number, taken as being of some scale."""
    bounds = (
        min(term.low * factor, term.high * factor),
        max(term.low * factor, term.high * factor),
    )
    by = made.constant(factor, sort=terms.Sort.NUMBER)
    if factor == 1 and scale == term.scale:
        return term
    if term.is_constant:
        return made.constant(int(term.detail) * factor, sort=terms.Sort.NUMBER, scale=scale)
    if terms.fits_int64(*bounds):
        if term.op == "multiply" and term.args[1].is_constant and term.args[1].scale == 0:
            return times(made, term.args[0], int(term.args[1].detail) * factor, scale)
        if term.op == "gather" and not term.is_wide:
            return _gathered(made, term, factor, scale, bounds)
        if term.op == "add" and all(_absorbs(each) for each in term.args):
            left, right = (times(made, each, factor, scale) for each in term.args)
            return made.add(left, right)
        x, offset = split(term)
        if x is not None and offset and terms.fits_int64(x.low * factor, x.high * factor):
            return _with_offset(made, times(made, x, factor, scale), offset * factor)
    return made.make("multiply", (term, by), sort=terms.Sort.NUMBER, scale=scale, bounds=bounds)


def _absorbs(term: terms.Term) -> bool:
    """Whether a factor costs nothing: it goes into a constant that is there already."""
    if term.op == "add":
        return all(_absorbs(each) for each in term.args)
    if term.is_constant or (term.op == "gather" and not term.is_wide):
        return True
    return term.op == "multiply" and term.args[1].is_constant and term.args[1].scale == 0


def _gathered(
    made: terms.Terms, term: terms.Term, factor: int, scale: int, bounds: tuple[int, int]
) -> terms.Term:
    # As Python's integers: a factor past 64 bits still has a product that fits where all are zero.
    values = (term.detail.values.astype(object) * factor).astype(np.int64)
    lookup = dataclasses.replace(term.detail, values=values)
    return made.make(
        "gather", term.args, sort=terms.Sort.NUMBER, scale=scale, bounds=bounds, detail=lookup
    )


def extreme(made: terms.Terms, op: str, left: terms.Term, right: terms.Term) -> terms.Term | None:
    """The smaller or larger of a term and a constant, where that can be said more shortly."""
    if left.is_constant:
        left, right = right, left
    if left.sort is not terms.Sort.NUMBER or left.is_constant or not right.is_constant:
        return None
    limit = int(right.detail)
    # What the bounds prove needs no step.
    if (op == "maximum" and limit <= left.low) or (op == "minimum" and limit >= left.high):
        return left
    x, offset = split(left)
    if x is not None and offset:
        within = made.constant(limit - offset, sort=terms.Sort.NUMBER, scale=left.scale)
        return _with_offset(made, made.extreme(op, x, within), offset)
    return _clipped(made, op, left, limit)


def _clipped(made: terms.Terms, op: str, term: terms.Term, limit: int) -> terms.Term | None:
    if {op, term.op} != {"minimum", "maximum"} or not term.args[1].is_constant:
        return None
    other = int(term.args[1].detail)
    low, high = (limit, other) if op == "maximum" else (other, limit)
    if low > high:
        return None
    inner = term.args[0]
    bounds = (min(max(inner.low, low), high), min(max(inner.high, low), high))
    return made.make(
        "clip",
        (inner,),
        sort=terms.Sort.NUMBER,
        scale=term.scale,
        bounds=bounds,
        detail=(low, high),
    )


def _known(term: terms.Term | None) -> terms.Term:
    assert term is not None, "one of two terms varies"
    return term
