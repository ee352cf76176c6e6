"""Keying a return into a batch, and keying it a second time without seeing the first."""

from __future__ import annotations

import datetime

from django import http, shortcuts, urls
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.operations import batches as operations
from fisc.domain.tax_returns.operations import filing
from fisc.domain.tax_returns.queries import batches as queries
from fisc.interfaces.web import doors
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.taxes import batches, entry, keying, names
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.KEY_RETURNS, shows="tax account")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
@code_lists.at_one_generation()
def key(
    request: http.HttpRequest, batch_id: int, number: int, starts_on: datetime.date
) -> http.HttpResponse:
    """Show the form of a return of a batch; key it, and go on to the next."""
    seen = batches.found(batch_id)
    header = names.account_of(number, as_of=timezone.localdate())
    sheet = _sheet(request, header, starts_on)

    def file(came: filing.Came, by: filing.By) -> tuple[int, str]:
        keyed_id = operations.key_return(
            came, batch_id=batch_id, by=by, remitted_cents=sheet.remitted.cents()
        )
        if queries.keyed(keyed_id).needs_second:
            return keyed_id, _("Keyed. Another person keys this one a second time.")
        return keyed_id, _("Keyed.")

    if request.method == "POST" and _acted(request, sheet, file=file):
        return shortcuts.redirect("return_batch", batch_id)
    here = urls.reverse("return_batch_key", args=[batch_id, number, starts_on])
    return _page(request, header, sheet, seen, here=here, template="taxes/batch_key.html")


@doors.opens_with(permissions.KEY_RETURNS, shows="tax account")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
@code_lists.at_one_generation()
def again(request: http.HttpRequest, keyed_id: int) -> http.HttpResponse:
    """Show the empty form of a return that another keyed; where both say the same, that is all."""
    one = batches.keyed(keyed_id)
    seen = batches.found(one.batch_id)
    number = accounts.names(account_ids=[one.account_id])[one.account_id][0]
    header = names.account_of(number, as_of=timezone.localdate())
    sheet = _sheet(request, header, one.starts_on)
    differs = False

    def file(came: filing.Came, by: filing.By) -> tuple[int, str]:
        nonlocal differs
        found = operations.key_again(
            came, keyed_id=keyed_id, by=by, remitted_cents=sheet.remitted.cents()
        )
        differs = bool(found.differences)
        if differs:
            return keyed_id, _("Both keyed it, not the same. What differs is below.")
        return keyed_id, _("Both keyed the same.")

    if request.method == "POST" and _acted(request, sheet, file=file):
        if differs:
            return shortcuts.redirect("keyed_settle", keyed_id)
        return shortcuts.redirect("return_batch", one.batch_id)
    here = urls.reverse("keyed_again", args=[keyed_id])
    return _page(request, header, sheet, seen, here=here, template="taxes/batch_again.html")


def _sheet(request: http.HttpRequest, header: head.Head, starts_on: datetime.date) -> keying.Sheet:
    try:
        return keying.sheet(
            header.account.account_id,
            starts_on=starts_on,
            today=timezone.localdate(),
            known_at=timezone.now(),
            given=request.POST if request.method == "POST" else None,
        )
    except keying.NothingIsOwed as problem:
        raise http.Http404(str(problem)) from problem


def _acted(request: http.HttpRequest, sheet: keying.Sheet, *, file: entry.Filer) -> bool:
    """Do what a button asks; tells whether the return was keyed."""
    if sheet.remitted.cents() < 0:
        sheet.remitted.wrong.append(_("Money that came along cannot be less than nothing."))
    return entry.acted(request, sheet, file=file) is not None


def _page(
    request: http.HttpRequest, header: head.Head, sheet: keying.Sheet, seen: queries.BatchSeen, *,
    here: str, template: str,
) -> http.HttpResponse:  # fmt: skip
    return entry.page(
        request,
        header,
        sheet,
        here=here,
        template=template,
        batch=seen,
        batch_totals=[(batches.total_words(each), each) for each in seen.totals],
    )
