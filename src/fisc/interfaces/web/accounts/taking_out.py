"""An account's lists as files: all of a list, not a page of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django import http
from django.utils.translation import gettext as _

from fisc.domain.utilities.queries import bills as utilities
from fisc.interfaces.web import exports
from fisc.interfaces.web.accounts import listing

_AT_A_TIME = 500


def bills(*, file_format: str, number: int, account_id: int) -> http.HttpResponseBase:
    """Return every bill of an account, the newest first."""
    kind = exports.Kind
    columns = (
        exports.Column(_("Bill")),
        exports.Column(_("Sent"), kind.DAY),
        exports.Column(_("From"), kind.DAY),
        exports.Column(_("Until before"), kind.DAY),
        exports.Column(_("Due"), kind.DAY),
        exports.Column(_("Amount"), kind.MONEY),
        exports.Column(_("Cancelled"), kind.YES_NO),
        exports.Column(_("Rebilled"), kind.YES_NO),
        exports.Column(_("Estimated"), kind.YES_NO),
    )
    rows = (
        (
            *(bill.number, bill.bill_day, bill.starts_on, bill.ends_before, bill.due_on),
            *(bill.total_cents, bill.is_cancelled, bill.is_rebill, bill.is_estimated),
        )
        for bill in _every_bill(account_id)
    )
    return exports.answer(
        file_format=file_format, name=f"bills-{number}", columns=columns, rows=rows
    )


def payments(
    *, file_format: str, number: int, made: Sequence[listing.PaymentRow]
) -> http.HttpResponseBase:
    """Return payments of an account as far as they concern it."""
    kind = exports.Kind
    columns = (
        exports.Column(_("Received"), kind.DAY),
        exports.Column(_("Way")),
        exports.Column(_("By")),
        exports.Column(_("Returned"), kind.YES_NO),
        exports.Column(_("Spent on")),
        exports.Column(_("To this account"), kind.MONEY),
    )
    rows = (
        (
            *(each.received_on, each.way, each.tenders),
            *(each.is_returned, each.spent_on, each.amount_cents),
        )
        for each in made
    )
    return exports.answer(
        file_format=file_format, name=f"payments-{number}", columns=columns, rows=rows
    )


def _every_bill(account_id: int) -> Iterator[utilities.BillSummary]:
    before = ""
    while True:
        page = listing.bills(account_id=account_id, before=before, limit=_AT_A_TIME)
        yield from page.rows
        if not page.older:
            return
        before = page.older
