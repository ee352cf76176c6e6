"""Reading who did what."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fisc.plumbing.action_log import models


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that was done."""

    id: int
    at: datetime.datetime
    user_id: int | None
    run_id: int | None
    verb: str
    why: str
    detail: Mapping[str, Any]


def latest(*, user_id: int, verb: str, subject_kind: str, subject_id: int) -> Action | None:
    """Return the last time that a person did a thing to a subject; None where they never did."""
    row = (
        models.Action.objects.filter(
            subject_kind=subject_kind, subject_id=subject_id, user_id=user_id, verb=verb
        )
        .order_by("-id")
        .first()
    )
    return None if row is None else _action(row)


def actions_on(
    *, subject_kind: str, subject_id: int, before_id: int | None = None, limit: int = 50
) -> list[Action]:
    """Return what was done to one thing, newest first; `before_id` turns the page."""
    rows = models.Action.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return [_action(row) for row in rows.order_by("-id")[:limit]]


def _action(row: models.Action) -> Action:
    return Action(
        id=row.id,
        at=row.at,
        user_id=row.user_id,
        run_id=row.run_id,
        verb=row.verb,
        why=row.why,
        detail=row.detail,
    )
