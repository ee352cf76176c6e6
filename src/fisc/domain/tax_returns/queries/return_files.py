"""Files of returns that came in, and what became of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet, Sum

from fisc.basics import identifiers
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import return_layouts
from fisc.plumbing.runs import pieces


class NoSuchFile(Exception):
    """No file of returns has that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeen:
    """A file and what became of its returns; those that wait are neither taken nor held.

    `again` counts those that were here before and said the same.
    """

    file_id: int
    name: str
    sha256: str
    layout: str
    posting_day: datetime.date
    received_at: datetime.datetime
    received_by_id: int | None
    return_count: int
    taken: int
    held: int
    again: int
    tax_due_cents: int

    @property
    def waiting(self) -> int:
        """How many returns no chunk took yet."""
        return self.return_count - self.taken - self.held - self.again

    @property
    def unit(self) -> str:
        """What the places of its returns count: lines of the file, or returns."""
        return return_layouts.unit(self.layout)

    @property
    def cause_key(self) -> str:
        """What the work items of its held returns have in common."""
        return f"return file {self.sha256[:16]}"


def file_with(*, sha256: str) -> FileSeen | None:
    """Return the file of some bytes; None where it never came."""
    return next(_seen(models.ReturnFile.objects.filter(sha256=sha256)), None)


def file(file_id: int) -> FileSeen:
    """Return a file. Raises NoSuchFile."""
    for found in _seen(models.ReturnFile.objects.filter(id=file_id)):
        return found
    raise NoSuchFile(f"There is no file of returns {file_id}.")


def latest_files(*, limit: int = 50) -> Sequence[FileSeen]:
    """Return the files that came last, the newest first."""
    return list(_seen(models.ReturnFile.objects.order_by("-id")[:limit]))


def parts_of(file_id: int) -> Sequence[pieces.Piece]:
    """Return the parts of a file as the pieces that a run is cut into."""
    rows = models.ReturnFilePart.objects.filter(file_id=file_id).order_by("bucket_from")
    return [
        pieces.Piece(start, before, {"file_id": file_id})
        for start, before in rows.values_list("bucket_from", "bucket_before")
    ]


def _seen(rows: QuerySet[models.ReturnFile]) -> Iterator[FileSeen]:
    for row in rows:
        sums = models.ReturnFilePart.objects.filter(file_id=row.id).aggregate(
            taken=Sum("taken"),
            held=Sum("held"),
            again=Sum("again"),
            due=Sum("tax_due_cents"),
        )
        yield FileSeen(
            file_id=row.id,
            name=row.name,
            sha256=row.sha256,
            layout=row.layout,
            posting_day=row.posting_day,
            received_at=row.received_at,
            received_by_id=row.received_by_id,
            return_count=row.return_count,
            taken=sums["taken"] or 0,
            held=sums["held"] or 0,
            again=sums["again"] or 0,
            tax_due_cents=sums["due"] or 0,
        )


_TOTALS = """
    select count(*), coalesce(sum(kept.tax_due_cents), 0)::bigint,
        coalesce(sum((
            select sum(posted.cents) from tax_returns_posted as posted
            where posted.account_id = kept.account_id and posted.starts_on = kept.starts_on
                and posted.tax_return_id = kept.id and posted.part < 4
        )), 0)::bigint
    from tax_returns_return as kept
    where kept.id >= %(first)s and kept.id < %(next)s
"""


def totals_of_run(run_id: int) -> dict[str, int]:
    """Return how many returns a run took together, and in cents their tax and what is posted."""
    first = identifiers.bulk_id(run=run_id, chunk=0, ordinal=0)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"first": first, "next": first + identifiers.FIRST_BULK_ID})
        returns, due, posted = cursor.fetchone()
    return {"returns": returns, "tax_due_cents": due, "posted_cents": posted}
