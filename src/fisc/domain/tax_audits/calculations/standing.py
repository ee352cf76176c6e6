"""What of an assessment stands while a part of it is protested, and after that was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Protested:
    """What is protested of a period, in whole cents: tax by region, and its civil penalty.

    `upheld` says how much of that stands; while nothing is decided it is all held back.
    """

    by_region: Mapping[int, int] = field(default_factory=dict)
    civil_cents: int = 0
    upheld_by_region: Mapping[int, int] = field(default_factory=dict)
    upheld_civil_cents: int = 0

    @property
    def held_cents(self) -> int:
        """Tax and civil penalty that are not asked for."""
        held = sum(self.by_region.values()) - sum(self.upheld_by_region.values())
        return held + self.civil_cents - self.upheld_civil_cents


def findings(
    by_region: Mapping[int, tuple[int, int]], *, protested: Protested
) -> dict[int, tuple[int, int]]:
    """Return what was filed and what stands as found, by region, without what is held or lost."""
    return {
        region_id: (
            filed,
            found
            - protested.by_region.get(region_id, 0)
            + protested.upheld_by_region.get(region_id, 0),
        )
        for region_id, (filed, found) in by_region.items()
    }


def most_civil_cents(assessed_cents: int, *, protested: Protested) -> int:
    """Return the most that the civil penalty may come to; the table may give less."""
    return assessed_cents - protested.civil_cents + protested.upheld_civil_cents
