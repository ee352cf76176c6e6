"""Applying the open credits of many accounts to their open charges: a step of the day's run."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from fisc.basics import identifiers
from fisc.domain.ledger import calculations as books
from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables import calculations, choices, queries
from fisc.plumbing import bulk_copy, prepared, transactions

# In the order of ids, as every writer of open items locks them.
_LOCKED_ITEMS = prepared.statement("""
    select open.kind, open.item_id, open.account_id, open.code_id, open.due_on, open.open_cents
    from receivables_openitem as open
    where open.account_bucket >= %(bucket_from)s::smallint
        and open.account_bucket < %(bucket_before)s::int and open.open_cents > 0
        and open.account_id in (
            select credit.account_id from receivables_openitem as credit
            where credit.account_bucket >= %(bucket_from)s::smallint
                and credit.account_bucket < %(bucket_before)s::int
                and credit.kind = 2 and credit.open_cents > 0)
    order by open.item_id for update of open
""")

# One statement, as the walls want it: what is allocated and what is open agree at its end.
_SETTLE = prepared.statement("""
    with part as materialized (
        select * from unnest(%(ids)s::bigint[], %(account_ids)s::bigint[], %(charge_ids)s::bigint[],
            %(credit_ids)s::bigint[], %(cents)s::bigint[], %(entry_ids)s::bigint[])
            as part (id, account_id, charge_id, credit_id, cents, entry_id)
    ),
    allocation as (
        insert into receivables_allocation (id, account_bucket, account_id, item_id,
            credit_item_id, amount_cents, entry_id, posting_day)
        select id, account_id % 4096, account_id, charge_id, credit_id, cents, entry_id,
            %(posting_day)s::date
        from part
    )
    update receivables_openitem as open set open_cents = open.open_cents - settled.cents
    from (
        select item_id, sum(cents) as cents from (
            select charge_id as item_id, cents from part
            union all select credit_id, cents from part
        ) as moved group by item_id
    ) as settled
    where open.item_id = settled.item_id
""")


class _Applied(NamedTuple):
    account_id: int
    charge: calculations.OpenCharge
    credit_id: int
    cents: int


@transactions.needs_transaction
def apply_open_credits(
    *, bucket_from: int, bucket_before: int, run_id: int, chunk: int,
    posting_day: datetime.date, at: datetime.datetime, priority: calculations.Priority,
) -> Mapping[str, int]:  # fmt: skip
    """Settle charges with the open credits of their accounts, in a range of buckets.

    The oldest credit settles first, and charges in the order that a payment settles them:
    `priority` is the city's allocation table (`payments.queries.priority_on`). One entry an
    account. Rows are numbered by run and chunk. Returns how many accounts, and how many cents,
    were applied. Raises what `priority` raises.
    """
    rows = prepared.rows(
        _LOCKED_ITEMS, {"bucket_from": bucket_from, "bucket_before": bucket_before}
    )
    applied = _spread(rows, priority=priority)
    if not applied:
        return {"accounts": 0, "applied_cents": 0}
    accounts = sorted({part.account_id for part in applied})
    entry_ids = identifiers.bulk_ids(run=run_id, chunk=chunk, count=len(accounts))
    entry_of = dict(zip(accounts, entry_ids.tolist(), strict=True))
    _write_entries(applied, entry_of=entry_of, run_id=run_id, posting_day=posting_day, at=at)
    prepared.rows(
        _SETTLE,
        {
            "ids": identifiers.bulk_ids(run=run_id, chunk=chunk, count=len(applied)).tolist(),
            "account_ids": [part.account_id for part in applied],
            "charge_ids": [part.charge.item_id for part in applied],
            "credit_ids": [part.credit_id for part in applied],
            "cents": [part.cents for part in applied],
            "entry_ids": [entry_of[part.account_id] for part in applied],
            "posting_day": posting_day,
        },
    )
    return {"accounts": len(accounts), "applied_cents": sum(part.cents for part in applied)}


def _spread(rows: Sequence[Sequence[Any]], *, priority: calculations.Priority) -> list[_Applied]:
    """Return which credit settles which charge, and how much of it, account by account."""
    credits_: dict[int, list[calculations.OpenCharge]] = defaultdict(list)
    charges: list[calculations.OpenCharge] = []
    for kind, *item in rows:
        found = calculations.OpenCharge(*item)
        if kind == choices.ItemKind.CREDIT:
            credits_[found.account_id].append(found)
        else:
            charges.append(found)
    waiting: dict[int, list[calculations.OpenCharge]] = defaultdict(list)
    for charge in calculations.in_order(charges, priority=priority):
        waiting[charge.account_id].append(charge)
    return [
        part
        for account_id in sorted(credits_)
        for part in _of_account(credits_[account_id], waiting[account_id])
    ]


def _of_account(
    credits_: Sequence[calculations.OpenCharge], charges: Sequence[calculations.OpenCharge]
) -> Iterator[_Applied]:
    for credit in credits_:
        parts = calculations.settled_by(credit.open_cents, charges=charges)
        for charge, cents in parts:
            yield _Applied(credit.account_id, charge, credit.item_id, cents)
        settled = {charge.item_id: cents for charge, cents in parts}
        charges = [
            charge._replace(open_cents=charge.open_cents - settled.get(charge.item_id, 0))
            for charge in charges
            if charge.open_cents > settled.get(charge.item_id, 0)
        ]


def _write_entries(
    applied: Sequence[_Applied], *, entry_of: Mapping[int, int], run_id: int,
    posting_day: datetime.date, at: datetime.datetime,
) -> None:  # fmt: skip
    charted = queries.chart()
    lines: dict[int, Counter[int]] = defaultdict(Counter)
    first_credit: dict[int, int] = {}
    for part in applied:
        lines[part.account_id][charted.unapplied_gl_id] += part.cents
        lines[part.account_id][charted.receivable_gl_ids[part.charge.code_id]] -= part.cents
        first_credit.setdefault(part.account_id, part.credit_id)
    accounts = list(entry_of)
    bulk_copy.write_columns(
        table="ledger_journalentry",
        columns={
            "id": np.array(list(entry_of.values()), dtype=np.int64),
            "posting_day": bulk_copy.Constant(posting_day),
            "gl_period": bulk_copy.Constant(books.gl_period(posting_day)),
            "kind": bulk_copy.Constant(int(ledger.EntryKind.CREDIT_APPLIED)),
            "source_kind": bulk_copy.Constant(int(ledger.SourceKind.NONE)),
            "source_id": np.array([first_credit[each] for each in accounts], dtype=np.int64),
            "reverses_id": bulk_copy.Constant(None),
            "posting_count": np.array([len(lines[each]) for each in accounts], dtype=np.int64),
            "made_by_id": bulk_copy.Constant(None),
            "run_id": bulk_copy.Constant(run_id),
            "made_at": bulk_copy.Constant(at),
        },
    )
    rows = [
        (entry_of[account], line_no, gl_id, account, cents)
        for account in accounts
        for line_no, (gl_id, cents) in enumerate(sorted(lines[account].items()), start=1)
    ]
    entry, line_no, gl_account, subledger, amount = np.array(rows, dtype=np.int64).T
    bulk_copy.write_columns(
        table="ledger_posting",
        columns={
            "entry_id": entry,
            "line_no": line_no,
            "gl_account_id": gl_account,
            "subledger_id": subledger,
            "amount_cents": amount,
        },
    )
