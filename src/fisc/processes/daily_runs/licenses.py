"""The step that renews what was paid, lapses what is over, and tells holders of what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fisc.domain.licensing.operations import renewing
from fisc.domain.licensing.queries import licenses
from fisc.plumbing.runs import engine, pieces


def cut_licenses(_: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut all licenses into ranges by their accounts; a city that has none has no piece."""
    count = licenses.count()
    return pieces.bucket_ranges(accounts=count) if count else []


def renew(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Do the day's renewals of a range."""
    return renewing.renew_chunk(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        of=renewing.Of(
            run_id=chunk.run_id,
            chunk=chunk.number,
            posting_day=chunk.posting_day,
            at=chunk.instant,
        ),
    )
