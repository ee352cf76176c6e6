"""Databases of the benches' own, on the embedded server or the one of DATABASE_URL.

Each has a name of its own and is dropped at the end, so that a bench never touches a city.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Iterator
from typing import Any

import psycopg
from django.conf import settings
from psycopg import conninfo, sql

from fisc.plumbing import database, migrations
from fisc.plumbing.postgres import passwords
from fisc.plumbing.postgres import server as postgres


@contextlib.contextmanager
def leased_server() -> Iterator[passwords.Addresses]:
    """Lease the server that benches use."""
    home = None if "DATABASE_URL" in os.environ else pathlib.Path(settings.FISC_HOME) / "bench"
    with postgres.lease(home=home) as addresses:
        yield addresses


@contextlib.contextmanager
def migrated(addresses: passwords.Addresses, *, name: str) -> Iterator[None]:
    """Make an empty database of this version, point Django at it, and drop it afterwards."""
    with as_owner(addresses) as owner:
        _drop(owner, name)
        owner.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        migrations.migrate(address=addresses.migrate, name=name)
        with database.pointed_at(addresses.app, name=name):
            yield
    finally:
        with as_owner(addresses) as owner:
            _drop(owner, name)


@contextlib.contextmanager
def copied(addresses: passwords.Addresses, *, template: str, name: str) -> Iterator[None]:
    """Copy a database, point Django at the copy, and drop it afterwards."""
    with as_owner(addresses) as owner:
        _drop(owner, name)
        owner.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        with database.pointed_at(addresses.app, name=name):
            yield
    finally:
        with as_owner(addresses) as owner:
            _drop(owner, name)


@contextlib.contextmanager
def as_owner(
    addresses: passwords.Addresses, *, name: str = ""
) -> Iterator[psycopg.Connection[Any]]:
    """Connect as the owner of the tables: for copies and their triggers, never for the product."""
    options = {"options": f"-c role={database.OWNER}"}
    if name:
        options["dbname"] = name
    with psycopg.connect(
        conninfo.make_conninfo(addresses.migrate, **options), autocommit=True
    ) as connection:
        yield connection


@contextlib.contextmanager
def references_checked_afterwards(addresses: passwords.Addresses, *, name: str) -> Iterator[None]:
    """Set foreign keys aside while a database is filled, and check them all at once then.

    Row by row they take most of the time of loading a million accounts, which is not measured.
    """
    with as_owner(addresses, name=name) as owner:
        kept = owner.execute(
            "select conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"
        ).fetchall()
        for table, constraint, _ in kept:
            owner.execute(f"alter table {table} drop constraint {constraint}")
    yield
    with as_owner(addresses, name=name) as owner:
        for table, constraint, text in kept:
            owner.execute(f"alter table {table} add constraint {constraint} {text}")


def address_of(addresses: passwords.Addresses, *, name: str) -> str:
    """Return the serving role's address of a database."""
    return conninfo.make_conninfo(addresses.app, dbname=name)


def _drop(owner: psycopg.Connection[Any], name: str) -> None:
    """Drop a database and whoever is connected to it.

    Force is refused while the server itself vacuums there; a plain drop has it stop.
    """
    plain = sql.SQL("drop database if exists {}").format(sql.Identifier(name))
    try:
        owner.execute(plain + sql.SQL(" with (force)"))
    except psycopg.errors.InsufficientPrivilege:
        owner.execute(plain)
