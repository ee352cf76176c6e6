"""Issuing calculated bills: bills, items and entries as columns, written in one transaction."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from fisc.basics import identifiers
from fisc.domain.accounts.operations import rows as accounts
from fisc.domain.ledger import calculations as books
from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables import queries as receivables
from fisc.domain.utilities import models
from fisc.domain.utilities.calculations import packs
from fisc.domain.utilities.calculations import postings as posting
from fisc.domain.utilities.calculations.facts import NONE, Numbers
from fisc.plumbing import bulk_copy, transactions

BILL_COUNTER = "bill"
_CHARGE_ITEM = 1

Ids = Callable[[str, int], Numbers]


class AlreadyIssued(Exception):
    """The bills of a chunk were issued before."""


class NotRegistered(Exception):
    """Bills go out only after their register has numbered and counted them."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What all rows of an issue carry."""

    cycle_id: int
    bill_day: datetime.date
    posting_day: datetime.date
    at: datetime.datetime
    run_id: int | None = None
    made_by_id: int | None = None
    rebills_id: int | None = None
    source_kind: ledger.SourceKind = ledger.SourceKind.BILL


@transactions.needs_transaction
def register_bills(*, run_id: int) -> Mapping[str, int]:
    """Number the calculated bills of a run, in the order of its chunks, and count them up.

    Asked again, it changes nothing. Returns bills, held, failed and total_cents.
    """
    chunks = list(
        models.CalculatedChunk.objects.select_for_update()
        .filter(run_id=run_id)
        .order_by("id")
        .defer("content")
    )
    waiting = [chunk for chunk in chunks if chunk.first_number is None and chunk.bills]
    count = sum(chunk.bills for chunk in waiting)
    first = accounts.draw_numbers(name=BILL_COUNTER, count=count) if count else 0
    for chunk in waiting:
        models.CalculatedChunk.objects.filter(pk=chunk.pk).update(first_number=first)
        first += chunk.bills
    return {
        "bills": sum(chunk.bills for chunk in chunks),
        "lines": sum(chunk.lines for chunk in chunks),
        "held": sum(chunk.held for chunk in chunks),
        "failed": sum(chunk.failed for chunk in chunks),
        "total_cents": sum(chunk.total_cents for chunk in chunks),
    }


@transactions.needs_transaction
def issue_chunk(
    *, run_id: int, chunk: int, cycle_id: int, bucket_from: int, posting_day: datetime.date,
    at: datetime.datetime,
) -> Mapping[str, int]:  # fmt: skip
    """Issue the bills that a run calculated for a cycle in a range of buckets.

    Their rows are numbered by run and chunk, so that a resumed run writes the same. Raises
    NotRegistered, AlreadyIssued, packs.PackIsDamaged.
    """
    kept = (
        models.CalculatedChunk.objects.select_for_update()
        .filter(run_id=run_id, cycle_id=cycle_id, bucket_from=bucket_from)
        .first()
    )
    if kept is None or not kept.bills:
        return {"bills": 0, "lines": 0, "total_cents": 0}
    if kept.first_number is None:
        raise NotRegistered(f"The bills of run {run_id} have no register yet. Register them first.")
    if kept.issued_chunk is not None:
        raise AlreadyIssued(f"Chunk {kept.issued_chunk} of run {run_id} issued these bills before.")
    content = bytes(kept.content)
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise packs.PackIsDamaged(f"The calculated bills of run {run_id} are damaged. Run it anew.")
    pack = packs.decoded(content)
    write(
        pack,
        ids=lambda _, count: identifiers.bulk_ids(run=run_id, chunk=chunk, count=count),
        first_number=kept.first_number,
        marks=Marks(
            cycle_id=cycle_id,
            bill_day=kept.bill_day,
            posting_day=posting_day,
            at=at,
            run_id=run_id,
        ),
    )
    models.CalculatedChunk.objects.filter(pk=kept.pk).update(issued_chunk=chunk)
    return {"bills": kept.bills, "lines": kept.lines, "total_cents": kept.total_cents}


@transactions.needs_transaction
def write(pack: packs.Pack, *, ids: Ids, first_number: int, marks: Marks) -> Numbers:
    """Write bills with their segments, lines, items and entries; returns the bills' ids."""
    bill_ids = ids("utilities_bill", pack.count)
    entry_ids = ids("ledger_journalentry", pack.count)
    write_entries(pack, bill_ids=bill_ids, entry_ids=entry_ids, marks=marks)
    write_items(pack, ids=ids, bill_ids=bill_ids, entry_ids=entry_ids, marks=marks)
    numbers = identifiers.BILL_NUMBERS.numbers(first=first_number, count=pack.count)
    bills = pack.bills
    bulk_copy.write_columns(
        table="utilities_bill",
        columns={
            "id": bill_ids,
            "number": numbers,
            "account_bucket": bills["account_bucket"],
            "account_id": bills["account_id"],
            "cycle_id": bulk_copy.Constant(marks.cycle_id),
            "bill_day": bulk_copy.Constant(marks.bill_day),
            "due_on": bills["due_on"],
            "starts_on": bills["starts_on"],
            "ends_before": bills["ends_before"],
            "total_cents": bills["total_cents"],
            "line_count": bills["line_count"],
            "estimated": bills["estimated"],
            "entry_id": entry_ids,
            "rebills_id": bulk_copy.Constant(marks.rebills_id),
            "run_id": bulk_copy.Constant(marks.run_id),
        },
    )
    segment_ids = ids("utilities_bill_segment", len(pack.segments["bill"]))
    _write_segments(pack, segment_ids=segment_ids, bill_ids=bill_ids)
    _write_lines(pack, segment_ids=segment_ids, bill_ids=bill_ids)
    return bill_ids


