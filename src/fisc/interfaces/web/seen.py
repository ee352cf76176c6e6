"""Keep in the action log who looked at whose data."""

from collections.abc import Mapping

from django import http
from django.utils import timezone

from fisc.interfaces.web import exports
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

# What an address calls the one thing that it shows, in the order in which they count.
_NAMES = ("number", "item_id", "study_id", "version_id")


def record(request: http.HttpRequest, *, shows: str, which: Mapping[str, object]) -> None:
    """Write one row: this person saw this thing, now."""
    taken_as = exports.wanted(request)
    number = next((which[name] for name in _NAMES if name in which), 0)
    with transactions.started(by="keeping what was seen"):
        # Nobody waits for the disk to look at an account (decision 0074).
        transactions.need_not_wait_for_the_disk()
        action_log.record(
            user_id=request.user.pk,
            verb="see",
            subject_kind=shows,
            subject_id=int(str(number)),
            why="",
            # A list that left as a file says so; one that was looked at says nothing more.
            detail={"page": request.path, **({"taken_as": taken_as} if taken_as else {})},
            at=timezone.now(),
        )
