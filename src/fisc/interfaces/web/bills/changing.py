"""Cancelling a bill, and billing its period again."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.operations import single
from fisc.domain.utilities.queries import bills
from fisc.interfaces.web import doors
from fisc.interfaces.web.bills import forms, views
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422

# What a coordinator can put right, said on the form; anything else is our mistake.
_CANNOT = (
    ledger.DayIsSealed,
    rule_tables.NoVersionForDate,
    single.CannotBeBilled,
    single.CannotBeCancelled,
)


@doors.opens_with(permissions.CANCEL_BILLS, shows="bill")
@verbs.require_http_methods(["GET", "POST"])
def cancel(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Ask why, then cancel the bill, and bill its period again if that is wanted."""
    bill = views.found(number)
    form = forms.CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            shown = _cancel(request, bill, form)
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("bill", number=shown)
    return shortcuts.render(
        request,
        "bills/cancel.html",
        {"bill": bill, "form": form},
        status=UNPROCESSABLE if form.is_bound else None,
    )


def _cancel(request: http.HttpRequest, bill: bills.Bill, form: forms.CancelForm) -> int:
    """Do it, and return the number of the bill to look at next."""
    by = single.By(
        user_id=doors.person(request),
        at=timezone.now(),
        posting_day=timezone.localdate(),
        why=form.cleaned_data["why"],
    )
    if not form.cleaned_data["rebill"]:
        single.cancel_bill(bill_id=bill.bill_id, by=by)
        messages.success(request, _("The bill is cancelled. What was paid on it is a credit now."))
        return bill.number
    rebilled = single.rebill(bill_id=bill.bill_id, by=by)
    messages.success(request, _("The bill is cancelled, and this one takes its place."))
    return bills.bill_numbers(bill_ids=[rebilled.bill_id])[rebilled.bill_id]
