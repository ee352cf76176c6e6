"""A list of codes, and changes of it by the people who write tables."""

from __future__ import annotations

import datetime

from fisc.basics import periods
from fisc.domain.code_lists import operations as code_lists
from fisc.domain.list_changes.operations import approvals, drafts
from fisc.domain.list_changes.queries import changes
from fisc.plumbing import transactions

NAME = "tender kind"
HEADER = "code,label_en,label_es,starts_on,ends_before,gives_change,at_most_cents,citation\n"
CASH = "cash,Cash,Efectivo,2020-01-01,,true,1000000,Concord Township\n"
CARD = "card,Card,Tarjeta,2020-01-01,,false,10000000,Concord Township\n"
WIRE = "wire,Wire,Transferencia,2026-12-01,,false,5000000,Resolution 9\n"


def file(*lines: str) -> bytes:
    """The list's file with these lines."""
    return (HEADER + "".join(lines)).encode()


def imported() -> None:
    """The list as it came in with the city's folder: cash and cards."""
    with transactions.started():
        code_lists.import_codes(name=NAME, content=file(CASH, CARD))


def draft(
    *lines: str,
    at: datetime.datetime,
    effective_from: datetime.date,
    effective_before: datetime.date | None = None,
    by: str = "rosa",
) -> int:
    """A draft of the list with these lines, written by one person."""
    change_id = drafts.start_draft(
        list_name=NAME,
        effective=periods.Period(starts_on=effective_from, ends_before=effective_before),
        by=by,
        reason="The council lowered it",
        citation="Resolution 9",
        at=at,
    )
    drafts.save_draft(
        change_id=change_id,
        content=file(*lines),
        based_on_sha256=changes.change(change_id).sha256,
        by=by,
        at=at,
    )
    return change_id


def in_test(
    *lines: str,
    at: datetime.datetime,
    effective_from: datetime.date,
    effective_before: datetime.date | None = None,
) -> int:
    """The same, put in test."""
    change_id = draft(
        *lines, at=at, effective_from=effective_from, effective_before=effective_before
    )
    approvals.put_in_test(change_id=change_id, by="rosa", at=at)
    return change_id


def adoption(name: str, content: str, days: periods.Period) -> code_lists.Adoption:
    """A content of a list as two people agreed to it."""
    return code_lists.Adoption(
        name=name,
        content=content.encode(),
        days=days,
        author="Rosa Alvarez (rosa)",
        approver="Martin Okafor (martin)",
        reason="The council decided",
        citation="Resolution 9",
    )
