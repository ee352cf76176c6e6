"""Tiers as rules of a table that adds up: how much of the usage is charged at which price.

The reference fills the tiers one after another: each takes what is left up to its end, a tier that
ends below what is used already takes nothing, and the last takes the rest. So a tier lies between
the highest end before it and its own.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fisc.processes.conversion.owrs import ratios

_ZERO = Decimal(0)
ANY = "-"


class Reading(enum.StrEnum):
    """What the start of a tier means in a class whose charge is `Tiered`."""

    # The first unit billed at the price: the tier below ends one unit earlier.
    FIRST_UNIT = "first-unit"
    # Where the tier below ends.
    BOUNDARY = "boundary"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule of the table: a test of the usage, and the amount."""

    test: str
    amount: str


def steps(
    *, usage: str, ends: Sequence[ratios.Ratio], prices: Sequence[ratios.Ratio]
) -> list[Step]:
    """Return the rules for ends of all tiers but the last, and the prices of all."""
    assert len(prices) == len(ends) + 1, "checked where the lists are read"
    return list(_steps(usage, ends, prices))


def _steps(
    usage: str, ends: Sequence[ratios.Ratio], prices: Sequence[ratios.Ratio]
) -> Iterator[Step]:
    low: Decimal | None = _ZERO
    low_text = "0"
    for number, price in enumerate(prices):
        end = ends[number] if number < len(ends) else None
        top = usage if end is None else f"min({usage}, {end.feel})"
        if low is None or (end is not None and end.constant is None):
            units = f"max(0, {top} - {low_text})" if low_text != "0" else f"max(0, {top})"
            yield Step(ANY, f"{units} * {price.factor}")
        elif number == 0:
            yield Step(ANY, f"max(0, {top}) * {price.factor}")
        elif end is None or (end.constant is not None and end.constant > low):
            yield Step(f"> {low_text}", f"({top} - {low_text}) * {price.factor}")
        low, low_text = _raised(low, low_text, end, ends[: number + 1])


def _raised(
    low: Decimal | None, text: str, end: ratios.Ratio | None, ends: Sequence[ratios.Ratio]
) -> tuple[Decimal | None, str]:
    """Return the highest end so far: as a number while all are numbers, and as text."""
    if end is None:
        return low, text
    if low is not None and end.constant is not None:
        low = max(low, end.constant)
        return low, ratios.number_text(low)
    return None, f"max(0, {', '.join(each.feel for each in ends)})"
