"""The run console: what a day's run does, how far it is, and what a person must sign."""

import datetime

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.work_items import queries as work_items
from fisc.interfaces.web import doors
from fisc.interfaces.web.runs import forms, run_times
from fisc.plumbing.runs import operations as plumbing_runs
from fisc.plumbing.runs import queries as plumbing_queries
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users
from fisc.processes.daily_runs import operations as daily_runs
from fisc.processes.daily_runs import queries

UNPROCESSABLE = 422


@doors.opens_with(permissions.SEE_RUNS)
def runs(request: http.HttpRequest) -> http.HttpResponse:
    """List the runs, draw how long each took, and choose a day to run."""
    latest = queries.days()
    form = forms.DayForm(request.GET or None, initial={"day": timezone.localdate()})
    if form.is_valid():
        return shortcuts.redirect("run", posting_day=form.cleaned_data["day"])
    return shortcuts.render(
        request,
        "runs/runs.html",
        {
            "runs": latest,
            "graph": run_times.draw(run_times.of_runs(latest)),
            "form": form,
            "today": timezone.localdate(),
        },
        status=UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.SEE_RUNS)
def run(request: http.HttpRequest, posting_day: datetime.date) -> http.HttpResponse:
    """Show a day's run and keep showing it while it goes; or the checklist before it begins."""
    return _render(request, posting_day, forms.SignForm())


@doors.opens_with(permissions.START_RUNS)
@verbs.require_POST
def start(request: http.HttpRequest, posting_day: datetime.date) -> http.HttpResponse:
    """Ask the workers to run the day, or what is left of it."""
    try:
        daily_runs.ask_for_day(posting_day=posting_day, user_id=doors.person(request))
    except daily_runs.AskedAlready as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Asked. The run begins as soon as a worker is free."))
    return shortcuts.redirect("run", posting_day=posting_day)


@doors.opens_with(permissions.SIGN_REGISTERS)
@verbs.require_POST
def register(request: http.HttpRequest, posting_day: datetime.date) -> http.HttpResponse:
    """Sign the day's bill register."""
    form = forms.SignForm(request.POST)
    if form.is_valid():
        try:
            daily_runs.sign_register(
                posting_day=posting_day,
                user_id=doors.person(request),
                why=form.cleaned_data["why"],
                at=timezone.now(),
            )
        except (plumbing_queries.NoSuchRun, plumbing_runs.NothingToSign) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Signed. Go on with the run to send the bills out."))
            return shortcuts.redirect("run", posting_day=posting_day)
    return _render(request, posting_day, form)


def _render(
    request: http.HttpRequest, posting_day: datetime.date, form: forms.SignForm
) -> http.HttpResponse:
    try:
        seen = queries.day(posting_day=posting_day)
    except plumbing_queries.NoSuchRun:
        return _render_begin(request, posting_day)
    exceptions = work_items.counts(run_id=seen.run_id)
    people = {seen.started_by_id, *(step.signed_by_id for step in seen.steps)} - {None}
    template = "runs/_run.html" if request.headers.get("HX-Request") else "runs/run.html"
    return shortcuts.render(
        request,
        template,
        {
            "run": seen,
            "state": queries.status_now(seen),
            "refusal": _refusal_since(seen),
            "exceptions": exceptions,
            "exception_count": sum(exceptions.values()),
            "names": users.names(user_ids={person for person in people if person}),
            "form": form,
            "waits_for_signature": any(step.status == "to sign" for step in seen.steps),
        },
        status=UNPROCESSABLE if form.is_bound else None,
    )


def _render_begin(request: http.HttpRequest, posting_day: datetime.date) -> http.HttpResponse:
    checks = queries.pre_run_checklist(posting_day=posting_day, today=timezone.localdate())
    return shortcuts.render(
        request,
        "runs/begin.html",
        {
            "posting_day": posting_day,
            "checks": checks,
            "is_blocked": any(check.blocks for check in checks),
            "refusal": queries.last_refusal(posting_day=posting_day),
        },
    )


def _refusal_since(run: plumbing_queries.RunSeen) -> queries.Refusal | None:
    """Return why the run did not go on when it was last asked to, unless it did since."""
    if run.status == "done":
        return None
    refusal = queries.last_refusal(posting_day=run.posting_day)
    return refusal if refusal and refusal.at >= run.instant and refusal.why != run.message else None
