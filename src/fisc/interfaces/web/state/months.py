"""A month of the state: its files, the city's share beside the cash, and what does not agree."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from django import http, shortcuts
from django.utils.translation import gettext as _

from fisc.domain.state_collections.queries import beside
from fisc.domain.state_collections.queries import files as queries
from fisc.interfaces.web import doors, exports
from fisc.interfaces.web.state import forms
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

SHOWN: Final = 50


@doors.opens_with(permissions.SEE_RETURNS, shows="state files")
def month(request: http.HttpRequest, month: datetime.date) -> http.HttpResponseBase:
    """Show the files of a month, their totals beside the cash, and what differs."""
    found = _files(month)
    kinds = dict(forms.KIND_WORDS)
    if file_format := exports.wanted(request):
        return _files_file(file_format, month, found)
    earlier = queries.earlier_of_month(month)
    explained = queries.explanations(found)
    return shortcuts.render(
        request,
        "state/month.html",
        {
            "month": month,
            "files": [(each, kinds[each.kind]) for each in found],
            "shares": [(each, explained.get(each.file_id, ())) for each in found if each.has_cash],
            "names": users.names(
                user_ids={each.received_by_id for each in found if each.received_by_id}
            ),
            "earlier": earlier[:SHOWN],
            "earlier_count": len(earlier),
            "earlier_cents": sum(each.cents for each in earlier),
            "differences": beside.differences(
                month, kinds=sorted({each.kind for each in found}), limit=SHOWN
            ),
            "shown": SHOWN,
        },
    )


def _files_file(
    file_format: str, month: datetime.date, found: Sequence[queries.FileSeen]
) -> http.HttpResponseBase:
    kind, kinds = exports.Kind, dict(forms.KIND_WORDS)
    return exports.answer(
        file_format=file_format,
        name=f"state-{month:%Y-%m}",
        columns=[
            exports.Column(_("File"), kind.COUNT),
            exports.Column(_("Holds")),
            exports.Column(_("Name")),
            exports.Column(_("Rows"), kind.COUNT),
            exports.Column(_("Total"), kind.MONEY),
            exports.Column(_("Came"), kind.INSTANT),
            exports.Column(_("Deposited"), kind.DAY),
            exports.Column(_("Cash received"), kind.MONEY),
            exports.Column(_("Difference"), kind.MONEY),
            exports.Column(_("Explained by")),
        ],
        rows=[
            (
                each.file_id, kinds[each.kind], each.name, each.row_count, each.total_cents,
                each.received_at, each.deposited_on, each.cash_cents, each.difference_cents,
                each.why,
            )
            for each in found
        ],
    )  # fmt: skip


@doors.opens_with(permissions.SEE_RETURNS, shows="state files")
def earlier(request: http.HttpRequest, month: datetime.date) -> http.HttpResponseBase:
    """Give what the files of a month bring of earlier periods, as a file."""
    _files(month)
    kind = exports.Kind
    return exports.answer(
        file_format=exports.wanted(request) or exports.CSV,
        name=f"state-earlier-{month:%Y-%m}",
        columns=[
            exports.Column(_("License")),
            exports.Column(_("Name")),
            exports.Column(_("Period from"), kind.DAY),
            exports.Column(_("Amount"), kind.MONEY),
            exports.Column(_("File"), kind.COUNT),
            exports.Column(_("Line"), kind.COUNT),
        ],
        rows=[
            (each.license_number, each.name, each.period, each.cents, each.file_id, each.line)
            for each in queries.earlier_of_month(month)
        ],
    )


@doors.opens_with(permissions.SEE_RETURNS, shows="state files")
def differences(request: http.HttpRequest, month: datetime.date) -> http.HttpResponseBase:
    """Give where the files of a month differ, filer by filer, as a file."""
    kinds = sorted({each.kind for each in _files(month)})
    kind = exports.Kind
    return exports.answer(
        file_format=exports.wanted(request) or exports.CSV,
        name=f"state-differences-{month:%Y-%m}",
        columns=[
            exports.Column(_("License")),
            exports.Column(_("Name")),
            exports.Column(_("Period from"), kind.DAY),
            exports.Column(_("Tax filed"), kind.MONEY),
            exports.Column(_("Paid"), kind.MONEY),
            exports.Column(_("Distributed"), kind.MONEY),
            exports.Column(_("Distributed less paid"), kind.MONEY),
        ],
        rows=[
            (
                each.license_number, each.name, each.period, each.returned_cents,
                each.paid_cents, each.shared_cents, each.difference_cents,
            )
            for each in beside.differences(month, kinds=kinds).rows
        ],
    )  # fmt: skip


def _files(month: datetime.date) -> list[queries.FileSeen]:
    found = list(queries.files(month=month))
    if not found:
        raise http.Http404(_("No file of the state is of this month."))
    return found
