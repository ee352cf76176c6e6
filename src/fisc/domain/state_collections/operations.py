"""Taking the state's files in, and the cash that came with the city's share."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from django.db import IntegrityError

from fisc.basics import money
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.ledger import queries as books
from fisc.domain.state_collections import calculations, choices, models
from fisc.domain.state_collections.queries import files as queries
from fisc.plumbing import office_days, transactions
from fisc.plumbing.action_log import operations as action_log

NAME_KEPT = 200
ROWS_AT_ONCE = 2000
TAX = "privilege_tax"
IN_TRANSIT = "deposits_in_transit"


class FileCameBefore(Exception):
    """The same bytes came in before, perhaps under another name."""


class CashCameBefore(Exception):
    """The cash of a distribution file is entered already."""


class NoCashOfFile(Exception):
    """Cash comes with distribution files, in an amount above zero."""


class DifferenceIsNotExplained(Exception):
    """Cash and file differ, and nobody said why."""


class NoGLForCash(Exception):
    """The lists do not say which GL accounts the cash moves."""


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when."""

    user_id: int | None
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Cash:
    """What the bank had: the day, whole cents; and what explains that the file says another sum."""

    deposited_on: datetime.date
    cents: int
    why: str = ""


@transactions.starts_transaction
def take_file(
    content: bytes, *, name: str, layout: calculations.Layout, month: datetime.date, by: By
) -> int:
    """Keep a file of the state and return its id; all of it or nothing.

    `month` is the first day of the month it is of. Raises calculations.FileIsRefused,
    FileCameBefore.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    _refuse_second(sha256, name)
    rows = calculations.read(content, name=name, layout=layout)
    try:
        with transactions.savepoint():
            file = models.StateFile.objects.create(
                kind=layout.kind,
                name=name[:NAME_KEPT],
                sha256=sha256,
                layout=layout.name,
                layout_sha256=layout.sha256,
                issuer=layout.issuer,
                month=month.replace(day=1),
                row_count=len(rows),
                total_cents=sum(each.amount_cents or 0 for each in rows),
                received_at=by.at,
                received_by_id=by.user_id,
            )
    except IntegrityError:
        # Somebody else kept it while this one was read: the unique hash waited for their end.
        _refuse_second(sha256, name)
        raise
    models.StateRow.objects.bulk_create(
        (_row(file.id, each) for each in rows), batch_size=ROWS_AT_ONCE
    )
    action_log.record(
        user_id=by.user_id,
        verb="take in file of the state",
        subject_kind="state file",
        subject_id=file.id,
        why=file.name,
        detail={"kind": file.kind, "rows": file.row_count, "total_cents": file.total_cents},
        at=by.at,
    )
    return file.id


def _row(file_id: int, of: calculations.Row) -> models.StateRow:
    return models.StateRow(
        file_id=file_id,
        line=of.line,
        license_number=of.license_number,
        name=of.name,
        house_number=of.house_number,
        street=of.street,
        unit=of.unit,
        business_class=of.business_class,
        period=of.period,
        received_on=of.received_on,
        gross_cents=of.gross_cents,
        amount_cents=of.amount_cents,
    )


def _refuse_second(sha256: str, name: str) -> None:
    before = models.StateFile.objects.filter(sha256=sha256).first()
    if before is not None:
        came_on = office_days.office_day(before.received_at)
        raise FileCameBefore(
            f"{name} has the bytes of {before.name}, which came in on "
            f"{came_on} as file {before.id}. Nothing was done again."
        )


@transactions.starts_transaction
def enter_cash(file_id: int, *, cash: Cash, posting_day: datetime.date, by: By) -> int:
    """Post the cash that came with a distribution file and return the deposit's id.

    What was received is posted, not what the file says; a difference is kept with what explains
    it. Raises queries.NoSuchFile, NoCashOfFile, CashCameBefore, DifferenceIsNotExplained,
    NoGLForCash, ledger.DayIsSealed.
    """
    file = models.StateFile.objects.select_for_update(no_key=True).filter(id=file_id).first()
    if file is None:
        raise queries.NoSuchFile(f"There is no file {file_id} of the state.")
    if file.kind != choices.FileKind.DISTRIBUTION or cash.cents <= 0:
        raise NoCashOfFile(
            f"File {file_id} holds {file.kind}, and the cash is {money.formatted(cash.cents)}. "
            "Cash above zero comes with a distribution file."
        )
    if models.Deposit.objects.filter(file_id=file_id).exists():
        raise CashCameBefore(f"The cash of file {file_id} was entered before. Nothing was posted.")
    difference = _explained(cash, file)
    entry_id = ledger.post_entry(
        posting_day=posting_day,
        kind=ledger_choices.EntryKind.DEPOSIT,
        source_kind=ledger_choices.SourceKind.STATE_FILE,
        source_id=file_id,
        lines=_lines(cash.cents),
        made_by_id=by.user_id,
        made_at=by.at,
    )
    deposit = models.Deposit.objects.create(
        file_id=file_id,
        deposited_on=cash.deposited_on,
        cents=cash.cents,
        difference_cents=difference,
        why=cash.why.strip(),
        posting_day=posting_day,
        entry_id=entry_id,
        made_by_id=by.user_id,
        made_at=by.at,
    )
    action_log.record(
        user_id=by.user_id,
        verb="enter cash of the state",
        subject_kind="state file",
        subject_id=file_id,
        why=deposit.why,
        detail={"cents": cash.cents, "difference_cents": difference},
        at=by.at,
    )
    return deposit.id


def _explained(cash: Cash, file: models.StateFile) -> int:
    """Return what the bank had beyond the file, in cents; a difference says why."""
    difference = cash.cents - file.total_cents
    if difference and not cash.why.strip():
        had, says, off = (
            money.formatted(each) for each in (cash.cents, file.total_cents, difference)
        )
        raise DifferenceIsNotExplained(
            f"The bank had {had}, file {file.id} says {says}. Correct the amount, or say what "
            f"explains the difference of {off}."
        )
    return difference


def _lines(cents: int) -> list[ledger.Line]:
    held = books.gl_accounts_of(control_of=IN_TRANSIT)
    tax = code_lists.codes("charge").get(TAX)
    revenue = None
    if tax is not None:
        revenue = books.gl_accounts().get(str(tax.attributes.get("revenue_gl") or ""))
    if not held or revenue is None:
        raise NoGLForCash(
            f"The list “gl account” needs one that is control_of “{IN_TRANSIT}”, and the charge "
            f"“{TAX}” a revenue_gl that is a GL account. Correct the lists and enter it again."
        )
    return [ledger.Line(held[0].id, cents), ledger.Line(revenue.id, -cents)]
