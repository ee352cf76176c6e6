"""Held returns as their work items keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fisc.domain.work_items import queries as work_items

KIND = "return"


class IsNoHeldReturn(Exception):
    """A work item is about no return, or there is none of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReturn:
    """A return that waits to be set right: where it came from, the whole of it, and why."""

    item: work_items.ItemSeen
    # None where the number in the file is no account's: `number` has it then.
    account_id: int | None
    number: str
    starts_on: str
    # Of a file, as `operations.holding.came_said` keeps it; of a form, its fields as they stood.
    came: Mapping[str, Any]
    cells: Mapping[str, str]

    @property
    def is_done(self) -> bool:
        """Tell whether somebody dealt with it."""
        return self.item.status == "done"

    def problems(self, language: str) -> Sequence[str]:
        """Return everything that is wrong with it, in words."""
        found: Sequence[str] = self.item.detail["problems"][language]
        return found


def held(item_id: int) -> HeldReturn:
    """Return a held return by its work item. Raises IsNoHeldReturn."""
    try:
        item = work_items.item(item_id=item_id)
    except work_items.NoSuchItem as problem:
        raise IsNoHeldReturn(str(problem)) from problem
    if item.kind != KIND:
        raise IsNoHeldReturn(f"Work item {item_id} is about no return.")
    return _seen(item)


def of_cause(cause_key: str, *, limit: int = 500) -> Sequence[HeldReturn]:
    """Return the held returns of a file that nobody dealt with yet, the first `limit`."""
    return [_seen(each) for each in work_items.same_cause(cause_key=cause_key, limit=limit)]


def _seen(item: work_items.ItemSeen) -> HeldReturn:
    detail = item.detail
    came = detail.get("came", {})
    return HeldReturn(
        item=item,
        account_id=detail.get("account_id"),
        number=detail.get("account") or "",
        starts_on=detail.get("starts_on") or came["starts_on"],
        came=came,
        cells=detail.get("cells", {}),
    )
