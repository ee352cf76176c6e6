"""Receipts: the list of a day, and one that prints."""

from __future__ import annotations

import datetime

from django import http, shortcuts
from django.utils import timezone

from fisc.domain.cashiering import queries
from fisc.interfaces.web import doors, languages
from fisc.plumbing.users import permissions

SHOWN = 100


@doors.opens_with(permissions.SEE_RECEIPTS)
def receipts(request: http.HttpRequest) -> http.HttpResponse:
    """List the receipts of a day, till by till."""
    chosen = _chosen_day(request)
    tills = queries.tills_of_day(chosen)
    return shortcuts.render(
        request,
        "tills/receipts.html",
        {
            "chosen": chosen,
            "tills": [(till, queries.receipts(till.till_id, limit=SHOWN)) for till in tills],
            "shown": SHOWN,
        },
    )


@doors.opens_with(permissions.SEE_RECEIPTS, shows="receipt")
def receipt(request: http.HttpRequest, till_id: int, number: int) -> http.HttpResponse:
    """Show one receipt, ready to print."""
    try:
        found = queries.receipt(till_id=till_id, number=number, language=languages.current())
    except queries.NoSuchReceipt as problem:
        raise http.Http404(str(problem)) from problem
    return shortcuts.render(request, "tills/receipt.html", {"receipt": found})


def _chosen_day(request: http.HttpRequest) -> datetime.date:
    try:
        return datetime.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()
