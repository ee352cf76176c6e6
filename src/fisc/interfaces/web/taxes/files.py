"""Files of returns: handed in, checked, taken in while somebody watches, and what was held."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import IO, cast

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.calculations import return_layouts
from fisc.domain.tax_returns.operations import return_files
from fisc.domain.tax_returns.queries import held as held_returns
from fisc.domain.tax_returns.queries import return_files as queries
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.taxes import forms
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users
from fisc.processes.return_files import checking, operations, reading

UNPROCESSABLE = 422
#: More are checked at the terminal: somebody waits for the page.
CHECKED_HERE = 5_000
HELD_SHOWN = 500
ERRORS_SHOWN = 200


@doors.opens_with(permissions.KEY_RETURNS, shows="files of returns")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
def files(request: http.HttpRequest) -> http.HttpResponse:
    """List the files that came, with totals; take another one to its page."""
    is_sent = request.method == "POST"
    form = forms.FileForm(request.POST, request.FILES) if is_sent else forms.FileForm()
    refused: return_layouts.FileIsRefused | None = None
    if form.is_valid():
        try:
            return _kept(request, form)
        except return_layouts.FileIsRefused as problem:
            refused = problem
    latest = queries.latest_files()
    return shortcuts.render(
        request,
        "taxes/files.html",
        {
            "form": form,
            "files": latest,
            "totals": _totals(latest),
            "names": _names(latest),
            "errors": refused.errors[:ERRORS_SHOWN] if refused else (),
            "more": len(refused.errors[ERRORS_SHOWN:]) + refused.more if refused else 0,
        },
        status=UNPROCESSABLE if is_sent else None,
    )


def _kept(request: http.HttpRequest, form: forms.FileForm) -> http.HttpResponse:
    """Keep a file until it is taken in. Raises FileIsRefused."""
    file = form.cleaned_data["file"]
    today = timezone.localdate()
    read = reading.read(cast("IO[bytes]", file), name=file.name, today=today)
    arrived = return_files.Arrived(
        name=file.name,
        sha256=read.sha256,
        layout=read.layout,
        posting_day=today,
        at=timezone.now(),
        user_id=doors.person(request),
    )
    try:
        file_id = return_files.keep_file(read.returns, arrived=arrived)
    except return_files.FileCameBefore as problem:
        messages.error(request, str(problem))
        return shortcuts.redirect("return_file", file_id=problem.file_id)
    messages.success(request, _("The file can be read. Check its returns, or take it in."))
    return shortcuts.redirect("return_file", file_id=file_id)


def _totals(files: Sequence[queries.FileSeen]) -> Mapping[str, int]:
    names = ("return_count", "taken", "again", "held", "waiting", "tax_due_cents")
    return {name: sum(getattr(each, name) for each in files) for name in names}


def _names(files: Sequence[queries.FileSeen]) -> Mapping[int, str]:
    return users.names(user_ids={each.received_by_id for each in files if each.received_by_id})


@doors.opens_with(permissions.KEY_RETURNS, shows="file of returns")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
def file(request: http.HttpRequest, file_id: int) -> http.HttpResponse:
    """Show what becomes of a file while it is taken in, and what was held; or check it first."""
    seen = _found(file_id)
    run = operations.run_of(seen)
    step = run.steps[0] if run else None
    is_asked = "asked" in request.GET
    checked = _checked(request, seen) if request.method == "POST" and not run else None
    held = held_returns.of_cause(seen.cause_key, limit=HELD_SHOWN) if seen.held else ()
    is_going = seen.waiting > 0 and (run.status == "running" if run else is_asked)
    in_place = request.headers.get("HX-Request") and request.method != "POST"
    return shortcuts.render(
        request,
        "taxes/_file.html" if in_place else "taxes/file.html",
        {
            "file": seen,
            "unit": _("Return") if seen.unit == "return" else _("Line"),
            "names": _names([seen]),
            "run": run,
            "step": step,
            "is_going": is_going,
            "can_check": seen.return_count <= CHECKED_HERE,
            "checked": checked,
            "checked_held": _said(checked) if checked else (),
            "held": _with_accounts(held),
            "language": languages.current(),
        },
    )


def _found(file_id: int) -> queries.FileSeen:
    try:
        return queries.file(file_id)
    except queries.NoSuchFile as problem:
        raise http.Http404(str(problem)) from problem


def _checked(request: http.HttpRequest, seen: queries.FileSeen) -> checking.Checked | None:
    if seen.return_count > CHECKED_HERE:
        return None
    return checking.check_kept(
        seen.file_id,
        posting_day=timezone.localdate(),
        at=timezone.now(),
        user_id=doors.person(request),
    )


def _said(checked: checking.Checked) -> Sequence[Mapping[str, object]]:
    """Return what would be held, with everything that is wrong with each in words."""
    held = checked.held_in_order[:HELD_SHOWN]
    known = accounts.names(
        account_ids=[each.came.account_id for each in held if each.came.account_id > 0]
    )
    return [
        {
            "line": each.place,
            "account": known.get(each.came.account_id, (-each.came.account_id, "")),
            "starts_on": each.came.starts_on,
            "problems": [one.said(languages.current()) for one in each.problems] or [each.words],
        }
        for each in held
    ]


def _with_accounts(held: Sequence[held_returns.HeldReturn]) -> Sequence[Mapping[str, object]]:
    """Return held returns with the number and name of the account of each."""
    known = accounts.names(account_ids=[each.account_id for each in held if each.account_id])
    return [
        {
            "item_id": each.item.item_id,
            "line": each.item.subject_id,
            "account": known.get(each.account_id or 0, (each.number, "")),
            "starts_on": datetime.date.fromisoformat(each.starts_on),
            "problems": each.problems(languages.current()),
        }
        for each in sorted(held, key=lambda each: each.item.subject_id)
    ]


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def take(request: http.HttpRequest, file_id: int) -> http.HttpResponse:
    """Ask the workers to take a file in, or what is left of it."""
    seen = _found(file_id)
    try:
        operations.ask_for_file(file_id=seen.file_id, user_id=doors.person(request))
    except operations.AskedAlready as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Asked. It begins as soon as a worker is free."))
    response = shortcuts.redirect("return_file", file_id=file_id)
    response["Location"] += "?asked="
    return response
