"""Reading payments, and what the city's tables say about them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.db import connection

from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import queries as ledger
from fisc.domain.payments import calculations, decision_points
from fisc.domain.receivables import calculations as receivables_sums
from fisc.domain.receivables import queries as receivables
from fisc.domain.rule_tables.queries import versions as rule_tables

# A page of evidence is enough to see what is wrong; the count of a fault may be millions.
_EVIDENCE = 100

TenderKind = calculations.TenderKind

# By charge code and whether it is past due.
Priorities = Mapping[tuple[int, bool], int]


class ChargeHasNoPriority(Exception):
    """The allocation table says nothing about a charge code."""


class TenderKindHasNoGL(Exception):
    """A kind of tender does not say which GL account it moves."""


class NoSuchPayment(Exception):
    """A payment or tender was asked for that is not there."""


@dataclass(frozen=True, slots=True)
class Tender:
    """One means of a payment."""

    id: int
    kind: str
    kind_id: int
    amount_cents: int
    given_cents: int
    reference: str
    is_returned: bool

    @property
    def change_cents(self) -> int:
        """What was handed back."""
        return self.given_cents - self.amount_cents


@dataclass(frozen=True, slots=True)
class Settled:
    """What a payment did to one item of an account; a credit is what it overpaid."""

    account_id: int
    item_id: int
    code_id: int
    is_credit: bool
    cents: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with its tenders and what it settled."""

    id: int
    received_on: datetime.date
    posting_day: datetime.date
    channel: int
    source_kind: int
    source_id: int
    total_cents: int
    entry_id: int
    made_by_id: int | None
    made_at: datetime.datetime
    tenders: tuple[Tender, ...]
    settled: tuple[Settled, ...]


_kinds: dict[str, tuple[int, Mapping[int, TenderKind]]] = {}
_priorities: dict[tuple[str, int], tuple[int, Priorities]] = {}


def tender_kinds(*, generation: int | None = None) -> Mapping[int, TenderKind]:
    """Return the city's kinds of tender by id, kept in memory until the lists change.

    Raises TenderKindHasNoGL.
    """
    current = code_lists.generation() if generation is None else generation
    kept = _kinds.get(_database())
    if kept is None or kept[0] != current:
        kept = (current, _read_tender_kinds(current))
        _kinds[_database()] = kept
    return kept[1]


def priorities(
    *, day: datetime.date, known_at: datetime.datetime, generation: int | None = None
) -> Priorities:
    """Return the priority of each charge code, past due and not, by the table of a day.

    Each version is asked once for all codes and kept in memory. Raises NoVersionForDate.
    """
    current = code_lists.generation() if generation is None else generation
    point = decision_points.ALLOCATION_ORDER.name
    version = rule_tables.in_force(point, day=day, known_at=known_at, generation=current)
    key = (_database(), version.version_id)
    kept = _priorities.get(key)
    if kept is None or kept[0] != current:
        kept = (current, _asked(version, current))
        _priorities[key] = kept
    return kept[1]


def priority_on(
    *, day: datetime.date, known_at: datetime.datetime, generation: int | None = None
) -> receivables_sums.Priority:
    """Return the priority of an open charge by the city's allocation table of a day.

    A charge that was due before the day is past due. The priority raises ChargeHasNoPriority for a
    code that the table says nothing about; this raises NoVersionForDate.
    """
    current = code_lists.generation() if generation is None else generation
    by_code = priorities(day=day, known_at=known_at, generation=current)

    def priority(charge: receivables_sums.OpenCharge) -> int:
        past_due = charge.due_on is not None and charge.due_on < day
        try:
            return by_code[charge.code_id, past_due]
        except KeyError as missing:
            code = receivables.chart(generation=current).codes.get(charge.code_id)
            raise ChargeHasNoPriority(
                f"The allocation table gives no priority for charge code {code}. Add a rule to "
                "payments.allocation_order."
            ) from missing

    return priority


