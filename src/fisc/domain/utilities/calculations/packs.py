"""Calculated bills as rows to be written, and as bytes to be kept until they are issued."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars

from fisc.domain.utilities.calculations import bills
from fisc.domain.utilities.calculations.facts import NONE, Flags, Numbers

Columns = Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class Pack:
    """Bills, segments, lines and sums by charge; `bill` is a place among the bills."""

    bills: Columns
    segments: Columns
    lines: Columns
    charges: Columns

    @property
    def count(self) -> int:
        """Return how many bills there are."""
        return len(self.bills["account_id"])


class PackIsDamaged(Exception):
    """The bytes of calculated bills are not those that were written."""


def packed(
    calculated: bills.Calculated, *, kept: Flags, due_on: Numbers, charge_ids: Numbers,
    block_ids: Numbers,
) -> Pack:  # fmt: skip
    """Return the rows of the bills to be kept; `block_ids` has each evaluation's block."""
    agreements = calculated.facts.agreements
    place = np.cumsum(kept) - 1
    of_row = kept[calculated.bill_of_row]
    segment_place = np.cumsum(of_row) - 1
    lines = calculated.lines
    of_line = kept[lines.bill]
    line_bill = place[lines.bill[of_line]]
    agreement = lines.agreement[of_line]
    line_count = np.zeros(int(kept.sum()), dtype=np.int64)
    np.add.at(line_count, line_bill, 1)
    starts_on, ends_before, estimated = _periods(calculated)
    first_row = calculated.first_row[kept]
    return Pack(
        bills={
            "account_id": agreements.account_id[first_row],
            "account_bucket": agreements.account_bucket[first_row],
            "starts_on": starts_on[kept],
            "ends_before": ends_before[kept],
            "total_cents": calculated.total_cents[kept],
            "line_count": line_count,
            "estimated": estimated[kept],
            "due_on": due_on[kept],
        },
        segments={
            "bill": place[calculated.bill_of_row[of_row]],
            "agreement_id": agreements.agreement_id[of_row],
            "starts_on": agreements.starts_on[of_row],
            "ends_before": agreements.ends_before[of_row],
            "usage_milli": _usage(calculated)[of_row],
            "from_read": agreements.from_read[of_row],
            "to_read": agreements.to_read[of_row],
        },
        lines={
            "bill": line_bill,
            "segment": np.where(agreement == NONE, NONE, segment_place[agreement]),
            "code_id": lines.code_id[of_line],
            "amount_cents": lines.amount_cents[of_line],
            "stage": lines.stage[of_line],
            "block_id": block_ids[lines.evaluation[of_line]],
            "block_row": lines.evaluation_row[of_line],
        },
        charges=_charges(line_bill, charge_ids[lines.charge[of_line]], lines.amount_cents[of_line]),
    )


def sums_by_charge(calculated: bills.Calculated, *, charges: int) -> Numbers:
    """Return what each bill has of each charge: a matrix of bills by charges."""
    sums = np.zeros((len(calculated.total_cents), charges), dtype=np.int64)
    lines = calculated.lines
    np.add.at(sums, (lines.bill, lines.charge), lines.amount_cents)
    return sums


def _charges(bill: Numbers, charge_id: Numbers, cents: Numbers) -> Columns:
    """Sum lines by bill and charge, in the order of the bills; sums of zero are no item."""
    keys, place = np.unique(bill << 32 | charge_id, return_inverse=True)
    sums = np.zeros(len(keys), dtype=np.int64)
    np.add.at(sums, place, cents)
    moves = sums != 0
    return {
        "bill": keys[moves] >> 32,
        "charge_id": keys[moves] & 0xFFFF_FFFF,
        "amount_cents": sums[moves],
    }


def _periods(calculated: bills.Calculated) -> tuple[Numbers, Numbers, Numbers]:
    agreements, of_row = calculated.facts.agreements, calculated.bill_of_row
    count = len(calculated.total_cents)
    starts_on = np.full(count, np.iinfo(np.int64).max, dtype=np.int64)
    ends_before = np.zeros(count, dtype=np.int64)
    estimated = np.zeros(count, dtype=np.int64)
    np.minimum.at(starts_on, of_row, agreements.starts_on)
    np.maximum.at(ends_before, of_row, agreements.ends_before)
    np.maximum.at(estimated, of_row, agreements.is_estimated)
    return starts_on, ends_before, estimated


def _usage(calculated: bills.Calculated) -> Numbers:
    facts = calculated.facts
    usage = np.zeros(len(facts.agreements), dtype=np.int64)
    np.add.at(usage, facts.intervals.row, facts.intervals.usage)
    return usage


_TABLES = ("bills", "segments", "lines", "charges")


def encoded(pack: Pack) -> bytes:
    """Return a pack as bytes: four compressed Arrow tables, each after its length."""
    pieces = []
    for name in _TABLES:
        buffer = io.BytesIO()
        columns: Columns = getattr(pack, name)
        frame = polars.DataFrame({key: np.asarray(column) for key, column in columns.items()})
        frame.write_ipc(buffer, compression="zstd")
        pieces.append(len(buffer.getvalue()).to_bytes(8, "big") + buffer.getvalue())
    return b"".join(pieces)


def decoded(content: bytes) -> Pack:
    """Read a pack. Raises PackIsDamaged."""
    tables = []
    start = 0
    for _ in _TABLES:
        length = int.from_bytes(content[start : start + 8], "big")
        piece = content[start + 8 : start + 8 + length]
        start += 8 + length
        try:
            frame = polars.read_ipc(io.BytesIO(piece))
        except Exception as problem:
            raise PackIsDamaged(f"Calculated bills cannot be read: {problem}") from problem
        tables.append({name: frame[name].to_numpy().astype(np.int64) for name in frame.columns})
    return Pack(*tables)
