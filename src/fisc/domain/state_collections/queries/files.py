"""The state's files, the city's share beside the cash, and movements of earlier periods."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
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
    deposit_id: int | None = None
    deposited_on: datetime.date | None = None
    cash_cents: int | None = None
    # Cash less what the file says.
    difference_cents: int | None = None
    why: str = ""
    entry_id: int | None = None

    @property
    def has_cash(self) -> bool:
        """Tell whether cash comes with such a file."""
        return self.kind == choices.FileKind.DISTRIBUTION


@dataclass(frozen=True, slots=True)
class Explained:
    """A line of what explains a difference."""

    number: int
    cents: int
    why: str


@dataclass(frozen=True, slots=True)
class Month:
    """What came of a month: how many files and rows of each kind, and what of the cash is known."""

    month: datetime.date
    licenses: int
    returns: int
    payments: int
    distributions: int
    rows: int
    returned_cents: int
    paid_cents: int
    shared_cents: int
    # Of the distribution files whose cash is entered.
    cash_cents: int
    difference_cents: int
    # Distribution files whose cash is not entered.
    without_cash: int

    @property
    def files(self) -> int:
        """Return how many files came."""
        return self.licenses + self.returns + self.payments + self.distributions

    @property
    def is_reconciled(self) -> bool:
        """Tell whether the city's share came, and is what the files say."""
        return bool(self.distributions) and not self.without_cash and not self.difference_cents


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A row as it came; money in whole cents."""

    line: int
    license_number: str
    name: str
    business_class: str
    period: datetime.date | None
    received_on: datetime.date | None
    gross_cents: int | None
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class Movement:
    """What a distribution file brings of a period before its month."""

    file_id: int
    line: int
    license_number: str
    name: str
    period: datetime.date
    cents: int


_MONTHS = """
    select file.month,
        count(*) filter (where kind = 'licenses'), count(*) filter (where kind = 'returns'),
        count(*) filter (where kind = 'payments'), count(*) filter (where kind = 'distribution'),
        sum(row_count)::bigint,
        coalesce(sum(total_cents) filter (where kind = 'returns'), 0)::bigint,
        coalesce(sum(total_cents) filter (where kind = 'payments'), 0)::bigint,
        coalesce(sum(total_cents) filter (where kind = 'distribution'), 0)::bigint,
        coalesce(sum(deposit.cents), 0)::bigint,
        coalesce(sum(deposit.difference_cents), 0)::bigint,
        count(*) filter (where kind = 'distribution' and deposit.id is null)
    from state_collections_file as file
    left join state_collections_deposit as deposit on deposit.file_id = file.id
    group by file.month order by file.month desc limit %s
"""


def months(*, limit: int | None = None) -> Sequence[Month]:
    """Return what came of each month, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, [limit])
        return [Month(*row) for row in cursor.fetchall()]


def files(*, month: datetime.date | None = None, limit: int | None = None) -> Sequence[FileSeen]:
    """Return the files that came in, or those of a month: the latest month first, with the cash."""
    rows = models.StateFile.objects.order_by("-month", "-id")
    found = list((rows if month is None else rows.filter(month=month))[:limit])
    deposits = {each.file_id: each for each in models.Deposit.objects.filter(file__in=found)}
    return [_seen(row, deposits.get(row.id)) for row in found]


def file(file_id: int) -> FileSeen:
    """Return a file. Raises NoSuchFile."""
    row = models.StateFile.objects.filter(id=file_id).first()
    if row is None:
        raise NoSuchFile(f"There is no file {file_id} of the state.")
    return _seen(row, models.Deposit.objects.filter(file_id=file_id).first())


def rows(file_id: int, *, limit: int | None = None) -> Sequence[RowSeen]:
    """Return the rows of a file in its order."""
    found = models.StateRow.objects.filter(file_id=file_id).order_by("line")
    return [
        RowSeen(*row)
        for row in found.values_list(
            "line", "license_number", "name", "business_class", "period", "received_on",
            "gross_cents", "amount_cents",
        )[:limit]
    ]  # fmt: skip


def explanations(of: Sequence[FileSeen]) -> dict[int, list[Explained]]:
    """Return, by file, the lines that make up the difference of its cash."""
    deposits = {each.deposit_id: each.file_id for each in of if each.deposit_id}
    found: dict[int, list[Explained]] = {}
    rows = models.Explanation.objects.filter(deposit__in=list(deposits))
    for row in rows.order_by("deposit", "number"):
        line = Explained(row.number, row.cents, row.why)
        found.setdefault(deposits[row.deposit_id], []).append(line)
    return found


def unreconciled() -> Sequence[FileSeen]:
    """Return the distribution files whose cash is not entered, or differs from what they say."""
    return [each for each in files() if each.has_cash and each.difference_cents != 0]


def earlier_periods(file_id: int) -> Sequence[Movement]:
    """Return what a distribution file brings of earlier periods, the oldest first.

    The month of a file is the last one whose tax it may bring. Raises NoSuchFile.
    """
    return _earlier([file(file_id)])


def earlier_of_month(month: datetime.date) -> Sequence[Movement]:
    """Return what the distribution files of a month bring of earlier periods, the oldest first."""
    return _earlier([each for each in files(month=month) if each.has_cash])


def _earlier(of: Sequence[FileSeen]) -> list[Movement]:
    months_of = {each.file_id: each.month for each in of}
    rows = models.StateRow.objects.filter(
        file__in=list(months_of), period__lt=F("file__month"), amount_cents__isnull=False
    )
    return [
        Movement(row.file_id, row.line, row.license_number, row.name, row.period, row.amount_cents)
        for row in rows.order_by("period", "file_id", "line")
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
        deposit_id=deposit.id if deposit else None,
        deposited_on=deposit.deposited_on if deposit else None,
        cash_cents=deposit.cents if deposit else None,
        difference_cents=deposit.difference_cents if deposit else None,
        why=deposit.why if deposit else "",
        entry_id=deposit.entry_id if deposit else None,
    )