def payment(payment_id: int) -> Payment:
    """Return one payment with its tenders and what it settled. Raises NoSuchPayment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, received_on, posting_day, channel, source_kind, source_id, total_cents,"
            " entry_id, made_by_id, made_at from payments_payment where id = %s",
            [payment_id],
        )
        row = cursor.fetchone()
        if row is None:
            raise NoSuchPayment(f"There is no payment {payment_id}.")
        cursor.execute(
            """
            select tender.id, kind.code, kind.id, tender.amount_cents, tender.given_cents,
                tender.reference, back.id is not null
            from payments_tender as tender join code_lists_code as kind on kind.id = tender.kind_id
            left join payments_tenderreturn as back on back.tender_id = tender.id
            where tender.payment_id = %s order by tender.id
            """,
            [payment_id],
        )
        tenders = tuple(Tender(*each) for each in cursor.fetchall())
        cursor.execute(_SETTLED_BY_PAYMENT, [payment_id])
        settled = tuple(Settled(*each) for each in cursor.fetchall())
    return Payment(
        id=row[0],
        received_on=row[1],
        posting_day=row[2],
        channel=row[3],
        source_kind=row[4],
        source_id=row[5],
        total_cents=row[6],
        entry_id=row[7],
        made_by_id=row[8],
        made_at=row[9],
        tenders=tenders,
        settled=settled,
    )


def payments_of_account(account_id: int, *, limit: int | None = 50) -> list[int]:
    """Return the ids of an account's latest payments, newest first; all without a limit."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select payment.id from (
                select distinct entry.source_id
                from receivables_allocation as part
                join ledger_journalentry as entry on entry.id = part.entry_id and entry.kind = 2
                where part.account_bucket = %(account_id)s %% 4096
                    and part.account_id = %(account_id)s and part.share_id is not null
            ) as made join payments_payment as payment on payment.id = made.source_id
            order by payment.received_on desc, payment.made_at desc, payment.id desc
            limit %(limit)s
            """,
            {"account_id": account_id, "limit": limit},
        )
        return [payment_id for (payment_id,) in cursor.fetchall()]


def broken_payments() -> list[str]:
    """Return tenders, shares and allocations that do not add up: invariant 4. None is right."""
    broken: list[str] = []
    with connection.cursor() as cursor:
        for words, statement in _BROKEN_SUMS.items():
            cursor.execute(statement, {"limit": _EVIDENCE})
            broken.extend(words.format(*row) for row in cursor.fetchall())
    return broken


def broken_tenders_in_books() -> list[str]:
    """Return GL accounts of tenders that differ from what was taken: invariant 3. None is right.

    What is over or short at a closed till is booked there too.
    """
    gl_ids = {kind.gl_id for kind in tender_kinds().values()}
    kinds_by_gl: dict[int, list[int]] = {gl_id: [] for gl_id in gl_ids}
    for kind in tender_kinds().values():
        kinds_by_gl[kind.gl_id].append(kind.id)
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED_BY_DAY, {"gl_ids": sorted(gl_ids)})
        booked = {(gl_id, day): cents for gl_id, day, cents in cursor.fetchall()}
        cursor.execute(_TAKEN_BY_DAY)
        taken: dict[tuple[int, datetime.date], int] = {}
        gl_of = {kind.id: kind.gl_id for kind in tender_kinds().values()}
        for kind_id, day, cents in cursor.fetchall():
            key = (gl_of[kind_id], day)
            taken[key] = taken.get(key, 0) + cents
    return [
        f"GL account {gl_id} on {day}: {booked.get((gl_id, day), 0)} cents booked from payments, "
        f"{taken.get((gl_id, day), 0)} taken less returned."
        for gl_id, day in sorted({*booked, *taken})
        if booked.get((gl_id, day), 0) != taken.get((gl_id, day), 0)
    ][:_EVIDENCE]


_SETTLED_BY_PAYMENT = """
    select part.account_id, part.item_id, item.code_id, item.kind = 2,
        sum(part.amount_cents)::bigint
    from payments_tender as tender
    join payments_tendershare as share on share.tender_id = tender.id
    join receivables_allocation as part on part.share_id = share.id
        and part.reverses_id is null
    join receivables_item as item on item.id = part.item_id
    where tender.payment_id = %s
    group by part.account_id, part.item_id, item.code_id, item.kind
    order by min(part.id)
