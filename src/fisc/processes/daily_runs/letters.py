"""The step that writes letters about what was told, lapsed, missing, assessed and corrected."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from fisc.domain.accounts import queries as accounts
from fisc.plumbing.runs import engine, pieces, queries
from fisc.processes.letters import writing


def cut_accounts(run: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut all accounts into ranges, and say since when what was told is to be written of.

    From the day of the run before, as renewals may have been done by themselves after it; the
    first run of a city writes of its own day alone.
    """
    before = [
        each.posting_day for each in queries.latest_runs() if each.posting_day < run.posting_day
    ]
    since = max(before, default=run.posting_day)
    return pieces.bucket_ranges(accounts=accounts.open_count(), subject={"since": f"{since}"})


def write(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Write the letters of a range."""
    return writing.write_chunk(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        since=datetime.date.fromisoformat(chunk.subject["since"]),
        on=chunk.posting_day,
        at=chunk.instant,
    )
