"""Reading what accounts owe and are owed."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import calculations, choices

CONTROL_OF_CREDITS = "unapplied_credit"
CONTROL_OF_CHARGES = "receivables"

# A page of evidence is enough to see what is wrong; the count of a fault may be millions.
_EVIDENCE = 100

OpenCharge = calculations.OpenCharge


class ChargeCodeHasNoGL(Exception):
    """A charge code does not say which GL accounts it moves."""


class NoSuchItem(Exception):
    """An item was asked for that is not there."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Which GL accounts the charge codes of the city move."""

    receivable_gl_ids: Mapping[int, int]
    revenue_gl_ids: Mapping[int, int]
    # The code of credits that payments make, and the GL account that all open credits make up.
    unapplied_code_id: int
    unapplied_gl_id: int
    # GL account codes by id, and charge codes by id, for words.
    codes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account owes now; negative is owed to it."""

    balance_cents: int
    past_due_cents: int
    open_charges_cents: int
    unapplied_cents: int
    oldest_due_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A charge or credit with something open."""

    item_id: int
    kind: int
    code_id: int
    amount_cents: int
    open_cents: int
    arises_on: datetime.date
    due_on: datetime.date | None
    source_kind: int
    source_id: int


class HistoryKey(NamedTuple):
    """Where a page of history ends; the next page starts before it."""

    posting_day: datetime.date
    entry_id: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What one entry did to an account, and the balance after it."""

    key: HistoryKey
    posting_day: datetime.date
    entry_id: int
    # Of the ledger's choices: what the entry was, and what it came from.
    entry_kind: int
    source_kind: int
    source_id: int
    charged_cents: int
    credited_cents: int
    paid_cents: int
    balance_cents: int

    @property
    def amount_cents(self) -> int:
        """What the entry added to the balance."""
        return self.charged_cents - self.credited_cents - self.paid_cents


@dataclass(frozen=True, slots=True)
class AgingLine:
    """Open charges of one code by how long they are past due."""

    code_id: int
    not_due_cents: int
    days_1_to_30_cents: int
    days_31_to_60_cents: int
    days_61_to_90_cents: int
    over_90_days_cents: int


_charts: dict[str, tuple[int, Chart]] = {}


def chart(*, generation: int | None = None) -> Chart:
    """Return the GL accounts of the city's charge codes, kept in memory until the lists change.

    Raises ChargeCodeHasNoGL.
    """
    current = code_lists.generation() if generation is None else generation
    database = str(connection.settings_dict["NAME"])
    kept = _charts.get(database)
    if kept is None or kept[0] != current:
        kept = (current, _read_chart(current))
        _charts[database] = kept
    return kept[1]


def account_balance(account_id: int, *, as_of: datetime.date) -> Balance:
    """Return what an account owes; past due is what was due before `as_of`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select coalesce(sum(open_cents) filter (where kind = 1), 0)::bigint,
                coalesce(sum(open_cents) filter (where kind = 1 and due_on < %(as_of)s), 0)::bigint,
                coalesce(sum(open_cents) filter (where kind = 2), 0)::bigint,
                min(due_on) filter (where kind = 1)
            from receivables_openitem
            where account_bucket = %(account_id)s %% 4096 and account_id = %(account_id)s
                and open_cents > 0
            """,
            {"account_id": account_id, "as_of": as_of},
        )
        charges, past_due, credits_, oldest = cursor.fetchone()
    return Balance(
        balance_cents=charges - credits_,
        past_due_cents=past_due,
        open_charges_cents=charges,
        unapplied_cents=credits_,
        oldest_due_on=oldest,
    )


def open_items(account_id: int) -> list[OpenItem]:
    """Return an account's open charges, oldest due first, then its open credits."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select open.item_id, open.kind, open.code_id, item.amount_cents, open.open_cents,
                item.arises_on, item.due_on, item.source_kind, item.source_id
            from receivables_openitem as open join receivables_item as item
                on item.id = open.item_id
            where open.account_bucket = %(account_id)s %% 4096
                and open.account_id = %(account_id)s and open.open_cents > 0
            order by open.kind, open.due_on nulls first, open.item_id
            """,
            {"account_id": account_id},
        )
        return [OpenItem(*row) for row in cursor.fetchall()]


# What each entry did to one account. A share's allocation is a payment; whatever of it made a
# credit is paid all the same, so that credit's own item is not counted again.
_HISTORY = """
    with moved as (
        select entry_id, posting_day,
            case when kind = 1 then amount_cents else 0 end as charged_cents,
            case when kind = 2 then amount_cents else 0 end as credited_cents, 0 as paid_cents
        from receivables_item as item
        where account_bucket = %(account_id)s %% 4096 and account_id = %(account_id)s
            and not (kind = 2 and exists (
                select from receivables_allocation as made
                where made.account_bucket = item.account_bucket
                    and made.account_id = item.account_id and made.item_id = item.id
                    and made.share_id is not null))
        union all
        select entry_id, posting_day, 0, 0, amount_cents
        from receivables_allocation
        where account_bucket = %(account_id)s %% 4096 and account_id = %(account_id)s
            and share_id is not null
    ),
    lines as (
        select posting_day, entry_id, sum(charged_cents)::bigint as charged_cents,
            sum(credited_cents)::bigint as credited_cents, sum(paid_cents)::bigint as paid_cents
        from moved group by posting_day, entry_id
    ),
    running as (
        select lines.*, entry.kind, entry.source_kind, entry.source_id, entry.made_at,
            (sum(charged_cents - credited_cents - paid_cents)
            over (order by lines.posting_day, entry.made_at, entry_id))::bigint as balance_cents
        from lines join ledger_journalentry as entry on entry.id = lines.entry_id
    )
    select posting_day, entry_id, kind, source_kind, source_id,
        charged_cents, credited_cents, paid_cents, balance_cents
    from running
    where %(key)s::bigint is null or (%(with_key)s and entry_id = %(key)s)
        or (posting_day, made_at, entry_id) < (
            select key.posting_day, key.made_at, key.id
            from ledger_journalentry as key where key.id = %(key)s)
    order by posting_day desc, made_at desc, entry_id desc
    limit %(limit)s
