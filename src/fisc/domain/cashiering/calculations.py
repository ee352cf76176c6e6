"""What a drawer should hold, beside what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fisc.basics import money

Clue = Literal["same amount", "twice the difference", "half the difference", "digits swapped"]


class CountIsOdd(Exception):
    """A count names what the city does not count, or fewer than no pieces."""


class FloatIsTooMuch(Exception):
    """A till begins with no more than the city's policy."""


class DifferenceNeedsReason(Exception):
    """More over or short than the city's policy leaves unexplained."""


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


@dataclass(frozen=True, slots=True)
class ClueSeen:
    """A receipt whose amount may explain what is over or short, and how."""

    number: int
    words: str
    amount_cents: int
    is_voided: bool
    clue: Clue


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


def refuse_float(float_cents: int, *, at_most_cents: int | None) -> None:
    """Make sure that a float is within the city's policy. Raises FloatIsTooMuch."""
    if at_most_cents is not None and float_cents > at_most_cents:
        raise FloatIsTooMuch(
            f"A float of ${money.formatted(float_cents)} is more than a drawer begins with, "
            f"${money.formatted(at_most_cents)}. Look at the amount."
        )


def needs_reason(compared: Sequence[Compared], *, at_most_cents: int | None) -> bool:
    """Tell whether any kind of tender is further over or short than may go unexplained.

    Where the city has no such policy, every difference is explained.
    """
    return any(abs(each.difference_cents) > (at_most_cents or 0) for each in compared)


def refuse_unexplained(
    compared: Sequence[Compared], *, reason: str, at_most_cents: int | None
) -> None:
    """Make sure that a great difference has a reason. Raises DifferenceNeedsReason."""
    if needs_reason(compared, at_most_cents=at_most_cents) and not reason.strip():
        raise DifferenceNeedsReason(
            f"More than ${money.formatted(at_most_cents or 0)} is over or short. Look for it with "
            "the clues below or have it counted again; or write what was found, and close."
        )


def clue(amount_cents: int, *, difference_cents: int) -> Clue | None:
    """Return how a receipt's amount may explain a difference; None when it does not."""
    off = abs(difference_cents)
    if not off:
        return None
    if amount_cents == off:
        return "same amount"
    if amount_cents == 2 * off:
        return "twice the difference"
    if 2 * amount_cents == off:
        return "half the difference"
    return "digits swapped" if off % 9 == 0 and off in _swaps(amount_cents) else None


def _swaps(amount_cents: int) -> set[int]:
    """Return by how much an amount changes when two neighbors of its digits change places."""
    digits = str(amount_cents)
    swapped = (
        int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
        for at in range(len(digits) - 1)
    )
    return {abs(amount_cents - other) for other in swapped}
