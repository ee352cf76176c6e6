"""What is written to the subledger, and which open charges an amount settles."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose books, from what, by whom and when: what every entry is marked with."""

    posting_day: datetime.date
    source_kind: int
    source_id: int
    made_by_id: int | None
    made_at: datetime.datetime
    run_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charge, or a credit, to be."""

    account_id: int
    code_id: int
    amount_cents: int
    arises_on: datetime.date
    due_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class Written:
    """What one write made: its entry, and its items in the order they were asked for."""

    entry_id: int
    item_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item to be written, and how much of it is open from the start."""

    charge: Charge
    kind: int
    open_cents: int
    reverses_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Part of a credit that settles a charge; either is there already or is the nth new item."""

    account_id: int
    item_id: int | None
    credit_id: int | None
    credit_ordinal: int | None
    cents: int
    charge_ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class LockedItem:
    """An item as it stands under its lock."""

    item_id: int
    account_id: int
    kind: int
    code_id: int
    open_cents: int
    amount_cents: int
    arises_on: datetime.date
    is_reversed: bool


class OpenCharge(NamedTuple):
    """A charge that is not settled yet."""

    item_id: int
    account_id: int
    code_id: int
    due_on: datetime.date | None
    open_cents: int


class Part(NamedTuple):
    """What of one charge is settled."""

    charge: OpenCharge
    cents: int


Priority = Callable[[OpenCharge], int]


def in_order(charges: Sequence[OpenCharge], *, priority: Priority) -> list[OpenCharge]:
    """Return charges as they are settled: highest priority first, then oldest due day, then id.

    A charge without a due day is due at once.
    """
    return sorted(
        charges,
        key=lambda charge: (
            -priority(charge),
            charge.due_on or datetime.date.min,
            charge.item_id,
        ),
    )


def settled_by(cents: int, *, charges: Sequence[OpenCharge]) -> list[Part]:
    """Return how an amount settles charges in their order; together never more than either."""
    parts: list[Part] = []
    for charge in charges:
        if cents == 0:
            break
        part_cents = min(cents, charge.open_cents)
        if part_cents:
            parts.append(Part(charge, part_cents))
            cents -= part_cents
    return parts


@dataclass(frozen=True, slots=True)
class PartColumns:
    """What of each charge is settled: rows of payments and of charges, and cents."""

    payment_rows: Numbers
    charge_rows: Numbers
    cents: Numbers


def settled_in_columns(
    *,
    payment_accounts: Numbers,
    payment_cents: Numbers,
    charge_accounts: Numbers,
    charge_cents: Numbers,
) -> PartColumns:
    """Return the same as `settled_by`, for one payment an account and many accounts at once.

    Payments come by account; charges by account, and on each account in the order they are
    settled.
    """
    payment_of = np.searchsorted(payment_accounts, charge_accounts)
    payment_of = np.minimum(payment_of, max(len(payment_accounts) - 1, 0))
    rows = np.flatnonzero(payment_accounts[payment_of] == charge_accounts)
    payment_of = payment_of[rows]
    open_cents = charge_cents[rows]
    before = np.cumsum(open_cents) - open_cents
    firsts = np.searchsorted(payment_of, payment_of)
    before_on_account = before - before[firsts]
    cents = np.clip(payment_cents[payment_of] - before_on_account, 0, open_cents)
    some = cents > 0
    return PartColumns(payment_of[some], rows[some], cents[some])


@dataclass(frozen=True, slots=True)
class SpentColumns:
    """What of each credit settles what charge: rows of credits and of charges, and cents."""

    credit_rows: Numbers
    charge_rows: Numbers
    cents: Numbers


def spent_in_columns(
    *,
    credit_accounts: Numbers,
    credit_cents: Numbers,
    charge_accounts: Numbers,
    charge_cents: Numbers,
) -> SpentColumns:
    """Return how the credits of many accounts settle their charges, one after the other.

    Both come by account and, on each, in the order they are spent and settled, none of nothing:
    `settled_by` again for each credit, with what is left. An account's credits laid end to end lie
    over its charges laid end to end; what two have in common, the one settles of the other.
    """
    accounts = np.intersect1d(credit_accounts, charge_accounts)
    credit_rows = np.flatnonzero(np.isin(credit_accounts, accounts))
    charge_rows = np.flatnonzero(np.isin(charge_accounts, accounts))
    if not len(accounts):
        return SpentColumns(credit_rows, charge_rows, charge_rows)
    sides = [
        (np.searchsorted(accounts, of[rows]), cents[rows])
        for of, cents, rows in (
            (credit_accounts, credit_cents, credit_rows),
            (charge_accounts, charge_cents, charge_rows),
        )
    ]
    both = np.minimum(*(_sums(place, cents, len(accounts)) for place, cents in sides))
    credit_ends, charge_ends = (_ends(place, cents, both) for place, cents in sides)
    edges = np.unique(np.concatenate((credit_ends, charge_ends)))
    return SpentColumns(
        credit_rows[np.searchsorted(credit_ends, edges)],
        charge_rows[np.searchsorted(charge_ends, edges)],
        np.diff(edges, prepend=0),
    )


def _sums(place: Numbers, cents: Numbers, count: int) -> Numbers:
    sums: Numbers = np.add.reduceat(cents, np.searchsorted(place, np.arange(count)))
    return sums


def _ends(place: Numbers, cents: Numbers, both: Numbers) -> Numbers:
    """Where each ends when all accounts stand end to end, each as long as what it can settle."""
    ends = np.cumsum(cents)
    starts = (ends - cents)[np.searchsorted(place, np.arange(len(both)))]
    own: Numbers = np.minimum(ends - starts[place], both[place])
    return own + (np.cumsum(both) - both)[place]
