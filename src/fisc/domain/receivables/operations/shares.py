"""Settling charges with the shares of a payment, and taking such settlements back."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fisc.domain.ledger import operations as ledger
from fisc.domain.receivables import calculations, choices, queries
from fisc.domain.receivables.operations import writing
from fisc.plumbing import prepared, transactions

Line = ledger.Line
OpenCharge = calculations.OpenCharge

# Open items of some accounts, locked in the order of their ids.
LOCKED_ITEMS = """
    select kind, item_id, account_id, code_id, due_on, open_cents
    from receivables_openitem
    where account_bucket = any(%(account_buckets)s::smallint[])
        and account_id = any(%(account_ids)s::bigint[]) and open_cents > 0
    order by item_id for update
"""

# Parts of a statement that allocates the shares of a payment. The statement names the entry in a
# part `drawn`, and in a part `shared` each share's id by its ordinal.
SHARES_SETTLE_PARTS = (
    """
allocation as (
    insert into receivables_allocation (account_bucket, account_id, item_id, share_id,
        amount_cents, entry_id, posting_day)
    select shared.account_id % 4096, shared.account_id, part.item_id, shared.share_id, part.cents,
        drawn.entry_id, %(posting_day)s::date
    from drawn, unnest(%(part_share_ordinals)s::int[], %(part_item_ids)s::bigint[],
        %(part_cents)s::bigint[]) as part (share_ordinal, item_id, cents)
    join shared on shared.ordinal = part.share_ordinal
),
"""
    + writing.SETTLED_PART
)

# The same where something is left over: it becomes one credit an account. Apart, because the
# walls of items look even when none is added.
SHARES_SETTLE_AND_CREDIT_PARTS = (
    """
credited as materialized (
    select nextval('receivables_item_id_seq') as item_id, account_id, cents, ordinal
    from unnest(%(credit_account_ids)s::bigint[], %(credit_cents)s::bigint[]) with ordinality
        as part (account_id, cents, ordinal)
),
credit as (
    insert into receivables_item (id, account_bucket, account_id, kind, code_id, amount_cents,
        arises_on, posting_day, entry_id, source_kind, source_id, run_id)
    select item_id, account_id % 4096, account_id, 2, %(credit_code_id)s::int, cents,
        %(received_on)s::date, %(posting_day)s::date, entry_id,
        %(entry_source_kind)s::smallint, source_id, %(run_id)s::int
    from credited, drawn
),
credit_open as (
    insert into receivables_openitem (item_id, account_bucket, account_id, kind, code_id,
        open_cents)
    select item_id, account_id % 4096, account_id, 2, %(credit_code_id)s::int, cents
    from credited
),
allocation as (
    insert into receivables_allocation (account_bucket, account_id, item_id, share_id,
        amount_cents, entry_id, posting_day)
    select shared.account_id % 4096, shared.account_id,
        coalesce(part.item_id, credited.item_id), shared.share_id, part.cents, drawn.entry_id,
        %(posting_day)s::date
    from drawn, unnest(%(part_share_ordinals)s::int[], %(part_item_ids)s::bigint[],
        %(part_credit_ordinals)s::int[], %(part_cents)s::bigint[])
        as part (share_ordinal, item_id, credit_ordinal, cents)
    join shared on shared.ordinal = part.share_ordinal
    left join credited on credited.ordinal = part.credit_ordinal
),
"""
    + writing.SETTLED_PART
)

_LOCKED_ITEMS = prepared.statement(LOCKED_ITEMS)


# Everything that taking shares back may change: their own allocations not yet taken back, and
# what the credits made by them were spent on.
_ALLOCATIONS_OF_SHARES = prepared.statement("""
    with own as (
        select made.id, made.account_id, made.item_id, made.share_id, made.credit_item_id,
            made.amount_cents
        from receivables_allocation as made
        where made.share_id = any(%(share_ids)s::bigint[]) and made.reverses_id is null
            and not exists (
                select from receivables_allocation as later where later.reverses_id = made.id)
    )
    select * from own
    union all
    select spent.id, spent.account_id, spent.item_id, spent.share_id, spent.credit_item_id,
        spent.amount_cents
    from own join receivables_allocation as spent on spent.credit_item_id = own.item_id
    where spent.reverses_id is null and not exists (
        select from receivables_allocation as later where later.reverses_id = spent.id)
