"""Rows of a SELECT as binary COPY sends them, read without psycopg's step for each."""

from __future__ import annotations

import struct

import pytest
from django import db

from fisc.plumbing import prepared

pytestmark = pytest.mark.django_db


def test_gives_what_copy_sends() -> None:
    sent = b"".join(prepared.copied("select each::int8 from generate_series(7, 9) as each"))

    assert sent.startswith(b"PGCOPY\n\xff\r\n\x00")
    rows = [struct.unpack_from(">hiq", sent, 19 + 14 * place) for place in range(3)]
    assert rows == [(1, 8, 7), (1, 8, 8), (1, 8, 9)]
    assert sent[19 + 14 * 3 :] == struct.pack(">h", -1)


def test_a_reader_may_stop_before_the_end() -> None:
    rows = prepared.copied("select each from generate_series(1, 100000) as each")
    next(rows)
    rows.close()

    with db.connection.cursor() as cursor:
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)


def test_what_is_wrong_is_said_as_django_says_it() -> None:
    with pytest.raises(db.ProgrammingError, match="no_such_table"):
        list(prepared.copied("select * from no_such_table"))


def test_what_goes_wrong_on_the_way_is_said_too() -> None:
    with pytest.raises(db.DataError, match="division by zero"):
        list(prepared.copied("select 1 / (each - 50000) from generate_series(1, 100000) as each"))
