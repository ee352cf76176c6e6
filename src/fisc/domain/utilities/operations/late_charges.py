"""Charging accounts for paying late, by the city's table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fisc.basics import identifiers
from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger
from fisc.domain.rule_tables.operations import evaluations as rule_tables
from fisc.domain.rule_tables.queries import versions
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.calculations import bills, packs
from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.calculations.facts import Flags, Numbers
from fisc.domain.utilities.operations import calculation, issue
from fisc.domain.utilities.queries import late
from fisc.plumbing import bulk_copy, transactions

BUCKETS = 4096
DAYS_LATE_MAX = 4000


@transactions.needs_transaction
def charge_late_chunk(
    *, bucket_from: int, bucket_before: int, of: calculation.Of
) -> Mapping[str, int]:
    """Charge each due day that is past, once, in a range of buckets.

    The version is that of the due day. Raises versions.NoVersionForDate.
    """
    due = late.past_due(day=of.posting_day, bucket_from=bucket_from, bucket_before=bucket_before)
    if not len(due["account_id"]):
        return {"late_charges": 0, "late_cents": 0}
    governing, place = versions.in_force_by_row(
        points.LATE_CHARGE.name, days=due["due_on"], known_at=of.at
    )
    charged, cents = 0, 0
    for number, version in enumerate(governing):
        rows = {name: column[place == number] for name, column in due.items()}
        amount, block_id = _asked(version, rows, ordinal=number, of=of)
        moves = amount > 0
        _write(rows, amount=amount, moves=moves, block_id=block_id, first=charged, of=of)
        charged += int(moves.sum())
        cents += int(amount.sum())
    return {"late_charges": charged, "late_cents": cents}


def _asked(
    version: versions.LoadedVersion, rows: dict[str, Numbers], *, ordinal: int, of: calculation.Of
) -> tuple[Numbers, int]:
    """Ask a version what each row costs and keep what it answered; returns cents and the block."""
    codes = code_lists.codes_by_id("rate class")
    used, place = np.unique(rows["rate_class_id"], return_inverse=True)
    inputs = {
        "days_late": types.Column(
            np.minimum(known.day_number(of.posting_day) - rows["due_on"], DAYS_LATE_MAX)
        ),
        "past_due": types.Column(rows["past_due"]),
        "rate_class": types.Column(
            place.astype(np.int64), texts=tuple(codes[number].code for number in used.tolist())
        ),
    }
    result = version.tables.evaluate(inputs)
    account = bills.Origin("account", rows["account_id"])
    block_id = rule_tables.keep_evaluation(
        version_id=version.version_id,
        inputs=inputs,
        result=result,
        origins={"past_due": account, "days_late": account, "rate_class": account},
        made_at=of.at,
        run_id=of.run_id,
        chunk=of.chunk,
        block_id=identifiers.bulk_id(run=of.run_id, chunk=of.chunk, ordinal=ordinal),
    )
    answer = result.outputs["Late charge"]
    cents = answer.values.astype(np.int64)
    return cents if answer.nulls is None else np.where(answer.nulls, 0, cents), block_id


def _write(
    rows: dict[str, Numbers], *, amount: Numbers, moves: Flags, block_id: int, first: int,
    of: calculation.Of,
) -> None:  # fmt: skip
    count = int(moves.sum())
    if not count:
        return

    def ids(_: str, wanted: int) -> Numbers:
        return identifiers.bulk_ids(run=of.run_id, chunk=of.chunk, count=wanted, first=first)

    accounts, numbers = rows["account_id"][moves], ids("", count)
    marks = issue.Marks(
        cycle_id=0,
        bill_day=of.posting_day,
        posting_day=of.posting_day,
        at=of.at,
        run_id=of.run_id,
        source_kind=ledger.SourceKind.LATE_CHARGE,
    )
    pack = _pack(accounts, amount[moves], day=known.day_number(of.posting_day))
    issue.write_entries(pack, bill_ids=numbers, entry_ids=numbers, marks=marks)
    issue.write_items(pack, ids=ids, bill_ids=numbers, entry_ids=numbers, marks=marks)
    bulk_copy.write_columns(
        table="utilities_late_charge",
        columns={
            "id": numbers,
            "account_id": accounts,
            "account_bucket": accounts % BUCKETS,
            "charged_on": bulk_copy.Constant(of.posting_day),
            "due_on": rows["due_on"][moves],
            "amount_cents": amount[moves],
            "entry_id": numbers,
            "block_id": bulk_copy.Constant(block_id),
            "block_row": np.flatnonzero(moves),
            "run_id": bulk_copy.Constant(of.run_id),
        },
    )


def _pack(accounts: Numbers, cents: Numbers, *, day: int) -> packs.Pack:
    """Return late charges as bills of one charge each, due at once."""
    count = len(accounts)
    code_id = code_lists.code("charge", "late_charge").id
    return packs.Pack(
        bills={
            "account_id": accounts,
            "account_bucket": accounts % BUCKETS,
            "due_on": np.full(count, day, dtype=np.int64),
        },
        segments={},
        lines={},
        charges={
            "bill": np.arange(count, dtype=np.int64),
            "charge_id": np.full(count, code_id, dtype=np.int64),
            "amount_cents": cents,
        },
    )
