"""The floor of a bulk run: its own rows once more, set-based, into empty copies of its tables."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

SCHEMA = "floor"


def filled_tables(connection: psycopg.Connection[Any], *, empty_before: Sequence[str]) -> list[str]:
    """Return which tables that were empty have rows now, referred-to ones first."""
    return [name for name in _in_order(connection, empty_before) if count(connection, name)]


def empty_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the tables of the city that have no row."""
    names = connection.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    ).fetchall()
    return [name for (name,) in names if not count(connection, name, limit=1)]


def count(connection: psycopg.Connection[Any], table: str, *, limit: int | None = None) -> int:
    """Return how many rows a table has, counting up to a limit."""
    query = sql.SQL("select count(*) from (select from {} limit {}) as counted").format(
        sql.Identifier(table), sql.Literal(limit)
    )
    (found,) = connection.execute(query).fetchone() or (0,)
    return int(found)


def make_copies(
    connection: psycopg.Connection[Any], *, tables: Sequence[str], indexed: bool
) -> None:
    """Make empty copies; indexed ones with the same keys, checks, references and triggers."""
    connection.execute(f"drop schema if exists {SCHEMA} cascade")
    connection.execute(f"create schema {SCHEMA}")
    connection.execute(f"grant usage on schema {SCHEMA} to fisc_app")
    for table in tables:
        including = "including all" if indexed else ""
        connection.execute(f"create table {SCHEMA}.{table} (like public.{table} {including})")
        connection.execute(f"grant select, insert on {SCHEMA}.{table} to fisc_app")
        if indexed:
            for statement in (*_references(connection, table), *_triggers(connection, table)):
                connection.execute(statement)


def fill_copies(connection: psycopg.Connection[Any], *, tables: Sequence[str]) -> float:
    """Copy the rows in one transaction, a statement a table; returns the seconds it took."""
    started = time.perf_counter()
    with connection.transaction():
        # The walls group millions of new rows at once here: by hashing, that would not end
        # (decision 0064). The product writes chunk by chunk and never meets it.
        connection.execute("set local enable_hashagg = off")
        for table in tables:
            connection.execute(f"insert into {SCHEMA}.{table} select * from public.{table}")
    return time.perf_counter() - started


def _references(connection: psycopg.Connection[Any], table: str) -> list[str]:
    rows = connection.execute(
        "select conname, pg_get_constraintdef(oid) from pg_constraint"
        " where contype = 'f' and conrelid = %s::regclass",
        [f"public.{table}"],
    )
    return [f"alter table {SCHEMA}.{table} add constraint {name} {text}" for name, text in rows]


def _triggers(connection: psycopg.Connection[Any], table: str) -> list[str]:
    """Return the same triggers for the copy; they look at the product's own other tables."""
    rows = connection.execute(
        "select tgname, pg_get_triggerdef(oid), tgenabled from pg_trigger"
        " where not tgisinternal and tgrelid = %s::regclass",
        [f"public.{table}"],
    )
    made = []
    for name, text, enabled in rows:
        made.append(text.replace(f" ON public.{table} ", f" ON {SCHEMA}.{table} "))
        if enabled == "A":
            made.append(f"alter table {SCHEMA}.{table} enable always trigger {name}")
    return made


def _in_order(connection: psycopg.Connection[Any], tables: Sequence[str]) -> list[str]:
    """Order tables so that each comes after those that its row-checked references name."""
    needs = {
        table: {
            name
            for (name,) in connection.execute(
                "select confrelid::regclass::text from pg_constraint"
                " where contype = 'f' and conrelid = %s::regclass",
                [f"public.{table}"],
            )
            if name != table and name in tables
        }
        for table in tables
    }
    ordered: list[str] = []
    while needs:
        ready = sorted(table for table, named in needs.items() if not named - set(ordered))
        assert ready, f"references in a circle: {needs}"
        ordered += ready
        needs = {table: named for table, named in needs.items() if table not in ready}
    return ordered
