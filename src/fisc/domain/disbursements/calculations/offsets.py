"""How credits are cut into what settles debts and what is paid out. No database."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Debt:
    """An open charge of the payee, on any account.

    `settled_first` is what the table says; `is_chosen`, that the payee wants it settled anyway.
    """

    item_id: int
    account_id: int
    code_id: int
    due_on: datetime.date | None
    open_cents: int
    days_past_due: int
    settled_first: bool
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Take:
    """What is to be taken of an open credit, in cents."""

    credit_item_id: int
    cents: int


@dataclass(frozen=True, slots=True)
class Used:
    """What of a take is put to one use: it settles debts, or is paid out."""

    credit_item_id: int
    cents: int
    is_offset: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What of one debt is settled."""

    debt: Debt
    cents: int


def days_past_due(due_on: datetime.date | None, *, on: datetime.date) -> int:
    """Return how many days after its due day a debt is; 0 before, and where it has none."""
    return 0 if due_on is None else max((on - due_on).days, 0)


def settled(cents: int, *, debts: Sequence[Debt]) -> tuple[Part, ...]:
    """Return what of an amount settles which debts.

    Those that the table brings first, the longest past due first, then by number; then those that
    the payee chose, in the same order.
    """
    parts: list[Part] = []
    for debt in sorted(
        (each for each in debts if each.settled_first or each.is_chosen),
        key=lambda each: (not each.settled_first, -each.days_past_due, each.item_id),
    ):
        part = min(cents, debt.open_cents)
        if part > 0:
            parts.append(Part(debt, part))
            cents -= part
    return tuple(parts)


def uses(takes: Sequence[Take], *, offset_cents: int) -> tuple[Used, ...]:
    """Return what of each take settles debts, the first ones first, and what of it is paid out."""
    found: list[Used] = []
    for take in takes:
        part = min(offset_cents, take.cents)
        offset_cents -= part
        found += [
            Used(take.credit_item_id, cents, is_offset)
            for cents, is_offset in ((part, True), (take.cents - part, False))
            if cents
        ]
    return tuple(found)


def given_back(cents: int, *, taken: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return what goes back to which account, of (account, cents taken) in order: last first."""
    back: list[tuple[int, int]] = []
    for account_id, taken_cents in reversed(taken):
        part = min(cents, taken_cents)
        if part:
            back.append((account_id, part))
            cents -= part
    return tuple(back)
