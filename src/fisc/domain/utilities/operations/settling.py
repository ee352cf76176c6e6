"""What a person does about a work item of utilities: the deed and the item's end are one act."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.basics import money
from fisc.domain.utilities import choices, models
from fisc.domain.utilities.calculations import read_files
from fisc.domain.utilities.operations import reads, single
from fisc.domain.utilities.queries import held
from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries as work_queries
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log


class NotWhatWasSeen(Exception):
    """A bill is not the one any more that somebody decided about."""


class ReadIsDoubted(Exception):
    """A read would be refused in a file, and nobody said to be sure of it."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A read that somebody enters; `is_sure` says that they know it looks wrong."""

    meter_number: str
    read_on: datetime.date
    reading: int
    kind: choices.ReadKind
    is_sure: bool


@transactions.starts_transaction
def release_held_bill(*, item_id: int, seen_cents: int, by: single.By) -> int:
    """Issue the held bill of a work item that a person has, and close the item.

    Returns the bill's id. Raises work_items.NotYours, held.NothingIsHeld, NotWhatWasSeen and what
    `single.release_held_bill` raises.
    """
    item = work_queries.item(item_id=item_id)
    # The item first: who asks twice at once waits here and is then told that it is done.
    _finish(item_id, by=by)
    waiting = held.held_on(
        account_id=item.subject_id, bill_day=datetime.date.fromisoformat(item.detail["bill_day"])
    )
    bill_id = single.release(held_id=waiting.held_id, by=by)
    total_cents = models.Bill.objects.values_list("total_cents", flat=True).get(id=bill_id)
    if total_cents != seen_cents:
        raise NotWhatWasSeen(
            f"The bill is ${money.formatted(total_cents)} now, not "
            f"${money.formatted(seen_cents)}: a read or a table has changed. Look at it again."
        )
    return bill_id


@transactions.starts_transaction
def drop_held_bill(*, item_id: int, by: single.By) -> None:
    """Let the held bill of a work item wait for the account's next bill, and close the item.

    Raises work_items.NotYours, held.NothingIsHeld, single.CannotBeBilled.
    """
    item = work_queries.item(item_id=item_id)
    _finish(item_id, by=by)
    waiting = held.held_on(
        account_id=item.subject_id, bill_day=datetime.date.fromisoformat(item.detail["bill_day"])
    )
    single.drop(held_id=waiting.held_id, by=by)


@transactions.starts_transaction
def enter_read(*, item_id: int, entered: Entered, today: datetime.date, by: single.By) -> int:
    """Record the read that a work item asks for, and close the item; returns the read's id.

    Raises work_items.NotYours, ReadIsDoubted, reads.ReadIsRefused, rule_tables.NoVersionForDate.
    """
    _finish(item_id, by=by)
    doubt = "" if entered.is_sure else _doubt(entered, today=today, at=by.at)
    read_id = reads.record_read(
        meter_number=entered.meter_number,
        read_on=entered.read_on,
        reading=entered.reading,
        kind=entered.kind,
        today=today,
        at=by.at,
    )
    if doubt:
        raise ReadIsDoubted(
            f"Reading {entered.reading} of {entered.read_on}: {doubt}. Look at the number again; "
            "if it is right, say that you are sure."
        )
    action_log.record(
        user_id=by.user_id,
        verb="enter read",
        subject_kind="read",
        subject_id=read_id,
        why=by.why,
        detail={"meter": entered.meter_number, "reading": entered.reading, "sure": entered.is_sure},
        at=by.at,
    )
    return read_id


def _finish(item_id: int, *, by: single.By) -> None:
    assert by.user_id is not None, "a work item is somebody's"
    work_items.finish(item_ids=[item_id], user_id=by.user_id, reason=by.why, at=by.at)


def _doubt(entered: Entered, *, today: datetime.date, at: datetime.datetime) -> str:
    row = read_files.Row(
        line=0,
        meter_number=entered.meter_number,
        read_on=entered.read_on,
        reading=entered.reading,
    )
    return reads.why_doubted(row=row, today=today, at=at)
