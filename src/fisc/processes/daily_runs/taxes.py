"""The steps of tax: what lateness costs is charged, and returns that did not come are found."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.operations import (
    assessing,
    bonding,
    nonfilers,
    reckoning_in_bulk,
)
from fisc.plumbing.runs import engine, pieces, queries


def cut_accounts(run: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut all accounts into ranges, and say since when what was settled is to be looked at."""
    since = _day_before(run.posting_day)
    return pieces.bucket_ranges(accounts=accounts.open_count(), subject={"since": f"{since}"})


def charge_lateness(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Charge what lateness of a range's tax costs by the posting day."""
    return reckoning_in_bulk.bring_chunk_up_to_date(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        since=datetime.date.fromisoformat(chunk.subject["since"]),
        of=reckoning_in_bulk.Of(
            run_id=chunk.run_id,
            chunk=chunk.number,
            posting_day=chunk.posting_day,
            at=chunk.instant,
        ),
    )


def cut_all_accounts(_: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut all accounts into ranges."""
    return pieces.bucket_ranges(accounts=accounts.open_count())


def find_missing(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Note returns that did not come in time, propose estimates, warn of bonds that end."""
    found = nonfilers.find_chunk(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        of=nonfilers.Of(
            run_id=chunk.run_id,
            chunk=chunk.number,
            posting_day=chunk.posting_day,
            at=chunk.instant,
        ),
    )
    ending = bonding.warn_chunk(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        of=nonfilers.Of(
            run_id=chunk.run_id,
            chunk=chunk.number,
            posting_day=chunk.posting_day,
            at=chunk.instant,
        ),
    )
    proposed = assessing.propose_chunk(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        on=chunk.posting_day,
        at=chunk.instant,
    )
    return {**found, **ending, "assessments_proposed": proposed}


def _day_before(day: datetime.date) -> datetime.date:
    """Return the last day that a run was begun for; its own payments may have come after it."""
    before = [each.posting_day for each in queries.latest_runs() if each.posting_day < day]
    return max(before, default=datetime.date.min)
