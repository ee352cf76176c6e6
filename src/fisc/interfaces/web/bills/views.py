"""A bill: its segments and lines, and the bill as it was sent."""

from __future__ import annotations

from django import http, shortcuts
from django.utils import timezone

from fisc.basics import identifiers
from fisc.domain.documents import queries as documents
from fisc.domain.utilities.operations import bill_documents
from fisc.domain.utilities.queries import bills
from fisc.interfaces.web import doors, languages
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="bill")
def bill(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show a bill whole."""
    return shortcuts.render(request, "bills/bill.html", {"bill": found(number)})


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="bill document")
def pdf(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Give the bill as it was sent; made now if it was never asked for."""
    del request
    document = bill_documents.make_bill_document(number=found(number).number, at=timezone.now())
    return http.HttpResponse(
        documents.content(sha256=document.sha256),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="bill-{number}.pdf"'},
    )


def found(number: int) -> bills.Bill:
    """Return the bill with a number, or show that there is none."""
    try:
        return bills.bill(number=number, language=languages.current())
    except (identifiers.NumberIsWrong, bills.NoSuchBill) as problem:
        raise http.Http404(str(problem)) from problem
