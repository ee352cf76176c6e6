"""The delinquency board: who is behind with returns or money, what matters most first."""

from __future__ import annotations

import enum
import urllib.parse
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django import http, shortcuts, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.operations import delinquents
from fisc.domain.tax_returns.queries import delinquent as queries
from fisc.domain.work_items import queries as work
from fisc.interfaces.web import doors, exports, seen
from fisc.interfaces.web.taxes import names, registering
from fisc.plumbing.users import permissions

ROWS = 50
PAGES_MAX = 100_000

_Chosen = TypeVar("_Chosen", bound=enum.StrEnum)


@doors.opens_with(permissions.SEE_RETURNS, shows="delinquency board")
@verbs.require_safe
@code_lists.at_one_generation()
def board(request: http.HttpRequest) -> http.HttpResponseBase:
    """Show a page of the accounts that are behind, or all of them as a file."""
    kind = _chosen(request, "kind", queries.Kind.ALL)
    order = _chosen(request, "order", queries.Order.OWED)
    page = _page(request)
    file_format = exports.wanted(request)
    found = queries.board(
        today=timezone.localdate(),
        known_at=timezone.now(),
        kind=kind,
        order=order,
        limit=None if file_format else ROWS,
        offset=0 if file_format else (page - 1) * ROWS,
    )
    if file_format:
        seen.record(request, shows="delinquency board", which={"kind": kind.value})
        return _file(file_format, found)
    return shortcuts.render(
        request,
        "taxes/delinquent.html",
        {
            "board": found,
            "kind": kind.value,
            "order": order.value,
            "kinds": _kinds(),
            "orders": _orders(),
            "asked": urllib.parse.urlencode({"kind": kind.value, "order": order.value}),
            "page": page,
            "last_page": max(-(-found.accounts // ROWS), 1),
            "in_work": work.open_about(
                kind=delinquents.KIND,
                subject_kind="account",
                subject_ids=[each.account_id for each in found.rows],
            ),
        },
    )


def _chosen(request: http.HttpRequest, name: str, otherwise: _Chosen) -> _Chosen:
    """Return what is chosen, or the usual where that is none of them."""
    try:
        return type(otherwise)(request.GET.get(name, otherwise.value))
    except ValueError:
        return otherwise


def _page(request: http.HttpRequest) -> int:
    said = request.GET.get("page", "1")
    is_number = said.isascii() and said.isdigit() and len(said) <= len(str(PAGES_MAX))
    return min(max(int(said), 1), PAGES_MAX) if is_number else 1


def _kinds() -> Sequence[names.Choice]:
    return (
        names.Choice(queries.Kind.ALL, _("Missing or owing")),
        names.Choice(queries.Kind.MISSING, _("Returns missing")),
        names.Choice(queries.Kind.OWING, _("Owing past its due day")),
        names.Choice(queries.Kind.LATE, _("Filed late within a year")),
    )


def _orders() -> Sequence[names.Choice]:
    return (
        names.Choice(queries.Order.OWED, _("Most owed first")),
        names.Choice(queries.Order.MISSING, _("Most returns missing first")),
        names.Choice(queries.Order.OLDEST, _("Oldest first")),
    )


def _file(file_format: str, found: queries.Board) -> http.HttpResponseBase:
    kind = exports.Kind
    columns = (
        exports.Column(_("Account")),
        exports.Column(_("Name")),
        exports.Column(_("Returns missing"), kind.COUNT),
        exports.Column(_("Missing since"), kind.DAY),
        exports.Column(_("Filed late within a year"), kind.COUNT),
        exports.Column(_("1 to 30 days"), kind.MONEY),
        exports.Column(_("31 to 60 days"), kind.MONEY),
        exports.Column(_("61 to 90 days"), kind.MONEY),
        exports.Column(_("Over 90 days"), kind.MONEY),
        exports.Column(_("Owed"), kind.MONEY),
        exports.Column(_("Owed since"), kind.DAY),
    )
    return exports.answer(
        file_format=file_format, name="delinquent", columns=columns, rows=_rows(found.rows)
    )


def _rows(rows: Sequence[queries.Behind]) -> Iterator[Sequence[object]]:
    for each in rows:
        owed = each.owed
        yield (
            str(each.number),
            each.name,
            each.missing,
            each.missing_since,
            each.late,
            owed.to_30_cents,
            owed.to_60_cents,
            owed.to_90_cents,
            owed.over_90_cents,
            owed.total_cents,
            each.owed_since,
        )


@doors.opens_with(permissions.DO_WORK)
@verbs.require_POST
def work_on(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Raise a work item about an account that somebody chose."""
    if not request.user.has_perm(permissions.SEE_RETURNS):
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    found = names.account_of(number, as_of=timezone.localdate())
    try:
        item_id = delinquents.ask_for_work(
            account_id=found.account.account_id,
            due_on=timezone.localdate(),
            by=registering.by(request, why=_("chosen on the delinquency board")),
        )
    except accounts.NoSuchAccount as problem:
        raise http.Http404(str(problem)) from problem
    messages.success(request, _("Work item %(item)s is in the queue.") % {"item": item_id})
    back = {name: request.POST.get(name, "") for name in ("kind", "order", "page")}
    return http.HttpResponseRedirect(f"{urls.reverse('delinquent')}?{urllib.parse.urlencode(back)}")
