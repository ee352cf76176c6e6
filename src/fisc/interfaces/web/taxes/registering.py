"""Registering an account for tax, ending that, and saying how often it files."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.tax_returns.operations import registering
from fisc.domain.tax_returns.queries import registrations
from fisc.interfaces.web import doors
from fisc.interfaces.web.taxes import account, forms, names
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def register(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Register the account for a class in a region."""
    found = names.account_of(number, as_of=timezone.localdate())
    form = forms.RegisterForm(request.POST)
    if form.is_valid():
        try:
            registering.register(
                account_id=found.account.account_id,
                region=form.cleaned_data["region"],
                business_class=form.cleaned_data["business_class"],
                days=form.days(),
                by=by(request, why=form.cleaned_data["why"]),
            )
        except registering.CannotBeRegistered as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The account is registered."))
            return shortcuts.redirect("tax_account", number=number)
    return account.page(request, found, register=form)


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def end(request: http.HttpRequest, number: int, registration_id: int) -> http.HttpResponse:
    """End a registration of the account; the period of its last day is the last that it owes."""
    found = names.account_of(number, as_of=timezone.localdate())
    known = registrations.registrations(found.account.account_id)
    if registration_id not in {each.registration_id for each in known}:
        raise http.Http404(_("The account has no such registration."))
    form = forms.EndForm(request.POST, prefix=f"end-{registration_id}")
    if form.is_valid():
        try:
            registering.end_registration(
                registration_id=registration_id,
                ends_before=form.ends_before(),
                by=by(request, why=form.cleaned_data["why"]),
            )
        except registering.CannotEnd as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(
                request,
                _(
                    "The registration ends. The return of the period of its last day is the "
                    "final one."
                ),
            )
            return shortcuts.redirect("tax_account", number=number)
    return account.page(request, found, end=form, ended=registration_id)


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def end_all(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """End all registrations of the account that go on: its last return is then the final one."""
    found = names.account_of(number, as_of=timezone.localdate())
    form = forms.EndForm(request.POST, prefix="end-all")
    if form.is_valid():
        try:
            registering.end_all(
                account_id=found.account.account_id,
                ends_before=form.ends_before(),
                by=by(request, why=form.cleaned_data["why"]),
            )
        except registering.CannotEnd as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(
                request,
                _(
                    "Every registration ends. The return of the period of the last day is the "
                    "final one."
                ),
            )
            return shortcuts.redirect("tax_account", number=number)
    return account.page(request, found, end_all=form)


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def frequency(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Say how often the account files from the first day of a period."""
    found = names.account_of(number, as_of=timezone.localdate())
    form = forms.FrequencyForm(request.POST)
    if form.is_valid():
        try:
            registering.set_frequency(
                account_id=found.account.account_id,
                frequency=form.cleaned_data["frequency"],
                from_day=form.cleaned_data["from_day"],
                seasonal_months=form.cleaned_data["seasonal_months"],
                year_starts_in=form.cleaned_data["year_starts_in"] or 1,
                cuts_short=form.cleaned_data["cuts_short"],
                by=by(request, why=form.cleaned_data["why"]),
            )
        except registering.CannotFileSo as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The filing frequency is set."))
            return shortcuts.redirect("tax_account", number=number)
    return account.page(request, found, frequency=form)


def by(request: http.HttpRequest, *, why: str) -> registering.By:
    """Return who does something now, and why."""
    return registering.By(user_id=doors.person(request), at=timezone.now(), why=why)
