"""Closing a till: a blind count, what it should have been, and another person's approval."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.cashiering import calculations, queries
from fisc.domain.cashiering import operations as cashiering
from fisc.domain.ledger import operations as ledger
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.tills import forms
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422

_CANNOT_CLOSE = (
    calculations.DifferenceNeedsReason,
    cashiering.ApproverIsTheCashier,
    cashiering.TillIsNotCounted,
    ledger.DayIsSealed,
)


@doors.opens_with(permissions.KEEP_TILL)
@verbs.require_http_methods(["GET", "POST"])
def close(request: http.HttpRequest) -> http.HttpResponse:
    """Keep a blind count; what should be there is shown only afterwards."""
    mine = queries.till_of(cashier_id=doors.person(request))
    if mine is None:
        return shortcuts.redirect("till")
    form = forms.CountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            cashiering.count_till(
                till_id=mine.till_id,
                pieces=form.counted_pieces(),
                totals=form.counted_totals(),
                cashier_id=doors.person(request),
                at=timezone.now(),
            )
        except cashiering.TillIsNotOpen as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("till_counted", till_id=mine.till_id)
    return shortcuts.render(
        request,
        "tills/count.html",
        {"till": mine, "form": form},
        status=UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.SEE_RECEIPTS)
def counted(request: http.HttpRequest, till_id: int) -> http.HttpResponse:
    """Show a count beside what should have been there, once it is kept."""
    found = _found(till_id)
    if found.is_open:
        return shortcuts.redirect("till")
    return _render_counted(request, found, forms.CloseForm())


@doors.opens_with(permissions.APPROVE_TILLS)
@verbs.require_POST
def approve(request: http.HttpRequest, till_id: int) -> http.HttpResponse:
    """Approve another person's count and close the till; a great difference wants a reason."""
    form = forms.CloseForm(request.POST)
    if form.is_valid():
        try:
            cashiering.close_till(
                till_id=till_id,
                approved_by_id=doors.person(request),
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except _CANNOT_CLOSE as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The till is closed."))
            return shortcuts.redirect("board")
    return _render_counted(request, _found(till_id), form)


def _found(till_id: int) -> queries.Till:
    try:
        return queries.till(till_id, language=languages.current())
    except queries.NoSuchTill as problem:
        raise http.Http404(str(problem)) from problem


def _render_counted(
    request: http.HttpRequest, till: queries.Till, form: forms.CloseForm
) -> http.HttpResponse:
    cash = queries.cash_kind().code
    deposit = [
        (each.words, each.counted_cents - (till.float_cents if each.code == cash else 0))
        for each in till.compared
    ]
    return shortcuts.render(
        request,
        "tills/counted.html",
        {
            "till": till,
            "is_mine": till.cashier_id == doors.person(request),
            "form": form,
            "clues": queries.clues(till),
            "deposit": deposit,
            "deposit_cents": sum(cents for _words, cents in deposit),
            "needs_reason": calculations.needs_reason(
                till.compared, at_most_cents=queries.policy_cents("unexplained_difference")
            ),
        },
        status=UNPROCESSABLE if form.is_bound else None,
    )
