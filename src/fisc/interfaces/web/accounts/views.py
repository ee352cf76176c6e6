"""The account page: who, what is open, what was billed, paid and used."""

from __future__ import annotations

import datetime
from typing import Any

from django import http, shortcuts
from django.utils import timezone

from fisc.domain.utilities.queries import bills as utilities
from fisc.interfaces.web import doors, exports, languages
from fisc.interfaces.web.accounts import head, listing, taking_out, usage
from fisc.interfaces.web.letters import showing as letters
from fisc.plumbing.users import permissions

BILLS_SHOWN = 25
HISTORY_SHOWN = 25
# Thirteen months, so that the same month of last year stands beside this one.
USAGE_DAYS = 13 * 31


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="account")
def summary(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show what is open, the latest bill, and what was used."""
    today = timezone.localdate()
    found = head.of_account(number, as_of=today)
    account_id = found.account.account_id
    return _render(
        request,
        "summary",
        found,
        open_items=listing.open_items(
            account_id=account_id, as_of=today, language=languages.current()
        ),
        open_cents=found.balance.balance_cents,
        last_bill=next(iter(utilities.bills_of(account_id=account_id, limit=1)), None),
        usages=usage.pictures(
            account_id=account_id,
            since=today - datetime.timedelta(days=USAGE_DAYS),
            language=languages.current(),
        ),
        letters=letters.to_account(request, account_id),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="account")
def bills(request: http.HttpRequest, number: int) -> http.HttpResponseBase:
    """List the bills, the newest first."""
    found = head.of_account(number, as_of=timezone.localdate())
    if file_format := exports.wanted(request):
        return taking_out.bills(
            file_format=file_format, number=number, account_id=found.account.account_id
        )
    page = listing.bills(
        account_id=found.account.account_id,
        before=request.GET.get("before", ""),
        limit=BILLS_SHOWN,
    )
    return _render(request, "bills", found, bills=page.rows, older=page.older)


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="account")
def payments(request: http.HttpRequest, number: int) -> http.HttpResponseBase:
    """List the latest payments, with what they were spent on; as a file, all of them."""
    found = head.of_account(number, as_of=timezone.localdate())
    file_format = exports.wanted(request)
    made = listing.payments(
        account_id=found.account.account_id,
        language=languages.current(),
        limit=None if file_format else listing.PAYMENTS_SHOWN,
    )
    if file_format:
        return taking_out.payments(file_format=file_format, number=number, made=made)
    return _render(request, "payments", found, payments=made)


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="account")
def services(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """List the services, those that go on first."""
    today = timezone.localdate()
    found = head.of_account(number, as_of=today)
    return _render(
        request,
        "services",
        found,
        services=utilities.services_of(
            account_id=found.account.account_id, as_of=today, language=languages.current()
        ),
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="account")
def history(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """List everything that moved the balance, with the balance after each."""
    found = head.of_account(number, as_of=timezone.localdate())
    page = listing.history(
        account_id=found.account.account_id,
        before=request.GET.get("before", ""),
        limit=HISTORY_SHOWN,
    )
    return _render(request, "history", found, history=page.rows, older=page.older)


def _render(
    request: http.HttpRequest, tab: str, found: head.Head, **shown: Any
) -> http.HttpResponse:
    return shortcuts.render(request, f"accounts/{tab}.html", {"head": found, "tab": tab, **shown})
