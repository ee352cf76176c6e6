"""Putting changes of lists in force and taking them out: approval, confirmation, roll-back."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.list_changes.operations import approvals
from fisc.interfaces.web import doors
from fisc.interfaces.web.lists import drafting, showing
from fisc.interfaces.web.tables import forms
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def approve(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Agree to a change in test; it is in force once everybody needed has agreed."""
    change = showing.found(change_id)
    form = forms.ApproveForm(request.POST, sha256=change.sha256, reviewers=showing.reviewers())
    if form.is_valid():
        given = form.cleaned_data
        try:
            decision = approvals.approve(
                change_id=change_id,
                by=showing.username(request),
                reason=given["reason"],
                at=timezone.now(),
                sha256=given["sha256"],
                reviewer=given["reviewer"],
                review_by=given["review_by"],
            )
        except drafting.CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            if decision.is_in_force:
                messages.success(request, _("Approved. It governs its days from now on."))
            if decision.waits_for:
                messages.warning(request, decision.waits_for)
            return shortcuts.redirect("list_change", change_id=change_id)
    return showing.page(request, change, given={"approve_form": form})


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def confirm(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Confirm, as the reviewer named, a change that its author approved."""
    return drafting.with_reason(request, change_id, act=approvals.confirm, said=_("Confirmed."))


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def roll_back(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Let a change's days be governed again by what governed them before."""
    return drafting.with_reason(
        request, change_id, act=approvals.roll_back, said=_("Rolled back from now on.")
    )
