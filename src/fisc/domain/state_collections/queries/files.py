"""The state's files, the city's share beside the cash, and movements of earlier periods."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from fisc.domain.state_collections import choices, models


class NoSuchFile(Exception):
    """There is no file of the state of that number."""


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file that came in, and the cash of it where it is entered; money in whole cents."""

    file_id: int
    kind: str
    name: str
    month: datetime.date
    row_count: int
    total_cents: int
    received_at: datetime.datetime
    received_by_id: int | None
    deposited_on: datetime.date | None = None
    cash_cents: int | None = None
    # Cash less what the file says.
    difference_cents: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """What a distribution file brings of a period before its month."""

    file_id: int
    line: int
    license_number: str
    name: str
    period: datetime.date
    cents: int


def files(*, limit: int | None = None) -> Sequence[FileSeen]:
    """Return the files that came in, the latest month first, each with its cash."""
    rows = models.StateFile.objects.order_by("-month", "-id")[:limit]
    deposits = {each.file_id: each for each in models.Deposit.objects.filter(file__in=list(rows))}
    return [_seen(row, deposits.get(row.id)) for row in rows]


def file(file_id: int) -> FileSeen:
    """Return a file. Raises NoSuchFile."""
    row = models.StateFile.objects.filter(id=file_id).first()
    if row is None:
        raise NoSuchFile(f"There is no file {file_id} of the state.")
    return _seen(row, models.Deposit.objects.filter(file_id=file_id).first())


def unreconciled() -> Sequence[FileSeen]:
    """Return the distribution files whose cash is not entered, or differs from what they say."""
    return [
        each
        for each in files()
        if each.kind == choices.FileKind.DISTRIBUTION and each.difference_cents != 0
    ]


def earlier_periods(file_id: int) -> Sequence[Movement]:
    """Return what a distribution file brings of earlier periods, the oldest first.

    The month of a file is the last one whose tax it may bring. Raises NoSuchFile.
    """
    found = file(file_id)
    rows = models.StateRow.objects.filter(file_id=file_id, period__lt=found.month)
    return [
        Movement(row.file_id, row.line, row.license_number, row.name, row.period, row.amount_cents)
        for row in rows.exclude(amount_cents=None).order_by(F("period"), F("line"))
        if row.period is not None and row.amount_cents is not None
    ]


def _seen(row: models.StateFile, deposit: models.Deposit | None) -> FileSeen:
    return FileSeen(
        file_id=row.id,
        kind=row.kind,
        name=row.name,
        month=row.month,
        row_count=row.row_count,
        total_cents=row.total_cents,
        received_at=row.received_at,
        received_by_id=row.received_by_id,
        deposited_on=deposit.deposited_on if deposit else None,
        cash_cents=deposit.cents if deposit else None,
        difference_cents=deposit.difference_cents if deposit else None,
        why=deposit.why if deposit else "",
    )
