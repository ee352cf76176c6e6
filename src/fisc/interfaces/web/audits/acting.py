"""Steps of an audit: selecting, the auditor's, and those of another person."""

from __future__ import annotations

from collections.abc import Callable

from django import forms as django_forms
from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_audits import choices
from fisc.domain.tax_audits.operations import (
    keeping,
    posting,
    proposing,
    protesting,
    selecting,
)
from fisc.domain.tax_audits.queries import assessing, selection
from fisc.domain.tax_returns.calculations import asking
from fisc.interfaces.web import doors
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.audits import forms, showing
from fisc.plumbing.idempotency import operations as idempotency
from fisc.plumbing.users import permissions

_KIND = choices.EventKind
_HOW = choices.SelectedBy
# What a person can put right, said on the form; anything else is our mistake.
CANNOT = (
    keeping.CannotAudit,
    versions.NoVersionForDate,
    asking.NoAnswer,
    ledger.DayIsSealed,
    idempotency.KeyUsedForOtherContent,
)
# Steps that only who may approve takes.
_APPROVER = (_KIND.RETURNED, _KIND.APPROVED, _KIND.FINAL)


def refuse(form: django_forms.Form, problem: Exception) -> None:
    """Say everything that is wrong on the form."""
    for said in getattr(problem, "problems", (str(problem),)):
        form.add_error(None, said)


@doors.opens_with(permissions.KEEP_AUDITS, shows="account")
@verbs.require_http_methods(["GET", "POST"])
def select(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Open a case of an account."""
    account = head.of_account(number, as_of=timezone.localdate()).account
    is_post = request.method == "POST"
    initial = {"how": request.GET.get("how", ""), "auditor": doors.person(request)}
    form = forms.SelectForm(request.POST if is_post else None, initial=initial)
    if is_post and form.is_valid():
        given = form.cleaned_data
        try:
            case_id = selecting.select(
                _selected(account.account_id, form), key=given["key"],
                by=showing.by(request, given["why"]),
            )  # fmt: skip
        except CANNOT as problem:
            refuse(form, problem)
        else:
            messages.success(request, _("The case is open."))
            return shortcuts.redirect("audit", case_id=case_id)
    status = showing.UNPROCESSABLE if is_post else None
    context = {"account": account, "form": form}
    return shortcuts.render(request, "audits/select.html", context, status=status)


def _selected(account_id: int, form: forms.SelectForm) -> selecting.Selected:
    """Return what was asked for, with the score or the list that it was selected by."""
    given = form.cleaned_data
    how, _slash, of = given["how"].partition("/")
    selected_by, source, score = _HOW.HAND, {}, None
    if how == "score":
        found = selection.score_of(account_id, on=timezone.localdate(), known_at=timezone.now())
        if found is not None:
            facts = {name: str(value) for name, value in found.facts.items()}
            selected_by, source, score = _HOW.SCORE, {**facts, **found.points}, found.score
    elif how == "list":
        selected_by, source = _HOW.LIST, {"list": of}
    return selecting.Selected(
        account_id=account_id,
        auditor_id=given["auditor"],
        first=given["first"],
        before=given["before"],
        selected_by=selected_by,
        source=source,
        score=score,
    )


@doors.opens_with(permissions.SEE_AUDITS)
@verbs.require_POST
def step(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Take a step of a case: the auditor's, or another person's."""
    seen = showing.found(case_id)
    kind = request.POST.get("kind", "")
    if kind not in _KIND.values:
        raise http.Http404(_("There is no such step."))
    needed = permissions.APPROVE_AUDITS if _KIND(kind) in _APPROVER else permissions.KEEP_AUDITS
    if not request.user.has_perm(needed):
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    form = forms.StepForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        by = showing.by(request, given["why"])
        try:
            _stepped(case_id, _KIND(kind), cause=given["cause"], request=request, by=by)
        except CANNOT as problem:
            refuse(form, problem)
        else:
            messages.success(request, _("Kept."))
            return shortcuts.redirect("audit", case_id=case_id)
    return showing.page(request, seen, step=form)


def _stepped(
    case_id: int, kind: choices.EventKind, *, cause: str, request: http.HttpRequest,
    by: keeping.By,
) -> None:  # fmt: skip
    steps: dict[choices.EventKind, Callable[[], object]] = {
        _KIND.ENGAGED: lambda: selecting.engage(case_id=case_id, by=by),
        _KIND.WITHDRAWN: lambda: selecting.withdraw(case_id=case_id, by=by),
        _KIND.PRELIMINARY: lambda: proposing.show(case_id=case_id, cause=cause, by=by),
        _KIND.PROPOSED: lambda: proposing.propose(case_id=case_id, cause=cause, by=by),
        _KIND.RETURNED: lambda: proposing.send_back(case_id=case_id, by=by),
        _KIND.APPROVED: lambda: proposing.approve(case_id=case_id, by=by),
        _KIND.FINAL: lambda: posting.finish(
            case_id=case_id, is_agreed=request.POST.get("is_agreed") == "on", by=by
        ),
    }
    if kind not in steps:
        raise http.Http404(_("There is no such step."))
    steps[kind]()


@doors.opens_with(permissions.KEEP_AUDITS)
@verbs.require_POST
def assign(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Give a case to another auditor."""
    seen = showing.found(case_id)
    form = forms.AuditorForm(request.POST, auto_id="assign_%s")
    if form.is_valid():
        try:
            selecting.assign(
                case_id=case_id, auditor_id=form.cleaned_data["auditor"], by=showing.by(request)
            )
        except CANNOT as problem:
            refuse(form, problem)
        else:
            messages.success(request, _("The case has another auditor."))
            return shortcuts.redirect("audit", case_id=case_id)
    return showing.page(request, seen, assigns=form)


@doors.opens_with(permissions.KEEP_AUDITS)
@verbs.require_POST
def protest(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Take in a protest of a part of an assessment; the rest is due."""
    seen = showing.found(case_id)
    of = assessing.newest(case_id, stage=choices.Stage.PROPOSED)
    if of is None:
        raise http.Http404(_("Nothing was assessed that could be protested."))
    form = forms.ProtestForm(of, request.POST, auto_id="protest_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            protesting.protest(
                case_id=case_id, received_on=given["received_on"], parts=form.parts(),
                by=showing.by(request, given["why"]),
            )  # fmt: skip
        except CANNOT as problem:
            refuse(form, problem)
        else:
            messages.success(request, _("Kept. What is protested is held, the rest is due."))
            return shortcuts.redirect("audit", case_id=case_id)
    return showing.page(request, seen, protests=form)


@doors.opens_with(permissions.APPROVE_AUDITS)
@verbs.require_POST
def decide(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Decide a protest."""
    seen = showing.found(case_id)
    of = assessing.newest(case_id, stage=choices.Stage.PROPOSED)
    if of is None:
        raise http.Http404(_("Nothing was assessed that could be protested."))
    lines = assessing.protest_lines(of.assessment_id)
    form = forms.DecisionForm(lines, request.POST, auto_id="decide_%s")
    if form.is_valid():
        try:
            protesting.decide(
                case_id=case_id, upheld=form.upheld(),
                by=showing.by(request, form.cleaned_data["why"]),
            )  # fmt: skip
        except CANNOT as problem:
            refuse(form, problem)
        else:
            messages.success(request, _("Decided. The assessment can be made final."))
            return shortcuts.redirect("audit", case_id=case_id)
    return showing.page(request, seen, decides=form)
