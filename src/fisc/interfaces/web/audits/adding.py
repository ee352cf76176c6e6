"""What an auditor adds to a case: schedules, records, waivers of limitation."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django import forms as django_forms
from django import http, shortcuts
from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.tax_audits.calculations import schedules as sums
from fisc.domain.tax_audits.operations import working
from fisc.domain.tax_audits.queries import cases, schedules
from fisc.interfaces.web import doors
from fisc.interfaces.web.audits import acting, forms, showing
from fisc.plumbing.users import permissions

_CANNOT = (*acting.CANNOT, sums.ScheduleIsWrong)


def _added(
    request: http.HttpRequest, seen: cases.Case, form: django_forms.Form, *, name: str,
    add: Callable[[], object],
) -> http.HttpResponse:  # fmt: skip
    """Add what a form says, or show the case with everything that is wrong."""
    if form.is_valid():
        try:
            add()
        except _CANNOT as problem:
            acting.refuse(form, problem)
        else:
            messages.success(request, _("Kept."))
            return shortcuts.redirect("audit", case_id=seen.case_id)
    return showing.page(request, seen, **{name: form})


@doors.opens_with(permissions.KEEP_AUDITS)
@verbs.require_POST
def schedule(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Add what was found of one figure."""
    form = forms.ScheduleForm(seen := showing.found(case_id), request.POST, auto_id="line_%s")
    return _added(
        request, seen, form, name="schedule",
        add=lambda: working.enter_schedule(
            case_id=case_id, entries=[form.entry()], by=showing.by(request)
        ),
    )  # fmt: skip


@doors.opens_with(permissions.KEEP_AUDITS)
@verbs.require_POST
def schedule_file(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Add the schedule of a file, all of it or nothing."""
    form = forms.ScheduleFileForm(request.POST, request.FILES)
    return _added(
        request, showing.found(case_id), form, name="file",
        add=lambda: working.import_schedule(
            case_id=case_id, content=form.cleaned_data["file"], by=showing.by(request)
        ),
    )  # fmt: skip


@doors.opens_with(permissions.KEEP_AUDITS)
@verbs.require_POST
def records(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Write down which records are asked for."""
    form = forms.RecordsForm(request.POST, auto_id="ask_%s")
    return _added(
        request, showing.found(case_id), form, name="asks",
        add=lambda: working.ask_for_records(
            case_id=case_id, words=form.cleaned_data["words"],
            due_on=form.cleaned_data["due_on"], by=showing.by(request),
        ),
    )  # fmt: skip


@doors.opens_with(permissions.KEEP_AUDITS)
@verbs.require_POST
def came(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Write down that records came."""
    asked = schedules.records(case_id)
    form = forms.CameForm(asked, request.POST, auto_id="came_%s")
    return _added(
        request, showing.found(case_id), form, name="came",
        add=lambda: working.records_came(
            case_id=case_id, request_id=form.cleaned_data["request_id"],
            received_on=form.cleaned_data["received_on"],
            is_refused=form.cleaned_data["is_refused"],
            by=showing.by(request, form.cleaned_data["note"]),
        ),
    )  # fmt: skip


@doors.opens_with(permissions.KEEP_AUDITS)
@verbs.require_POST
def waiver(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Keep a waiver of limitation that the taxpayer signed."""
    form = forms.WaiverForm(seen := showing.found(case_id), request.POST, auto_id="waiver_%s")
    return _added(
        request, seen, form, name="waiver",
        add=lambda: working.waive_limitation(
            working.Waived(
                case_id=case_id, signed_by=form.cleaned_data["signed_by"],
                signed_on=form.cleaned_data["signed_on"],
                extends_to=form.cleaned_data["extends_to"],
                paper_id=form.cleaned_data["paper"],
                periods=[
                    datetime.date.fromisoformat(each) for each in form.cleaned_data["periods"]
                ],
            ),
            by=showing.by(request),
        ),
    )  # fmt: skip
