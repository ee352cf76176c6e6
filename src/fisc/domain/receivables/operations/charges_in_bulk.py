"""Charging many accounts at once: the same entries and items as one by one, by COPY."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fisc.domain.ledger import calculations as books
from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables import calculations, choices
from fisc.domain.receivables.operations import charges, writing
from fisc.plumbing import bulk_copy, transactions

Numbers = calculations.Numbers

# Given a table and how many rows it gets, draws their numbers.
Ids = Callable[[str, int], Numbers]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyCharges:
    """Charges in columns, those of each entry together; days count from 1970-01-01.

    `entry` is the place of a charge's entry: entries are numbered from zero, none left out.
    """

    entry: Numbers
    account_ids: Numbers
    code_ids: Numbers
    amount_cents: Numbers
    arises_on: Numbers
    due_on: Numbers
    # By entry: the number of the record that it came from.
    source_ids: Numbers


@dataclass(frozen=True, slots=True)
class Marks:
    """What all rows of the charges are marked with."""

    posting_day: datetime.date
    source_kind: int
    made_by_id: int | None
    made_at: datetime.datetime
    run_id: int | None = None


@transactions.needs_transaction
def add_many_charges(of: ManyCharges, *, ids: Ids, marks: Marks) -> Numbers:
    """Charge accounts, one entry for each source; returns the items' ids, one a charge.

    Raises charges.NothingToCharge, writing.CodeMovesNoGL, and what PostgreSQL says of a sealed day.
    """
    if (nothing := np.flatnonzero(of.amount_cents <= 0)).size:
        raise charges.NothingToCharge(
            f"Account {of.account_ids[nothing[0]]}: {of.amount_cents[nothing[0]]} cents is no "
            "amount to charge. Enter more than zero."
        )
    if not len(of.entry):
        return np.empty(0, dtype=np.int64)
    entry_ids = ids("ledger_journalentry", len(of.source_ids))
    _write_entries(of, entry_ids=entry_ids, marks=marks)
    item_ids = ids("receivables_item", len(of.entry))
    shared: dict[str, bulk_copy.Written] = {
        "account_bucket": of.account_ids % 4096,
        "account_id": of.account_ids,
        "kind": bulk_copy.Constant(int(choices.ItemKind.CHARGE)),
        "code_id": of.code_ids,
        "due_on": of.due_on,
    }
    bulk_copy.write_columns(
        table="receivables_item",
        columns={
            "id": item_ids,
            **shared,
            "amount_cents": of.amount_cents,
            "arises_on": of.arises_on,
            "posting_day": bulk_copy.Constant(marks.posting_day),
            "entry_id": entry_ids[of.entry],
            "source_kind": bulk_copy.Constant(int(marks.source_kind)),
            "source_id": of.source_ids[of.entry],
            "reverses_id": bulk_copy.Constant(None),
            "run_id": bulk_copy.Constant(marks.run_id),
        },
    )
    bulk_copy.write_columns(
        table="receivables_openitem",
        columns={"item_id": item_ids, **shared, "open_cents": of.amount_cents},
    )
    return item_ids


def _write_entries(of: ManyCharges, *, entry_ids: Numbers, marks: Marks) -> None:
    codes, place = np.unique(of.code_ids, return_inverse=True)
    gl_ids = np.array([writing.gl_ids_of(each) for each in codes.tolist()], dtype=np.int64)[place]
    none = np.full(len(of.entry), books.NO_SUBLEDGER, dtype=np.int64)
    lines = books.netted_columns(
        entry=np.concatenate((of.entry, of.entry)),
        gl_account_id=np.concatenate((gl_ids[:, 0], gl_ids[:, 1])),
        subledger_id=np.concatenate((of.account_ids, none)),
        cents=np.concatenate((of.amount_cents, -of.amount_cents)),
        entries=len(entry_ids),
    )
    bulk_copy.write_columns(
        table="ledger_journalentry",
        columns={
            "id": entry_ids,
            "posting_day": bulk_copy.Constant(marks.posting_day),
            "gl_period": bulk_copy.Constant(books.gl_period(marks.posting_day)),
            "kind": bulk_copy.Constant(int(ledger.EntryKind.CHARGE)),
            "source_kind": bulk_copy.Constant(int(marks.source_kind)),
            "source_id": of.source_ids,
            "reverses_id": bulk_copy.Constant(None),
            "posting_count": lines.count,
            "made_by_id": bulk_copy.Constant(marks.made_by_id),
            "run_id": bulk_copy.Constant(marks.run_id),
            "made_at": bulk_copy.Constant(marks.made_at),
        },
    )
    bulk_copy.write_columns(
        table="ledger_posting",
        columns={
            "entry_id": entry_ids[lines.entry],
            "line_no": lines.line_no,
            "gl_account_id": lines.gl_account_id,
            "subledger_id": bulk_copy.Nullable(
                lines.subledger_id, lines.subledger_id == books.NO_SUBLEDGER
            ),
            "amount_cents": lines.amount_cents,
        },
    )
