"""The conditions of a decision table as sets of whole numbers.

A cell whose operands do not depend on the row is a set of values of its column: some spans of whole
numbers (units of the last decimal, days, numbers of texts, 0 and 1 for false and true), and whether
null matches too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from fisc.dmn.feel import syntax

# Beyond every number of 34 digits.
LOWEST = -(10**40)
HIGHEST = 10**40

# The first number in, the first number out.
Span = tuple[int, int]
EVERYTHING: Span = (LOWEST, HIGHEST)


@dataclass(frozen=True, slots=True)
class Cell:
    """The values that match, sorted, no two spans touching."""

    spans: tuple[Span, ...]
    takes_null: bool = False


ANYTHING = Cell((EVERYTHING,), takes_null=True)


@dataclass(frozen=True, slots=True)
class Tested:
    """What one test says: where it is true, and its answer for null (None where that is null)."""

    spans: tuple[Span, ...]
    for_null: bool | None


def compared(operator: syntax.ComparisonOperator, operand: int, scale_difference: int) -> Tested:
    """`< 2.5`: the operand has `scale_difference` more decimals than the column."""
    exact = Fraction(operand, 10**scale_difference)
    below, above = floor(exact), ceil(exact)
    is_equal: tuple[Span, ...] = ((below, below + 1),) if below == above else ()
    if operator == "=":
        return Tested(is_equal, for_null=False)
    if operator == "!=":
        return Tested(complement(is_equal), for_null=True)
    ends = {
        "<": (LOWEST, above),
        "<=": (LOWEST, below + 1),
        ">": (below + 1, HIGHEST),
        ">=": (above, HIGHEST),
    }
    return Tested((ends[operator],), for_null=None)


def in_range(low: Tested | None, high: Tested | None) -> Tested:
    """`[a..b)` of its two ends, each a comparison; None where the range has no such end."""
    spans: tuple[Span, ...] = (EVERYTHING,)
    for end in (low, high):
        if end is not None:
            spans = intersection(spans, end.spans)
    return Tested(spans, for_null=None)


def any_of(tests: Iterable[Tested], *, is_negated: bool) -> Cell:
    """The cell of several tests: any of them holds, or none when it says `not(…)`."""
    tests = tuple(tests)
    spans = union(each.spans for each in tests)
    answers = {each.for_null for each in tests}
    for_null = True if True in answers else None if None in answers else False
    if is_negated:
        return Cell(complement(spans), takes_null=for_null is False)
    return Cell(spans, takes_null=for_null is True)


def union(many: Iterable[tuple[Span, ...]]) -> tuple[Span, ...]:
    """The numbers in any of the sets."""
    joined: list[Span] = []
    for low, high in sorted(span for spans in many for span in spans if span[0] < span[1]):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def complement(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The numbers in none of the spans."""
    edges = [LOWEST, *(edge for span in spans for edge in span), HIGHEST]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple((low, high) for low, high in pairs if low < high)


def intersection(left: tuple[Span, ...], right: tuple[Span, ...]) -> tuple[Span, ...]:
    """The numbers in both sets."""
    return complement(union((complement(left), complement(right))))
