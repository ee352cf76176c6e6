"""Statements planned once a connection: what goes in comes out, and errors keep their names."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, utils

from fisc.plumbing import prepared, transactions

ECHO = prepared.statement(
    "select %(number)s::bigint, %(words)s::text, %(day)s::date, %(content)s::bytea,"
    " %(numbers)s::bigint[], %(texts)s::text[], %(number)s::bigint + 1"
)


def echoed(**values: prepared.Value) -> tuple[object, ...]:
    nothing: dict[str, prepared.Value] = dict.fromkeys(ECHO.names)
    (row,) = prepared.rows(ECHO, nothing | values)
    return row


@pytest.mark.usefixtures("db")
class TestRows:
    def test_brings_values_back_as_they_were(self) -> None:
        row = echoed(
            number=2**62,
            words='a "quoted" \\ word',
            day=datetime.date(2026, 2, 28),
            content=b"\x00\xff'",
            numbers=[1, -5, None],
            texts=["", "NULL", 'x"y', "a,b", "c\\d", "ñ"],
        )

        assert row == (
            2**62,
            'a "quoted" \\ word',
            datetime.date(2026, 2, 28),
            b"\x00\xff'",
            [1, -5, None],
            ["", "NULL", 'x"y', "a,b", "c\\d", "ñ"],
            2**62 + 1,
        )

    def test_knows_nothing_from_zero(self) -> None:
        assert echoed(number=0)[:2] == (0, None)

    def test_plans_a_statement_once(self) -> None:
        once = prepared.statement("select %(number)s::bigint * 1234567")

        for number in (1, 2**40, -7):
            assert prepared.rows(once, {"number": number}) == [(number * 1234567,)]

        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_prepared_statements where statement like '%1234567%'"
            )
            assert cursor.fetchone() == (1,)

    def test_names_what_the_database_refused(self) -> None:
        divide = prepared.statement("select 1 / %(number)s::int")

        with pytest.raises(utils.DataError, match="division by zero"):
            prepared.rows(divide, {"number": 0})

    def test_belongs_to_the_transaction(self, city_database: object) -> None:
        write = prepared.statement(
            "insert into idempotency_key values (%(key)s, '', '{}', now()) returning key"
        )

        with pytest.raises(ZeroDivisionError), transactions.started():
            raise ZeroDivisionError(str(prepared.rows(write, {"key": "undone"})))
        with transactions.started():
            assert prepared.rows(write, {"key": "kept"}) == [("kept",)]

        with connection.cursor() as cursor:
            cursor.execute("select key from idempotency_key")
            assert cursor.fetchall() == [("kept",)]
