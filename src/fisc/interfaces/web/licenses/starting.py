"""A business's licenses and applications, and starting an application."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import choices as account_choices
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import applying
from fisc.domain.licensing.queries import applications, licenses, standing
from fisc.interfaces.web import doors
from fisc.interfaces.web.businesses import showing
from fisc.interfaces.web.licenses import acting, words
from fisc.interfaces.web.licenses import application_forms as forms
from fisc.plumbing.idempotency import calculations as askings
from fisc.plumbing.idempotency import operations as idempotency
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.SEE_LICENSES, shows="business")
@code_lists.at_one_generation()
def of_business(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show the licenses and applications of a business."""
    today = timezone.localdate()
    return shortcuts.render(
        request,
        "licenses/of_business.html",
        {
            "head": showing.head(number, as_of=today),
            "number": number,
            "tab": "licenses",
            "licenses": [
                (each, words.called(each.license_type), *words.STATUSES[each.status],
                 words.last_day(each.term.ends_before))
                for each in licenses.of_business(number)
            ],
            "applications": [
                (each, words.called(each.license_type), *words.STATUSES[each.status])
                for each in applications.of_business(number)
            ],
        },
    )  # fmt: skip


@doors.opens_with(permissions.HANDLE_APPLICATIONS, shows="business")
@verbs.require_http_methods(["GET", "POST"])
@code_lists.at_one_generation()
def start(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Take an application for a new license in; asked twice, it is one."""
    today = timezone.localdate()
    posted = request.POST if request.method == "POST" else None
    found = showing.head(number, as_of=today)
    form = forms.StartForm(posted, business_id=number, today=today)
    if form.is_bound and form.is_valid():
        try:
            application_id = _started(request, form, number)
        except (*acting.CANNOT, idempotency.KeyUsedForOtherContent) as problem:
            for each in acting.said(problem):
                form.add_error(None, each)
        else:
            messages.success(request, _("The application is taken in."))
            return shortcuts.redirect("application", number=application_id)
    account_id = standing.account_of(
        business_id=number, kind=account_choices.AccountKind.LICENSE, as_of=today
    )
    return shortcuts.render(
        request,
        "licenses/start.html",
        {
            "head": found,
            "number": number,
            "tab": "licenses",
            "form": form,
            "has_account": account_id is not None,
        },
        status=words.UNPROCESSABLE if form.is_bound else None,
    )


def _started(request: http.HttpRequest, form: forms.StartForm, number: int) -> int:
    asked, by = form.asked(number), words.by(request)
    result = idempotency.once(
        key=form.cleaned_data["key"],
        content_sha256=askings.content_sha256({"asked": repr(asked)}),
        do=lambda: {"application_id": applying.start(asked, by=by)},
        at=by.at,
    )
    return int(result["application_id"])
