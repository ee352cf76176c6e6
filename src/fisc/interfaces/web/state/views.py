"""The state's files by month, one of them, and the cash that came with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.ledger import operations as ledger
from fisc.domain.state_collections import calculations, operations
from fisc.domain.state_collections.queries import files as queries
from fisc.domain.state_collections.queries import layouts
from fisc.interfaces.web import doors, exports
from fisc.interfaces.web.state import forms
from fisc.plumbing.idempotency import calculations as askings
from fisc.plumbing.idempotency import operations as idempotency
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE: Final = 422
MONTHS: Final = 36
ERRORS_SHOWN: Final = 200
ROWS_SHOWN: Final = 100
# What is said beside the form of cash instead of posting it.
_NO_CASH: Final = (
    idempotency.KeyUsedForOtherContent,
    ledger.DayIsSealed,
    operations.CashCameBefore,
    operations.DifferenceIsNotExplained,
    operations.NoCashOfFile,
    operations.NoGLForCash,
)


@doors.opens_with(permissions.SEE_RETURNS, shows="state files")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
def board(request: http.HttpRequest) -> http.HttpResponseBase:
    """List what came of each month, as a page or as a file; take another file in."""
    is_sent = request.method == "POST"
    if is_sent and not request.user.has_perm(permissions.DISTRIBUTE_TAX):
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    if not is_sent and (file_format := exports.wanted(request)):
        return _months_file(file_format, queries.months())
    form = forms.FileForm(request.POST, request.FILES) if is_sent else forms.FileForm()
    refused: Sequence[str] = ()
    if form.is_valid():
        try:
            return _taken(request, form)
        except calculations.FileIsRefused as problem:
            refused = problem.errors
        except calculations.LayoutIsWrong as problem:
            form.add_error(None, str(problem))
    return shortcuts.render(
        request,
        "state/board.html",
        {
            "form": form,
            "months": queries.months(limit=MONTHS),
            "errors": refused[:ERRORS_SHOWN],
            "more": len(refused[ERRORS_SHOWN:]),
        },
        status=UNPROCESSABLE if is_sent else None,
    )


def _taken(request: http.HttpRequest, form: forms.FileForm) -> http.HttpResponse:
    """Take a file in and go to it. Raises FileIsRefused, LayoutIsWrong."""
    file = form.cleaned_data["file"]
    try:
        file_id = operations.take_file(
            file.read(),
            name=file.name,
            layout=layouts.layout_of_city(form.cleaned_data["kind"]),
            month=form.cleaned_data["month"],
            by=_by(request),
        )
    except operations.FileCameBefore as problem:
        messages.error(request, str(problem))
        return shortcuts.redirect("state_file", number=problem.file_id)
    messages.success(request, _("The file is taken in."))
    return shortcuts.redirect("state_file", number=file_id)


@doors.opens_with(permissions.SEE_RETURNS, shows="state file")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
def file(request: http.HttpRequest, number: int) -> http.HttpResponseBase:
    """Show a file with its cash, or its rows as a file; enter the cash that came with it."""
    is_sent = request.method == "POST"
    if is_sent and not request.user.has_perm(permissions.DISTRIBUTE_TAX):
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    found = _found(number)
    if not is_sent and (file_format := exports.wanted(request)):
        return _rows_file(file_format, found, queries.rows(number))
    form = forms.CashForm(request.POST if is_sent else None)
    if form.is_valid():
        try:
            _enter(request, form, number)
        except _NO_CASH as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The cash is posted."))
            return shortcuts.redirect("state_file", number=number)
    return shortcuts.render(
        request,
        "state/file.html",
        {
            "file": found,
            "kind": dict(forms.KIND_WORDS)[found.kind],
            "form": form,
            "lines": queries.explanations([found]).get(found.file_id, ()),
            "rows": queries.rows(number, limit=ROWS_SHOWN),
            "shown": ROWS_SHOWN,
            "names": users.names(
                user_ids={found.received_by_id} if found.received_by_id else set()
            ),
        },
        status=UNPROCESSABLE if is_sent else None,
    )


def _enter(request: http.HttpRequest, form: forms.CashForm, number: int) -> None:
    """Post cash once, however often it is sent. Raises what `_NO_CASH` names."""
    cash, day, by = form.cash(), form.cleaned_data["posting_day"], _by(request)
    idempotency.once(
        key=form.cleaned_data["key"],
        content_sha256=askings.content_sha256({"file": number, "cash": repr(cash), "day": day}),
        do=lambda: {"deposit_id": operations.enter_cash(number, cash=cash, posting_day=day, by=by)},
        at=by.at,
    )


def _found(number: int) -> queries.FileSeen:
    try:
        return queries.file(number)
    except queries.NoSuchFile as problem:
        raise http.Http404(str(problem)) from problem


def _by(request: http.HttpRequest) -> operations.By:
    return operations.By(user_id=doors.person(request), at=timezone.now())


def _months_file(file_format: str, rows: Sequence[queries.Month]) -> http.HttpResponseBase:
    kind = exports.Kind
    return exports.answer(
        file_format=file_format,
        name="state-months",
        columns=[
            exports.Column(_("Month"), kind.DAY),
            exports.Column(_("Files"), kind.COUNT),
            exports.Column(_("Rows"), kind.COUNT),
            exports.Column(_("Tax filed"), kind.MONEY),
            exports.Column(_("Paid"), kind.MONEY),
            exports.Column(_("Distributed"), kind.MONEY),
            exports.Column(_("Cash received"), kind.MONEY),
            exports.Column(_("Difference"), kind.MONEY),
            exports.Column(_("Files without cash"), kind.COUNT),
            exports.Column(_("Reconciled"), kind.YES_NO),
        ],
        rows=[
            (
                each.month, each.files, each.rows, each.returned_cents, each.paid_cents,
                each.shared_cents, each.cash_cents, each.difference_cents, each.without_cash,
                each.is_reconciled,
            )
            for each in rows
        ],
    )  # fmt: skip


def _rows_file(
    file_format: str, found: queries.FileSeen, rows: Sequence[queries.RowSeen]
) -> http.HttpResponseBase:
    kind = exports.Kind
    return exports.answer(
        file_format=file_format,
        name=f"state-{found.kind}-{found.month:%Y-%m}-{found.file_id}",
        columns=[
            exports.Column(_("Line"), kind.COUNT),
            exports.Column(_("License")),
            exports.Column(_("Name")),
            exports.Column(_("Class")),
            exports.Column(_("Period from"), kind.DAY),
            exports.Column(_("Received"), kind.DAY),
            exports.Column(_("Gross receipts"), kind.MONEY),
            exports.Column(_("Amount"), kind.MONEY),
        ],
        rows=(
            (
                each.line, each.license_number, each.name, each.business_class, each.period,
                each.received_on, each.gross_cents, each.amount_cents,
            )
            for each in rows
        ),
    )  # fmt: skip
