"""Reading requisitions: one with its history, and lists by state."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from fisc.domain.disbursements import choices

LIST_SHOWN = 200


class NoSuchRequisition(Exception):
    """There is no requisition of that number."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is taken of one credit."""

    credit_item_id: int
    account_id: int
    account_number: int
    account_name: str
    code_id: int
    arises_on: datetime.date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Offset:
    """What of one debt is settled."""

    charge_item_id: int
    account_id: int
    account_number: int
    account_name: str
    code_id: int
    due_on: datetime.date | None
    amount_cents: int
    # By the payee's choice, not because a table brings it first.
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Interest:
    """What cents of a credit bear over the days after one, up to and with another."""

    interest_id: int
    credit_item_id: int
    account_id: int
    account_number: int
    code_id: int
    is_offset: bool
    of_cents: int
    runs_after: datetime.date
    through: datetime.date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what, when and why."""

    number: int
    kind: str
    by_id: int
    by: str
    on: datetime.date
    at: datetime.datetime
    why: str
    reference: str
    entry_id: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A requisition as a list shows it."""

    id: int
    number: int
    state: str
    payee_name: str
    purpose_id: int
    taken_cents: int
    offset_cents: int
    paid_cents: int
    approvals_needed: int
    prepared_on: datetime.date
    prepared_by: str
    # Of the last event.
    moved_at: datetime.datetime
    moved_by: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many requisitions nobody decided yet, and what they would pay together."""

    count: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisition:
    """A requisition, what it takes and settles, and its history."""

    id: int
    number: int
    state: str
    party_id: int
    payee_name: str
    remit_lines: tuple[str, ...]
    language: str
    w9_on_file: bool
    was_asked_for: bool
    purpose_id: int
    purpose: str
    charge_id: int
    gl_account_id: int
    gl_code: str
    claimed_on: datetime.date | None
    taken_cents: int
    interest_cents: int
    offset_cents: int
    paid_cents: int
    approvals_needed: int
    prepared_on: datetime.date
    prepared_by_id: int
    prepared_at: datetime.datetime
    sources: tuple[Source, ...]
    offsets: tuple[Offset, ...]
    interest: tuple[Interest, ...]
    events: tuple[Event, ...]

    @property
    def approved_by(self) -> frozenset[int]:
        """Who approved it so far."""
        kinds = (choices.EventKind.APPROVED_ONCE, choices.EventKind.APPROVED)
        return frozenset(each.by_id for each in self.events if each.kind in kinds)

    @property
    def waits(self) -> bool:
        """Whether somebody must decide it."""
        return self.state in choices.WAITING

    def may_be_decided_by(self, user_id: int) -> bool:
        """Tell whether a person may approve or reject it: another, who has not approved yet."""
        return self.waits and user_id != self.prepared_by_id and user_id not in self.approved_by


_LIST = """
    select requisition.id, requisition.number, last.kind, requisition.payee_name,
        requisition.purpose_id, requisition.taken_cents, requisition.offset_cents,
        requisition.paid_cents, requisition.approvals_needed, requisition.prepared_on,
        preparer.full_name, last.at, mover.full_name
    from disbursements_requisition as requisition
    join lateral (
        select kind, at, by_id from disbursements_event
        where requisition_id = requisition.id order by number desc limit 1
    ) as last on true
    join users_user as preparer on preparer.id = requisition.prepared_by_id
    join users_user as mover on mover.id = last.by_id
    where (%(states)s::text[] is null or last.kind = any(%(states)s::text[]))
        and (%(party_id)s::bigint is null or requisition.party_id = %(party_id)s)
    order by requisition.number desc limit %(limit)s
"""

_ONE = """
    select requisition.id, requisition.number, requisition.party_id, requisition.payee_name,
        array_remove(array[requisition.remit_line_1, requisition.remit_line_2,
            concat_ws(' ', nullif(requisition.remit_city, ''),
                nullif(requisition.remit_state, ''), nullif(requisition.remit_zip, ''))], ''),
        requisition.language, requisition.w9_on_file, requisition.was_asked_for,
        requisition.purpose_id, purpose.code, requisition.charge_id, requisition.gl_account_id,
        gl.code, requisition.claimed_on, requisition.taken_cents, requisition.interest_cents,
        requisition.offset_cents, requisition.paid_cents, requisition.approvals_needed,
        requisition.prepared_on, requisition.prepared_by_id, requisition.prepared_at
    from disbursements_requisition as requisition
    join code_lists_code as purpose on purpose.id = requisition.purpose_id
    join ledger_glaccount as gl on gl.id = requisition.gl_account_id
    where requisition.number = %(number)s
