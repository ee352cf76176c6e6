"""The arithmetic of a compiled model: terms over whole numbers, each with scale and proved bounds.

A term is one step over columns. Building one works out what can be known before any row is seen:
its scale (exactly: a sum has the larger, a product both together), the lowest and highest whole
number it can hold, and from those whether 64 bits are enough or Python's own integers are needed.
Equal terms are made once.
"""

from __future__ import annotations

import enum
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from fisc.dmn.columns import kernels, simplify, types

INT64_HIGH = 2**63 - 1
INT64_LOW = -(2**63)


class Sort(enum.Enum):
    """What kind of value a term has."""

    NUMBER = "a number"
    BOOLEAN = "true or false"
    TEXT = "a text"
    DATE = "a date"
    DAYS = "a number of days"
    NULL = "null"


class CannotTake(Exception):
    """Columns have no exact form for this; the case evaluator computes it instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One step: what it does to which terms, and what is proved of its result."""

    slot: int
    op: str
    args: tuple[Term, ...]
    detail: Any
    sort: Sort
    scale: int
    low: int
    high: int
    # Computed with Python integers, or its result held in them.
    works_wide: bool
    is_wide: bool

    @property
    def is_constant(self) -> bool:
        return self.op == "constant"

    @property
    def is_null(self) -> bool:
        return self.sort is Sort.NULL


def fits_int64(*numbers: int) -> bool:
    """Whether every number can be held in 64 bits."""
    return all(INT64_LOW <= each <= INT64_HIGH for each in numbers)


