"""The planner learns of tables that a run filled, without waiting for the server's rounds."""

from __future__ import annotations

from django.db import connection

from fisc.plumbing import transactions
from fisc.plumbing.runs import operations
from tests import databases

ROWS = 60_000
GROWN = (
    "insert into ledger_subledgeraccount (id, kind)"
    f" select 10000000 + id, 1 from generate_series(1, {ROWS}) as id"
)


def rows_expected() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select reltuples::bigint from pg_class"
            " where oid = 'public.ledger_subledgeraccount'::regclass"
        )
        (rows,) = cursor.fetchone()
    return int(rows)


class TestRefreshStatistics:
    def test_looks_at_a_table_that_grew_and_then_leaves_it_alone(
        self, city_database: databases.CityDatabase
    ) -> None:
        with transactions.started(), connection.cursor() as cursor:
            # The server's own rounds must not come first.
            cursor.execute(GROWN)
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_force_next_flush()")

        first = operations.refresh_statistics()
        known = rows_expected()
        again = operations.refresh_statistics()

        assert first >= 1
        assert known >= ROWS
        assert again == 0
