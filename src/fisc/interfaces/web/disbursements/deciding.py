"""Deciding a requisition: approve, stop, mark as paid."""

from __future__ import annotations

from collections.abc import Callable

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.disbursements import choices
from fisc.domain.disbursements.operations import deciding
from fisc.domain.disbursements.queries import requisitions
from fisc.domain.ledger import operations as ledger
from fisc.interfaces.web import doors
from fisc.interfaces.web.disbursements import forms, showing
from fisc.plumbing.users import permissions

# What a person can put right, said on the form; anything else is our mistake.
_CANNOT = (
    deciding.BooksHaveMoved,
    deciding.MustBeAnother,
    deciding.NotNow,
    deciding.ReasonIsMissing,
    ledger.DayIsSealed,
)


@doors.opens_with(permissions.APPROVE_REFUNDS)
@verbs.require_POST
def approve(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Approve what another person prepared."""
    seen = showing.found(number)
    form = forms.ApproveForm(request.POST)
    if form.is_valid():
        try:
            state = deciding.approve(number=number, by=_by(request, form.cleaned_data["note"]))
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            if state == choices.EventKind.APPROVED_ONCE:
                messages.success(request, _("Approved. One more person approves it next."))
            else:
                messages.success(request, _("Approved. It is in the books and can be paid."))
            return shortcuts.redirect("requisition", number=number)
    return showing.page(request, seen, approve=form)


@doors.opens_with(permissions.SEE_REFUNDS)
@verbs.require_POST
def stop(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Withdraw one's own requisition, reject another's, or cancel one that is not paid yet."""
    seen = showing.found(number)
    form = forms.StopForm(request.POST)
    is_mine = seen.waits and seen.prepared_by_id == doors.person(request)
    if not is_mine and not request.user.has_perm(permissions.APPROVE_REFUNDS):
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    if form.is_valid():
        try:
            _stopping(seen, is_mine=is_mine)(
                number=number, by=_by(request, form.cleaned_data["why"])
            )
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Kept. Its credits are free again."))
            return shortcuts.redirect("requisition", number=number)
    return showing.page(request, seen, stop=form)


@doors.opens_with(permissions.APPROVE_REFUNDS)
@verbs.require_POST
def paid(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Record the check or transfer that paid it."""
    seen = showing.found(number)
    form = forms.PaidForm(request.POST)
    if form.is_valid():
        try:
            deciding.mark_paid(
                number=number, reference=form.cleaned_data["reference"], by=_by(request, "")
            )
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Kept as paid."))
            return shortcuts.redirect("requisition", number=number)
    return showing.page(request, seen, pays=form)


def _stopping(seen: requisitions.Requisition, *, is_mine: bool) -> Callable[..., str]:
    if is_mine:
        return deciding.withdraw
    # Asked twice, what was rejected is rejected, not cancelled.
    cancels = (choices.EventKind.APPROVED, choices.EventKind.CANCELLED, choices.EventKind.PAID)
    return deciding.cancel if seen.state in cancels else deciding.reject


def _by(request: http.HttpRequest, why: str) -> deciding.By:
    return deciding.By(
        user_id=doors.person(request), on=timezone.localdate(), at=timezone.now(), why=why
    )