@transactions.needs_transaction
def write_entries(pack: packs.Pack, *, bill_ids: Numbers, entry_ids: Numbers, marks: Marks) -> None:
    """Write one balanced entry a bill, from its sums by charge."""
    chart = receivables.chart()
    rows = posting.postings(
        bill=pack.charges["bill"],
        charge_id=pack.charges["charge_id"],
        cents=pack.charges["amount_cents"],
        account_of_bill=pack.bills["account_id"],
        receivable_gl=_by_id(chart.receivable_gl_ids),
        revenue_gl=_by_id(chart.revenue_gl_ids),
    )
    bulk_copy.write_columns(
        table="ledger_journalentry",
        columns={
            "id": entry_ids,
            "posting_day": bulk_copy.Constant(marks.posting_day),
            "gl_period": bulk_copy.Constant(books.gl_period(marks.posting_day)),
            "kind": bulk_copy.Constant(int(ledger.EntryKind.CHARGE)),
            "source_kind": bulk_copy.Constant(int(marks.source_kind)),
            "source_id": bill_ids,
            "reverses_id": bulk_copy.Constant(None),
            "posting_count": rows.count,
            "made_by_id": bulk_copy.Constant(marks.made_by_id),
            "run_id": bulk_copy.Constant(marks.run_id),
            "made_at": bulk_copy.Constant(marks.at),
        },
    )
    bulk_copy.write_columns(
        table="ledger_posting",
        columns={
            "entry_id": entry_ids[rows.bill],
            "line_no": rows.line_no,
            "gl_account_id": rows.gl_account_id,
            "subledger_id": bulk_copy.Nullable(rows.subledger, rows.subledger == NONE),
            "amount_cents": rows.amount_cents,
        },
    )


def _by_id(known: Mapping[int, int]) -> Numbers:
    found = np.full(max(known, default=0) + 1, NONE, dtype=np.int64)
    for number, value in known.items():
        found[number] = value
    return found


@transactions.needs_transaction
def write_items(
    pack: packs.Pack, *, ids: Ids, bill_ids: Numbers, entry_ids: Numbers, marks: Marks
) -> None:
    """Write one item a bill and charge code, open as a whole."""
    bill = pack.charges["bill"]
    item_ids = ids("receivables_item", len(bill))
    shared: dict[str, bulk_copy.Written] = {
        "account_bucket": pack.bills["account_bucket"][bill],
        "account_id": pack.bills["account_id"][bill],
        "kind": bulk_copy.Constant(_CHARGE_ITEM),
        "code_id": pack.charges["charge_id"],
        "due_on": pack.bills["due_on"][bill],
    }
    bulk_copy.write_columns(
        table="receivables_item",
        columns={
            "id": item_ids,
            **shared,
            "amount_cents": pack.charges["amount_cents"],
            "arises_on": bulk_copy.Constant(marks.bill_day),
            "posting_day": bulk_copy.Constant(marks.posting_day),
            "entry_id": entry_ids[bill],
            "source_kind": bulk_copy.Constant(int(marks.source_kind)),
            "source_id": bill_ids[bill],
            "reverses_id": bulk_copy.Constant(None),
            "run_id": bulk_copy.Constant(marks.run_id),
        },
    )
    bulk_copy.write_columns(
        table="receivables_openitem",
        columns={"item_id": item_ids, **shared, "open_cents": pack.charges["amount_cents"]},
    )


def _write_segments(pack: packs.Pack, *, segment_ids: Numbers, bill_ids: Numbers) -> None:
    segments = pack.segments
    bill = segments["bill"]
    bulk_copy.write_columns(
        table="utilities_bill_segment",
        columns={
            "id": segment_ids,
            "bill_id": bill_ids[bill],
            "account_bucket": pack.bills["account_bucket"][bill],
            "account_id": pack.bills["account_id"][bill],
            "agreement_id": segments["agreement_id"],
            "starts_on": segments["starts_on"],
            "ends_before": segments["ends_before"],
            "usage_milli": segments["usage_milli"],
            "from_read_id": _nullable(segments["from_read"]),
            "to_read_id": _nullable(segments["to_read"]),
        },
    )


def _write_lines(pack: packs.Pack, *, segment_ids: Numbers, bill_ids: Numbers) -> None:
    lines = pack.lines
    line_no, _ = posting.numbered(lines["bill"], groups=pack.count)
    segment = lines["segment"]
    bulk_copy.write_columns(
        table="utilities_bill_line",
        columns={
            "bill_id": bill_ids[lines["bill"]],
            "line_no": line_no,
            "segment_id": bulk_copy.Nullable(segment_ids[segment], segment == NONE),
            "code_id": lines["code_id"],
            "amount_cents": lines["amount_cents"],
            "stage": lines["stage"],
            "block_id": lines["block_id"],
            "block_row": lines["block_row"],
        },
    )


def _nullable(column: Numbers) -> bulk_copy.Nullable:
    return bulk_copy.Nullable(column, column == NONE)
