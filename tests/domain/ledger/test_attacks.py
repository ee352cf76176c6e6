"""What the serving role cannot do to the books, by whatever door it tries.

Every attack runs as fisc_app on committed data; the walls are never lowered here.
"""

from __future__ import annotations

import contextlib
import datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, utils
from django.db.models import Model
from psycopg import errors

from fisc.domain.ledger import models as ledger
from fisc.domain.ledger import queries
from fisc.domain.payments import models as payments
from fisc.domain.receivables import models as receivables
from fisc.domain.receivables import queries as receivable_reads
from fisc.plumbing import transactions
from tests import databases
from tests.factories import money

REFUSED = (utils.ProgrammingError, utils.IntegrityError, utils.NotSupportedError)

BOOKS = (
    "ledger_journalentry",
    "ledger_posting",
    "ledger_postingdayseal",
    "ledger_daybalance",
    "ledger_subledgeraccount",
    "receivables_item",
    "receivables_allocation",
    "payments_payment",
    "payments_tender",
    "payments_tendershare",
    "payments_tenderreturn",
    "cashiering_receipt",
    "cashiering_receiptvoid",
    "cashiering_tillcount",
    "idempotency_key",
    "action_log_action",
)
# Something may change in these, but no row goes away.
CHANGEABLE = ("ledger_glaccount", "receivables_openitem", "cashiering_till")

ENTRY = (
    "insert into ledger_journalentry (id, posting_day, gl_period, kind, source_kind, source_id,"
    " posting_count, made_at) values (%s, %s, 202603, 7, 0, 0, %s, now())"
)
POSTING = (
    "insert into ledger_posting (entry_id, line_no, gl_account_id, amount_cents)"
    " values (%s, %s, %s, %s)"
)


