"""What is asked of a person about a version of a book and a change of a list alike.

Which days and why, a reason for an act, whether they agree: one form, one way to say what cannot
be, one way back. What the two differ in is `Written`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django import http, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from fisc.basics import periods
from fisc.domain.rule_tables.operations import approvals
from fisc.interfaces.web.tables import forms, showing


class Described(Protocol):
    """What a draft says of itself."""

    @property
    def effective(self) -> periods.Period:
        """Return the days it is meant for."""
        ...

    @property
    def reason(self) -> str:
        """Return why it is written."""
        ...

    @property
    def citation(self) -> str:
        """Return the law it follows."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Written:
    """A version of a book, or a change of a list, as a page acts on it."""

    # What its operations and its address call it by: {"version_id": 7}.
    key: Mapping[str, int]
    # The name of its page's address.
    page_name: str
    # What a coordinator can put right, said on the page; anything else is our mistake.
    cannot: tuple[type[Exception], ...]
    # Its page once more, with the forms that were given and have something wrong.
    shown: Callable[[Mapping[str, Any]], http.HttpResponse]

    def back(self) -> http.HttpResponse:
        """Return the way to its page."""
        return http.HttpResponseRedirect(urls.reverse(self.page_name, kwargs=dict(self.key)))


def describing(request: http.HttpRequest, of: Described | None = None) -> forms.DescribeForm:
    """Return the form of days, reason and law: as given, or as the draft says them now."""
    given = request.POST if request.method == "POST" else None
    if of is None:
        return forms.DescribeForm(given)
    return forms.DescribeForm(
        given,
        initial={
            "starts_on": of.effective.starts_on,
            "ends_before": of.effective.ends_before,
            "reason": of.reason,
            "citation": of.citation,
        },
    )


def describe(
    request: http.HttpRequest,
    written: Written,
    *,
    form: forms.DescribeForm,
    act: Callable[..., None],
    again: Callable[[], http.HttpResponse],
) -> http.HttpResponse:
    """Say anew for which days a draft is meant, why, and by which law; or ask `again`."""
    if form.is_valid():
        try:
            act(
                **written.key,
                effective=form.period(),
                reason=form.cleaned_data["reason"],
                citation=form.cleaned_data["citation"],
                by=showing.username(request),
                at=timezone.now(),
            )
        except written.cannot as problem:
            form.add_error(None, str(problem))
        else:
            return written.back()
    return again()


def put_in_test(
    request: http.HttpRequest, written: Written, *, act: Callable[..., None], said: str
) -> http.HttpResponse:
    """Close a draft for changes, or say everything that keeps it from being tested."""
    try:
        act(**written.key, by=showing.username(request), at=timezone.now())
    except written.cannot as problem:
        messages.error(request, str(problem))
        return written.shown({"test_form": forms.ReasonForm()})
    messages.success(request, said)
    return written.back()


def with_reason(
    request: http.HttpRequest, written: Written, *, act: Callable[..., None], said: str
) -> http.HttpResponse:
    """Do one act that needs only a reason."""
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(
                **written.key,
                reason=form.cleaned_data["reason"],
                by=showing.username(request),
                at=timezone.now(),
            )
        except written.cannot as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, said)
            return written.back()
    return written.shown({"reason_form": form})


def approve(
    request: http.HttpRequest,
    written: Written,
    *,
    sha256: str,
    act: Callable[..., approvals.Decision],
    also: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda given: {},
) -> http.HttpResponse:
    """Agree to what is in test; it is in force once everybody needed has agreed.

    `also` picks from the form what one of the two is asked beside the rest.
    """
    form = forms.ApproveForm(request.POST, sha256=sha256, reviewers=showing.reviewers())
    if form.is_valid():
        given = form.cleaned_data
        try:
            decision = act(
                **written.key,
                by=showing.username(request),
                reason=given["reason"],
                at=timezone.now(),
                sha256=given["sha256"],
                reviewer=given["reviewer"],
                review_by=given["review_by"],
                **also(given),
            )
        except written.cannot as problem:
            form.add_error(None, str(problem))
        else:
            if decision.is_in_force:
                messages.success(request, _("Approved. It governs its days from now on."))
            if decision.waits_for:
                messages.warning(request, decision.waits_for)
            return written.back()
    return written.shown({"approve_form": form})
