"""A code of a list: its words in two languages, its days, and what it carries."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list."""

    id: int
    code: str
    label_en: str
    label_es: str
    starts_on: datetime.date
    ends_before: datetime.date | None
    citation: str
    attributes: Mapping[str, Any]
    # In none of the days asked about: its edition is not begun yet, or was rolled back.
    is_withdrawn: bool = False

    def is_current(self, day: datetime.date) -> bool:
        """Tell whether the code may be used on a day."""
        if self.is_withdrawn:
            return False
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def label(self, language: str) -> str:
        """Return its words in English or Spanish."""
        return self.label_es if language == "es" else self.label_en
