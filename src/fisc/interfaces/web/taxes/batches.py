"""Batches of keyed returns: counted, keyed one after another, balanced, posted."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.basics import identifiers
from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.operations import batches as operations
from fisc.domain.tax_returns.queries import batches as queries
from fisc.interfaces.web import doors
from fisc.interfaces.web.taxes import forms, keying, names, registering
from fisc.plumbing.idempotency import operations as idempotency
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE = 422
State = choices.BatchState
_MARKS: Mapping[State, str] = {
    State.OPEN: "mark--go",
    State.SECOND: "mark--warn",
    State.DIFFERS: "mark--bad",
    State.BALANCED: "mark--good",
    State.FILING: "mark--warn",
    State.DONE: "",
}


@dataclasses.dataclass(frozen=True)
class Mark:
    """Where a batch stands, in words and in a color."""

    words: str
    style: str


@dataclasses.dataclass(frozen=True)
class Row:
    """A keyed return with its account, and what the one who looks can do with it."""

    of: queries.Keyed
    number: int
    name: str
    keyed_by: str
    second_by: str
    can_key_again: bool
    can_settle: bool


def mark(state: State) -> Mark:
    """Return what is said of where a batch stands."""
    words = {
        State.OPEN: _("being keyed"),
        State.SECOND: _("to be keyed again"),
        State.DIFFERS: _("keyed differently"),
        State.BALANCED: _("balanced"),
        State.FILING: _("being posted"),
        State.DONE: _("posted"),
    }
    return Mark(words[state], _MARKS[state])


def total_words(total: queries.Total) -> str:
    """Return what a control total is called."""
    return {
        "Returns": _("Returns"),
        "Gross receipts": _("Gross receipts"),
        "Tax due": _("Tax due"),
        "Net due": _("Net due"),
        "Remitted": _("Remitted"),
    }[total.name]


@doors.opens_with(permissions.KEY_RETURNS, shows="batches of returns")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
def batches(request: http.HttpRequest) -> http.HttpResponse:
    """List the batches; open another with what was counted of it."""
    is_sent = request.method == "POST"
    form = forms.BatchForm(request.POST if is_sent else None)
    if form.is_valid():
        try:
            batch_id = _opened(request, form)
        except idempotency.KeyUsedForOtherContent as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("return_batch", batch_id=batch_id)
    found = queries.listed()
    return shortcuts.render(
        request,
        "taxes/batches.html",
        {
            "form": form,
            "batches": [(each, mark(each.state)) for each in found],
            "names": users.names(user_ids={each.made_by_id for each in found}),
        },
        status=UNPROCESSABLE if is_sent else None,
    )


def _opened(request: http.HttpRequest, form: forms.BatchForm) -> int:
    words, controls, by = (
        form.cleaned_data["words"],
        form.controls(),
        registering.by(request, why=""),
    )
    result = idempotency.once(
        key=form.cleaned_data["key"],
        content_sha256=hashlib.sha256(repr((words, controls, by.user_id)).encode()).digest(),
        do=lambda: {"batch_id": operations.open_batch(words=words, controls=controls, by=by)},
        at=by.at,
    )
    return int(result["batch_id"])


@doors.opens_with(permissions.KEY_RETURNS, shows="batch of returns")
@verbs.require_safe
@code_lists.at_one_generation()
def batch(request: http.HttpRequest, batch_id: int) -> http.HttpResponse:
    """Show a batch with its totals; an account's number goes on to the next return to key."""
    seen = found(batch_id)
    form = forms.AccountForm(request.GET if "account" in request.GET else None)
    if form.is_valid():
        number = form.cleaned_data["account"]
        try:
            account_id = accounts.account_id(number=number)
            names.account_of(number, as_of=timezone.localdate())
            period = keying.oldest_owed(
                account_id,
                today=timezone.localdate(),
                known_at=timezone.now(),
                but_not=queries.periods_keyed(batch_id, account_id=account_id),
            )
        except (identifiers.NumberIsWrong, accounts.NoSuchAccount, http.Http404) as problem:
            form.add_error("account", str(problem))
        else:
            if period is not None:
                return shortcuts.redirect("return_batch_key", batch_id, number, period)
            form.add_error(
                "account",
                _(
                    "Every return of the account that is over is here, or in this batch. Key an "
                    "amendment from the account's page of tax returns."
                ),
            )
    return _page(request, seen, form=form)


