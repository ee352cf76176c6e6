"""The seven invariants in one list: what must hold at all times, proved every night.

The morning board shows the same list. Each subject offers its own proofs; none of them trusts the
operations that wrote the rows.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence

from fisc.domain.ledger import queries as ledger

# Gives what is wrong, in words, for the books as they are; nothing when the invariant holds.
Proof = Callable[[datetime.date], Sequence[str]]


@dataclasses.dataclass(frozen=True)
class Invariant:
    """One thing that must hold, in words, and its proofs."""

    number: int
    name: str
    words: str
    proofs: Sequence[Proof]


@dataclasses.dataclass(frozen=True)
class Finding:
    """An invariant as it was found."""

    number: int
    name: str
    words: str
    holds: bool
    evidence: Sequence[str]


def _entries_balance(_: datetime.date) -> Sequence[str]:
    return ledger.broken_entries()


def _seals_verify(_: datetime.date) -> Sequence[str]:
    return ledger.broken_seals()


INVARIANTS: Sequence[Invariant] = (
    Invariant(
        number=1,
        name="The books balance",
        words="Every entry sums to zero, and so does the trial balance.",
        proofs=(_entries_balance, ledger.broken_trial_balance),
    ),
    Invariant(
        number=6,
        name="Sealed days are as they were sealed",
        words="Each sealed day's hash still verifies.",
        proofs=(_seals_verify,),
    ),
)


def findings(*, as_of: datetime.date) -> Sequence[Finding]:
    """Prove every invariant now and return what was found, in order."""
    return [_found(invariant, as_of=as_of) for invariant in INVARIANTS]


def _found(invariant: Invariant, *, as_of: datetime.date) -> Finding:
    evidence = [words for proof in invariant.proofs for words in proof(as_of)]
    return Finding(
        number=invariant.number,
        name=invariant.name,
        words=invariant.words,
        holds=not evidence,
        evidence=evidence,
    )
