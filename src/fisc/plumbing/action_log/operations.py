"""Writing down who did what; nothing here is ever changed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from fisc.plumbing.action_log import models


def record(
    *,
    user_id: int | None,
    verb: str,
    subject_kind: str,
    subject_id: int | None,
    why: str,
    detail: Mapping[str, Any],
    at: datetime.datetime,
    run_id: int | None = None,
) -> int:
    """Write one action down, in the transaction of the work it tells of, and return its id."""
    action = models.Action.objects.create(
        user_id=user_id,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        why=why,
        detail=dict(detail),
        at=at,
        run_id=run_id,
    )
    return action.id
