"""Putting versions in force and taking them out: approval, confirmation, roll-back."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.rule_tables.operations import approvals
from fisc.interfaces.web import doors
from fisc.interfaces.web.tables import drafting, forms, showing, writing
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def approve(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Agree to a version in test; it is in force once everybody needed has agreed."""
    draft = showing.found(version_id)
    return writing.approve(
        request,
        drafting.written(request, draft),
        sha256=draft.sha256,
        act=approvals.approve,
        also=lambda given: {"study_id": given["study"]},
    )


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def confirm(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Confirm, as the reviewer named, a version that its author approved."""
    draft = drafting.written(request, showing.found(version_id))
    return writing.with_reason(request, draft, act=approvals.confirm, said=_("Confirmed."))


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def roll_back(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Let a version's days be governed again by what governed them before."""
    return writing.with_reason(
        request,
        drafting.written(request, showing.found(version_id)),
        act=approvals.roll_back,
        said=_("Rolled back from now on."),
    )


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
        except drafting.CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Accepted, with your name and reason."))
            return shortcuts.redirect("table_checks", version_id=version_id)
    return showing.page(request, draft, given={"accept_form": form})