class Terms:
    """Makes terms, each different one once. `texts` is the dictionary all texts are numbered by."""

    def __init__(self, *, always_wide: bool = False) -> None:
        self.made: list[Term] = []
        self.texts: dict[str, int] = {}
        # What calculations with constants start from, by slot; kept by `simplify`.
        self.sources: dict[int, Term] = {}
        self._known: dict[Hashable, Term] = {}
        self._always_wide = always_wide

    # --- Making one ------------------------------------------------------------------------------

    def make(
        self,
        op: str,
        args: Sequence[Term],
        *,
        sort: Sort,
        scale: int = 0,
        bounds: tuple[int, int] = (0, 0),
        detail: Any = None,
        reach: int = 0,
    ) -> Term:
        """Make a term or find the equal one made before.

        `reach` is the largest number on the way to the result, where that is larger.
        """
        key = (op, tuple(each.slot for each in args), _key(detail), sort, scale)
        if (known := self._known.get(key)) is not None:
            return known
        if op in kernels.STRICT and args and all(each.is_constant for each in args):
            return self._fold(op, args, sort=sort, scale=scale, detail=detail)
        low, high = bounds
        is_number = sort is Sort.NUMBER
        is_wide = is_number and self.needs_wide(low, high)
        works_wide = is_wide or any(each.is_wide for each in args) or not fits_int64(reach, -reach)
        term = Term(
            slot=len(self.made), op=op, args=tuple(args), detail=detail, sort=sort, scale=scale,
            low=low, high=high, works_wide=works_wide, is_wide=is_wide,
        )  # fmt: skip
        self.made.append(term)
        if is_number and max(-low, high) >= types.TOO_LARGE:
            term = self._guarded(term)
        self._known[key] = term
        return term

    def needs_wide(self, low: int, high: int) -> bool:
        """Whether numbers between two bounds need Python's integers."""
        return self._always_wide or not fits_int64(low, high)

    def _guarded(self, term: Term) -> Term:
        """Send rows past 34 digits, where DMN itself rounds, to the case evaluator."""
        limit = types.TOO_LARGE - 1
        bounds = (max(term.low, -limit), min(term.high, limit))
        return self.make("guard", (term,), sort=term.sort, scale=term.scale, bounds=bounds)

    def _fold(self, op: str, args: Sequence[Term], *, sort: Sort, scale: int, detail: Any) -> Term:
        values = [np.array([each.detail], dtype=object) for each in args]
        result = kernels.STRICT[op](detail, None, *values)[0]
        value = bool(result) if sort is Sort.BOOLEAN else int(result)
        return self.constant(value, sort=sort, scale=scale)

    # --- Constants -------------------------------------------------------------------------------

    def constant(self, value: int | None, *, sort: Sort, scale: int = 0) -> Term:
        """A value that is the same in every row."""
        if sort is Sort.NUMBER and abs(value or 0) >= types.TOO_LARGE:
            raise CannotTake("a constant of more than 34 digits")
        number = int(value) if value is not None and sort is not Sort.BOOLEAN else 0
        return self.make(
            "constant", (), sort=sort, scale=scale, bounds=(number, number), detail=value
        )

    def null(self) -> Term:
        return self.constant(None, sort=Sort.NULL)

    def truth(self, *, value: bool) -> Term:
        return self.constant(value, sort=Sort.BOOLEAN)

    def decimal(self, value: Decimal) -> Term:
        """A number as written, on the smallest scale that holds it."""
        numerator, scale = types.scaled(value)
        return self.constant(numerator, sort=Sort.NUMBER, scale=scale)

    def same_constant(self, left: Term, right: Term) -> bool:
        """Whether two constants of one sort are equal, whatever their scales."""
        a, b = self.align(left, right)
        return bool(a.detail == b.detail)

    def text(self, value: str) -> Term:
        return self.constant(self.number_of_text(value), sort=Sort.TEXT)

    def number_of_text(self, value: str) -> int:
        return self.texts.setdefault(value, len(self.texts))

    # --- Arithmetic ------------------------------------------------------------------------------

    def rescale(self, term: Term, scale: int) -> Term:
        """The same number in smaller units."""
        if term.is_null or term.scale == scale:
            return term
        assert scale > term.scale, "a smaller scale needs rounding, which the table must ask for"
        factor = 10 ** (scale - term.scale)
        if term.is_constant:
            return self.constant(term.detail * factor, sort=term.sort, scale=scale)
        return simplify.times(self, term, factor, scale)

    def align(self, *terms: Term) -> tuple[Term, ...]:
        """The same numbers, all in the smallest unit any of them uses."""
        scale = max(each.scale for each in terms)
        return tuple(self.rescale(each, scale) for each in terms)

    def add(self, left: Term, right: Term) -> Term:
        if (null := self._null_if_any(left, right)) is not None:
            return null
        a, b = self.align(left, right)
        if (simple := simplify.added(self, a, b)) is not None:
            return simple
        bounds = (a.low + b.low, a.high + b.high)
        return self.make("add", (a, b), sort=Sort.NUMBER, scale=a.scale, bounds=bounds)

    def subtract(self, left: Term, right: Term) -> Term:
        if (null := self._null_if_any(left, right)) is not None:
            return null
        a, b = self.align(left, right)
        if (simple := simplify.subtracted(self, a, b)) is not None:
            return simple
        bounds = (a.low - b.high, a.high - b.low)
        return self.make("subtract", (a, b), sort=Sort.NUMBER, scale=a.scale, bounds=bounds)

    def multiply(self, left: Term, right: Term) -> Term:
        if (null := self._null_if_any(left, right)) is not None:
            return null
        scale = left.scale + right.scale
        for one, other in ((left, right), (right, left)):
            if other.is_constant and not one.is_constant:
                return simplify.times(self, one, int(other.detail), scale)
        ends = [x * y for x in (left.low, left.high) for y in (right.low, right.high)]
        return self.make(
            "multiply", (left, right), sort=Sort.NUMBER, scale=scale,
            bounds=(min(ends), max(ends)),
        )  # fmt: skip

    def negate(self, term: Term) -> Term:
        if term.is_null:
            return term
        return self.make(
            "negate", (term,), sort=term.sort, scale=term.scale, bounds=(-term.high, -term.low)
        )

    def absolute(self, term: Term) -> Term:
        if term.is_null or term.low >= 0:
            return term
        lowest = 0 if term.high >= 0 else -term.high
        bounds = (lowest, max(-term.low, term.high))
        return self.make("absolute", (term,), sort=term.sort, scale=term.scale, bounds=bounds)

    def extreme(self, op: str, *terms: Term) -> Term:
        """The `minimum` or `maximum` of numbers or dates, null when one of them is."""
        if (null := self._null_if_any(*terms)) is not None:
            return null
        pick = min if op == "minimum" else max
        result, *others = self.align(*terms)
        for each in others:
            if (simple := simplify.extreme(self, op, result, each)) is not None:
                result = simple
                continue
            # The constant second, where later steps look for it.
            pair = (each, result) if result.is_constant else (result, each)
            bounds = (pick(result.low, each.low), pick(result.high, each.high))
            result = self.make(op, pair, sort=result.sort, scale=result.scale, bounds=bounds)
        return result

    # --- Rounding and division -------------------------------------------------------------------

    def round(self, term: Term, *, scale: int, mode: str) -> Term:
        """Round to so many decimals; a negative scale rounds to tens, hundreds and so on."""
        if term.is_null or scale >= term.scale:
            return term
        divisor = 10 ** (term.scale - scale)
        bounds = kernels.round_bounds(term.low, term.high, divisor=divisor, mode=mode)
        inner, offset = simplify.split(term)
        if inner is None or term.low < 0 or mode not in kernels.NUDGES:
            inner, offset = term, 0
        rounded = self.make(
            "round", (inner,), sort=Sort.NUMBER, scale=max(scale, 0), bounds=bounds,
            detail=(mode, divisor, term.low < 0, offset),
            reach=2 * max(-term.low, term.high) + divisor + abs(offset),
        )  # fmt: skip
        if scale >= 0:
            return rounded
        by = self.constant(10**-scale, sort=Sort.NUMBER)
        return self.multiply(rounded, by)

    def divide_rounded(self, left: Term, right: Term, *, scale: int, mode: str) -> Term:
        """The rounded quotient of two exact numbers; null where the divisor is zero."""
        if (null := self._null_if_any(left, right)) is not None:
            return null
        if scale < 0:
            raise CannotTake("a quotient rounded to tens or more")
        shift = scale + right.scale - left.scale
        ten = self.constant(10 ** abs(shift), sort=Sort.NUMBER)
        a, b = left, right
        if shift > 0:
            a = self._raw_multiply(a, ten)
        elif shift < 0:
            b = self._raw_multiply(b, ten)
        largest = max(-a.low, a.high)
        divisors = max(-b.low, b.high)
        nearest = max(1, b.low, -b.high)
        # A quotient of 34 digits must tell a half-cent tie from what is next to it.
        if (largest // nearest + 1) * divisors * 10 >= types.TOO_LARGE:
            raise CannotTake("a quotient whose parts are not bounded enough to round exactly")
        if a.is_constant and b.is_constant:
            return self._constant_quotient(a, b, scale=scale, mode=mode)
        bound = largest // nearest + 1
        low = 0 if a.low >= 0 and b.low >= 0 else -bound
        return self.make(
            "divide", (a, b), sort=Sort.NUMBER, scale=scale, bounds=(low, bound),
            detail=(mode, low < 0), reach=2 * largest + 2 * divisors,
        )  # fmt: skip

    def _constant_quotient(self, left: Term, right: Term, *, scale: int, mode: str) -> Term:
        if right.detail == 0:
            return self.null()
        pair = (np.array([each.detail], dtype=object) for each in (left, right))
        quotient = kernels.divide((mode, True), None, *pair)
        return self.constant(int(quotient[0]), sort=Sort.NUMBER, scale=scale)

    def _raw_multiply(self, term: Term, factor: Term) -> Term:
        """Multiply without moving the point: for the two sides of a quotient."""
        bounds = (term.low * factor.detail, term.high * factor.detail)
        if term.is_constant:
            return self.constant(term.detail * factor.detail, sort=Sort.NUMBER)
        return self.make("multiply", (term, factor), sort=Sort.NUMBER, bounds=bounds)

    def modulo(self, left: Term, right: Term) -> Term:
        """What is left over, with the sign of the divisor; null where that is zero."""
        if (null := self._null_if_any(left, right)) is not None:
            return null
        a, b = self.align(left, right)
        if a.is_constant and b.is_constant:
            rest = a.detail % b.detail if b.detail else None
            sort = Sort.NUMBER if b.detail else Sort.NULL
            return self.constant(rest, sort=sort, scale=a.scale if b.detail else 0)
        bounds = (min(0, b.low), max(0, b.high))
        return self.make("modulo", (a, b), sort=Sort.NUMBER, scale=a.scale, bounds=bounds)

    # --- Truth -----------------------------------------------------------------------------------

    def compare(self, op: str, left: Term, right: Term) -> Term:
        """`less`, `less_equal`, or `equal`, which alone has an answer for null."""
        if left.is_null or right.is_null:
            return self._compare_with_null(op, left, right)
        if left.sort is not right.sort:
            raise CannotTake(f"comparing {left.sort.value} with {right.sort.value}")
        if op != "equal" and left.sort in {Sort.TEXT, Sort.BOOLEAN}:
            raise CannotTake(f"the order of {left.sort.value}")
        a, b = self.align(left, right)
        if op == "equal" and a.is_constant and b.is_constant:
            return self.constant(a.detail == b.detail, sort=Sort.BOOLEAN)
        return self.make(op, (a, b), sort=Sort.BOOLEAN)

    def _compare_with_null(self, op: str, left: Term, right: Term) -> Term:
        if op != "equal":
            return self.null()
        if left.is_null and right.is_null:
            return self.truth(value=True)
        other = right if left.is_null else left
        if other.is_constant:
            return self.truth(value=False)
        return self.make("is_null", (other,), sort=Sort.BOOLEAN)

    def negation(self, term: Term) -> Term:
        if term.is_null:
            return term
        return self.make("not", (term,), sort=Sort.BOOLEAN)

    def both(self, left: Term, right: Term) -> Term:
        return self._junction("and", left, right, settling=False)

    def either(self, left: Term, right: Term) -> Term:
        return self._junction("or", left, right, settling=True)

    def _junction(self, op: str, left: Term, right: Term, *, settling: bool) -> Term:
        for known, other in ((left, right), (right, left)):
            if known.is_constant and not known.is_null:
                return known if known.detail is settling else other
        if left.is_null and right.is_null:
            return left
        return self.make(op, (left, right), sort=Sort.BOOLEAN)

    def choose(self, condition: Term, then: Term, otherwise: Term) -> Term:
        """`if`: the second where the condition is true, else the third."""
        if condition.is_null:
            return otherwise
        sorts = {each.sort for each in (then, otherwise)} - {Sort.NULL}
        if len(sorts) > 1:
            raise CannotTake("an if whose two answers are of different kinds")
        if not sorts:
            return then
        if condition.is_constant:
            return then if condition.detail else otherwise
        a, b = self.align(then, otherwise)
        bounds = (min(a.low, b.low), max(a.high, b.high))
        return self.make(
            "choose", (condition, a, b), sort=sorts.pop(), scale=max(a.scale, b.scale),
            bounds=bounds,
        )  # fmt: skip

    def _null_if_any(self, *terms: Term) -> Term | None:
        return next((each for each in terms if each.is_null), None)


def _key(detail: Any) -> Hashable:
    """What tells details apart: true is not 1 here, and arrays are only equal to themselves."""
    if isinstance(detail, Hashable):
        return (type(detail), detail)
    return id(detail)
