"""Many payments at once are spread as one by one."""

from __future__ import annotations

import datetime
from collections import Counter

import hypothesis
import numpy as np
import pytest
from django.db import connection
from hypothesis import strategies

from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.payments import choices
from fisc.domain.payments.operations import bulk
from fisc.domain.receivables import queries as receivables
from fisc.plumbing import transactions
from fisc.plumbing.idempotency import operations as idempotency
from tests.domain.payments import test_taking
from tests.factories import money

EPOCH = datetime.date(1970, 1, 1)
CODES = ("water", "sewer", "electric", "late_charge", "public_service_tax")

charges = strategies.lists(
    strategies.tuples(
        strategies.integers(0, 2),
        strategies.sampled_from(CODES),
        strategies.integers(1, 500),
        strategies.integers(-40, 40),
    ),
    max_size=10,
)
payments = strategies.lists(
    strategies.tuples(strategies.integers(0, 2), strategies.integers(1, 900)),
    min_size=1,
    max_size=6,
)


def many(rows: list[tuple[int, int]]) -> bulk.ManyPayments:
    """Return cash payments of accounts, received on the day of the tests."""
    count = len(rows)
    today = (money.DAY - EPOCH).days
    return bulk.ManyPayments(
        account_ids=np.array([account for account, _ in rows], dtype=np.int64),
        amount_cents=np.array([cents for _, cents in rows], dtype=np.int64),
        tender_kind_ids=np.full(count, money.code_id("cash", of="tender kind"), dtype=np.int64),
        received_on=np.full(count, today, dtype=np.int64),
        posting_day=np.full(count, today, dtype=np.int64),
        channel=choices.Channel.LOCKBOX,
        source_kind=ledger_choices.SourceKind.FILE,
        source_id=1,
    )


def take(key: str, rows: list[tuple[int, int]]) -> bulk.TakenMany:
    with transactions.started():
        return bulk.take_payments(key=key, of=many(rows), made_by_id=None, made_at=money.AT)


def owed(account_id: int) -> list[tuple[int, int, int, datetime.date | None]]:
    return sorted(
        (each.kind, each.code_id, each.open_cents, each.due_on)
        for each in receivables.open_items(account_id)
    )


def posted(account_id: int) -> Counter[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select gl_account_id, sum(amount_cents)::bigint from ledger_posting"
            " where subledger_id = %s group by 1",
            [account_id],
        )
        return Counter(dict(cursor.fetchall()))


@pytest.mark.usefixtures("books")
class TestTakePayments:
    @hypothesis.settings(max_examples=25, deadline=None)
    @hypothesis.given(charges=charges, payments=payments)
    def test_spreads_as_one_by_one(
        self, charges: list[tuple[int, str, int, int]], payments: list[tuple[int, int]]
    ) -> None:
        alone, together = money.accounts(3), money.accounts(3)
        for place, code, cents, days in charges:
            for accounts in (alone, together):
                due_on = money.DAY + datetime.timedelta(days=days)
                money.charge(accounts[place], code, cents, due_on=due_on)

        for place, cents in payments:
            money.pay({alone[place]: cents})
        take(f"file/{together}", [(together[place], cents) for place, cents in payments])

        for one, other in zip(alone, together, strict=True):
            assert owed(one) == owed(other)
            assert posted(one) == posted(other)

    def test_leaves_everything_in_balance(self) -> None:
        accounts = money.accounts(50)
        for account in accounts:
            money.charge(account, "water", 100 + account)
            money.charge(account, "sewer", 200)

        taken = take("file/balance", [(account, 350) for account in accounts])

        assert taken.payments == 50
        test_taking.everything_holds()

    def test_takes_one_file_once(self) -> None:
        (account,) = money.accounts(1)

        first = take("file/once", [(account, 500)])
        second = take("file/once", [(account, 500)])

        assert first == second
        balance = receivables.account_balance(account, as_of=money.DAY)
        assert balance.unapplied_cents == 500

    def test_refuses_another_file_under_the_same_key(self) -> None:
        (account,) = money.accounts(1)
        take("file/other", [(account, 500)])

        with pytest.raises(idempotency.KeyUsedForOtherContent):
            take("file/other", [(account, 501)])

    def test_names_the_row_that_is_odd(self) -> None:
        (account,) = money.accounts(1)

        with pytest.raises(bulk.PaymentsAreOdd, match="Payment 2 of 2"):
            take("file/odd", [(account, 500), (account, 0)])

        assert receivables.account_balance(account, as_of=money.DAY).unapplied_cents == 0
