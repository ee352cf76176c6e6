"""Statements that PostgreSQL plans once a connection and then only runs.

Django interpolates parameters into text, so a statement of ten inserts is parsed and planned each
time: about three milliseconds where running it takes half of one. A statement here names its
parameters `%(name)s`, casts each (`%(name)s::bigint`), and goes to the server once.

Every value is sent as text of no type: psycopg chooses int2, int4 or int8 by a number's size, and
each mixture would be one more prepared statement. Statements go through libpq's own calls, which
psycopg hands out; a cursor around each would take as long as the statement.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from psycopg import adapt, errors, pq

Element = str | int | datetime.date | None
Value = Element | bytes | Sequence[int | None] | Sequence[str] | Sequence[datetime.date | None]

_NAMED = re.compile(r"%\((\w+)\)s")
_ANSWERED = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, pq.ExecStatus.COPY_OUT})
# Where a connection keeps the names of what it has prepared.
_PREPARED = "_fisc_prepared"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with numbered places, and the parameter that each place takes."""

    text: bytes
    names: tuple[str, ...]


def statement(sql: str) -> Statement:
    """Return a statement written with `%(name)s` in the form the server takes."""
    names: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return Statement(text=_NAMED.sub(numbered, sql).encode(), names=tuple(names))


def rows(wanted: Statement, parameters: Mapping[str, Value]) -> list[tuple[Any, ...]]:
    """Run a statement on Django's connection and return its rows; none if it returns none.

    Raises Django's database errors.
    """
    values = [as_text(parameters[name]) for name in wanted.names]
    connection.ensure_connection()
    server: psycopg.Connection[Any] = connection.connection
    with connection.wrap_database_errors:
        result = _executed(server, wanted, values)
        if not result.nfields:
            return []
        loader = adapt.Transformer(server)
        loader.set_pgresult(result)
        return list(loader.load_rows(0, result.ntuples, tuple))


def copied(select: str) -> Generator[bytes, None, None]:
    """Give the rows of a SELECT without parameters as binary COPY sends them.

    By libpq's own call: psycopg takes several times as long for a row as the server and we do.
    Raises Django's database errors.
    """
    connection.ensure_connection()
    server: psycopg.Connection[Any] = connection.connection
    with connection.wrap_database_errors:
        libpq = server.pgconn
        _begin(server)
        copying = f"copy ({select}) to stdout (format binary)".encode()
        _refuse_failure(libpq.exec_(copying), server)
        size, row = libpq.get_copy_data(0)
        try:
            while size > 0:
                yield bytes(row)
                size, row = libpq.get_copy_data(0)
        finally:
            # What is left where the reader stopped; and how it ended.
            while size > 0:
                size, _ = libpq.get_copy_data(0)
            while (result := libpq.get_result()) is not None:
                _refuse_failure(result, server)


def _executed(
    server: psycopg.Connection[Any], wanted: Statement, values: Sequence[Any]
) -> pq.abc.PGresult:
    libpq = server.pgconn
    _begin(server)
    names: dict[bytes, bytes] = server.__dict__.setdefault(_PREPARED, {})
    name = names.get(wanted.text)
    if name is None:
        name = b"fisc_%d" % len(names)
        _refuse_failure(libpq.prepare(name, wanted.text), server)
        names[wanted.text] = name
    return _refuse_failure(libpq.exec_prepared(name, values), server)


def _begin(server: psycopg.Connection[Any]) -> None:
    """Begin a transaction where psycopg would."""
    if not server.autocommit and server.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        _refuse_failure(server.pgconn.exec_(b"begin"), server)


def _refuse_failure(result: pq.abc.PGresult, server: psycopg.Connection[Any]) -> pq.abc.PGresult:
    if result.status not in _ANSWERED:
        raise errors.error_from_result(result, encoding=server.info.encoding)
    return result


def as_text(value: Value) -> bytes | None:
    """Return a value as PostgreSQL reads it in text."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    if isinstance(value, datetime.date):
        return value.isoformat().encode()
    if isinstance(value, int):
        return b"%d" % value
    # The columns of many rows are whole numbers, thousands of them.
    as_element = str if all(type(each) is int for each in value) else _as_element
    return ("{" + ",".join(map(as_element, value)) + "}").encode()


def _as_element(value: Element) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
