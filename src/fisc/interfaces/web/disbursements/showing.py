"""What the page of a requisition shows, and what the reader may do there."""

from __future__ import annotations

from typing import Any, Final

from django import http, shortcuts

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements import choices
from fisc.domain.disbursements.queries import policies, requisitions
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.disbursements import forms
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE: Final = 422


def found(number: int) -> requisitions.Requisition:
    """Return a requisition, or show that there is none."""
    try:
        return requisitions.requisition(number)
    except requisitions.NoSuchRequisition as problem:
        raise http.Http404(str(problem)) from problem


def page(
    request: http.HttpRequest, seen: requisitions.Requisition, **bound: Any
) -> http.HttpResponse:
    """Show a requisition with forms for what this person may do; `bound` are those with errors."""
    person, may = doors.person(request), request.user.has_perm
    language = languages.current()
    approves = may(permissions.APPROVE_REFUNDS)
    unpaid = seen.state == choices.EventKind.APPROVED and seen.paid_cents > 0
    charges = code_lists.codes_by_id("charge")
    context = {
        "seen": seen,
        "preparer": users.names(user_ids={seen.prepared_by_id})[seen.prepared_by_id],
        "purpose": code_lists.codes_by_id(policies.PURPOSES)[seen.purpose_id].label(language),
        "gl_name": code_lists.code("gl account", seen.gl_code).label(language),
        "sources": [(each, charges[each.code_id].label(language)) for each in seen.sources],
        "offsets": [(each, charges[each.code_id].label(language)) for each in seen.offsets],
        "interest": [(each, charges[each.code_id].label(language)) for each in seen.interest],
        "approve": forms.ApproveForm() if approves and seen.may_be_decided_by(person) else None,
        "stop": forms.StopForm()
        if _may_stop(seen, person, approves=approves, unpaid=unpaid)
        else None,
        "pays": forms.PaidForm() if approves and unpaid else None,
        "is_mine": person == seen.prepared_by_id,
        "has_approved": person in seen.approved_by,
    }
    context.update(bound)
    return shortcuts.render(
        request,
        "disbursements/requisition.html",
        context,
        status=UNPROCESSABLE if bound else None,
    )


def _may_stop(seen: requisitions.Requisition, person: int, *, approves: bool, unpaid: bool) -> bool:
    """Tell whether this person may reject, withdraw or cancel it."""
    if seen.waits:
        return person == seen.prepared_by_id or approves
    return approves and unpaid
