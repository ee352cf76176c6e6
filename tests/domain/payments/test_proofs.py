"""What a faulty program could still write is found by the nightly proofs."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from fisc.domain.cashiering import queries as tills
from fisc.domain.ledger import models as ledger
from fisc.domain.payments import queries
from fisc.domain.receivables import queries as receivables
from fisc.plumbing import transactions
from tests import databases
from tests.domain.cashiering import test_till
from tests.domain.payments import test_taking
from tests.factories import money


@pytest.fixture
def paid(books: databases.CityDatabase) -> int:
    """A payment by check, everything in order."""
    assert books.name
    (account,) = money.accounts(1)
    money.charge(account, "water", 1_000)
    taken = money.pay({account: 1_000}, tenders=[money.tender("check", 1_000)])
    test_taking.everything_holds()
    return taken.payment_id


class TestReturnWithoutTakingBack:
    def test_is_found(self, paid: int) -> None:
        tender = queries.payment(paid).tenders[0]
        with transactions.started(), connection.cursor() as cursor:
            cursor.execute(
                "insert into payments_tenderreturn (tender_id, reason_id, entry_id, posting_day,"
                " made_at) values (%s, %s, %s, %s, now())",
                [
                    tender.id,
                    money.code_id("NSF", of="return reason"),
                    queries.payment(paid).entry_id,
                    money.DAY,
                ],
            )

        assert any("was returned" in words for words in queries.broken_payments())
        assert queries.broken_tenders_in_books() != []


class TestChargeWithoutPostings:
    def test_is_found(self, paid: int) -> None:
        (account,) = money.accounts(1)
        with transactions.started(), connection.cursor() as cursor:
            cursor.execute(
                "with item as (insert into receivables_item (account_bucket, account_id, kind,"
                " code_id, amount_cents, arises_on, posting_day, entry_id, source_kind, source_id)"
                " select %(account)s %% 4096, %(account)s, 1, %(code)s, 77, %(day)s, %(day)s,"
                " %(entry)s, 0, 0 returning *)"
                " insert into receivables_openitem (item_id, account_bucket, account_id, kind,"
                " code_id, open_cents) select id, account_bucket, account_id, kind, code_id, 77"
                " from item",
                {
                    "account": account,
                    "code": money.code_id("water"),
                    "day": money.DAY,
                    "entry": ledger.JournalEntry.objects.earliest("id").id,
                },
            )

        (found,) = receivables.broken_control_accounts()
        assert "its items at 77" in found


class TestSharesAndTenders:
    @pytest.mark.parametrize(
        ("table", "words"),
        [
            ("payments_tendershare", "its shares of"),
            ("payments_tender", "its tenders of"),
            ("receivables_allocation", "are allocated"),
        ],
    )
    def test_that_do_not_add_up_are_found(
        self, books: databases.CityDatabase, paid: int, table: str, words: str
    ) -> None:
        with psycopg.connect(books.migrate, autocommit=True, options="-c role=fisc_owner") as owner:
            owner.execute(f"alter table {table} disable trigger user")
            owner.execute(f"update {table} set amount_cents = amount_cents - 1")
            found = queries.broken_payments()
            owner.execute(f"update {table} set amount_cents = amount_cents + 1")

        assert any(words in each for each in found)


class TestReceipts:
    def test_with_a_gap_are_found(self, books: databases.CityDatabase) -> None:
        ana = test_till.cashier("ana")
        till = test_till.opened(ana, "1")
        (account,) = money.accounts(1)
        test_till.take(till, ana, {account: 100}, "gap")
        assert tills.broken_tills() == []

        with psycopg.connect(books.app) as app:
            app.execute("update cashiering_till set next_receipt_number = 3 where id = %s", [till])

        (found,) = tills.broken_tills()
        assert "1 receipts up to number 1, next is 3" in found
