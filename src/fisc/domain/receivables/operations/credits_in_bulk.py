"""Applying the open credits of many accounts to their open charges: a step of the day's run."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fisc.basics import identifiers
from fisc.domain.ledger import calculations as books
from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables import calculations, choices, queries
from fisc.plumbing import bulk_copy, prepared, transactions

Numbers = calculations.Numbers
#: What of some credits, in cents by item, is kept for something else and not spent.
Reserved = Callable[[Sequence[int]], Mapping[int, int]]

_EPOCH = datetime.date(1970, 1, 1)
# The due day of a charge that has none: before all others.
_NEVER_DUE = -(10**9)
# More than there are GL accounts, and days.
_ONE_MORE = 1 << 32

# In the order of ids, as every writer of open items locks them.
_LOCKED_ITEMS = """
    select open.kind::bigint, open.item_id, open.account_id, open.code_id::bigint,
        coalesce(open.due_on - date '1970-01-01', %(never_due)s)::bigint, open.open_cents
    from receivables_openitem as open
    where open.account_bucket >= %(bucket_from)s::smallint
        and open.account_bucket < %(bucket_before)s::int and open.open_cents > 0
        and open.account_id in (
            select credit.account_id from receivables_openitem as credit
            where credit.account_bucket >= %(bucket_from)s::smallint
                and credit.account_bucket < %(bucket_before)s::int
                and credit.kind = 2 and credit.open_cents > 0)
    order by open.item_id for update of open
