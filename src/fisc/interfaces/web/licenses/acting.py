"""What is done with an application, step by step: each view makes one call that writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms as django_forms
from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.ledger import operations as ledger
from fisc.domain.licensing.operations import (
    applying,
    charging,
    deciding,
    issuing,
    keeping,
    signing_off,
)
from fisc.domain.licensing.queries import applications, requirements
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.licenses import application as pages
from fisc.interfaces.web.licenses import application_forms as forms
from fisc.interfaces.web.licenses import quoting, words
from fisc.interfaces.web.templatetags import figures
from fisc.plumbing.users import permissions

#: What a person can put right; anything else is our mistake.
CANNOT: Final = (
    *quoting.NO_QUOTE,
    applying.CannotApply,
    applying.NotComplete,
    charging.IsCharged,
    charging.LineHasNoCharge,
    deciding.AppealIsLate,
    deciding.AppealIsOpen,
    issuing.CannotBeIssued,
    keeping.IsNotSo,
    keeping.IsOwnWork,
    keeping.ReasonIsMissing,
    ledger.DayIsSealed,
    signing_off.NoSuchSignOff,
)
_Found = applications.Application


def said(problem: Exception) -> list[str]:
    """Return everything that a refusal says, in the language of the page."""
    return [
        each if isinstance(each, str) else each.said(languages.current())
        for each in getattr(problem, "problems", (str(problem),))
    ]


def _act(
    request: http.HttpRequest, number: int, *, name: str,
    form: Callable[[_Found], django_forms.Form], do: Callable[[Any, keeping.By], object],
    done: Callable[[object], str],
) -> http.HttpResponse:  # fmt: skip
    """Do one thing that a form says, or show the application with what is wrong."""
    found = words.application(number)
    bound = form(found)
    if bound.is_valid():
        told = bound.cleaned_data
        try:
            result = do(told, words.by(request, told.get("why", "")))
        except CANNOT as problem:
            for each in said(problem):
                bound.add_error(None, each)
        else:
            messages.success(request, done(result))
            return shortcuts.redirect("application", number=number)
    # What another did meanwhile is shown as it stands now.
    return pages.page(request, words.application(number), **{name: bound})


def _nothing(request: http.HttpRequest) -> Callable[[_Found], django_forms.Form]:
    return lambda found: django_forms.Form(request.POST)


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def tell(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Keep what an applicant answers."""
    form = forms.TellForm(request.POST, found=words.application(number))
    return _act(
        request,
        number,
        name="tell",
        form=lambda found: form,
        do=lambda told, by: applying.tell(
            number,
            answers=form.answers(),
            units=told.get("units"),
            gross_receipts_cents=told.get("gross_receipts"),
            by=by,
        ),
        done=lambda result: _("Kept."),
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def attach(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Keep that a paper came."""
    return _act(
        request,
        number,
        name="attach",
        form=lambda found: forms.AttachForm(
            request.POST, asked=requirements.attachments(found.asking), missing=()
        ),
        do=lambda told, by: applying.attach(
            number,
            attachment=told["attachment"],
            reference=told["reference"],
            received_on=told["received_on"],
            by=by,
        ),
        done=lambda result: _("The paper is attached."),
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def coverage(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Keep an insurance or bond of the business."""
    business_id = words.application(number).business_id
    return _act(
        request,
        number,
        name="coverage",
        form=lambda found: forms.CoverageForm(
            request.POST,
            kinds=[
                each.code
                for each in requirements.attachments(found.asking)
                if each.must_be_in_force
            ],
        ),
        do=lambda told, by: applying.add_coverage(
            business_id=business_id,
            kind=told["kind"],
            reference=told["number"],
            insurer=told["insurer"],
            amount_cents=told["amount"],
            starts_on=told["starts_on"],
            ends_before=told["last_day"] + words.A_DAY,
            by=by,
        ),
        done=lambda result: _("The insurance or bond is recorded."),
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def complete(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Have an application be complete; the departments are asked."""
    return _act(
        request,
        number,
        name="step",
        form=_nothing(request),
        do=lambda told, by: applying.complete(number, on=timezone.localdate(), by=by),
        done=lambda result: _("The application is complete. The departments are asked."),
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def charge(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Charge what an application costs."""
    return _act(
        request,
        number,
        name="step",
        form=_nothing(request),
        do=lambda told, by: charging.charge(number, on=timezone.localdate(), by=by),
        done=lambda result: _("The fee is charged and can be paid."),
    )


@doors.opens_with(permissions.ISSUE_LICENSES)
@verbs.require_POST
def issue(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Issue the license, or renew it."""
    return _act(
        request,
        number,
        name="step",
        form=_nothing(request),
        do=lambda told, by: issuing.issue(number, on=timezone.localdate(), by=by),
        done=lambda result: _("The license is issued."),
    )


@doors.opens_with(permissions.ISSUE_LICENSES)
@verbs.require_POST
def deny(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Deny an application."""
    return _act(
        request,
        number,
        name="deny",
        form=lambda found: forms.WhyForm(request.POST, prefix="deny"),
        do=lambda told, by: deciding.deny(number, on=timezone.localdate(), by=by),
        done=lambda result: _("Denied."),
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def appeal(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Keep that a denial is appealed."""
    return _act(
        request,
        number,
        name="appeal",
        form=lambda found: forms.WhyForm(request.POST, prefix="appeal"),
        do=lambda told, by: deciding.appeal(number, on=timezone.localdate(), by=by),
        done=lambda result: _("The appeal is recorded. Another person decides it."),
    )


@doors.opens_with(permissions.ISSUE_LICENSES)
@verbs.require_POST
def decide(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Grant an appeal, or have the denial stand."""
    return _act(
        request,
        number,
        name="decide",
        form=lambda found: forms.AppealForm(request.POST, prefix="decide"),
        do=lambda told, by: deciding.decide_appeal(
            number, is_granted=told["decision"] == "granted", on=timezone.localdate(), by=by
        ),
        done=lambda result: _("The appeal is decided."),
    )


@doors.opens_with(permissions.ISSUE_LICENSES)
@verbs.require_POST
def settle(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Give back what the table says once a denial stands."""
    return _act(
        request,
        number,
        name="step",
        form=_nothing(request),
        do=lambda told, by: deciding.settle_denial(number, on=timezone.localdate(), by=by),
        done=_given_back,
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def withdraw(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Have the applicant take an application back."""
    return _act(
        request,
        number,
        name="withdraw",
        form=lambda found: forms.NoteForm(request.POST, prefix="withdraw"),
        do=lambda told, by: deciding.withdraw(number, on=timezone.localdate(), by=by),
        done=_given_back,
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def reopen(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Have a complete application be filled in again."""
    return _act(
        request,
        number,
        name="reopen",
        form=lambda found: forms.WhyForm(request.POST, prefix="reopen"),
        do=lambda told, by: deciding.reopen(number, on=timezone.localdate(), by=by),
        done=lambda result: _("It can be corrected now. Departments are asked anew afterwards."),
    )


@doors.opens_with(permissions.HANDLE_APPLICATIONS)
@verbs.require_POST
def ask_again(request: http.HttpRequest, number: int, sign_off: int) -> http.HttpResponse:
    """Ask a department that refused once more."""
    asked = {each.sign_off_id for each in applications.sign_offs(number)}
    if sign_off not in asked:
        raise http.Http404(_("The application has no such sign-off."))
    return _act(
        request,
        number,
        name="step",
        form=_nothing(request),
        do=lambda told, by: signing_off.ask_again(sign_off, on=timezone.localdate(), by=by),
        done=lambda result: _("The department is asked again."),
    )


def _given_back(result: object) -> str:
    assert isinstance(result, int), "what is given back is whole cents"
    if not result:
        return _("Recorded. Nothing is given back.")
    return _("Recorded. %(amount)s is given back as the table of refunds says.") % {
        "amount": figures.money(result)
    }
