"""Sums over lines of an entry, and the bytes that a seal is the hash of."""

from __future__ import annotations

import datetime
import hashlib
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

# In columns: a line of no subledger account.
NO_SUBLEDGER = -1
_FIRST_DAY = datetime.date(2000, 1, 1)
_NO_HASH = bytes(32)

# Widths of what is hashed, in order; docs/sealing.md names each field.
ENTRY_WIDTHS = (8, 4, 2, 2, 8, 8, 2, 8, 4, 8)
POSTING_WIDTHS = (8, 2, 4, 8, 8)

_COPY_HEADER_BYTES = 19
_BYTES_A_PIECE = 1 << 22


class Line(NamedTuple):
    """One posting to be: debit positive, credit negative."""

    gl_account_id: int
    amount_cents: int
    subledger_id: int | None = None


def gl_period(posting_day: datetime.date) -> int:
    """Return year and month, as 202603, of the calendar month that a posting day belongs to.

    Not a fiscal period: which year a month counts to is the city's to say
    (`fiscal_year_starts_in_month`) and could change, while this is sealed with its entry.
    """
    return posting_day.year * 100 + posting_day.month


def netted(lines: Iterable[Line]) -> list[Line]:
    """Return lines with one for each GL account and subledger account, none of them zero."""
    sums: Counter[tuple[int, int | None]] = Counter()
    for gl_account_id, amount_cents, subledger_id in lines:
        sums[gl_account_id, subledger_id] += amount_cents
    return [
        Line(gl_account_id, amount_cents, subledger_id)
        for (gl_account_id, subledger_id), amount_cents in sums.items()
        if amount_cents
    ]


@dataclass(frozen=True, slots=True)
class LineColumns:
    """Lines of many entries, those of each together and numbered from 1; NO_SUBLEDGER has none."""

    entry: Numbers
    line_no: Numbers
    gl_account_id: Numbers
    subledger_id: Numbers
    amount_cents: Numbers
    # By entry.
    count: Numbers


def netted_columns(
    *, entry: Numbers, gl_account_id: Numbers, subledger_id: Numbers, cents: Numbers, entries: int
) -> LineColumns:
    """Return the same as `netted`, for the lines of many entries at once.

    `entry` is the place of each line's entry among `entries` of them.
    """
    order = np.lexsort((subledger_id, gl_account_id, entry))
    keys = np.stack((entry, gl_account_id, subledger_id))[:, order]
    starts = np.ones(len(order), dtype=np.bool_)
    starts[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    firsts = np.flatnonzero(starts)
    sums = np.add.reduceat(cents[order], firsts) if len(firsts) else cents[order]
    moves = sums != 0
    of, gl_ids, subledgers = keys[:, firsts[moves]]
    count = np.bincount(of, minlength=entries)
    line_no = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count) + 1
    return LineColumns(of, line_no, gl_ids, subledgers, sums[moves], count)


def day_number(day: datetime.date) -> int:
    """Return the days from 2000-01-01 to a day, as PostgreSQL counts them."""
    return (day - _FIRST_DAY).days


@dataclass(slots=True)
class SealBytes:
    """The hash of one day's books, fed row by row in the order of docs/sealing.md."""

    posting_day: datetime.date
    previous_hash: bytes = _NO_HASH
    entry_count: int = 0
    posting_count: int = 0
    _hash: hashlib._Hash = field(init=False)

    def __post_init__(self) -> None:
        self._hash = hashlib.sha256(
            struct.pack(">8sii", b"FISCSEAL", 1, day_number(self.posting_day)) + self.previous_hash
        )

    def add_entries(self, copied: Iterable[bytes]) -> None:
        """Take in the day's entries as binary COPY sends them."""
        self.entry_count += self._add(copied, ENTRY_WIDTHS)

    def add_postings(self, copied: Iterable[bytes]) -> None:
        """Take in the day's postings as binary COPY sends them."""
        self.posting_count += self._add(copied, POSTING_WIDTHS)

    def finished(self, *, debit_cents: int) -> bytes:
        """Return the hash, closed with the counts and the sum of debits."""
        closing = self._hash.copy()
        closing.update(struct.pack(">qqq", self.entry_count, self.posting_count, debit_cents))
        return closing.digest()

    def _add(self, copied: Iterable[bytes], widths: tuple[int, ...]) -> int:
        kept = _places_of_values(widths)
        stride = int(kept[-1]) + 1
        count = 0
        waiting = bytearray()
        to_skip = _COPY_HEADER_BYTES
        for block in copied:
            waiting += block
            if len(waiting) >= _BYTES_A_PIECE:
                count += self._add_rows(waiting, to_skip, stride, kept)
                to_skip = 0
        return count + self._add_rows(waiting, to_skip, stride, kept)

    def _add_rows(
        self, waiting: bytearray, to_skip: int, stride: int, kept: npt.NDArray[np.intp]
    ) -> int:
        rows = (len(waiting) - to_skip) // stride
        stop = to_skip + rows * stride
        matrix = np.frombuffer(bytes(waiting[to_skip:stop]), dtype=np.uint8).reshape(rows, stride)
        self._hash.update(matrix[:, kept].tobytes())
        del waiting[:stop]
        return rows


def _places_of_values(widths: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """Return where in a copied row the values lie: after its count, each after its length."""
    places: list[int] = []
    at = 2
    for width in widths:
        at += 4
        places.extend(range(at, at + width))
        at += width
    return np.array(places, dtype=np.intp)
