"""Writing down who did what to which thing, when and why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from fisc.plumbing.action_log import models


def record(
    *,
    verb: str,
    subject_kind: str,
    subject_id: int | None,
    at: datetime.datetime,
    user_id: int | None = None,
    why: str = "",
    detail: Mapping[str, Any] | None = None,
    run_id: int | None = None,
) -> None:
    """Write one row about an operation, in whatever transaction the operation is in."""
    models.Action.objects.create(
        at=at,
        user_id=user_id,
        run_id=run_id,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        why=why,
        detail=dict(detail or {}),
    )