"""
_NAMES = ("kinds", "item_ids", "account_ids", "code_ids", "due_on", "cents")

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


@dataclass(frozen=True, slots=True)
class _Items:
    """Open items in columns, in the order in which they are spent or settled."""

    item_ids: Numbers
    account_ids: Numbers
    code_ids: Numbers
    due_on: Numbers
    cents: Numbers

    def of(self, rows: Numbers) -> _Items:
        return _Items(
            self.item_ids[rows],
            self.account_ids[rows],
            self.code_ids[rows],
            self.due_on[rows],
            self.cents[rows],
        )


@dataclass(frozen=True, slots=True)
class _Applied:
    """What of which credit settles which charge, account by account."""

    account_ids: Numbers
    charge_ids: Numbers
    code_ids: Numbers
    credit_ids: Numbers
    cents: Numbers


@dataclass(frozen=True, slots=True)
class _Lines:
    """A line of each entry and GL account, and how many each entry has."""

    entry: Numbers
    gl_ids: Numbers
    cents: Numbers
    counts: Numbers


@transactions.needs_transaction
def apply_open_credits(
    *, bucket_from: int, bucket_before: int, run_id: int, chunk: int,
    posting_day: datetime.date, at: datetime.datetime, priority: calculations.Priority,
    reserved: Reserved,
) -> Mapping[str, int]:  # fmt: skip
    """Settle charges with the open credits of their accounts, in a range of buckets.

    The oldest credit settles first, and charges in the order that a payment settles them:
    `priority` is the city's allocation table (`payments.queries.priority_on`). What is `reserved`
    of a credit, asked once the items are locked, is left. One entry an account. Rows are numbered
    by run and chunk. Returns how many accounts, and how many cents, were applied. Raises what
    `priority` raises.
    """
    credits_, charges = _locked(bucket_from, bucket_before, priority=priority)
    applied = _spread(_without(credits_, reserved), charges)
    count = len(applied.cents)
    if not count:
        return {"accounts": 0, "applied_cents": 0}
    accounts, firsts, entry_of = np.unique(
        applied.account_ids, return_index=True, return_inverse=True
    )
    entry_ids = identifiers.bulk_ids(run=run_id, chunk=chunk, count=len(accounts))
    lines = _lines(applied, entry_of=entry_of, count=len(accounts))
    _write_entries(
        entry_ids,
        first_credits=applied.credit_ids[firsts],
        line_counts=lines.counts,
        origin=calculations.Origin(
            posting_day=posting_day,
            source_kind=int(ledger.SourceKind.NONE),
            source_id=0,
            made_by_id=None,
            made_at=at,
            run_id=run_id,
        ),
    )
    _write_postings(lines, accounts=accounts, entry_ids=entry_ids)
    prepared.rows(
        _SETTLE,
        {
            "ids": identifiers.bulk_ids(run=run_id, chunk=chunk, count=count).tolist(),
            "account_ids": applied.account_ids.tolist(),
            "charge_ids": applied.charge_ids.tolist(),
            "credit_ids": applied.credit_ids.tolist(),
            "cents": applied.cents.tolist(),
            "entry_ids": entry_ids[entry_of].tolist(),
            "posting_day": posting_day,
        },
    )
    return {"accounts": len(accounts), "applied_cents": int(applied.cents.sum())}


def _locked(
    bucket_from: int, bucket_before: int, *, priority: calculations.Priority
) -> tuple[_Items, _Items]:
    """Lock the open items of accounts that have a credit; return credits and charges in order."""
    found = bulk_copy.read_columns(
        _LOCKED_ITEMS,
        {"bucket_from": bucket_from, "bucket_before": bucket_before, "never_due": _NEVER_DUE},
        _NAMES,
    )
    kinds = found.pop("kinds")
    items = _Items(**found)
    credits_ = items.of(np.flatnonzero(kinds == choices.ItemKind.CREDIT))
    charges = items.of(np.flatnonzero(kinds == choices.ItemKind.CHARGE))
    # As `calculations.in_order` has it, account by account.
    order = np.lexsort(
        (charges.item_ids, charges.due_on, -_priorities(charges, priority), charges.account_ids)
    )
    return (
        credits_.of(np.lexsort((credits_.item_ids, credits_.account_ids))),
        charges.of(order),
    )


def _without(credits_: _Items, reserved: Reserved) -> _Items:
    """Return the credits of which something may be spent, with that much."""
    kept = reserved(credits_.item_ids.tolist()) if len(credits_.item_ids) else {}
    if not kept:
        return credits_
    held = np.array([kept.get(each, 0) for each in credits_.item_ids.tolist()], dtype=np.int64)
    # Less than nothing where a payment came back that had made a credit.
    free = dataclasses.replace(credits_, cents=credits_.cents - held)
    return free.of(np.flatnonzero(free.cents > 0))


def _priorities(charges: _Items, priority: calculations.Priority) -> Numbers:
    """Return the priority of each charge, asked once for each code and due day."""
    asked = charges.code_ids * _ONE_MORE + (charges.due_on - _NEVER_DUE)
    different, place = np.unique(asked, return_inverse=True)
    answers = [
        priority(calculations.OpenCharge(0, 0, code_id, _day(since + _NEVER_DUE), 0))
        for code_id, since in (divmod(each, _ONE_MORE) for each in different.tolist())
    ]
    found: Numbers = np.array(answers, dtype=np.int64)[place]
    return found


def _day(number: int) -> datetime.date | None:
    return None if number == _NEVER_DUE else _EPOCH + datetime.timedelta(days=number)


def _spread(credits_: _Items, charges: _Items) -> _Applied:
    spent = calculations.spent_in_columns(
        credit_accounts=credits_.account_ids,
        credit_cents=credits_.cents,
        charge_accounts=charges.account_ids,
        charge_cents=charges.cents,
    )
    return _Applied(
        account_ids=charges.account_ids[spent.charge_rows],
        charge_ids=charges.item_ids[spent.charge_rows],
        code_ids=charges.code_ids[spent.charge_rows],
        credit_ids=credits_.item_ids[spent.credit_rows],
        cents=spent.cents,
    )


def _lines(applied: _Applied, *, entry_of: Numbers, count: int) -> _Lines:
    charted = queries.chart()
    codes, place = np.unique(applied.code_ids, return_inverse=True)
    receivable = np.array([charted.receivable_gl_ids[each] for each in codes.tolist()])[place]
    unapplied = np.full(len(applied.cents), charted.unapplied_gl_id)
    # Entry and GL account in one number, so that lines of both are netted by one sort.
    gl_ids = np.concatenate((unapplied, receivable))
    pairs = np.concatenate((entry_of, entry_of)) * _ONE_MORE + gl_ids
    netted, line_of = np.unique(pairs, return_inverse=True)
    cents = np.zeros(len(netted), dtype=np.int64)
    np.add.at(cents, line_of, np.concatenate((applied.cents, -applied.cents)))
    entry = netted // _ONE_MORE
    return _Lines(entry, netted % _ONE_MORE, cents, np.bincount(entry, minlength=count))


def _write_postings(lines: _Lines, *, accounts: Numbers, entry_ids: Numbers) -> None:
    before = np.repeat(np.cumsum(lines.counts) - lines.counts, lines.counts)
    bulk_copy.write_columns(
        table="ledger_posting",
        columns={
            "entry_id": entry_ids[lines.entry],
            "line_no": np.arange(len(lines.cents)) - before + 1,
            "gl_account_id": lines.gl_ids,
            "subledger_id": accounts[lines.entry],
            "amount_cents": lines.cents,
        },
    )


def _write_entries(
    entry_ids: Numbers, *, first_credits: Numbers, line_counts: Numbers, origin: calculations.Origin
) -> None:
    bulk_copy.write_columns(
        table="ledger_journalentry",
        columns={
            "id": entry_ids,
            "posting_day": bulk_copy.Constant(origin.posting_day),
            "gl_period": bulk_copy.Constant(books.gl_period(origin.posting_day)),
            "kind": bulk_copy.Constant(int(ledger.EntryKind.CREDIT_APPLIED)),
            "source_kind": bulk_copy.Constant(origin.source_kind),
            "source_id": first_credits,
            "reverses_id": bulk_copy.Constant(None),
            "posting_count": line_counts,
            "made_by_id": bulk_copy.Constant(origin.made_by_id),
            "run_id": bulk_copy.Constant(origin.run_id),
            "made_at": bulk_copy.Constant(origin.made_at),
        },
    )