"""


def history(
    account_id: int,
    *,
    before: HistoryKey | None = None,
    up_to: HistoryKey | None = None,
    limit: int = 25,
) -> list[HistoryLine]:
    """Return charges, payments and adjustments with the balance after each, newest first.

    `before` is the key of the last line of the page before; `up_to` keeps its own line too. In a
    day, lines follow the instant they were made at: ids tell nothing, as those of runs are greater.
    """
    key = up_to or before
    with connection.cursor() as cursor:
        cursor.execute(
            _HISTORY,
            {
                "account_id": account_id,
                "key": None if key is None else key.entry_id,
                "with_key": up_to is not None,
                "limit": limit,
            },
        )
        return [HistoryLine(HistoryKey(row[0], row[1]), *row) for row in cursor.fetchall()]


def items_of_source(*, account_id: int, source_kind: int, source_id: int) -> list[OpenItem]:
    """Return the items that one bill or other record made on an account, with what is open."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select item.id, item.kind, item.code_id, item.amount_cents, open.open_cents,
                item.arises_on, item.due_on, item.source_kind, item.source_id
            from receivables_item as item join receivables_openitem as open
                on open.item_id = item.id
            where item.account_bucket = %(account_id)s %% 4096
                and item.account_id = %(account_id)s
                and item.source_kind = %(source_kind)s and item.source_id = %(source_id)s
            order by item.id
            """,
            {"account_id": account_id, "source_kind": source_kind, "source_id": source_id},
        )
        return [OpenItem(*row) for row in cursor.fetchall()]


def aging(*, as_of: datetime.date) -> list[AgingLine]:
    """Return open charges by code and by days past due, over all accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select code_id,
                coalesce(sum(open_cents) filter (where late <= 0), 0)::bigint,
                coalesce(sum(open_cents) filter (where late between 1 and 30), 0)::bigint,
                coalesce(sum(open_cents) filter (where late between 31 and 60), 0)::bigint,
                coalesce(sum(open_cents) filter (where late between 61 and 90), 0)::bigint,
                coalesce(sum(open_cents) filter (where late > 90), 0)::bigint
            from (
                select code_id, open_cents, %(as_of)s::date - coalesce(due_on, %(as_of)s) as late
                from receivables_openitem where kind = 1 and open_cents > 0
            ) as open
            group by code_id order by code_id
            """,
            {"as_of": as_of},
        )
        return [AgingLine(*row) for row in cursor.fetchall()]


def broken_open_items() -> list[str]:
    """Return items whose open part is not what was left unsettled: invariant 4. None is right."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN_OPEN_ITEMS, {"limit": _EVIDENCE})
        return [
            f"Item {item_id} of account {account_id}: open {open_cents}, should be {left_cents}."
            for item_id, account_id, open_cents, left_cents in cursor.fetchall()
        ]


