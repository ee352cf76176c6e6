"""Comparing every table of two databases, row by row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

# Left out of the comparison, with the reason. Everything else must be equal.
TABLES_LEFT_OUT: Mapping[str, str] = {
    "django_migrations": "when each migration was applied to the template",
    "procrastinate_periodic_defers": "the job worker's own bookkeeping",
    "procrastinate_workers": "the job worker's own bookkeeping",
}
COLUMNS_LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "runs_run": {
        "finished_at": "when the attempt ended, by the machine's clock",
        "held_by": "the process that works on it",
        "held_since": "when the attempt began, by the machine's clock",
    },
    "runs_step": {
        "started_at": "when the attempt began, by the machine's clock",
        "finished_at": "when the attempt ended, by the machine's clock",
    },
    "runs_chunk": {"done_at": "when the attempt ended, by the machine's clock"},
}

Contents = Mapping[str, Sequence[str]]


def contents(address: str) -> Contents:
    """Return every table's rows as sorted texts, without what is left out."""
    with psycopg.connect(address) as connection:
        return {
            table: _rows(connection, table=table, columns=columns)
            for table, columns in _tables(connection).items()
        }


def digest(found: Contents) -> str:
    """Return one hash of everything compared."""
    made = hashlib.sha256()
    for table in sorted(found):
        made.update(table.encode())
        for row in found[table]:
            made.update(row.encode())
    return made.hexdigest()


def differences(one: Contents, other: Contents, *, shown: int = 3) -> Sequence[str]:
    """Return, in words, where two databases differ; nothing when they are equal."""
    said = []
    for table in sorted(set(one) | set(other)):
        here, there = one.get(table, ()), other.get(table, ())
        if list(here) == list(there):
            continue
        missing = sorted(set(here) - set(there))[:shown]
        extra = sorted(set(there) - set(here))[:shown]
        said.append(
            f"{table}: {len(here)} rows and {len(there)} rows; missing {missing}; extra {extra}"
        )
    return said


def _tables(connection: psycopg.Connection[Any]) -> Mapping[str, Sequence[str]]:
    rows = connection.execute(
        "select c.relname, array_agg(a.attname order by a.attnum)"
        " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " where n.nspname = 'public' and c.relkind = 'r' group by 1"
    ).fetchall()
    return {
        table: [name for name in columns if name not in COLUMNS_LEFT_OUT.get(table, {})]
        for table, columns in rows
        if table not in TABLES_LEFT_OUT
    }


def _rows(
    connection: psycopg.Connection[Any], *, table: str, columns: Sequence[str]
) -> Sequence[str]:
    listed = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    statement = sql.SQL("select row({})::text from {}").format(listed, sql.Identifier(table))
    return sorted(text for (text,) in connection.execute(statement))
