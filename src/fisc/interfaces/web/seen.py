"""Keep in the action log who looked at whose data."""

from collections.abc import Mapping

from django import http
from django.utils import timezone

from fisc.plumbing.action_log import operations as action_log


def record(request: http.HttpRequest, *, shows: str, which: Mapping[str, object]) -> None:
    """Write one row: this person saw this thing, now."""
    number = which.get("number", 0)
    action_log.record(
        user_id=request.user.pk,
        verb="see",
        subject_kind=shows,
        subject_id=int(str(number)),
        why="",
        detail={"page": request.path},
        at=timezone.now(),
    )
