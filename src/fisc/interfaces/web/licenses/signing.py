"""The boards of departments that sign applications off, and giving one's word."""

from __future__ import annotations

import datetime
from typing import Any

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import signing_off
from fisc.domain.licensing.queries import applications, finding, requirements, waiting
from fisc.domain.work_items import operations as work_items
from fisc.interfaces.web import doors, seen
from fisc.interfaces.web.licenses import acting, words
from fisc.interfaces.web.licenses import application_forms as forms
from fisc.plumbing.users import permissions

#: Another has the item of the queue, or decided first.
_REFUSED = (
    *acting.CANNOT,
    signing_off.IsDecided,
    work_items.NotYours,
)


@doors.opens_with(permissions.SIGN_OFF)
@code_lists.at_one_generation()
def board(request: http.HttpRequest) -> http.HttpResponse:
    """Show what each department owes, the first due at the top."""
    today = timezone.localdate()
    departments = [
        each
        for each in code_lists.codes(requirements.DEPARTMENTS).values()
        if each.is_current(today)
    ]
    counts = waiting.counts()
    asked = request.GET.get("department", "") or next(
        (each.code for each in departments if each.code in counts),
        departments[0].code if departments else "",
    )
    if asked not in {each.code for each in departments}:
        raise http.Http404(_("There is no such department."))
    rows = waiting.waiting(
        department=asked, after=_after(request.GET.get("after", "")), limit=waiting.PAGE + 1
    )
    seen.record(request, shows="license application", which={})
    shown = rows[: waiting.PAGE]
    return shortcuts.render(
        request,
        "licenses/sign_offs.html",
        {
            "departments": [
                (each.code, words.called(each), counts.get(each.code, 0)) for each in departments
            ],
            "asked": asked,
            "rows": [
                (each, words.called(each.license_type), each.due_on < today) for each in shown
            ],
            "after": _place_of(shown[-1]) if len(rows) > len(shown) else "",
        },
    )


@doors.opens_with(permissions.SIGN_OFF, shows="license application")
@verbs.require_http_methods(["GET", "POST"])
@code_lists.at_one_generation()
def sign_off(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show an application to a department, and keep what it says."""
    found = words.application(waiting.application_of(number))
    form = forms.SignOffForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            signing_off.sign_off(
                number,
                outcome=choices.SignOffOutcome(form.cleaned_data["outcome"]),
                on=timezone.localdate(),
                by=words.by(request, form.cleaned_data["why"]),
            )
        except _REFUSED as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Your department's word is kept."))
            return shortcuts.redirect("sign_offs")
    return shortcuts.render(
        request,
        "licenses/sign_off.html",
        {**_shown(found, number), "form": form},
        status=words.UNPROCESSABLE if form.is_bound else None,
    )


def _shown(found: applications.Application, sign_off_id: int) -> dict[str, Any]:
    mine = next(
        each
        for each in applications.sign_offs(found.application_id)
        if each.sign_off_id == sign_off_id
    )
    said = applications.answers(found.application_id)
    brought = applications.attachments(found.application_id)
    (business,) = finding.found([found.business_id])
    return {
        "found": found,
        "mine": mine,
        "business": business,
        "department": words.called(mine.department),
        "type_words": words.called(found.license_type),
        "place": words.place(found.premise_id),
        "answers": [
            (words.called(each), said.get(each.code, ""))
            for each in requirements.questions(found.asking)
        ],
        "papers": [
            (words.called(each.code), brought.get(each.code.code, ()))
            for each in requirements.attachments(found.asking)
        ],
        "is_open": mine.due_on is not None
        and not mine.outcome
        and found.status == choices.ApplicationStatus.COMPLETE,
    }


def _place_of(last: waiting.Waiting) -> str:
    return f"{last.due_on}.{last.sign_off_id}"


def _after(text: str) -> tuple[datetime.date, int] | None:
    """Read where the page before ended. Raises Http404 for what is no such place."""
    if not text:
        return None
    day, _dot, number = text.partition(".")
    try:
        return datetime.date.fromisoformat(day), int(number[:18])
    except ValueError as problem:
        raise http.Http404(_("The list has no such page.")) from problem
