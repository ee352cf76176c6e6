"""Putting versions in force and taking them out: approval, confirmation, roll-back."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.rule_tables.operations import approvals, people
from fisc.interfaces.web import doors
from fisc.interfaces.web.tables import forms, showing
from fisc.plumbing.users import permissions

CANNOT = (
    approvals.NotApprovable,
    approvals.NotTestable,
    approvals.NotTheReviewer,
    people.NoSuchDraft,
    people.NotPermitted,
    people.NothingSaid,
)


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def approve(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Agree to a version in test; it is in force once everybody needed has agreed."""
    draft = showing.found(version_id)
    form = forms.ApproveForm(request.POST, sha256=draft.sha256, reviewers=showing.reviewers())
    if form.is_valid():
        given = form.cleaned_data
        try:
            decision = approvals.approve(
                version_id=version_id,
                by=showing.username(request),
                reason=given["reason"],
                at=timezone.now(),
                sha256=given["sha256"],
                reviewer=given["reviewer"],
                review_by=given["review_by"],
                study_id=given["study"],
            )
        except CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            if decision.is_in_force:
                messages.success(request, _("Approved. It governs its days from now on."))
            if decision.waits_for:
                messages.warning(request, decision.waits_for)
            return shortcuts.redirect("table_version", version_id=version_id)
    return showing.page(request, draft, given={"approve_form": form})


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def confirm(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Confirm, as the reviewer named, a version that its author approved."""
    return _with_reason(request, version_id, is_confirmation=True)


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def roll_back(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Let a version's days be governed again by what governed them before."""
    return _with_reason(request, version_id, is_confirmation=False)


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def accept(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Accept, with a reason, that no case notices a change."""
    draft = showing.found(version_id)
    form = forms.AcceptForm(request.POST)
    if form.is_valid():
        try:
            approvals.accept_unnoticed(
                book=draft.book,
                key=form.cleaned_data["key"],
                reason=form.cleaned_data["reason"],
                by=showing.username(request),
                at=timezone.now(),
            )
        except CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Accepted, with your name and reason."))
            return shortcuts.redirect("table_checks", version_id=version_id)
    return showing.page(request, draft, given={"accept_form": form})


def _with_reason(
    request: http.HttpRequest, version_id: int, *, is_confirmation: bool
) -> http.HttpResponse:
    draft = showing.found(version_id)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        act = approvals.confirm if is_confirmation else approvals.roll_back
        try:
            act(
                version_id=version_id,
                by=showing.username(request),
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            said = _("Confirmed.") if is_confirmation else _("Rolled back from now on.")
            messages.success(request, said)
            return shortcuts.redirect("table_version", version_id=version_id)
    return showing.page(request, draft, given={"reason_form": form})
