"""The seven invariants in one list: what must hold at all times, proved every night.

The morning board shows the same list. Each subject offers its own proofs; none of them trusts the
operations that wrote the rows.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence

from fisc.domain.cashiering import queries as cashiering
from fisc.domain.disbursements.queries import proofs as requisitions
from fisc.domain.ledger import queries as ledger
from fisc.domain.payments import queries as payments
from fisc.domain.receivables import queries as receivables
from fisc.domain.utilities.queries import proofs as bills
from fisc.domain.utilities.queries import reads
from fisc.plumbing import database

# A night's sample; `broken_lines` with no count replays every bill there is.
BILLS_REPLAYED = 100

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


def _now(proof: Callable[[], Sequence[str]]) -> Proof:
    """Turn a proof of the books as they are now into one that is told the day."""
    return lambda _: proof()


def _lines_replay(as_of: datetime.date) -> Sequence[str]:
    """Replay the lines of some bills: others each day, the same ones when a day is proved again."""
    return bills.broken_lines(seed=as_of.toordinal(), count=BILLS_REPLAYED)


INVARIANTS: Sequence[Invariant] = (
    Invariant(
        number=1,
        name="The books balance",
        words="Every entry sums to zero, and so does the trial balance.",
        proofs=(_now(ledger.broken_entries), ledger.broken_trial_balance),
    ),
    Invariant(
        number=2,
        name="Control accounts equal their items",
        words="What the books say is receivable, and what is unapplied credit, is the sum of "
        "the open items; what is payable of a refund is what was approved.",
        proofs=(
            _now(receivables.broken_control_accounts),
            _now(requisitions.broken_requisitions),
        ),
    ),
    Invariant(
        number=3,
        name="Cash equals tenders",
        words="What the books say of cash, checks and cards is what tills and payments took; "
        "every till's receipts are there, none left out.",
        proofs=(_now(payments.broken_tenders_in_books), _now(cashiering.broken_tills)),
    ),
    Invariant(
        number=4,
        name="Nothing is settled twice",
        words="No charge is settled beyond its amount, no tender beyond what was given, and "
        "what is open is what was not settled.",
        proofs=(_now(receivables.broken_open_items), _now(payments.broken_payments)),
    ),
    Invariant(
        number=5,
        name="Bills are what their tables say",
        words="Every bill is the sum of its lines and of its charges; lines replayed under their "
        "versions come out the same.",
        proofs=(_now(bills.broken_bills), _lines_replay),
    ),
    Invariant(
        number=6,
        name="Sealed days are as they were sealed",
        words="Each sealed day's hash still verifies.",
        proofs=(_now(ledger.broken_seals),),
    ),
    Invariant(
        number=7,
        name="Counts in equal counts out",
        words="The rows of every file were posted or refused, none lost.",
        proofs=(_now(reads.broken_read_files),),
    ),
)


def findings(*, as_of: datetime.date) -> Sequence[Finding]:
    """Prove every invariant now and return what was found, in order."""
    with database.grouped_by_sorting():
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
