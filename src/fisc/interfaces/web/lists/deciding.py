"""Putting changes of lists in force and taking them out: approval, confirmation, roll-back."""

from __future__ import annotations

from django import http
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.list_changes.operations import approvals
from fisc.interfaces.web import doors
from fisc.interfaces.web.lists import drafting, showing
from fisc.interfaces.web.tables import writing
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def approve(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Agree to a change in test; it is in force once everybody needed has agreed."""
    change = showing.found(change_id)
    return writing.approve(
        request, drafting.written(request, change), sha256=change.sha256, act=approvals.approve
    )


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def confirm(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Confirm, as the reviewer named, a change that its author approved."""
    change = drafting.written(request, showing.found(change_id))
    return writing.with_reason(request, change, act=approvals.confirm, said=_("Confirmed."))


@doors.opens_with(permissions.APPROVE_TABLES)
@verbs.require_POST
def roll_back(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Let a change's days be governed again by what governed them before."""
    return writing.with_reason(
        request,
        drafting.written(request, showing.found(change_id)),
        act=approvals.roll_back,
        said=_("Rolled back from now on."),
    )
