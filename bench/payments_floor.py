"""The floor of a payment: the same locks, reads and rows, by hand, in plain psycopg."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from typing import Any

import psycopg

from bench import payments_city

_LOCK = b"""
    select till.status, till.posting_day, known.result
    from cashiering_till as till left join idempotency_claim($2) as known on true
    where till.id = $1 for update of till
"""

_OPEN = b"""
    select item_id, code_id, due_on, open_cents from receivables_openitem
    where account_bucket = $1 and account_id = $2 and kind = 1 and open_cents > 0
    order by item_id for update
"""

_WRITE = b"""
    with drawn as materialized (
        select nextval('ledger_journalentry_id_seq') as entry_id,
            nextval('payments_payment_id_seq') as payment_id,
            nextval('payments_tender_id_seq') as tender_id,
            nextval('payments_tendershare_id_seq') as share_id
    ),
    entry as (
        insert into ledger_journalentry (id, posting_day, gl_period, kind, source_kind, source_id,
            posting_count, made_by_id, made_at)
        select entry_id, $1, 202603, 2, 4, payment_id, $2, $3, $4 from drawn
    ),
    posting as (
        insert into ledger_posting (entry_id, line_no, gl_account_id, subledger_id, amount_cents)
        select entry_id, line_no, gl_id, case when line_no > 1 then $5::bigint end, cents
        from drawn, unnest($6::int[], $7::bigint[]) with ordinality as line (gl_id, cents, line_no)
    ),
    payment as (
        insert into payments_payment (id, received_on, posting_day, channel, source_kind,
            source_id, total_cents, entry_id, made_by_id, made_at)
        select payment_id, $1, $1, 1, 6, $8, $9, entry_id, $3, $4 from drawn
    ),
    tender as (
        insert into payments_tender (id, payment_id, kind_id, amount_cents, given_cents, reference)
        select tender_id, payment_id, $10, $9, $11, '' from drawn
    ),
    share as (
        insert into payments_tendershare (id, tender_id, account_bucket, account_id, amount_cents)
        select share_id, tender_id, $5::bigint % 4096, $5, $9 from drawn
    ),
    part as (select * from unnest($12::bigint[], $13::bigint[]) as part (item_id, cents)),
    allocation as (
        insert into receivables_allocation (account_bucket, account_id, item_id, share_id,
            amount_cents, entry_id, posting_day)
        select $5::bigint % 4096, $5, item_id, share_id, cents, entry_id, $1 from part, drawn
    ),
    settled as (
        update receivables_openitem as open set open_cents = open.open_cents - part.cents
        from part where open.item_id = part.item_id
    )
    select payment_id from drawn
"""

_RECEIPT = b"""
    with given as (
        update cashiering_till set next_receipt_number = next_receipt_number + 1
        where id = $1 returning next_receipt_number - 1 as number
    ),
    receipt as (
        insert into cashiering_receipt (till_id, number, payment_id, given_at)
        select $1, number, $2, $3 from given
    ),
    kept as (
        insert into idempotency_key (key, content_sha256, result, made_at)
        select $4, $5, jsonb_build_object('number', number, 'payment_id', $2::bigint), $3
        from given
    )
    select number from given
"""


class Floor:
    """A hand-written till: one account, cash, what is due first."""

    def __init__(self, address: str, *, till_id: int, cents: int) -> None:
        self.connection = psycopg.connect(address)
        self.till_id = till_id
        self.cents = cents
        row = self.connection.execute(
            "select cashier_id from cashiering_till where id = %s", [till_id]
        ).fetchone()
        assert row is not None
        self.cashier_id = row[0]
        self.gl_of_code = {code: int(gl) for code, gl in self._gl_accounts("charge")}
        ((self.cash_id, self.cash_gl),) = self._gl_accounts(
            "tender kind", "gl", "and code = 'cash'"
        )
        self.connection.commit()

    def pay(self, account: int) -> None:
        """Take one payment."""
        key = f"bench/{account}"
        with self.connection.transaction(), psycopg.RawCursor(self.connection) as cursor:
            run = cursor.execute
            (status, day, known) = _only(run(_LOCK, (self.till_id, key), prepare=True))
            assert status == "open"
            assert known is None
            charges = run(_OPEN, (account % 4096, account), prepare=True).fetchall()
            charges.sort(key=lambda charge: (charge[2], charge[0]))
            left, parts, lines = self.cents, [], [self.cents]
            gl_ids = [self.cash_gl]
            for item_id, code_id, _, open_cents in charges:
                part = min(left, open_cents)
                left -= part
                parts.append((item_id, part))
                gl_id = self.gl_of_code[code_id]
                if gl_id in gl_ids:
                    lines[gl_ids.index(gl_id)] -= part
                else:
                    gl_ids.append(gl_id)
                    lines.append(-part)
            assert left == 0
            written = run(
                _WRITE,
                (
                    day,
                    len(lines),
                    self.cashier_id,
                    payments_city.AT,
                    account,
                    gl_ids,
                    lines,
                    self.till_id,
                    self.cents,
                    self.cash_id,
                    self.cents + 37,
                    [item_id for item_id, _ in parts],
                    [part for _, part in parts],
                ),
                prepare=True,
            )
            (payment_id,) = _only(written)
            content = hashlib.sha256(f"{self.till_id}/{account}/{self.cents}".encode()).digest()
            run(
                _RECEIPT,
                (self.till_id, payment_id, payments_city.AT, key, content),
                prepare=True,
            )

    def statements(self, account: int) -> int:
        """Return the statements of one payment besides BEGIN and COMMIT."""
        return statements_of(lambda: self.pay(account), self.connection)

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def _gl_accounts(
        self, code_list: str, attribute: str = "receivable_gl", only: str = ""
    ) -> list[tuple[Any, ...]]:
        return self.connection.execute(
            "select code.id, account.id from code_lists_code as code"
            " join code_lists_list as list on list.id = code.list_id and list.name = %s"
            f" join ledger_glaccount as account on account.code = code.attributes ->> '{attribute}'"
            f" where true {only.replace('code =', 'code.code =')}",
            [code_list],
        ).fetchall()


def _only(answer: psycopg.Cursor[Any]) -> tuple[Any, ...]:
    """Return the one row of an answer."""
    row: tuple[Any, ...] | None = answer.fetchone()
    assert row is not None
    return row


def statements_of(pay: Callable[[], None], connection: psycopg.Connection[Any]) -> int:
    """Return how many statements a payment sends besides BEGIN and COMMIT, as libpq sees it."""
    with tempfile.TemporaryFile() as trace:
        connection.pgconn.trace(trace.fileno())
        try:
            pay()
        finally:
            connection.pgconn.untrace()
        trace.seek(0)
        sent = [line.split(b"\t") for line in trace.read().splitlines()]
    executed = [line for line in sent if len(line) > 3 and line[1] == b"F"]
    count = sum(line[3].startswith((b"Execute", b"Query")) for line in executed)
    bounds = sum(
        b'"BEGIN' in line[-1].upper() or b'"COMMIT' in line[-1].upper() for line in executed
    )
    return count - bounds
