"""The steps that close the days before a run: the proofs and the seals."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from fisc.domain.cashiering import queries as cashiering
from fisc.domain.ledger import operations as ledger
from fisc.domain.ledger import queries as books
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions
from fisc.plumbing.runs import engine, pieces
from fisc.processes.daily_runs import invariants

ONE_DAY = datetime.timedelta(days=1)
EVIDENCE_SHOWN = 20


def prove_invariants(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Prove the seven invariants; raises engine.TotalsDiffer with the evidence when one fails.

    Nothing is kept of a failed proof, so that the same command proves again once it is mended.
    """
    found = invariants.findings(as_of=chunk.posting_day)
    broken = [finding for finding in found if not finding.holds]
    if broken:
        raise engine.TotalsDiffer(
            " ".join(
                f"Invariant {finding.number} does not hold ({finding.name}): "
                f"{'; '.join(finding.evidence[:EVIDENCE_SHOWN])}"
                for finding in broken
            )
        )
    return {"proved": len(found)}


def seal_days_before(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Seal the days before the run's, up to the first with a till that was not closed."""
    through = chunk.posting_day - ONE_DAY
    left_open = cashiering.tills_left_open(before=chunk.posting_day)
    if left_open:
        through = min(through, min(till.posting_day for till in left_open) - ONE_DAY)
        _ask_to_close(chunk, left_open)
    last = books.last_seal()
    if last is None and not books.open_days():
        return {"sealed": 0, "left_open": len(left_open)}
    if last is None or last.posting_day < through:
        ledger.seal_days(through=through, at=chunk.instant)
    # Counted from the seals: some may be of this run before it was killed.
    sealed = [seal for seal in books.seals() if seal.sealed_at == chunk.instant]
    return {"sealed": len(sealed), "left_open": len(left_open)}


@transactions.starts_transaction
def _ask_to_close(chunk: pieces.ClaimedChunk, left_open: Sequence[cashiering.Till]) -> None:
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind="run",
                reason="a till was not closed",
                cause_key=f"till {till.till_id} left open",
                subject_kind="till",
                subject_id=till.till_id,
                due_on=chunk.posting_day,
                urgency=2,
                detail={
                    "words": f"Till {till.name} of {till.posting_day} is not closed. Count and "
                    "close it; the next run seals its day and those after it."
                },
            )
            for till in left_open
        ],
        at=chunk.instant,
        posting_day=chunk.posting_day,
        run_id=chunk.run_id,
        chunk=chunk.number,
    )
