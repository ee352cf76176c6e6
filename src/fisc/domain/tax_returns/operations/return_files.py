"""Files of returns: kept as they came, then taken in part by part under the chunks of a run."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from django.db import IntegrityError

from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import many, many_packs, return_layouts
from fisc.domain.tax_returns.operations import filing_in_bulk, holding
from fisc.domain.tax_returns.queries import return_files as queries
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import office_days, transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.runs import pieces

REASON = "a return of a file cannot be taken"
NAME_KEPT = 200
# Accounts may file for many periods at once, so parts are cut by returns.
RETURNS_A_PART = 10_000
# A return taken by itself costs what so many taken together do (decision 0163).
ALONE_COUNTS_FOR = 40


class FileCameBefore(Exception):
    """The same bytes came in before, perhaps under another name; `file_id` is what they became."""

    def __init__(self, words: str, *, file_id: int) -> None:
        super().__init__(words)
        self.file_id = file_id


class PartWasTaken(Exception):
    """The returns of a part of a file were taken in before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A file that came in: its name and hash, what it was read by, whose it is and when."""

    name: str
    sha256: str
    layout: str
    posting_day: datetime.date
    at: datetime.datetime
    user_id: int | None


@transactions.starts_transaction
def keep_file(of: many.Returns, *, arrived: Arrived) -> int:
    """Keep the returns of a file until they are taken in; returns the file's id.

    Raises FileCameBefore.
    """
    before = queries.file_with(sha256=arrived.sha256)
    if before is not None:
        raise _came_before(arrived, before)
    try:
        with transactions.savepoint():
            row = models.ReturnFile.objects.create(
                name=arrived.name[:NAME_KEPT],
                sha256=arrived.sha256,
                layout=arrived.layout,
                posting_day=arrived.posting_day,
                received_at=arrived.at,
                received_by_id=arrived.user_id,
                return_count=len(of),
            )
    except IntegrityError as problem:
        # Somebody else kept it while this one was read: the unique hash waited for their end.
        other = queries.file_with(sha256=arrived.sha256)
        assert other is not None
        raise _came_before(arrived, other) from problem
    _keep_parts(of, file_id=row.id)
    action_log.record(
        user_id=arrived.user_id,
        verb="take in file of returns",
        subject_kind="return file",
        subject_id=row.id,
        why=f"{row.name}, read by the layout “{row.layout}”",
        detail={"returns": len(of), "sha256": row.sha256},
        at=arrived.at,
    )
    return row.id


def _came_before(arrived: Arrived, before: queries.FileSeen) -> FileCameBefore:
    came_on = office_days.office_day(before.received_at)
    return FileCameBefore(
        f"{arrived.name} has the bytes of {before.name}, which came in on "
        f"{came_on}: {before.return_count} returns, {before.taken} taken, "
        f"{before.held} held, {before.waiting} waiting. Nothing was done again.",
        file_id=before.file_id,
    )


def parts(of: many.Returns) -> Iterator[tuple[int, int, many.Returns]]:
    """Cut returns into parts by ranges of buckets; all returns of an account are in one.

    A part locks its accounts until all of it is in, so one that is taken by itself counts for many.
    """
    bucket = of.account_ids % pieces.BUCKETS
    alone = np.count_nonzero(of.is_amendment | of.is_special)
    work = len(of) + int(alone) * (ALONE_COUNTS_FOR - 1)
    for start, end in pieces.even_ranges(-(-work // RETURNS_A_PART)):
        yield start, end, of.part(np.flatnonzero((bucket >= start) & (bucket < end)))


def _keep_parts(of: many.Returns, *, file_id: int) -> None:
    for start, end, part in parts(of):
        content = many_packs.encoded(part)
        models.ReturnFilePart.objects.create(
            file_id=file_id,
            bucket_from=start,
            bucket_before=end,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            return_count=len(part),
        )


@transactions.needs_transaction
def take_part(
    *, file_id: int, bucket_from: int, run_id: int, chunk: int, posting_day: datetime.date,
    at: datetime.datetime,
) -> Mapping[str, int]:  # fmt: skip
    """Take in the returns of a file whose accounts are in a range of buckets, in a run's chunk.

    One that cannot be taken becomes a work item with all of it and everything wrong with it.
    Raises PartWasTaken, many_packs.PackIsDamaged.
    """
    part = (
        models.ReturnFilePart.objects.select_for_update(of=("self",))
        .select_related("file")
        .get(file_id=file_id, bucket_from=bucket_from)
    )
    if part.chunk is not None:
        raise PartWasTaken(f"Chunk {part.chunk} of run {part.run_id} took these returns before.")
    by = filing_in_bulk.By(user_id=part.file.received_by_id, at=at, why=f"in {part.file.name}")
    filed = holding.filed_or_held(
        _decoded(part), by=by, posting_day=posting_day, run_id=run_id, chunk=chunk
    )
    work_items.raise_items(
        items=[_item(each, file=part.file, due_on=posting_day) for each in filed.held],
        at=at,
        posting_day=posting_day,
        run_id=run_id,
        chunk=chunk,
    )
    models.ReturnFilePart.objects.filter(id=part.id).update(
        run_id=run_id,
        chunk=chunk,
        taken=filed.taken,
        held=len(filed.held),
        again=filed.again,
        tax_due_cents=filed.tax_due_cents,
    )
    return {
        "returns": part.return_count,
        "taken": filed.taken,
        "taken_together": filed.together,
        "held": len(filed.held),
        "again": filed.again,
        "tax_due_cents": filed.tax_due_cents,
    }


def waiting_parts(file_id: int) -> Iterator[many.Returns]:
    """Give what was kept of a file and not taken yet, part by part.

    Raises many_packs.PackIsDamaged.
    """
    rows = models.ReturnFilePart.objects.filter(file_id=file_id, chunk__isnull=True)
    for each in rows.select_related("file").order_by("bucket_from"):
        yield _decoded(each)


def _decoded(part: models.ReturnFilePart) -> many.Returns:
    content = bytes(part.content)
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise many_packs.PackIsDamaged(
            f"The kept returns of {part.file.name} are damaged. Send the file again."
        )
    return many_packs.decoded(content)


def _item(
    held: filing_in_bulk.Held, *, file: models.ReturnFile, due_on: datetime.date
) -> work_items.NewItem:
    unit = return_layouts.unit(file.layout)
    where = f"{file.name}, line {held.place}, period from {held.came.starts_on}"
    if unit == "return":
        where = f"{file.name}, return {held.place}, period from {held.came.starts_on}"
    return work_items.NewItem(
        kind=holding.KIND,
        reason=REASON,
        cause_key=f"return file {file.sha256[:16]}",
        subject_kind="return file row",
        subject_id=held.place,
        due_on=due_on,
        urgency=holding.URGENCY,
        detail={
            "file": file.name,
            "file_id": file.id,
            "line": held.place,
            "unit": unit,
            **holding.said(held),
            "words": f"{where}: {held.words}",
        },
    )
