"""Parties with accounts that have credits and debts, people who decide, and requisitions."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.disbursements.operations import deciding, preparing
from fisc.domain.receivables import queries as receivables
from fisc.plumbing import transactions
from fisc.plumbing.users import choices
from tests.factories import money, users

DAY = datetime.date(2026, 3, 10)
AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)

_counter = itertools.count(1)


def party(name: str = "Desert Grill LLC") -> int:
    """Add an organization and return its number."""
    with transactions.started():
        return accounts.add_party(name=name, at=AT, kind=account_choices.PartyKind.ORGANIZATION)


def account(
    party_id: int, kind: account_choices.AccountKind = account_choices.AccountKind.TAX
) -> int:
    """Open an account of a party and return its internal number."""
    with transactions.started():
        opened = accounts.open_account(
            kind=kind,
            party_id=party_id,
            name="Desert Grill LLC",
            mailing=accounts.Mailing("1 Mesquite Way", "Mesquite Springs", "FL", "00001"),
            opened_on=datetime.date(2024, 1, 1),
            at=AT,
        )
        accounts.make_searchable(account_id=opened.account_id, premise_id=None)
        return opened.account_id


def credit(account_id: int, cents: int) -> int:
    """Have an account paid for nothing and return the credit's item."""
    money.pay({account_id: cents}, day=DAY)
    return max(each.item_id for each in receivables.open_items(account_id) if each.kind == 2)


def person(username: str, *groups: choices.GroupName) -> int:
    """Make someone of the office."""
    return users.person(username, *(groups or (choices.GroupName.SUPERVISOR,)))


def asked(
    takes: Sequence[tuple[int, int]],
    *,
    purpose: str = "tax_credit",
    was_asked_for: bool = True,
    payee: preparing.Payee | None = None,
) -> preparing.Asked:
    """Return what somebody asks: (credit, cents) pairs."""
    return preparing.Asked(
        takes=tuple(preparing.Take(*each) for each in takes),
        purpose=purpose,
        w9_on_file=True,
        was_asked_for=was_asked_for,
        why="The holder asked by letter.",
        payee=payee,
    )


def prepared(
    takes: Sequence[tuple[int, int]], *, by: int, key: str = "", was_asked_for: bool = True
) -> preparing.Prepared:
    """Prepare a requisition."""
    return preparing.prepare(
        key=key or f"refund/{next(_counter)}",
        asked=asked(takes, was_asked_for=was_asked_for),
        on=DAY,
        by_id=by,
        at=AT,
    )


def by(user_id: int, why: str = "") -> deciding.By:
    """Say who decides."""
    return deciding.By(user_id=user_id, on=DAY, at=AT, why=why)
