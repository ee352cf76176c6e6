"""Sharing an amount out to the cent, and what is still to be distributed of a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


class PartsAreNotWhole(ValueError):
    """The parts that funds receive of a basis do not make up its whole."""


@dataclass(frozen=True, slots=True)
class Law:
    """How one basis is shared out: parts by fund, of so many, and who takes odd cents."""

    basis: str
    whole: int
    # In the order of the city's list of funds, which settles ties.
    parts: Mapping[str, int]
    # Null where odd cents go to the funds whose fractions lost most.
    odd_cents: str | None


def check(law: Law) -> Law:
    """Return a law whose parts make up its whole. Raises PartsAreNotWhole."""
    if (given := sum(law.parts.values())) != law.whole:
        said = ", ".join(f"{fund} {parts}" for fund, parts in law.parts.items()) or "nobody"
        raise PartsAreNotWhole(
            f"The table of shares cuts the basis “{law.basis}” into {law.whole} parts and gives "
            f"{given} of them away ({said}). Correct the table; the parts make up the whole."
        )
    if law.odd_cents is not None and law.odd_cents not in law.parts:
        raise PartsAreNotWhole(
            f"The table of shares gives the odd cents of the basis “{law.basis}” to the fund "
            f"“{law.odd_cents}”, which receives no part of it. Name a fund that does."
        )
    return law


def shared(cents: int, law: Law) -> dict[str, int]:
    """Share an amount of whole cents out to funds; the shares always make up the amount.

    Fractions of a cent are cut off; the cents that this leaves go to the named fund, or one each
    to the funds whose fractions were the greatest, earlier ones in the list first. A negative
    amount is shared as the positive one. Raises PartsAreNotWhole.
    """
    check(law)
    if cents < 0:
        return {fund: -share for fund, share in shared(-cents, law).items()}
    shares = {fund: cents * parts // law.whole for fund, parts in law.parts.items()}
    left = cents - sum(shares.values())
    if law.odd_cents is not None:
        shares[law.odd_cents] += left
        return shares
    lost = sorted(law.parts, key=lambda fund: -(cents * law.parts[fund] % law.whole))
    for fund in lost[:left]:
        shares[fund] += 1
    return shares


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What an amount of a month is of: of which charge, on which basis, shared by which version."""

    # Of the table of shares.
    version_id: int
    charge: str
    basis: str


@dataclass(frozen=True, slots=True)
class Amount:
    """What was collected under one key, and the shares that make it up; whole cents."""

    key: Key
    collected_cents: int
    shares: Mapping[str, int]


def difference(target: Mapping[Key, Amount], done: Mapping[Key, Amount]) -> tuple[Amount, ...]:
    """Return what brings the amounts distributed so far to those that should be, in order.

    An amount under a key that no longer counts is taken back whole.
    """
    found = []
    for key in sorted({*target, *done}):
        shares: Counter[str] = Counter()
        cents = 0
        for amounts, sign in ((target, 1), (done, -1)):
            if key in amounts:
                cents += sign * amounts[key].collected_cents
                for fund, share in amounts[key].shares.items():
                    shares[fund] += sign * share
        moved = {fund: share for fund, share in shares.items() if share}
        if cents or moved:
            found.append(Amount(key, cents, moved))
    return tuple(found)
