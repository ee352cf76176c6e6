"""The one statement by which items, allocations and their entry are written together.

Every write locks the open items it will change in the order of their ids, so that two writers
never wait for each other in a ring, and posts one entry whose lines follow from the items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from fisc.domain.ledger import operations as ledger
from fisc.domain.receivables import calculations, queries
from fisc.plumbing import prepared, transactions

Line = ledger.Line
Origin = calculations.Origin
Written = calculations.Written

# Parts of a statement that settles items: `settled_item_ids` and `settled_cents`.
SETTLED_PART = """
settled as (
    update receivables_openitem as open set open_cents = open.open_cents - part.cents
    from unnest(%(settled_item_ids)s::bigint[], %(settled_cents)s::bigint[])
        as part (item_id, cents)
    where open.item_id = part.item_id
)
"""

_LOCKED_ITEMS = prepared.statement("""
    select open.item_id, open.account_id, open.kind, open.code_id, open.open_cents,
        item.amount_cents, item.arises_on,
        exists (select from receivables_item as later where later.reverses_id = item.id)
    from receivables_openitem as open join receivables_item as item on item.id = open.item_id
    where open.item_id = any(%(item_ids)s::bigint[])
    order by open.item_id for update of open
""")

_WRITE = prepared.statement(
    """
    with drawn as materialized (
        select nextval('ledger_journalentry_id_seq') as entry_id, %(source_id)s::bigint as source_id
    ),
    """
    + ledger.ENTRY_PARTS
    + """,
    added as materialized (
        select nextval('receivables_item_id_seq') as id, part.*
        from unnest(%(item_account_ids)s::bigint[], %(item_kinds)s::smallint[],
            %(item_code_ids)s::int[], %(item_cents)s::bigint[], %(item_open_cents)s::bigint[],
            %(item_arises_on)s::date[], %(item_due_on)s::date[], %(item_reverses_ids)s::bigint[])
            with ordinality as part (account_id, kind, code_id, cents, open_cents, arises_on,
                due_on, reverses_id, ordinal)
    ),
    item as (
        insert into receivables_item (id, account_bucket, account_id, kind, code_id,
            amount_cents, arises_on, due_on, posting_day, entry_id, source_kind, source_id,
            reverses_id, run_id)
        select id, account_id % 4096, account_id, kind, code_id, cents, arises_on, due_on,
            %(posting_day)s::date, entry_id, %(entry_source_kind)s::smallint, source_id,
            reverses_id, %(run_id)s::int
        from added, drawn
    ),
    open_item as (
        insert into receivables_openitem (item_id, account_bucket, account_id, kind, code_id,
            due_on, open_cents)
        select id, account_id % 4096, account_id, kind, code_id, due_on, open_cents from added
    ),
    allocation as (
        insert into receivables_allocation (account_bucket, account_id, item_id, credit_item_id,
            amount_cents, entry_id, posting_day)
        select part.account_id % 4096, part.account_id, coalesce(part.item_id, charged.id),
            coalesce(part.credit_id, credited.id), part.cents, drawn.entry_id,
            %(posting_day)s::date
        from drawn, unnest(%(part_account_ids)s::bigint[], %(part_item_ids)s::bigint[],
            %(part_charge_ordinals)s::int[], %(part_credit_ids)s::bigint[],
            %(part_credit_ordinals)s::int[], %(part_cents)s::bigint[])
            as part (account_id, item_id, charge_ordinal, credit_id, credit_ordinal, cents)
        left join added as charged on charged.ordinal = part.charge_ordinal
        left join added as credited on credited.ordinal = part.credit_ordinal
    ),
    """
    + SETTLED_PART
    + " select entry_id, id from drawn left join added on true order by added.ordinal"
)


class CodeMovesNoGL(Exception):
    """A charge code has no GL account to move."""


@transactions.needs_transaction
def locked_items(item_ids: Iterable[int]) -> dict[int, calculations.LockedItem]:
    """Lock items in the order of their ids and return them as they stand. Raises NoSuchItem."""
    wanted = sorted(set(item_ids))
    rows = prepared.rows(_LOCKED_ITEMS, {"item_ids": wanted})
    found = {row[0]: calculations.LockedItem(*row) for row in rows}
    if missing := [each for each in wanted if each not in found]:
        raise queries.NoSuchItem(f"There are no items {missing}.")
    return found


def gl_ids_of(code_id: int) -> tuple[int, int]:
    """Return the receivable and the revenue GL account of a charge code.

    Raises CodeMovesNoGL.
    """
    charted = queries.chart()
    try:
        return charted.receivable_gl_ids[code_id], charted.revenue_gl_ids[code_id]
    except KeyError as missing:
        raise CodeMovesNoGL(
            f"Charge code {charted.codes.get(code_id, code_id)} has no receivable_gl or no "
            "revenue_gl. Add both to the code list “charge”."
        ) from missing


def lines_of_applying(charge: calculations.LockedItem, cents: int) -> list[Line]:
    """Return the lines by which part of a credit settles a charge."""
    receivable, _ = gl_ids_of(charge.code_id)
    return lines_of_applying_to(receivable, cents, charge.account_id)


def lines_of_applying_to(receivable: int, cents: int, account_id: int) -> list[Line]:
    """Return the lines by which part of a credit settles a charge of a receivable GL account."""
    return [
        Line(queries.chart().unapplied_gl_id, cents, account_id),
        Line(receivable, -cents, account_id),
    ]


def lines_of_crediting(revenue: int, cents: int, account_id: int) -> list[Line]:
    """Return the lines by which a credit arises against a revenue GL account."""
    return [Line(revenue, cents), Line(queries.chart().unapplied_gl_id, -cents, account_id)]


@transactions.needs_transaction
def write(
    *,
    kind: int,
    lines: Sequence[Line],
    origin: Origin,
    items: Sequence[calculations.NewItem] = (),
    applied: Sequence[calculations.Applied] = (),
    settled: Counter[int] | None = None,
) -> Written:
    """Write items, what of credits settles which charge, and their entry, in one statement."""
    settled = settled or Counter()
    parameters = ledger.entry_parameters(
        posting_day=origin.posting_day, kind=kind, lines=ledger.netted(lines)
    )
    parameters.update(
        entry_source_kind=int(origin.source_kind),
        source_id=origin.source_id,
        made_by_id=origin.made_by_id,
        made_at=origin.made_at,
        run_id=origin.run_id,
        item_account_ids=[each.charge.account_id for each in items],
        item_kinds=[int(each.kind) for each in items],
        item_code_ids=[each.charge.code_id for each in items],
        item_cents=[each.charge.amount_cents for each in items],
        item_open_cents=[each.open_cents for each in items],
        item_arises_on=[each.charge.arises_on for each in items],
        item_due_on=[each.charge.due_on for each in items],
        item_reverses_ids=[each.reverses_id for each in items],
        part_account_ids=[each.account_id for each in applied],
        part_item_ids=[each.item_id for each in applied],
        part_charge_ordinals=[each.charge_ordinal for each in applied],
        part_credit_ids=[each.credit_id for each in applied],
        part_credit_ordinals=[each.credit_ordinal for each in applied],
        part_cents=[each.cents for each in applied],
        settled_item_ids=list(settled),
        settled_cents=list(settled.values()),
    )
    rows = ledger.posted(_WRITE, parameters)
    return Written(
        entry_id=rows[0][0], item_ids=tuple(item_id for _, item_id in rows if item_id is not None)
    )
