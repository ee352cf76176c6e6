"""The rows of many payments, one COPY a table."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fisc.basics import identifiers
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.payments import queries
from fisc.domain.receivables import queries as receivables
from fisc.plumbing import bulk_copy, prepared

Numbers = npt.NDArray[np.int64]

# More than there are GL accounts.
_GL_IDS = 1 << 32

# One statement, as the walls want it: what is allocated and what is open agree at its end.
_SETTLE = prepared.statement("""
    with part as materialized (
        select * from unnest(%(ids)s::bigint[], %(account_ids)s::bigint[], %(item_ids)s::bigint[],
            %(share_ids)s::bigint[], %(cents)s::bigint[], %(entry_ids)s::bigint[],
            %(posting_days)s::int[], %(is_charge)s::bool[])
            as part (id, account_id, item_id, share_id, cents, entry_id, posting_day, is_charge)
    ),
    allocation as (
        insert into receivables_allocation (id, account_bucket, account_id, item_id, share_id,
            amount_cents, entry_id, posting_day)
        select id, account_id % 4096, account_id, item_id, share_id, cents, entry_id,
            date '1970-01-01' + posting_day
        from part
    )
    update receivables_openitem as open set open_cents = open.open_cents - settled.cents
    from (select item_id, sum(cents) as cents from part where is_charge group by item_id) as settled
    where open.item_id = settled.item_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyPayments:
    """Payments in columns; days are counted from 1970-01-01."""

    account_ids: Numbers
    amount_cents: Numbers
    tender_kind_ids: Numbers
    received_on: Numbers
    posting_day: Numbers
    channel: int
    source_kind: int
    source_id: int
    references: Sequence[str] | None = None
    # Of the run and chunk that take them; their rows then have the chunk's numbers.
    run_id: int | None = None
    chunk: int | None = None

    def content_sha256(self) -> bytes:
        """Return what two askings for these payments share."""
        digest = hashlib.sha256(f"{self.channel}/{self.source_kind}/{self.source_id}".encode())
        for column in (
            self.account_ids,
            self.amount_cents,
            self.tender_kind_ids,
            self.received_on,
            self.posting_day,
        ):
            digest.update(column.astype(">i8").tobytes())
        digest.update("\n".join(self.references or ()).encode())
        return digest.digest()


@dataclass(frozen=True, slots=True)
class TakenMany:
    """What many payments became."""

    payments: int
    total_cents: int
    allocations: int
    credits: int


@dataclass(slots=True)
class Charges:
    """Open charges of the accounts, locked; `left` shrinks as payments settle them."""

    item_ids: Numbers
    account_ids: Numbers
    code_ids: Numbers
    due_on: Numbers
    left: Numbers


