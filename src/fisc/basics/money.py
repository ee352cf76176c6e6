"""Whole cents: how they are written, and how a sum is split so that its parts add up."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WRITTEN = re.compile(r"(-?)\$?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{2}))?")


class NotAnAmount(ValueError):
    """A text is no amount of dollars and cents."""


class NothingToSplitBy(ValueError):
    """A sum cannot be split: no weight is above zero."""


def formatted(cents: int) -> str:
    """Write cents as people do: -123456 is `-1,234.56`."""
    dollars, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{dollars:,}.{rest:02d}"


def parsed(text: str) -> int:
    """Read an amount as people write it: `1,234.56`, `$12`, `-0.05`. Raises NotAnAmount."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise NotAnAmount(f"“{text}” is no amount. Write dollars and cents, such as 1,234.56.")
    sign, dollars, rest = found.groups()
    cents = int(dollars.replace(",", "")) * 100 + int(rest or 0)
    return -cents if sign else cents


def split_by_largest_remainder(total: int, *, weights: Sequence[int]) -> list[int]:
    """Split a sum in proportion to weights, in whole units that add up to it.

    What rounding down leaves over goes, one unit each, to the largest remainders; among equal
    remainders to the earlier part. Raises NothingToSplitBy.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise NothingToSplitBy(f"Weights must be positive or zero, with one above zero: {weights}.")
    size, sign = abs(total), -1 if total < 0 else 1
    parts = [size * weight // whole for weight in weights]
    remainders = [size * weight % whole for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda part: (-remainders[part], part))
    for part in by_remainder[: size - sum(parts)]:
        parts[part] += 1
    return [sign * part for part in parts]
