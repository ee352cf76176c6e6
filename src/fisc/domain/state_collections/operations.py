"""Taking the state's files in, and the cash that came with the city's share."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import IntegrityError

from fisc.basics import money
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.ledger import queries as books
from fisc.domain.state_collections import calculations, choices, models
from fisc.domain.state_collections.queries import filers
from fisc.domain.state_collections.queries import files as queries
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import bulk_copy, office_days, transactions
from fisc.plumbing.action_log import operations as action_log

NAME_KEPT = 200
WHY_KEPT = 500
_EPOCH = datetime.date(1970, 1, 1)
TAX = "privilege_tax"
IN_TRANSIT = "deposits_in_transit"
WORK_KIND = "discovery"
FILER = "state filer"


class FileCameBefore(Exception):
    """The same bytes came in before, perhaps under another name; `file_id` is that file."""

    def __init__(self, words: str, *, file_id: int) -> None:
        super().__init__(words)
        self.file_id = file_id


class CashCameBefore(Exception):
    """The cash of a distribution file is entered already."""


class NoCashOfFile(Exception):
    """Cash comes with distribution files, in an amount above zero."""


class DifferenceIsNotExplained(Exception):
    """Cash and file differ, and what was said of it does not make the difference up."""


class NoGLForCash(Exception):
    """The lists do not say which GL accounts the cash moves."""


class NothingChosen(Exception):
    """Nobody of a list was chosen."""


class NotListed(Exception):
    """Somebody who was chosen is not on the list any more."""


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when."""

    user_id: int | None
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a difference is, in cents as the bank had it beyond the file, and why."""

    cents: int
    why: str


@dataclass(frozen=True, slots=True)
class Cash:
    """What the bank had: the day, whole cents; and what explains that the file says another sum.

    The parts make the difference up; a `why` alone is of all of it.
    """

    deposited_on: datetime.date
    cents: int
    why: str = ""
    parts: tuple[Part, ...] = ()


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
    _write_rows(file.id, rows)
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


def _write_rows(file_id: int, rows: Sequence[calculations.Row]) -> None:
    """Write the rows of a file, however many, in one go."""
    bulk_copy.write_columns(
        table="state_collections_row",
        columns={
            "file_id": bulk_copy.Constant(file_id),
            "line": np.array([each.line for each in rows], dtype=np.int64),
            **{
                name: bulk_copy.texts_of([getattr(each, name) for each in rows])
                for name in calculations.TEXTS
            },
            **{name: _days(rows, name) for name in calculations.DAYS},
            **{
                f"{name}_cents": _nullable([getattr(each, f"{name}_cents") for each in rows])
                for name in calculations.MONEY
            },
        },
    )


def _days(rows: Sequence[calculations.Row], name: str) -> bulk_copy.Nullable:
    days: list[datetime.date | None] = [getattr(each, name) for each in rows]
    return _nullable([None if day is None else (day - _EPOCH).days for day in days])


def _nullable(values: Sequence[int | None]) -> bulk_copy.Nullable:
    return bulk_copy.Nullable(
        np.array([each or 0 for each in values], dtype=np.int64),
        np.array([each is None for each in values], dtype=np.bool_),
    )


def _refuse_second(sha256: str, name: str) -> None:
    before = models.StateFile.objects.filter(sha256=sha256).first()
    if before is not None:
        came_on = office_days.office_day(before.received_at)
        raise FileCameBefore(
            f"{name} has the bytes of {before.name}, which came in on "
            f"{came_on} as file {before.id}. Nothing was done again.",
            file_id=before.id,
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
    parts = _explained(cash, file)
    deposit = _deposited(file, cash, parts, posting_day=posting_day, by=by)
    action_log.record(
        user_id=by.user_id,
        verb="enter cash of the state",
        subject_kind="state file",
        subject_id=file_id,
        why=deposit.why,
        detail={"cents": cash.cents, "difference_cents": deposit.difference_cents},
        at=by.at,
    )
    return deposit.id


def _deposited(
    file: models.StateFile, cash: Cash, parts: Sequence[Part], *,
    posting_day: datetime.date, by: By,
) -> models.Deposit:  # fmt: skip
    """Post what was received, and keep it with what explains its difference from the file."""
    entry_id = ledger.post_entry(
        posting_day=posting_day,
        kind=ledger_choices.EntryKind.DEPOSIT,
        source_kind=ledger_choices.SourceKind.STATE_FILE,
        source_id=file.id,
        lines=_lines(cash.cents),
        made_by_id=by.user_id,
        made_at=by.at,
    )
    deposit = models.Deposit.objects.create(
        file_id=file.id,
        deposited_on=cash.deposited_on,
        cents=cash.cents,
        difference_cents=cash.cents - file.total_cents,
        why="; ".join(each.why for each in parts)[:WHY_KEPT],
        posting_day=posting_day,
        entry_id=entry_id,
        made_by_id=by.user_id,
        made_at=by.at,
    )
    models.Explanation.objects.bulk_create(
        models.Explanation(deposit_id=deposit.id, number=number, cents=each.cents, why=each.why)
        for number, each in enumerate(parts, start=1)
    )
    return deposit


def _explained(cash: Cash, file: models.StateFile) -> tuple[Part, ...]:
    """Return what explains the difference of cash and file, part by part; each says why."""
    difference = cash.cents - file.total_cents
    if cash.why.strip() and not cash.parts:
        return (Part(difference, cash.why.strip()),) if difference else ()
    parts = tuple(Part(each.cents, each.why.strip()) for each in cash.parts)
    had, says, off = (money.formatted(each) for each in (cash.cents, file.total_cents, difference))
    if difference and not parts:
        raise DifferenceIsNotExplained(
            f"The bank had {had}, file {file.id} says {says}. Correct the amount, or say what "
            f"explains the difference of {off}."
        )
    if not all(each.cents and each.why for each in parts):
        raise DifferenceIsNotExplained(
            "A line of what explains a difference has an amount and says why. Fill in both, or "
            "leave the line empty."
        )
    made_up = sum(each.cents for each in parts)
    if made_up != difference:
        left = money.formatted(difference - made_up)
        raise DifferenceIsNotExplained(
            f"The bank had {had}, file {file.id} says {says}: the lines make up "
            f"{money.formatted(made_up)} of a difference of {off}, and {left} is left. Correct the "
            "amount or the lines."
        )
    return parts


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


@transactions.starts_transaction
def have_looked_at(
    side: choices.Side, *, chosen: Collection[str], due_on: datetime.date, as_of: datetime.date,
    by: By,
) -> int:  # fmt: skip
    """Make a work item of each chosen one of a list, by its cause; return how many are new.

    One that has an item keeps it. Raises NothingChosen, NotListed.
    """
    if not chosen:
        raise NothingChosen("Nothing is chosen. Tick what somebody is to look at.")
    is_state = side is choices.Side.UNREGISTERED
    listed = filers.unregistered(as_of=as_of) if is_state else filers.not_in_files(as_of=as_of)
    known = {each.cause_key: each for each in listed}
    if missing := sorted(set(chosen) - set(known)):
        raise NotListed(
            f"Of what was chosen, {len(missing)} is on the list no more. Nothing was done; look at "
            "the list again."
        )
    items = [_item(known[each], due_on=due_on) for each in sorted(set(chosen))]
    made = work_items.raise_items(items=items, at=by.at)
    action_log.record(
        user_id=by.user_id,
        verb="have looked at",
        subject_kind="state file",
        subject_id=0,
        why=side.value,
        detail={"chosen": sorted(set(chosen)), "new": made},
        at=by.at,
    )
    return made


def _item(
    listed: filers.Unregistered | filers.NotInFiles, *, due_on: datetime.date
) -> work_items.NewItem:
    if isinstance(listed, filers.Unregistered):
        # The cause alone says who it is: a filer of the state has no number of ours.
        reason, kind, subject_id = "Files with the state, and is not registered here.", FILER, 0
        number: str | int = listed.license_number
    else:
        reason, kind = "Registered here, and in no file of the state.", "account"
        subject_id, number = listed.account_id, listed.account_number
    return work_items.NewItem(
        kind=WORK_KIND,
        reason=reason,
        cause_key=listed.cause_key,
        subject_kind=kind,
        subject_id=subject_id,
        due_on=due_on,
        detail={"name": listed.name, "number": number},
    )
