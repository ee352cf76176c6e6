"""What a step is cut into, and what the work on one piece is told."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

BUCKETS = 4096
ACCOUNTS_A_CHUNK = 20_000

# A chunk's work is given the chunk and returns its counts and sums, by name.
Work = Callable[["ClaimedChunk"], Mapping[str, int]]


@dataclasses.dataclass(frozen=True)
class Piece:
    """A range of buckets, and what it is about besides (a cycle, a file)."""

    bucket_from: int = 0
    bucket_before: int = BUCKETS
    subject: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class ClaimedChunk:
    """A chunk that is locked in the open transaction, with what all its rows carry."""

    run_id: int
    number: int
    bucket_from: int
    bucket_before: int
    subject: Mapping[str, Any]
    posting_day: datetime.date
    instant: datetime.datetime
    city: str


def bucket_ranges(*, accounts: int, subject: Mapping[str, Any] | None = None) -> Sequence[Piece]:
    """Cut the buckets into even ranges of about twenty thousand accounts each."""
    about = dict(subject or {})
    return [
        Piece(bucket_from=start, bucket_before=end, subject=about)
        for start, end in even_ranges(math.ceil(accounts / ACCOUNTS_A_CHUNK))
    ]


def even_ranges(count: int) -> Sequence[tuple[int, int]]:
    """Cut the buckets into so many even ranges, at least one: the first of each, and the next."""
    count = min(BUCKETS, max(1, count))
    cuts = [BUCKETS * index // count for index in range(count + 1)]
    return list(itertools.pairwise(cuts))