class Writer:
    """Writes the rows of many payments, one COPY a table."""

    def __init__(
        self,
        of: ManyPayments,
        *,
        made_by_id: int | None,
        made_at: datetime.datetime,
        generation: int,
    ) -> None:
        self.of = of
        self.count = len(of.account_ids)
        self.made_by_id = made_by_id
        self.made_at = made_at
        self.chart = receivables.chart(generation=generation)
        self.kinds = queries.tender_kinds(generation=generation)
        self.entry_ids = self.ids("ledger_journalentry", self.count)
        self.payment_ids = self.ids("payments_payment", self.count)

    def ids(self, table: str, count: int) -> Numbers:
        if self.of.run_id is not None and self.of.chunk is not None:
            return identifiers.bulk_ids(run=self.of.run_id, chunk=self.of.chunk, count=count)
        statement = f"select nextval('{table}_id_seq') from generate_series(1, %(count)s)"
        return bulk_copy.read_columns(statement, {"count": count}, ["id"])["id"]

    def write(
        self, charges: Charges, payments: Numbers, charge_rows: Numbers, cents: Numbers
    ) -> TakenMany:
        used = np.zeros(self.count, dtype=np.int64)
        np.add.at(used, payments, cents)
        left = self.of.amount_cents - used
        credited = np.flatnonzero(left > 0)
        self.write_entries(charges, payments, charge_rows, cents, left)
        share_ids = self.write_payments()
        credit_ids = self.write_credits(credited, left[credited])
        rows = np.concatenate((payments, credited))
        parameters: dict[str, prepared.Value] = {
            "ids": self.ids("receivables_allocation", len(rows)).tolist(),
            "account_ids": self.of.account_ids[rows].tolist(),
            "item_ids": [*charges.item_ids[charge_rows].tolist(), *credit_ids.tolist()],
            "share_ids": share_ids[rows].tolist(),
            "cents": [*cents.tolist(), *left[credited].tolist()],
            "entry_ids": self.entry_ids[rows].tolist(),
            "posting_days": self.of.posting_day[rows].tolist(),
            "is_charge": [int(row < len(payments)) for row in range(len(rows))],
        }
        prepared.rows(_SETTLE, parameters)
        return TakenMany(
            payments=self.count,
            total_cents=int(self.of.amount_cents.sum()),
            allocations=len(rows),
            credits=len(credited),
        )

    def write_entries(
        self,
        charges: Charges,
        payments: Numbers,
        charge_rows: Numbers,
        cents: Numbers,
        left: Numbers,
    ) -> None:
        tender_gl = _looked_up(
            {kind.id: kind.gl_id for kind in self.kinds.values()}, self.of.tender_kind_ids
        )
        receivable_gl = _looked_up(self.chart.receivable_gl_ids, charges.code_ids[charge_rows])
        credited = np.flatnonzero(left > 0)
        # Payment and GL account in one number, so that lines of both are netted by one sort.
        unapplied = np.full(len(credited), self.chart.unapplied_gl_id)
        gl_ids = np.concatenate((receivable_gl, unapplied))
        pairs = np.concatenate((payments, credited)) * _GL_IDS + gl_ids
        netted, line_of_pair = np.unique(pairs, return_inverse=True)
        credits_ = np.zeros(len(netted), dtype=np.int64)
        np.add.at(credits_, line_of_pair, -np.concatenate((cents, left[credited])))
        rows = np.concatenate((np.arange(self.count), netted // _GL_IDS))
        order = np.argsort(rows, kind="stable")
        line_count = 1 + np.bincount(netted // _GL_IDS, minlength=self.count)
        line_no = np.arange(len(rows)) - np.repeat(np.cumsum(line_count) - line_count, line_count)
        is_tender = line_no == 0
        self.write_journal(line_count)
        bulk_copy.write_columns(
            table="ledger_posting",
            columns={
                "entry_id": self.entry_ids[rows[order]],
                "line_no": line_no + 1,
                "gl_account_id": np.concatenate((tender_gl, netted % _GL_IDS))[order],
                "subledger_id": bulk_copy.Nullable(self.of.account_ids[rows[order]], is_tender),
                "amount_cents": np.concatenate((self.of.amount_cents, credits_))[order],
            },
        )

    def write_journal(self, line_count: Numbers) -> None:
        days = self.of.posting_day.astype("datetime64[D]")
        months = days.astype("datetime64[M]").astype(np.int64)
        bulk_copy.write_columns(
            table="ledger_journalentry",
            columns={
                "id": self.entry_ids,
                "posting_day": self.of.posting_day,
                "gl_period": (1970 + months // 12) * 100 + months % 12 + 1,
                "kind": bulk_copy.Constant(int(ledger_choices.EntryKind.PAYMENT)),
                "source_kind": bulk_copy.Constant(int(ledger_choices.SourceKind.PAYMENT)),
                "source_id": self.payment_ids,
                "posting_count": line_count,
                "made_by_id": bulk_copy.Constant(self.made_by_id),
                "run_id": bulk_copy.Constant(self.of.run_id),
                "made_at": bulk_copy.Constant(self.made_at),
            },
        )

    def write_payments(self) -> Numbers:
        bulk_copy.write_columns(
            table="payments_payment",
            columns={
                "id": self.payment_ids,
                "received_on": self.of.received_on,
                "posting_day": self.of.posting_day,
                "channel": bulk_copy.Constant(int(self.of.channel)),
                "source_kind": bulk_copy.Constant(int(self.of.source_kind)),
                "source_id": bulk_copy.Constant(self.of.source_id),
                "total_cents": self.of.amount_cents,
                "entry_id": self.entry_ids,
                "made_by_id": bulk_copy.Constant(self.made_by_id),
                "made_at": bulk_copy.Constant(self.made_at),
                "run_id": bulk_copy.Constant(self.of.run_id),
            },
        )
        tender_ids = self.ids("payments_tender", self.count)
        references = self.of.references
        bulk_copy.write_columns(
            table="payments_tender",
            columns={
                "id": tender_ids,
                "payment_id": self.payment_ids,
                "kind_id": self.of.tender_kind_ids,
                "amount_cents": self.of.amount_cents,
                "given_cents": self.of.amount_cents,
                "reference": bulk_copy.Constant("")
                if references is None
                else bulk_copy.texts_of(references),
            },
        )
        share_ids = self.ids("payments_tendershare", self.count)
        bulk_copy.write_columns(
            table="payments_tendershare",
            columns={
                "id": share_ids,
                "tender_id": tender_ids,
                "account_bucket": self.of.account_ids % 4096,
                "account_id": self.of.account_ids,
                "amount_cents": self.of.amount_cents,
            },
        )
        return share_ids

    def write_credits(self, rows: Numbers, cents: Numbers) -> Numbers:
        item_ids = self.ids("receivables_item", len(rows))
        account_ids = self.of.account_ids[rows]
        shared: dict[str, bulk_copy.Written] = {
            "account_bucket": account_ids % 4096,
            "account_id": account_ids,
            "kind": bulk_copy.Constant(2),
            "code_id": bulk_copy.Constant(self.chart.unapplied_code_id),
        }
        bulk_copy.write_columns(
            table="receivables_item",
            columns={
                "id": item_ids,
                **shared,
                "amount_cents": cents,
                "arises_on": self.of.received_on[rows],
                "posting_day": self.of.posting_day[rows],
                "entry_id": self.entry_ids[rows],
                "source_kind": bulk_copy.Constant(int(ledger_choices.SourceKind.PAYMENT)),
                "source_id": self.payment_ids[rows],
                "run_id": bulk_copy.Constant(self.of.run_id),
            },
        )
        bulk_copy.write_columns(
            table="receivables_openitem",
            columns={"item_id": item_ids, **shared, "open_cents": cents},
        )
        return item_ids


def _looked_up(by_id: Mapping[int, int], wanted: Numbers) -> Numbers:
    ids, places = np.unique(wanted, return_inverse=True)
    found: Numbers = np.array([by_id[each] for each in ids.tolist()], dtype=np.int64)[places]
    return found