"""
_NAMES = (
    "id", "number", "party_id", "payee_name", "remit_lines", "language", "w9_on_file",
    "was_asked_for", "purpose_id", "purpose", "charge_id", "gl_account_id", "gl_code",
    "claimed_on", "taken_cents", "interest_cents", "offset_cents", "paid_cents",
    "approvals_needed", "prepared_on", "prepared_by_id", "prepared_at",
)  # fmt: skip

_SOURCES = """
    select source.credit_item_id, source.account_id, account.number, account.name, item.code_id,
        item.arises_on, source.amount_cents
    from disbursements_source as source
    join receivables_item as item on item.id = source.credit_item_id
    join accounts_account as account on account.subledger_id = source.account_id
    where source.requisition_id = %(id)s order by source.id
"""
_OFFSETS = """
    select part.charge_item_id, part.account_id, account.number, account.name, item.code_id,
        item.due_on, part.amount_cents, part.is_chosen
    from disbursements_offset as part
    join receivables_item as item on item.id = part.charge_item_id
    join accounts_account as account on account.subledger_id = part.account_id
    where part.requisition_id = %(id)s order by part.id
"""
_INTEREST = """
    select part.id, part.credit_item_id, part.account_id, account.number, part.code_id,
        part.is_offset, part.of_cents, part.runs_after, part.through, part.amount_cents
    from disbursements_interest as part
    join accounts_account as account on account.subledger_id = part.account_id
    where part.requisition_id = %(id)s order by part.id
"""
_EVENTS = """
    select event.number, event.kind, event.by_id, person.full_name, event.on, event.at, event.why,
        event.reference, event.entry_id
    from disbursements_event as event join users_user as person on person.id = event.by_id
    where event.requisition_id = %(id)s order by event.number
"""
_WAITING = """
    select count(*), coalesce(sum(requisition.paid_cents), 0)::bigint
    from disbursements_requisition as requisition
    where exists (select from disbursements_source as source
        where source.requisition_id = requisition.id and source.is_living)
"""


def requisition(number: int) -> Requisition:
    """Return a requisition by its number. Raises NoSuchRequisition."""
    rows = _rows(_ONE, number=number)
    if not rows:
        raise NoSuchRequisition(f"There is no requisition {number}.")
    given: dict[str, Any] = dict(zip(_NAMES, rows[0], strict=True))
    given["remit_lines"] = tuple(given["remit_lines"])
    events = tuple(Event(*row) for row in _rows(_EVENTS, id=given["id"]))
    return Requisition(
        **given,
        state=events[-1].kind,
        sources=tuple(Source(*row) for row in _rows(_SOURCES, id=given["id"])),
        offsets=tuple(Offset(*row) for row in _rows(_OFFSETS, id=given["id"])),
        interest=tuple(Interest(*row) for row in _rows(_INTEREST, id=given["id"])),
        events=events,
    )


def number_of(requisition_id: int) -> int:
    """Return the number of the requisition that an entry names as its source.

    Raises NoSuchRequisition.
    """
    rows = _rows(
        "select number from disbursements_requisition where id = %(id)s", id=requisition_id
    )
    if not rows:
        raise NoSuchRequisition(
            f"There is no requisition with the internal number {requisition_id}."
        )
    return int(rows[0][0])


def listed(
    *,
    states: Sequence[str] | None = None,
    party_id: int | None = None,
    limit: int | None = LIST_SHOWN,
) -> list[Line]:
    """Return requisitions, the latest first: of some states, of one party, or all."""
    given = None if states is None else [str(each) for each in states]
    rows = _rows(_LIST, states=given, party_id=party_id, limit=limit)
    return [Line(*row) for row in rows]


def waiting() -> Waiting:
    """Return how many requisitions wait for a decision, and what they would pay."""
    return Waiting(*_rows(_WAITING)[0])


def _rows(statement: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
