"""What a drawer should hold, beside what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class CountIsOdd(Exception):
    """A count names what the city does not count, or fewer than no pieces."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One kind of tender: counted, expected, and the difference."""

    kind_id: int
    code: str
    words: str
    counted_cents: int
    expected_cents: int

    @property
    def difference_cents(self) -> int:
        """Counted less expected: more is over, less is short."""
        return self.counted_cents - self.expected_cents


def counted_cents(
    *,
    pieces: Mapping[str, int],
    totals: Mapping[str, int],
    denominations: Mapping[str, int],
    cash_code: str,
) -> dict[str, int]:
    """Return the cents counted of each kind of tender; cash is counted by its pieces.

    Raises CountIsOdd.
    """
    if unknown := [*(set(pieces) - set(denominations))]:
        raise CountIsOdd(f"There is no denomination {', '.join(sorted(unknown))}.")
    if min([0, *pieces.values(), *totals.values()]) < 0:
        raise CountIsOdd("A count cannot be below zero.")
    cash = sum(count * denominations[code] for code, count in pieces.items())
    return {**totals, cash_code: cash + totals.get(cash_code, 0)}


def over_short_cents(compared: Sequence[Compared]) -> int:
    """Return the difference over all kinds that are counted."""
    return sum(each.difference_cents for each in compared)
