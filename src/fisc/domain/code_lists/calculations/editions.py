"""Which edition of a list governs which days, as known when: plain facts, no database."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.basics import periods


@dataclass(frozen=True, slots=True)
class AsOf:
    """A day that a list is asked about, and the instant whose knowledge counts; None for now."""

    day: datetime.date
    known_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A content of a list that was adopted, and the days that it governs as is known now."""

    edition_id: int
    list: str
    number: int
    source: str
    sha256: str
    author: str
    approver: str
    reason: str
    citation: str
    adopted_at: datetime.datetime | None
    governs: tuple[periods.Period, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """An edition and days that it would govern again."""

    edition_id: int
    days: periods.Period


@dataclass(frozen=True, slots=True)
class Standing:
    """Days that an edition governs, and from when until when that was known."""

    edition_id: int
    days: periods.Period
    known_from: datetime.datetime | None
    known_before: datetime.datetime | None

    def was_known(self, at: datetime.datetime | None) -> bool:
        """Tell whether this was what was known at an instant, or is now."""
        if at is None:
            return self.known_before is None
        return (self.known_from is None or self.known_from <= at) and (
            self.known_before is None or at < self.known_before
        )