def broken_control_accounts() -> list[str]:
    """Return control accounts that differ from their items: invariant 2. None is right."""
    charted = chart()
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, code_id, sum(open_cents)::bigint from receivables_openitem"
            " where open_cents > 0 group by kind, code_id"
        )
        owed_cents: Counter[int] = Counter()
        for kind, code_id, cents in cursor.fetchall():
            if kind == choices.ItemKind.CHARGE:
                owed_cents[charted.receivable_gl_ids[code_id]] += cents
            else:
                owed_cents[charted.unapplied_gl_id] -= cents
    booked = {
        line.gl_account.id: line
        for line in ledger.trial_balance(datetime.date.max)
        if line.gl_account.control_of in {CONTROL_OF_CHARGES, CONTROL_OF_CREDITS}
    }
    booked_cents = {gl_id: line.balance_cents for gl_id, line in booked.items()}
    return [
        f"GL account {gl_id} stands at {booked_cents.get(gl_id, 0)} cents, its items at "
        f"{owed_cents[gl_id]}."
        for gl_id in sorted({*booked_cents, *owed_cents})
        if booked_cents.get(gl_id, 0) != owed_cents[gl_id]
    ]


# Every sum in one pass and one join, and the first rows taken of a result that is kept: with more
# joins, or a limit on them, PostgreSQL hopes for early rows and searches item by item.
_BROKEN_OPEN_ITEMS = """
    with moved as (
        select item_id, sum(settled) as settled, sum(taken_back) as taken_back, sum(spent) as spent
        from (
            select item_id, amount_cents as settled,
                case when reverses_id is null then 0 else amount_cents end as taken_back,
                0 as spent
            from receivables_allocation
            union all
            select credit_item_id, 0, 0, amount_cents
            from receivables_allocation where credit_item_id is not null
        ) as part
        group by item_id
    ),
    should as (
        select item.id, item.account_id,
            item.amount_cents - case when item.kind = 1 then coalesce(moved.settled, 0)
                else coalesce(moved.spent, 0) - coalesce(moved.taken_back, 0) end as left_cents
        from receivables_item as item left join moved on moved.item_id = item.id
    ),
    broken as materialized (
        select should.id, should.account_id, open.open_cents, should.left_cents
        from should left join receivables_openitem as open on open.item_id = should.id
        where open.open_cents is distinct from should.left_cents
    )
    select * from broken limit %(limit)s
"""


def _read_chart(generation: int) -> Chart:
    gl_accounts = ledger.gl_accounts()
    charges = code_lists.codes("charge", generation=generation)
    receivable = _gl_accounts_named(charges, "receivable_gl", gl_accounts)
    revenue = _gl_accounts_named(charges, "revenue_gl", gl_accounts)
    unapplied = [
        (code_id, account.id)
        for code_id, account in receivable.items()
        if account.control_of == CONTROL_OF_CREDITS
    ]
    if len(unapplied) != 1:
        raise ChargeCodeHasNoGL(
            "The code list “charge” must have exactly one code whose receivable_gl is the account "
            f"with control_of “{CONTROL_OF_CREDITS}”; it has {len(unapplied)}."
        )
    ((unapplied_code_id, unapplied_gl_id),) = unapplied
    return Chart(
        receivable_gl_ids={code_id: account.id for code_id, account in receivable.items()},
        revenue_gl_ids={code_id: account.id for code_id, account in revenue.items()},
        unapplied_code_id=unapplied_code_id,
        unapplied_gl_id=unapplied_gl_id,
        codes={code.id: code.code for code in charges.values()},
    )


def _gl_accounts_named(
    charges: Mapping[str, code_lists.Code],
    attribute: str,
    gl_accounts: Mapping[str, ledger.GLAccount],
) -> dict[int, ledger.GLAccount]:
    """Return the GL account that each charge code names in an attribute, where it names one."""
    found: dict[int, ledger.GLAccount] = {}
    for code in charges.values():
        gl_code = str(code.attributes.get(attribute) or "")
        if gl_code and gl_code not in gl_accounts:
            raise ChargeCodeHasNoGL(
                f"Charge code {code.code}: its {attribute} “{gl_code}” is no GL account. "
                "Correct the code list “charge” or add the account to “gl account”."
            )
        if gl_code:
            found[code.id] = gl_accounts[gl_code]
    return found