"""

_BOOKED_BY_DAY = """
    select posting.gl_account_id, entry.posting_day, sum(posting.amount_cents)::bigint
    from ledger_journalentry as entry join ledger_posting as posting
        on posting.entry_id = entry.id
    where entry.kind in (2, 5) and posting.gl_account_id = any(%(gl_ids)s)
    group by 1, 2
"""

_TAKEN_BY_DAY = """
    select kind_id, day, sum(cents)::bigint from (
        select tender.kind_id, payment.posting_day as day, tender.amount_cents as cents
        from payments_payment as payment join payments_tender as tender
            on tender.payment_id = payment.id
        union all
        select tender.kind_id, back.posting_day, -tender.amount_cents
        from payments_tenderreturn as back join payments_tender as tender
            on tender.id = back.tender_id
    ) as moved group by 1, 2
"""

_BROKEN_SUMS = {
    "Payment {0} is of {1} cents, its tenders of {2}.": """
        select payment.id, payment.total_cents, coalesce(tendered.cents, 0)
        from payments_payment as payment left join (
            select payment_id, sum(amount_cents) as cents from payments_tender group by payment_id
        ) as tendered on tendered.payment_id = payment.id
        where tendered.cents is distinct from payment.total_cents limit %(limit)s
    """,
    "Tender {0} is of {1} cents, its shares of {2}.": """
        select tender.id, tender.amount_cents, coalesce(shared.cents, 0)
        from payments_tender as tender left join (
            select tender_id, sum(amount_cents) as cents
            from payments_tendershare group by tender_id
        ) as shared on shared.tender_id = tender.id
        where shared.cents is distinct from tender.amount_cents limit %(limit)s
    """,
    "Share {0} is of {1} cents, {2} are allocated, and its tender was {3}.": """
        select share.id, share.amount_cents, coalesce(allocated.cents, 0),
            case when back.id is null then 'kept' else 'returned' end
        from payments_tendershare as share
        left join (
            select share_id, sum(amount_cents) as cents
            from receivables_allocation where share_id is not null group by share_id
        ) as allocated on allocated.share_id = share.id
        left join payments_tenderreturn as back on back.tender_id = share.tender_id
        where coalesce(allocated.cents, 0)
            <> case when back.id is null then share.amount_cents else 0 end
        limit %(limit)s
    """,
}


def _read_tender_kinds(generation: int) -> dict[int, TenderKind]:
    gl_accounts = ledger.gl_accounts()
    found: dict[int, TenderKind] = {}
    for code in code_lists.codes("tender kind", generation=generation).values():
        gl_code = str(code.attributes.get("gl") or "")
        if gl_code not in gl_accounts:
            raise TenderKindHasNoGL(
                f"Tender kind {code.code}: its gl “{gl_code}” is no GL account. Correct the code "
                "list “tender kind” or add the account to “gl account”."
            )
        found[code.id] = TenderKind(
            id=code.id,
            code=code.code,
            gl_id=gl_accounts[gl_code].id,
            gives_change=code.attributes.get("gives_change") is True,
            needs_reference=code.attributes.get("needs_reference") is True,
            is_counted=code.attributes.get("is_counted") is True,
            at_most_cents=code.attributes.get("at_most_cents"),
        )
    return found


def _asked(version: rule_tables.LoadedVersion, generation: int) -> Priorities:
    codes = receivables.chart(generation=generation).codes
    ids = [*codes, *codes]
    past_due = np.arange(len(ids)) >= len(codes)
    places = np.tile(np.arange(len(codes), dtype=np.int64), 2)
    result = version.tables.evaluate(
        {
            "charge_code": types.Column(values=places, texts=tuple(codes.values())),
            "past_due": types.Column(values=past_due),
        }
    )
    (line,) = decision_points.ALLOCATION_ORDER.outputs
    answer = result.outputs[line.decision]
    return {
        (code_id, bool(late)): int(priority)
        for code_id, late, priority, is_null in zip(
            ids, past_due, answer.values, _nulls(answer), strict=True
        )
        if not is_null
    }


def _nulls(column: types.Column) -> list[bool]:
    if column.nulls is None:
        return [False] * len(column)
    return [bool(each) for each in column.nulls]


def _database() -> str:
    return str(connection.settings_dict["NAME"])