""")

_TAKE_BACK = prepared.statement(
    """
    with allocation as (
        insert into receivables_allocation (account_bucket, account_id, item_id, share_id,
            credit_item_id, amount_cents, entry_id, posting_day, reverses_id)
        select account_bucket, account_id, item_id, share_id, credit_item_id, -amount_cents,
            %(entry_id)s::bigint, %(posting_day)s::date, id
        from receivables_allocation where id = any(%(allocation_ids)s::bigint[])
    ),
    """
    + writing.SETTLED_PART
    + " select 1"
)


class _Allocation(NamedTuple):
    id: int
    account_id: int
    item_id: int
    share_id: int | None
    credit_item_id: int | None
    cents: int


class LockedItems(NamedTuple):
    """The open charges of some accounts, and the balance of each account that has open items."""

    charges: list[OpenCharge]
    balance_cents: Counter[int]


class TakingBack(NamedTuple):
    """What taking shares back will do: the lines of its entry, and the rows to write."""

    lines: list[Line]
    allocation_ids: list[int]
    settled: Counter[int]


def account_parameters(account_ids: Iterable[int]) -> dict[str, prepared.Value]:
    """Return what LOCKED_ITEMS takes."""
    ids: list[int] = sorted(set(account_ids))
    buckets: list[int] = sorted({each % 4096 for each in ids})
    return {"account_ids": ids, "account_buckets": buckets}


@transactions.needs_transaction
def lock_open_items(*, account_ids: Sequence[int]) -> LockedItems:
    """Lock the open items of some accounts, in the order of their ids, and return what is owed."""
    found = LockedItems([], Counter())
    for kind, *row in prepared.rows(_LOCKED_ITEMS, account_parameters(account_ids)):
        charge = OpenCharge(*row)
        if kind == choices.ItemKind.CHARGE:
            found.charges.append(charge)
            found.balance_cents[charge.account_id] += charge.open_cents
        else:
            found.balance_cents[charge.account_id] -= charge.open_cents
    return found


@transactions.needs_transaction
def plan_taking_back(*, share_ids: Sequence[int]) -> TakingBack:
    """Lock everything that the shares settled and return what undoing exactly that will do.

    A charge opens again with its own due day. A credit that a share made shrinks; where it was
    spent already, the latest spending is undone first.
    """
    parameters: dict[str, prepared.Value] = {"share_ids": list(share_ids)}
    item_ids: set[int] = set()
    found: list[_Allocation] = []
    # Locked first and read again after, since others may have spent a credit meanwhile.
    for _ in range(2):
        found = [_Allocation(*row) for row in prepared.rows(_ALLOCATIONS_OF_SHARES, parameters)]
        for each in found:
            item_ids.update(named for named in (each.item_id, each.credit_item_id) if named)
        locked = writing.locked_items(item_ids)
    taken_back = [each for each in found if each.share_id is not None]
    spent = sorted((each for each in found if each.share_id is None), reverse=True)
    settled: Counter[int] = Counter()
    lines: list[Line] = []
    unapplied = queries.chart().unapplied_gl_id
    for each in taken_back:
        item = locked[each.item_id]
        settled[each.item_id] += -each.cents if item.kind == 1 else each.cents
        gl_id = writing.gl_ids_of(item.code_id)[0] if item.kind == 1 else unapplied
        lines.append(Line(gl_id, each.cents, each.account_id))
    undone: list[_Allocation] = []
    for each in spent:
        credit_id = each.credit_item_id
        assert credit_id is not None
        if settled[credit_id] > locked[credit_id].open_cents:
            undone.append(each)
            settled[credit_id] -= each.cents
            settled[each.item_id] -= each.cents
            lines.extend(
                Line(line.gl_account_id, -line.amount_cents, line.subledger_id)
                for line in writing.lines_of_applying(locked[each.item_id], each.cents)
            )
    return TakingBack(lines, [each.id for each in (*taken_back, *undone)], settled)


@transactions.needs_transaction
def take_back(*, planned: TakingBack, entry_id: int, posting_day: datetime.date) -> None:
    """Undo what was planned, under the entry that has its lines."""
    parameters: dict[str, prepared.Value] = {
        "entry_id": entry_id,
        "posting_day": posting_day,
        "allocation_ids": planned.allocation_ids,
        "settled_item_ids": list(planned.settled),
        "settled_cents": list(planned.settled.values()),
    }
    prepared.rows(_TAKE_BACK, parameters)
