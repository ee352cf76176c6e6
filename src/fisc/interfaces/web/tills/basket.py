"""The basket of a till: which accounts, and how much of each. It lives in the session."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
from collections.abc import Sequence
from typing import Final

from django import http

from fisc.domain.accounts import queries as accounts
from fisc.domain.receivables import queries as receivables

_LINES: Final = "till_basket"
_KEY: Final = "till_key"

#: What the field of an account's amount is called, before the account's id, and what that of the
#: balance is called that the cashier saw when the amount was typed.
FIELD: Final = "pays_"
SEEN: Final = "seen_"
#: The digits of the greatest id there can be, less one.
_ID_DIGITS_MAX: Final = 18
LINES_MAX: Final = 100


@dataclasses.dataclass(frozen=True)
class Line:
    """One account in the basket."""

    account_id: int
    number: int
    name: str
    balance_cents: int
    past_due_cents: int
    pays_cents: int


def add(request: http.HttpRequest, *, account_id: int, as_of: datetime.date) -> None:
    """Put an account in the basket for what it owes; once is enough."""
    kept = _kept(request)
    if str(account_id) not in kept:
        balance = receivables.account_balance(account_id, as_of=as_of)
        kept[str(account_id)] = max(balance.balance_cents, 0)
        request.session[_LINES] = kept


def set_amounts(request: http.HttpRequest, amounts: dict[int, int]) -> None:
    """Keep the amounts as they were typed."""
    kept = _kept(request)
    request.session[_LINES] = {
        account_id: amounts.get(int(account_id), cents) for account_id, cents in kept.items()
    }


def remove(request: http.HttpRequest, *, account_id: int) -> None:
    """Take an account out of the basket."""
    kept = _kept(request)
    kept.pop(str(account_id), None)
    request.session[_LINES] = kept


def empty(request: http.HttpRequest) -> None:
    """Forget the basket and its key: the payment is taken."""
    request.session.pop(_LINES, None)
    request.session.pop(_KEY, None)


def lines(request: http.HttpRequest, *, as_of: datetime.date) -> Sequence[Line]:
    """Return what is in the basket, with what each account owes now."""
    return [_line(int(account_id), cents, as_of) for account_id, cents in _kept(request).items()]


def posted_lines(data: http.QueryDict, *, as_of: datetime.date) -> Sequence[Line]:
    """Return the accounts that a posted form names, whether the basket still has them or not.

    A form that is sent again must mean what it meant the first time. Raises accounts.NoSuchAccount.
    """
    named = [name.removeprefix(FIELD) for name in data if name.startswith(FIELD)]
    return [_line(_id(each), 0, as_of) for each in named[:LINES_MAX]]


def _id(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) <= _ID_DIGITS_MAX):
        raise accounts.NoSuchAccount(f"“{written[:40]}” is no account.")
    return int(written)


def _line(account_id: int, pays_cents: int, as_of: datetime.date) -> Line:
    account = accounts.account(account_id=account_id, as_of=as_of)
    balance = receivables.account_balance(account_id, as_of=as_of)
    return Line(
        account_id=account_id,
        number=account.number,
        name=account.name,
        balance_cents=balance.balance_cents,
        past_due_cents=balance.past_due_cents,
        pays_cents=pays_cents,
    )


def key(request: http.HttpRequest) -> str:
    """Return the key of the payment to come; it makes a second sending harmless."""
    found: str = request.session.get(_KEY, "")
    if not found:
        found = f"till {secrets.token_hex(16)}"
        request.session[_KEY] = found
    return found


def _kept(request: http.HttpRequest) -> dict[str, int]:
    return dict(request.session.get(_LINES, {}))
