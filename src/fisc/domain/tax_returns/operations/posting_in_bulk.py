"""Posting many first returns at once: the items that `posting` and `reckoning` would make."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables.operations import charges_in_bulk
from fisc.domain.tax_returns.calculations import many
from fisc.domain.tax_returns.calculations import posting_columns as sums
from fisc.domain.tax_returns.operations import filing_rows, posting
from fisc.plumbing import bulk_copy, transactions

Numbers = many.Numbers


@dataclass(frozen=True, slots=True)
class Marks:
    """Whose books, by whom and when; of what run."""

    posting_day: datetime.date
    user_id: int | None
    at: datetime.datetime
    run_id: int | None


@transactions.needs_transaction
def post(
    done: filing_rows.Computed, *, return_ids: Numbers, ids: charges_in_bulk.Ids, marks: Marks
) -> None:
    """Charge what returns owe, and what lateness costs of those whose posting day is past due.

    Nothing is there yet of their periods, and nothing of it is a credit.
    """
    _charge(
        done.tax,
        done,
        return_ids=return_ids,
        due_on=done.owed.due_on,
        arises_on=done.of.received_on,
        reckoning_ids=None,
        ids=ids,
        marks=marks,
    )
    on = np.full(len(done.of), many.number_of(marks.posting_day), dtype=np.int64)
    _charge(
        done.lateness,
        done,
        return_ids=return_ids,
        due_on=on,
        arises_on=on,
        reckoning_ids=_reckon(done, return_ids=return_ids, ids=ids, marks=marks),
        ids=ids,
        marks=marks,
    )


def _reckon(
    done: filing_rows.Computed, *, return_ids: Numbers, ids: charges_in_bulk.Ids, marks: Marks
) -> Numbers:
    """Keep what lateness was computed of; returns the number by return, 0 where it costs none."""
    rows = np.unique(done.lateness.of)
    found = np.zeros(len(done.of), dtype=np.int64)
    found[rows] = ids("tax_returns_reckoning", len(rows))
    bulk_copy.write_columns(
        table="tax_returns_reckoning",
        columns={
            "id": found[rows],
            "account_id": done.of.account_ids[rows],
            "starts_on": done.of.starts_on[rows],
            "tax_return_id": return_ids[rows],
            "reckoned_on": bulk_copy.Constant(marks.posting_day),
            "tax_cents": np.maximum(done.figures.tax_due_cents[rows], 0),
            "due_on": done.owed.due_on[rows],
            "timely_until": done.owed.timely_until[rows],
            "filed_on": done.of.received_on[rows],
            "paid_on": bulk_copy.Constant(()),
            "paid_cents": bulk_copy.Constant(()),
            "penalty_cents": done.cost.penalty_cents[rows],
            "interest_cents": done.cost.interest_cents[rows],
            "penalty_before_cents": bulk_copy.Constant(0),
            "interest_before_cents": bulk_copy.Constant(0),
            "known_at": bulk_copy.Constant(marks.at),
        },
    )
    return found


def _charge(
    parts: sums.Parts, done: filing_rows.Computed, *, return_ids: Numbers, due_on: Numbers,
    arises_on: Numbers, reckoning_ids: Numbers | None, ids: charges_in_bulk.Ids, marks: Marks,
) -> None:  # fmt: skip
    """Charge parts, one entry a return, and say beside each item what it is for."""
    rows, entry = np.unique(parts.of, return_inverse=True)
    item_ids = charges_in_bulk.add_many_charges(
        charges_in_bulk.ManyCharges(
            entry=entry.astype(np.int64),
            account_ids=done.of.account_ids[parts.of],
            code_ids=_code_ids(parts.part),
            amount_cents=parts.cents,
            arises_on=arises_on[parts.of],
            due_on=due_on[parts.of],
            source_ids=return_ids[rows],
        ),
        ids=ids,
        marks=charges_in_bulk.Marks(
            posting_day=marks.posting_day,
            source_kind=ledger.SourceKind.TAX_RETURN,
            made_by_id=marks.user_id,
            made_at=marks.at,
            run_id=marks.run_id,
        ),
    )
    bulk_copy.write_columns(
        table="tax_returns_posted",
        columns={
            "item_id": item_ids,
            "account_id": done.of.account_ids[parts.of],
            "starts_on": done.of.starts_on[parts.of],
            "tax_return_id": return_ids[parts.of],
            "part": parts.part,
            "region_id": bulk_copy.Nullable(parts.region_id, parts.region_id == 0),
            "reckoning_id": bulk_copy.Constant(None)
            if reckoning_ids is None
            else reckoning_ids[parts.of],
            "cents": parts.cents,
        },
    )


def _code_ids(part: Numbers) -> Numbers:
    """Return the charge code of each part."""
    parts, place = np.unique(part, return_inverse=True)
    charged = [code_lists.code("charge", posting.CODES[each]).id for each in parts.tolist()]
    found: Numbers = np.array(charged, dtype=np.int64)[place]
    return found
