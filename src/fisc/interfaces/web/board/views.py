"""The morning board: do the books hold, how is today's run, what is mine, which tills are open."""

from django import http, shortcuts
from django.utils import timezone

from fisc.domain.work_items import queries as work_items
from fisc.interfaces.web import doors
from fisc.plumbing.runs import queries as runs
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.SEE_BOARD)
def board(request: http.HttpRequest) -> http.HttpResponse:
    """Show what a person looks at first."""
    return shortcuts.render(
        request,
        "board/board.html",
        {
            "mine": work_items.owned(user_id=request.user.pk),
            "runs": runs.latest_runs(limit=1),
            "today": timezone.localdate(),
        },
    )
