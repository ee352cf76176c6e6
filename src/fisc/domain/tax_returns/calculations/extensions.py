"""Later due days that a declaration of disaster gives to an area."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fisc.domain.tax_returns.calculations import obligations

_COLUMNS = ("region", "due_from", "due_through", "due_on")


class ExtensionIsWrong(obligations.ObligationIsWrong):
    """A row of the list of extensions says no region, or days that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A declaration: what is due in a region from one day through another is due on a later one."""

    code: str
    region: str
    due_from: datetime.date
    due_through: datetime.date
    due_on: datetime.date

    def takes(self, due_on: datetime.date, regions: Collection[str]) -> bool:
        """Tell whether a return due on a day with lines in some regions is due later."""
        return self.region in regions and self.due_from <= due_on <= self.due_through


def read(code: str, attributes: Mapping[str, Any]) -> Extension:
    """Return the extension that a row of the list declares. Raises ExtensionIsWrong."""
    try:
        region = str(attributes["region"])
        first, last, later = (
            datetime.date.fromisoformat(str(attributes[name])) for name in _COLUMNS[1:]
        )
    except (KeyError, ValueError) as problem:
        raise ExtensionIsWrong(
            f"Row “{code}” of the list “due day extension” cannot be read ({problem}). Give it the "
            f"columns {', '.join(_COLUMNS)}, with days such as 2026-09-20."
        ) from problem
    if not region or not first <= last < later:
        raise ExtensionIsWrong(
            f"Row “{code}” of the list “due day extension” puts off what is due from {first} "
            f"through {last} in region “{region}” to {later}. Name the region, and a day after "
            "those."
        )
    return Extension(code=code, region=region, due_from=first, due_through=last, due_on=later)


def later_day(
    due_on: datetime.date, *, regions: Collection[str], extensions: Collection[Extension]
) -> datetime.date:
    """Return the day that a return is due on: its own, or the latest that it was put off to."""
    found = [each.due_on for each in extensions if each.takes(due_on, regions)]
    return max([due_on, *found])


def extended(
    owed: obligations.Obligation,
    *,
    regions: Collection[str],
    extensions: Collection[Extension],
) -> obligations.Obligation:
    """Return what is owed with its due day put off; it is in time until then at least."""
    due_on = later_day(owed.due_on, regions=regions, extensions=extensions)
    if due_on == owed.due_on:
        return owed
    return replace(
        owed,
        due_on=due_on,
        paper_received_by=max(owed.paper_received_by, due_on),
        electronic_received_by=max(owed.electronic_received_by, due_on),
    )
