"""Days are sealed in order, verify afterwards, and tell when somebody was at the books."""

from __future__ import annotations

import datetime
import hashlib
import struct
import threading
from typing import Any

import psycopg
import pytest
from django.db import connection, utils

from fisc.domain.ledger import operations as ledger
from fisc.domain.ledger import queries
from fisc.plumbing import transactions
from tests import databases
from tests.factories import money

NEXT = money.DAY + datetime.timedelta(days=1)


def lines(cents: int) -> list[ledger.Line]:
    first, second = [each.id for each in queries.gl_accounts().values()][:2]
    return [ledger.Line(first, cents), ledger.Line(second, -cents)]


def post(cents: int = 100, *, day: datetime.date = money.DAY) -> int:
    with transactions.started():
        return ledger.post_entry(
            posting_day=day,
            kind=8,
            source_kind=0,
            source_id=1,
            lines=lines(cents),
            made_by_id=None,
            made_at=money.AT,
        )


def run(statement: str, parameters: list[Any]) -> None:
    with transactions.started(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def as_owner(books: databases.CityDatabase, *statements: str) -> None:
    """Change a copy's rows as nobody in service can: its owner, with the triggers off."""
    with psycopg.connect(books.migrate, autocommit=True, options="-c role=fisc_owner") as owner:
        for statement in statements:
            owner.execute(statement)


@pytest.mark.usefixtures("books")
class TestPostEntry:
    def test_refuses_what_is_out_of_balance(self) -> None:
        odd = [lines(100)[0]]

        with pytest.raises(ledger.EntryOutOfBalance), transactions.started():
            ledger.post_entry(
                posting_day=money.DAY,
                kind=8,
                source_kind=0,
                source_id=1,
                lines=odd,
                made_by_id=None,
                made_at=money.AT,
            )

    def test_is_undone_by_its_mirror(self) -> None:
        entry_id = post(700)

        with transactions.started():
            reversal = ledger.reverse_entry(
                entry_id=entry_id,
                posting_day=money.DAY,
                source_kind=9,
                source_id=entry_id,
                made_by_id=None,
                made_at=money.AT,
            )

        found = queries.entry(reversal)
        assert found.reverses_id == entry_id
        assert [each.amount_cents for each in found.postings] == [-700, 700]

    def test_needs_a_transaction(self) -> None:
        with pytest.raises(transactions.TransactionIsMissing):
            ledger.post_entry(
                posting_day=money.DAY,
                kind=8,
                source_kind=0,
                source_id=1,
                lines=lines(1),
                made_by_id=None,
                made_at=money.AT,
            )


@pytest.mark.usefixtures("books")
class TestSealDay:
    def test_chains_each_day_to_the_one_before(self) -> None:
        post(100)
        post(250, day=NEXT)

        first, second = ledger.seal_days(through=NEXT, at=money.AT)

        assert second.previous_hash_hex == first.hash_hex
        assert (first.entry_count, first.posting_count, first.debit_cents) == (1, 2, 100)
        assert ledger.verify_seals() == []
        assert queries.open_days() == []
        assert sum(line.balance_cents for line in queries.trial_balance(NEXT)) == 0
        assert max(line.debit_cents for line in queries.trial_balance(NEXT)) == 350

    def test_leaves_no_day_out(self) -> None:
        with pytest.raises(ledger.EarlierDayNotSealed):
            ledger.seal_day(posting_day=NEXT + datetime.timedelta(days=5), at=money.AT)


class TestHash:
    def test_is_what_another_program_computes(self, books: databases.CityDatabase) -> None:
        post(123)
        post(456)
        seal = ledger.seal_day(posting_day=money.DAY, at=money.AT)

        digest = hashlib.sha256(b"FISCSEAL" + struct.pack(">ii", 1, 9565) + bytes(32))
        with psycopg.connect(books.app) as other:
            for row in other.execute(
                "select id, gl_period, kind, source_kind, source_id, coalesce(reverses_id, 0),"
                " posting_count, coalesce(made_by_id, 0), coalesce(run_id, 0),"
                " (extract(epoch from made_at - '2000-01-01T00:00Z') * 1000000)::bigint"
                " from ledger_journalentry order by id"
            ):
                digest.update(struct.pack(">qihhqqhqiq", *row))
            for row in other.execute(
                "select entry_id, line_no, gl_account_id, coalesce(subledger_id, 0), amount_cents"
                " from ledger_posting order by entry_id, line_no"
            ):
                digest.update(struct.pack(">qhiqq", *row))
        digest.update(struct.pack(">qqq", 2, 4, 579))

        assert digest.hexdigest() == seal.hash_hex


class TestVerifySeals:
    def test_tells_a_changed_amount(self, books: databases.CityDatabase) -> None:
        entry_id = post(100)
        ledger.seal_day(posting_day=money.DAY, at=money.AT)

        as_owner(
            books,
            "alter table ledger_posting disable trigger user",
            "update ledger_posting set amount_cents = amount_cents * 2"
            f" where entry_id = {entry_id}",
            "alter table ledger_posting enable always trigger posting_balances",
        )

        found = ledger.verify_seals()
        assert any("sealed as" in words for words in found)
        assert any("balances" in words for words in found)
        assert queries.broken_entries() == []


class TestVerifyChain:
    def test_tells_a_seal_put_in_place_of_another(self, books: databases.CityDatabase) -> None:
        post(100)
        post(200, day=NEXT)
        ledger.seal_days(through=NEXT, at=money.AT)

        as_owner(
            books,
            "alter table ledger_postingdayseal disable trigger user",
            "update ledger_postingdayseal set hash = sha256('x')"
            f" where posting_day = '{money.DAY}'",
        )

        assert any("not chained" in words for words in ledger.verify_seals())


class TestBrokenEntries:
    def test_tells_a_missing_posting(self, books: databases.CityDatabase) -> None:
        entry_id = post(100)
        assert queries.broken_entries() == []

        as_owner(
            books,
            "alter table ledger_posting disable trigger user",
            f"delete from ledger_posting where entry_id = {entry_id} and line_no = 2",
        )

        (found,) = queries.broken_entries()
        assert f"Entry {entry_id} has 1 of 2 postings" in found
        assert queries.broken_trial_balance(money.DAY) != []
        with pytest.raises(ledger.DayIsIncomplete):
            ledger.seal_day(posting_day=money.DAY, at=money.AT)


class TestSealingWhilePosting:
    def test_waits_for_a_posting_that_is_under_way(self, books: databases.CityDatabase) -> None:
        post(100)
        sealed = threading.Event()
        problems: list[Exception] = []

        def seal() -> None:
            try:
                ledger.seal_day(posting_day=money.DAY, at=money.AT)
                sealed.set()
            except Exception as problem:
                problems.append(problem)
            finally:
                connection.close()

        with psycopg.connect(books.app) as app:
            app.execute(
                "insert into ledger_journalentry (id, posting_day, gl_period, kind, source_kind,"
                " source_id, posting_count, made_at) values (77, %s, 202603, 8, 0, 0, 2, now())",
                [money.DAY],
            )
            gl_id = lines(1)[0].gl_account_id
            app.execute(
                "insert into ledger_posting (entry_id, line_no, gl_account_id, amount_cents)"
                " values (77, 1, %(gl)s, 5), (77, 2, %(gl)s, -5)",
                {"gl": gl_id},
            )
            sealer = threading.Thread(target=seal)
            sealer.start()
            assert not sealed.wait(0.5)
        sealer.join(timeout=30)

        assert problems == []
        (seal_,) = queries.seals()
        assert seal_.entry_count == 2


@pytest.mark.usefixtures("books")
class TestSealedDays:
    def test_take_no_entry_no_balance_and_no_second_seal(self) -> None:
        (account,) = money.accounts(1)
        money.charge(account, "water", 5_000)
        ledger.seal_day(posting_day=money.DAY, at=money.AT)
        gl_id = max(each.id for each in queries.gl_accounts().values())

        with pytest.raises(ledger.DayIsSealed):
            money.charge(account, "water", 1)
        with pytest.raises(ledger.DayIsSealed):
            money.charge(account, "water", 1, day=money.DAY - datetime.timedelta(days=1))
        with pytest.raises(ledger.DayIsSealed):
            money.pay({account: 100})
        with pytest.raises(utils.IntegrityError, match="not what was posted"):
            run(
                "insert into ledger_daybalance (posting_day, gl_account_id, debit_cents,"
                " credit_cents) values (%s, %s, 5, 0)",
                [money.DAY, gl_id],
            )
        with pytest.raises(ledger.DayIsSealed):
            ledger.seal_day(posting_day=money.DAY, at=money.AT)

    def test_are_not_left_out(self) -> None:
        later = money.DAY + datetime.timedelta(days=3)

        with pytest.raises(utils.IntegrityError, match="before"):
            run(
                "insert into ledger_postingdayseal (posting_day, entry_count, posting_count,"
                " debit_cents, previous_hash, hash, sealed_at) values (%s, 0, 0, 0,"
                " decode(repeat('00', 32), 'hex'), decode(repeat('11', 32), 'hex'), now())",
                [later],
            )
