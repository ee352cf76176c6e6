"""The city of the payment bench: accounts that owe five charges each, and tills."""

from __future__ import annotations

import datetime
import pathlib
from dataclasses import dataclass

import numpy as np
from django.db import connection

from fisc.domain.cashiering import models as till_models
from fisc.domain.cashiering import operations as cashiering
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.receivables import queries as receivables
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.plumbing import bulk_copy, transactions
from fisc.plumbing.users import choices as user_choices
from fisc.plumbing.users import operations as users

CITY = pathlib.Path(__file__).resolve().parents[1] / "cities" / "mesquite_springs"
DAY = datetime.date(2026, 3, 10)
AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)
CODES = ("water", "sewer", "electric", "gross_receipts_tax", "public_service_tax")
CHARGE_CENTS = 1_234
CHUNK = 20_000


@dataclass(frozen=True)
class Till:
    """Who takes money where, and how much each account pays."""

    till_id: int
    cashier_id: int
    cash_id: int
    cents: int = CHARGE_CENTS * len(CODES)


def fill(*, accounts: int, tills: int) -> None:
    """Bring in the city, its accounts and what they owe, and open tills."""
    rule_tables.import_city(path=CITY, at=AT)
    ledger.load_gl_accounts()
    users.make_groups()
    for number in range(tills):
        cashier_id = users.make_user(
            username=f"cashier{number}",
            full_name=f"Cashier {number}",
            password=f"bench {number} bench",
            groups=(user_choices.GroupName.CASHIER,),
            made_at=AT,
        )
        cashiering.open_till(
            name=str(number), cashier_id=cashier_id, posting_day=DAY, float_cents=10_000, at=AT
        )
    with transactions.started(), connection.cursor() as cursor:
        cursor.execute(
            "insert into ledger_subledgeraccount (id, kind)"
            " select id, 1 from generate_series(1, %s) as id",
            [accounts],
        )
        cursor.execute(
            "insert into accounts_account (subledger_id, number, bucket, kind, name,"
            " mailing_line_1, mailing_line_2, mailing_city, mailing_state, mailing_zip, language,"
            " opened_on) select id, 1000000000 + id, id %% 4096, 'utility', 'Resident ' || id,"
            " '', '', '', '', '', 'en', '2020-01-01' from generate_series(1, %s) as id",
            [accounts],
        )
    ids = np.arange(1, accounts + 1, dtype=np.int64)
    ids = ids[np.lexsort((ids, ids % 4096))]
    for first in range(0, accounts, CHUNK):
        _charge(ids[first : first + CHUNK], chunk=first // CHUNK)


def tills() -> list[Till]:
    """Return the open tills."""
    cash_id = code_lists.code("tender kind", "cash").id
    rows = till_models.Till.objects.order_by("id").values_list("id", "cashier_id")
    return [Till(till_id, cashier_id, cash_id) for till_id, cashier_id in rows]


def accounts_by_till(count: int) -> list[list[int]]:
    """Return which accounts pay where: shuffled, the first till has half of them."""
    with connection.cursor() as cursor:
        cursor.execute("select subledger_id from accounts_account")
        ids = np.array([account for (account,) in cursor.fetchall()], dtype=np.int64)
    shuffled = np.random.default_rng(7).permutation(np.sort(ids))
    half = len(shuffled) // 2
    others = np.array_split(shuffled[half:], count - 1)
    return [shuffled[:half].tolist(), *(each.tolist() for each in others)]


def _charge(accounts: bulk_copy.Numbers, *, chunk: int) -> None:
    """Charge accounts by COPY, five items and one entry each, as a bill run does."""
    count, each = len(accounts), len(CODES)
    code_ids = [code_lists.code("charge", code).id for code in CODES]
    day = (DAY - datetime.date(1970, 1, 1)).days - 30
    entries = (1 << 43) + (chunk << 31) + np.arange(count, dtype=np.int64)
    items = (1 << 43) + (chunk << 31) + np.arange(count * each, dtype=np.int64)
    of_item = np.repeat(accounts, each)
    same = bulk_copy.Constant
    marks: dict[str, bulk_copy.Written] = {
        "account_bucket": of_item % 4096,
        "account_id": of_item,
        "kind": same(1),
        "code_id": np.tile(np.array(code_ids, dtype=np.int64), count),
        "due_on": np.full(count * each, day + 20, dtype=np.int64),
    }
    with transactions.started():
        _post(accounts, entries=entries, code_ids=code_ids, day=day)
        bulk_copy.write_columns(
            table="receivables_item",
            columns={
                "id": items,
                **marks,
                "amount_cents": same(CHARGE_CENTS),
                "arises_on": np.full(count * each, day, dtype=np.int64),
                "posting_day": np.full(count * each, day, dtype=np.int64),
                "entry_id": np.repeat(entries, each),
                "source_kind": same(1),
                "source_id": np.repeat(entries, each),
            },
        )
        bulk_copy.write_columns(
            table="receivables_openitem",
            columns={"item_id": items, **marks, "open_cents": same(CHARGE_CENTS)},
        )


def _post(
    accounts: bulk_copy.Numbers, *, entries: bulk_copy.Numbers, code_ids: list[int], day: int
) -> None:
    count, each = len(accounts), len(CODES)
    same = bulk_copy.Constant
    chart = receivables.chart()
    pairs = [
        gl_id
        for code in code_ids
        for gl_id in (chart.receivable_gl_ids[code], chart.revenue_gl_ids[code])
    ]
    bulk_copy.write_columns(
        table="ledger_journalentry",
        columns={
            "id": entries,
            "posting_day": np.full(count, day, dtype=np.int64),
            "gl_period": same(202602),
            "kind": same(1),
            "source_kind": same(1),
            "source_id": entries,
            "posting_count": same(2 * each),
            "made_at": same(AT),
        },
    )
    bulk_copy.write_columns(
        table="ledger_posting",
        columns={
            "entry_id": np.repeat(entries, 2 * each),
            "line_no": np.tile(np.arange(1, 2 * each + 1), count),
            "gl_account_id": np.tile(np.array(pairs, dtype=np.int64), count),
            "subledger_id": bulk_copy.Nullable(
                np.repeat(accounts, 2 * each), np.tile(np.array([False, True] * each), count)
            ),
            "amount_cents": np.tile(
                np.array([CHARGE_CENTS, -CHARGE_CENTS] * each, dtype=np.int64), count
            ),
        },
    )