def run(statement: str, parameters: Any = None) -> None:
    with transactions.started(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def plain() -> psycopg.Connection[Any]:
    """Return a connection of the serving role that knows nothing of Django."""
    settings = connection.settings_dict
    return psycopg.connect(
        host=settings["HOST"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
    )


def together(*steps: tuple[str, Any]) -> None:
    """Run statements in one transaction of the serving role, and commit."""
    with plain() as app:
        for statement, parameters in steps:
            app.execute(statement, parameters)


def copied(entry_id: int, lines: list[tuple[int, int, int]]) -> None:
    """Bring in an entry with its postings by COPY, and commit."""
    with plain() as app:
        app.execute(ENTRY, [entry_id, money.DAY, len(lines)])
        with app.cursor().copy(
            "copy ledger_posting (entry_id, line_no, gl_account_id, amount_cents) from stdin"
        ) as copy:
            for line in lines:
                copy.write_row((entry_id, *line))


def two_gl_ids() -> list[int]:
    return [each.id for each in queries.gl_accounts().values()][:2]


@pytest.fixture(scope="class")
def paid(books: databases.CityDatabase) -> int:
    """An account that was charged and has paid a part, with the day still open."""
    assert books.name
    (account,) = money.accounts(1)
    money.charge(account, "water", 5_000)
    money.pay({account: 2_000})
    return account


@pytest.mark.usefixtures("paid")
class TestRowsOnceWritten:
    def test_the_role_is_the_serving_one(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select current_user, session_user")
            assert cursor.fetchone() == ("fisc_app", "fisc_app")

    @pytest.mark.parametrize(
        "model",
        [
            ledger.JournalEntry,
            ledger.Posting,
            ledger.PostingDaySeal,
            ledger.DayBalance,
            receivables.Item,
            receivables.Allocation,
            payments.Payment,
            payments.Tender,
            payments.TenderShare,
        ],
    )
    def test_are_not_deleted_through_the_orm(self, model: type[Model]) -> None:
        with pytest.raises(REFUSED):
            model._default_manager.all()._raw_delete("default")

    def test_are_not_updated_through_the_orm(self) -> None:
        for rows, change in (
            (ledger.Posting.objects.all(), {"amount_cents": 1}),
            (ledger.JournalEntry.objects.all(), {"posting_day": datetime.date(2030, 1, 1)}),
            (receivables.Item.objects.all(), {"amount_cents": 1}),
            (receivables.Allocation.objects.all(), {"amount_cents": 1}),
            (payments.Payment.objects.all(), {"total_cents": 1}),
        ):
            with pytest.raises(REFUSED):
                rows.update(**change)

    @pytest.mark.parametrize("table", [*BOOKS, *CHANGEABLE])
    @pytest.mark.parametrize("attack", ["delete from {}", "truncate {}", "truncate {} cascade"])
    def test_do_not_go_away(self, table: str, attack: str) -> None:
        with pytest.raises(REFUSED):
            run(attack.format(table))

    @pytest.mark.parametrize("table", BOOKS)
    def test_do_not_change(self, table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select attname from pg_attribute where attrelid = %s::regclass and attnum = 2",
                [table],
            )
            (column,) = cursor.fetchone()

        with pytest.raises(REFUSED):
            run(f"update {table} set {column} = {column}")
        with pytest.raises(REFUSED):
            run(f"merge into {table} as t using (select 1) as s on true when matched then delete")

    def test_do_not_change_on_a_conflict(self) -> None:
        entry = ledger.JournalEntry.objects.earliest("id")

        with pytest.raises(REFUSED):
            run(
                ENTRY + " on conflict (id) do update set source_id = 9",
                [entry.id, money.DAY, 2],
            )


@pytest.mark.usefixtures("paid")
class TestWalls:
    @pytest.mark.parametrize("table", [*BOOKS, *CHANGEABLE])
    @pytest.mark.parametrize(
        "attack",
        [
            "alter table {} disable trigger all",
            "alter table {} disable trigger user",
            "drop table {}",
            "alter table {} owner to fisc_app",
            "grant update on {} to fisc_app",
            "create rule quiet as on delete to {} do instead nothing",
        ],
    )
    def test_are_not_lowered_by_who_serves(self, table: str, attack: str) -> None:
        before = self.rights(table)

        with contextlib.suppress(*REFUSED):
            run(attack.format(table))

        # A grant of what one has not is answered with a warning; nothing may come of it.
        assert self.rights(table) == before

    @pytest.mark.parametrize(
        "attack",
        [
            "set session_replication_role = replica",
            "set role fisc_owner",
            "set role fisc_migrate",
            "set session authorization fisc_owner",
            "alter role fisc_app superuser",
            "create extension dblink",
        ],
    )
    def test_hold_against_other_roles_and_modes(self, attack: str) -> None:
        with pytest.raises(REFUSED):
            run(attack)

    @pytest.mark.parametrize(
        "setting",
        [
            "set pgtrigger.ignore = '{ledger_posting:all}'",
            "reset role",
            "set search_path = pg_temp, public",
            "set plpgsql.variable_conflict = use_column",
            "set check_function_bodies = off",
        ],
    )
    def test_hold_whatever_a_session_sets(self, setting: str) -> None:
        with contextlib.suppress(*REFUSED), connection.cursor() as cursor:
            cursor.execute(setting)

        try:
            with pytest.raises(REFUSED):
                run("delete from ledger_posting")
            with pytest.raises(REFUSED):
                run("update ledger_posting set amount_cents = 1")
        finally:
            connection.close()

    @pytest.mark.parametrize("table", [*BOOKS, *CHANGEABLE])
    def test_fire_in_every_mode(self, table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*), bool_and(tgenabled = 'A') from pg_trigger"
                " where tgrelid = %s::regclass and not tgisinternal",
                [table],
            )
            count, always = cursor.fetchone()

        assert count > 0
        assert always

    def test_do_not_take_a_temporary_table_for_the_books(self) -> None:
        gl_id, _ = two_gl_ids()

        with pytest.raises(errors.CheckViolation):
            together(
                ("create temp table ledger_journalentry (like ledger_journalentry)", []),
                ("create temp table ledger_postingdayseal (like ledger_postingdayseal)", []),
                (ENTRY, [90_006, money.DAY, 2]),
                (
                    (
                        "insert into public.ledger_posting (entry_id, line_no, gl_account_id,"
                        " amount_cents) values (90006, 1, %(gl)s, 5), (90006, 2, %(gl)s, -5)"
                    ),
                    {"gl": gl_id},
                ),
            )

    def rights(self, table: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(
                "select relowner, relacl::text, relhasrules, (select"
                " array_agg((tgname, tgenabled)::text order by tgname) from pg_trigger"
                " where tgrelid = pg_class.oid) from pg_class where oid = %s::regclass",
                [table],
            )
            return cursor.fetchone()


@pytest.mark.usefixtures("paid")
class TestEntries:
    def test_out_of_balance_are_refused_by_copy(self) -> None:
        first, second = two_gl_ids()

        with pytest.raises(errors.CheckViolation):
            copied(90_001, [(1, first, 500), (2, second, -499)])

    def test_in_two_statements_are_refused(self) -> None:
        first, second = two_gl_ids()

        with pytest.raises(errors.CheckViolation):
            together(
                (ENTRY, [90_002, money.DAY, 2]),
                (POSTING, [90_002, 1, first, 500]),
                (POSTING, [90_002, 2, second, -500]),
            )

    @pytest.mark.parametrize("line_numbers", [(2, 3), (0, 1), (1, 3)])
    def test_with_odd_line_numbers_are_refused(self, line_numbers: tuple[int, int]) -> None:
        gl_id, _ = two_gl_ids()
        first, second = line_numbers

        with pytest.raises(errors.CheckViolation):
            copied(90_003, [(first, gl_id, 500), (second, gl_id, -500)])

    def test_take_no_more_postings_later(self) -> None:
        gl_id, _ = two_gl_ids()
        entry = ledger.JournalEntry.objects.earliest("id")

        with pytest.raises(errors.CheckViolation):
            together(
                (
                    (
                        "insert into ledger_posting (entry_id, line_no, gl_account_id,"
                        " amount_cents) values (%(id)s, 11, %(gl)s, 500),"
                        " (%(id)s, 12, %(gl)s, -500)"
                    ),
                    {"id": entry.id, "gl": gl_id},
                )
            )

    @pytest.mark.parametrize("subledger", [None, 2_000_000_000])
    def test_name_accounts_that_are_there(self, subledger: int | None) -> None:
        gl_id = two_gl_ids()[0] if subledger else 2_000_000_000

        with pytest.raises(errors.ForeignKeyViolation):
            together(
                (ENTRY, [90_004, money.DAY, 2]),
                (
                    (
                        "insert into ledger_posting (entry_id, line_no, gl_account_id,"
                        " subledger_id, amount_cents) values (90004, 1, %(gl)s, %(sub)s, 5),"
                        " (90004, 2, %(gl)s, %(sub)s, -5)"
                    ),
                    {"gl": gl_id, "sub": subledger},
                ),
            )

    @pytest.mark.parametrize("level", ["repeatable read", "serializable"])
    def test_are_refused_in_a_snapshot_older_than_the_lock(self, level: str) -> None:
        with pytest.raises(errors.FeatureNotSupported):
            together(
                (f"set transaction isolation level {level}", []),
                (ENTRY, [90_005, money.DAY, 2]),
            )


class TestOtherTablesThatFeedTheBooks:
    def test_open_items_say_what_their_items_say(self, paid: int) -> None:
        for attack in (
            "update receivables_openitem set open_cents = 0",
            "update receivables_openitem set open_cents = open_cents + 1",
        ):
            with pytest.raises(REFUSED):
                run(attack)
        assert receivable_reads.account_balance(paid, as_of=money.DAY).balance_cents == 3_000

    def test_open_items_keep_their_account_and_due_day(self, paid: int) -> None:
        for column in ("account_id", "account_bucket", "due_on", "code_id", "kind", "item_id"):
            with pytest.raises(REFUSED):
                run(f"update receivables_openitem set {column} = {column}")

    def test_allocations_come_with_what_they_settle(self, paid: int) -> None:
        with pytest.raises(REFUSED):
            run(
                "insert into receivables_allocation (account_bucket, account_id, item_id, share_id,"
                " amount_cents, entry_id, posting_day) select account_bucket, account_id, item_id,"
                " share_id, 1, entry_id, posting_day from receivables_allocation"
            )

    def test_shares_give_no_more_than_their_tender(self, paid: int) -> None:
        with pytest.raises(REFUSED):
            run(
                "with more as (insert into receivables_allocation (account_bucket, account_id,"
                " item_id, share_id, amount_cents, entry_id, posting_day) select account_bucket,"
                " account_id, item_id, share_id, 1, entry_id, posting_day"
                " from receivables_allocation limit 1 returning item_id)"
                " update receivables_openitem set open_cents = open_cents - 1"
                " where item_id in (select item_id from more)"
            )
        with pytest.raises(REFUSED):
            run(
                "insert into payments_tendershare (tender_id, account_bucket, account_id,"
                " amount_cents) select tender_id, account_bucket, account_id, 1"
                " from payments_tendershare"
            )
        with pytest.raises(REFUSED):
            run(
                "insert into payments_tender (payment_id, kind_id, amount_cents, given_cents,"
                " reference) select payment_id, kind_id, 1, 1, '' from payments_tender"
            )

    def test_gl_accounts_stay_what_they_are(self, paid: int) -> None:
        for column in ("code", "kind", "control_of"):
            with pytest.raises(REFUSED):
                run(f"update ledger_glaccount set {column} = {column}")
