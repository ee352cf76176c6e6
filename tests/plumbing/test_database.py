from __future__ import annotations

import psycopg
import pytest
from django import db
from django.db import connection
from django.db.backends import signals

from fisc.plumbing import database, migrations, transactions
from tests import databases


class TestSettingsOf:
    def test_reads_an_address_with_a_socket_folder(self) -> None:
        found = database.settings_of("postgresql://a:p%2Fw@/city?host=%2Fsome%2Ffolder")

        assert (found["USER"], found["PASSWORD"]) == ("a", "p/w")
        assert (found["HOST"], found["NAME"]) == ("/some/folder", "city")

    def test_takes_on_a_role(self) -> None:
        found = database.settings_of("postgresql://a@host/city?sslmode=require", role="r")

        assert found["OPTIONS"] == {"sslmode": "require", "options": "-c role=r"}

    def test_refuses_what_is_no_address(self) -> None:
        with pytest.raises(database.AddressIsWrong, match="looks like postgresql://"):
            database.settings_of("mysql//nothing here")


def groups_by_hashing() -> str:
    with connection.cursor() as cursor:
        cursor.execute("show enable_hashagg")
        return str(cursor.fetchone()[0])


@pytest.mark.usefixtures("city_database")
class TestGroupedBySorting:
    def test_lasts_for_the_block(self) -> None:
        with database.grouped_by_sorting():
            within = groups_by_hashing()

        assert (within, groups_by_hashing()) == ("off", "on")

    def test_ends_with_a_failed_transaction_and_lets_its_error_out(self) -> None:
        with (
            pytest.raises(db.ProgrammingError, match="no_such_table"),
            transactions.started(),
            database.grouped_by_sorting(),
            connection.cursor() as cursor,
        ):
            cursor.execute("select * from no_such_table")

        assert groups_by_hashing() == "on"


@pytest.mark.usefixtures("city_database")
class TestWaitBriefly:
    def test_gives_up_what_another_holds_and_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "LOCK_WAIT", "50ms")
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("select pg_advisory_xact_lock(7)")
            database.wait_briefly()
            try:
                with (
                    pytest.raises(db.OperationalError) as refused,
                    transactions.started(),
                    connection.cursor() as cursor,
                ):
                    cursor.execute("select pg_advisory_xact_lock(7)")
            finally:
                signals.connection_created.disconnect(dispatch_uid="fisc.wait_briefly")
                connection.close()

        held = database.as_held(refused.value)
        assert held is not None
        assert str(held).endswith("Ask again in a minute.")

    def test_leaves_other_errors_as_they_are(self) -> None:
        problem = db.OperationalError("the connection is lost")
        problem.__cause__ = psycopg.errors.AdminShutdown("the connection is lost")

        assert database.as_held(problem) is None


@pytest.mark.usefixtures("city_database")
class TestWalls:
    def test_tests_serve_as_the_application(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select current_user, session_user")

            assert cursor.fetchone() == ("fisc_app", "fisc_app")

    def test_serving_as_the_application_is_allowed(self) -> None:
        database.refuse_owner()

    def test_serving_as_one_who_may_become_owner_is_refused(
        self, city_database: databases.CityDatabase
    ) -> None:
        with (
            database.pointed_at(city_database.migrate),
            pytest.raises(database.ServingAsOwner, match="fisc_migrate"),
        ):
            database.refuse_owner()

    @pytest.mark.parametrize(
        "statement",
        [
            "set role fisc_owner",
            "set role fisc_migrate",
            "create table mine (id int)",
            "truncate django_session",
            "insert into django_migrations (app, name, applied) values ('a', 'b', now())",
            "alter table django_session disable trigger all",
            "drop table django_session",
        ],
    )
    def test_the_application_may_not(
        self, city_database: databases.CityDatabase, statement: str
    ) -> None:
        with (
            psycopg.connect(city_database.app) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)

    def test_nothing_is_left_to_migrate(self) -> None:
        assert migrations.unapplied() == []