def found(batch_id: int) -> queries.BatchSeen:
    """Return a batch, or show that there is none of this number."""
    try:
        return queries.batch(batch_id)
    except queries.NoSuchBatch as problem:
        raise http.Http404(str(problem)) from problem


def keyed(keyed_id: int) -> queries.Keyed:
    """Return a return of a batch, or show that there is none of this number."""
    try:
        return queries.keyed(keyed_id)
    except queries.NoSuchBatch as problem:
        raise http.Http404(str(problem)) from problem


def _page(
    request: http.HttpRequest,
    seen: queries.BatchSeen,
    *,
    form: forms.AccountForm,
    controls: forms.ControlsForm | None = None,
) -> http.HttpResponse:
    is_wrong = bool(controls or form.errors)
    return shortcuts.render(
        request,
        "taxes/batch.html",
        {
            "batch": seen,
            "mark": mark(seen.state),
            "totals": [(total_words(each), each) for each in seen.totals],
            "is_open": not (seen.is_filing or seen.is_done),
            "can_post": seen.state in (State.BALANCED, State.FILING),
            "rows": _rows(seen, person=doors.person(request)),
            "filed": sum(each.return_id is not None for each in seen.returns),
            "held": sum(each.item_id is not None for each in seen.returns),
            "form": form,
            "controls": controls or forms.ControlsForm(initial=dataclasses.asdict(seen.controls)),
            "take_out": forms.TakeOutForm(auto_id=False),
        },
        status=UNPROCESSABLE if is_wrong else None,
    )


def _rows(seen: queries.BatchSeen, *, person: int) -> Sequence[Row]:
    known = accounts.names(account_ids=[each.account_id for each in seen.returns])
    people = {each.keyed_by_id for each in seen.returns}
    people |= {each.second_by_id for each in seen.returns if each.second_by_id}
    called = users.names(user_ids=people)
    return [
        Row(
            of=each,
            number=known[each.account_id][0],
            name=known[each.account_id][1],
            keyed_by=called[each.keyed_by_id],
            second_by=called[each.second_by_id] if each.second_by_id else "",
            can_key_again=each.waits_for_second and each.keyed_by_id != person,
            can_settle=bool(each.differences) and each.keyed_by_id != person,
        )
        for each in seen.returns
    ]


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def totals(request: http.HttpRequest, batch_id: int) -> http.HttpResponse:
    """Correct what was counted of a batch."""
    seen = found(batch_id)
    form = forms.ControlsForm(request.POST)
    if form.is_valid():
        try:
            operations.correct_controls(
                batch_id=batch_id, controls=form.controls(), by=registering.by(request, why="")
            )
        except operations.BatchIsClosed as problem:
            messages.error(request, str(problem))
        return shortcuts.redirect("return_batch", batch_id)
    return _page(request, seen, form=forms.AccountForm(), controls=form)


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def take_out(request: http.HttpRequest, keyed_id: int) -> http.HttpResponse:
    """Take a return out of its batch, with a word why."""
    one = keyed(keyed_id)
    form = forms.TakeOutForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the return is taken out, in a few words."))
    else:
        try:
            operations.take_out(
                keyed_id=keyed_id, by=registering.by(request, why=form.cleaned_data["why"])
            )
        except operations.BatchIsClosed as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("The return is out of the batch."))
    return shortcuts.redirect("return_batch", one.batch_id)


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def post(request: http.HttpRequest, batch_id: int) -> http.HttpResponse:
    """Post a batch that balances; one that was stopped in the middle goes on."""
    found(batch_id)
    try:
        done = operations.file_batch(
            batch_id=batch_id, by=registering.by(request, why=""), posting_day=timezone.localdate()
        )
    except (operations.BatchDoesNotBalance, ledger.DayIsSealed) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request,
            _("Posted: %(filed)s returns are filed, %(held)s are held to be set right.")
            % {"filed": done.filed, "held": done.held},
        )
    return shortcuts.redirect("return_batch", batch_id)
