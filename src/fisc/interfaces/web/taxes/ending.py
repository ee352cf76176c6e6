"""Ending a waiver that stands, and recording that a limitation was waived."""

from __future__ import annotations

import datetime

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.operations import limiting, waiving
from fisc.domain.tax_returns.queries import waivers as queries
from fisc.interfaces.web import doors
from fisc.interfaces.web.taxes import ending_forms, names, registering, waivers
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.APPROVE_WAIVERS)
@verbs.require_POST
@code_lists.at_one_generation()
def end(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """End a waiver of periods due from a day on."""
    try:
        of = queries.waiver(number)
    except queries.NoSuchWaiver as problem:
        raise http.Http404(str(problem)) from problem
    account_number, _name = accounts.names(account_ids=[of.account_id])[of.account_id]
    form = ending_forms.EndForm(request.POST, prefix=f"end-{number}")
    if form.is_valid():
        given = form.cleaned_data
        try:
            waiving.end(
                request_id=number,
                due_before=given["due_before"],
                on=timezone.localdate(),
                by=registering.by(request, why=given["why"]),
            )
        except waiving.CannotWaive as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Ended. What was waived stays."))
            return shortcuts.redirect("account_waivers", number=account_number)
    found = names.account_of(account_number, as_of=timezone.localdate())
    return waivers.page(request, found, ended=(number, form))


@doors.opens_with(permissions.APPROVE_WAIVERS)
@verbs.require_POST
@code_lists.at_one_generation()
def extend_limitation(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Record an agreement that a period may be changed until a later day."""
    found = names.account_of(number, as_of=timezone.localdate())
    account_id = found.account.account_id
    form = ending_forms.LimitationForm(request.POST, periods=waivers.periods(account_id))
    if form.is_valid():
        given = form.cleaned_data
        try:
            limiting.extend(
                account_id=account_id,
                starts_on=datetime.date.fromisoformat(given["period"]),
                through=given["through"],
                signed_on=given["signed_on"],
                by=registering.by(request, why=given["why"]),
            )
        except (limiting.CannotExtend, asking.NoAnswer) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Recorded. The period may be changed until then."))
            return shortcuts.redirect("account_waivers", number=number)
    return waivers.page(request, found, limitation=form)
