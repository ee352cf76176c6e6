"""Voluntary disclosures: the list, one with its agreement, and its steps."""

from __future__ import annotations

from collections.abc import Callable

from django import http, shortcuts
from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.basics import calendars, identifiers
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_audits import choices
from fisc.domain.tax_audits.operations import disclosing, keeping
from fisc.domain.tax_audits.queries import disclosures as queries
from fisc.domain.tax_returns.operations import waiving
from fisc.interfaces.web import doors, seen
from fisc.interfaces.web.audits import acting, forms, showing
from fisc.plumbing.users import permissions

_KIND = choices.DisclosureKind
_CANNOT = (
    *acting.CANNOT,
    accounts.NoSuchAccount,
    calendars.CalendarRunsOut,
    identifiers.NumberIsWrong,
    waiving.CannotWaive,
)


@doors.opens_with(permissions.SEE_AUDITS)
@verbs.require_http_methods(["GET", "POST"])
def listed(request: http.HttpRequest) -> http.HttpResponse:
    """List disclosures, and take one in."""
    may = request.user.has_perm(permissions.KEEP_AUDITS)
    if request.method == "POST" and not may:
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    form = forms.DisclosureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        came = disclosing.Came(
            representative=given["representative"],
            contact=given["contact"],
            words=given["words"],
            received_on=given["received_on"],
        )
        try:
            disclosure_id = disclosing.receive(came, key=given["key"], by=showing.by(request))
        except acting.CANNOT as problem:
            acting.refuse(form, problem)
        else:
            messages.success(request, _("Taken in."))
            return shortcuts.redirect("disclosure", disclosure_id=disclosure_id)
    seen.record(request, shows="disclosures", which={})
    return shortcuts.render(
        request,
        "audits/disclosures.html",
        {"lines": queries.listed(), "form": form if may else None},
        status=showing.UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.SEE_AUDITS, shows="disclosure")
def one(request: http.HttpRequest, disclosure_id: int) -> http.HttpResponse:
    """Show a disclosure, what was agreed of it, and what is here of that."""
    return _page(request, _found(disclosure_id), forms.DisclosureStepForm())


@doors.opens_with(permissions.KEEP_AUDITS)
@verbs.require_POST
def step(request: http.HttpRequest, disclosure_id: int) -> http.HttpResponse:
    """Take a step of a disclosure."""
    found = _found(disclosure_id)
    form = forms.DisclosureStepForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        by = showing.by(request, given["why"])
        try:
            _stepped(disclosure_id, request.POST.get("kind", ""), form, by=by)
        except _CANNOT as problem:
            acting.refuse(form, problem)
        else:
            messages.success(request, _("Kept."))
            return shortcuts.redirect("disclosure", disclosure_id=disclosure_id)
    return _page(request, found, form)


def _stepped(
    disclosure_id: int, kind: str, form: forms.DisclosureStepForm, *, by: keeping.By
) -> None:
    given = form.cleaned_data
    steps: dict[str, Callable[[], object]] = {
        _KIND.NAMED: lambda: disclosing.name(
            disclosure_id=disclosure_id, account_number=given["account"] or 0, by=by
        ),
        _KIND.AGREED: lambda: disclosing.agree(
            disclosure_id=disclosure_id, signed_by=given["signed_by"], by=by
        ),
        _KIND.FULFILLED: lambda: disclosing.fulfill(disclosure_id=disclosure_id, by=by),
        _KIND.VOID: lambda: disclosing.void(disclosure_id=disclosure_id, by=by),
        _KIND.WITHDRAWN: lambda: disclosing.withdraw(disclosure_id=disclosure_id, by=by),
    }
    if kind not in steps:
        raise http.Http404(_("There is no such step."))
    steps[kind]()


def _found(disclosure_id: int) -> queries.Disclosure:
    try:
        return queries.disclosure(disclosure_id)
    except queries.NoSuchDisclosure as problem:
        raise http.Http404(str(problem)) from problem


def _page(
    request: http.HttpRequest, found: queries.Disclosure, form: forms.DisclosureStepForm
) -> http.HttpResponse:
    first = ""
    if found.account_id is not None:
        first = queries.found_first(found.account_id, received_on=found.received_on)
    may = request.user.has_perm(permissions.KEEP_AUDITS)
    return shortcuts.render(
        request,
        "audits/disclosure.html",
        {
            "found": found,
            "found_first": first,
            "form": form,
            "steps": [each.value for each in choices.DISCLOSURE_FOLLOWS[found.state]]
            if may
            else [],
        },
        status=showing.UNPROCESSABLE if form.is_bound else None,
    )
