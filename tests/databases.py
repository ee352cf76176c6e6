"""Databases for tests: one template, built once, and quick copies of it."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib
import os
import pathlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from psycopg import conninfo, sql

from fisc.plumbing import database, migrations, quick_migrations
from fisc.plumbing.postgres import passwords
from fisc.plumbing.postgres import server as postgres

# Any number that no other program of ours locks.
LOCK_OF_TEMPLATES = 7_301_914


@dataclasses.dataclass(frozen=True)
class CityDatabase:
    """One copy: what a test's subprocess needs in order to reach it."""

    name: str
    app: str
    migrate: str

    def environment(self) -> dict[str, str]:
        """Return the environment in which `fisc` works on this copy."""
        return {**os.environ, "DATABASE_URL": self.app, "MIGRATE_DATABASE_URL": self.migrate}


def home_of_tests() -> pathlib.Path:
    """Return the folder of the tests' own embedded server, apart from the city's."""
    return pathlib.Path(settings.FISC_HOME) / "tests"


@contextlib.contextmanager
def leased_server() -> Iterator[passwords.Addresses]:
    """Lease the server that tests use: the one of DATABASE_URL, or an embedded one."""
    home = None if "DATABASE_URL" in os.environ else home_of_tests()
    with postgres.lease(home=home) as addresses:
        if not addresses.migrate:
            raise migrations.NoMigratingAddress(
                "Tests copy databases: set MIGRATE_DATABASE_URL beside DATABASE_URL, "
                "and let fisc_owner create databases."
            )
        if home is not None:
            _drop_left_copies(addresses)
        yield addresses


def build_template(
    *, addresses: passwords.Addresses, kind: str, fingerprint: str, fill: Callable[[], object]
) -> str:
    """Return the name of a template database, made now unless an equal one is there.

    `fill` runs as the serving role in the migrated database before it becomes a template.
    """
    name = f"fisc_{kind}_{fingerprint}"
    with _as_owner(addresses) as owner:
        owner.execute("select pg_advisory_lock(%s)", [LOCK_OF_TEMPLATES])
        if _exists(owner, name):
            return name
        making = f"{name}_making"
        _drop(owner, making)
        owner.execute(sql.SQL("create database {}").format(sql.Identifier(making)))
        migrations.migrate(address=addresses.migrate, name=making)
        with database.pointed_at(addresses.app, name=making):
            fill()
        for older in _names_like(owner, f"fisc_{kind}_%"):
            if older != making:
                _drop(owner, older)
        owner.execute(
            sql.SQL("alter database {} rename to {}").format(
                sql.Identifier(making), sql.Identifier(name)
            )
        )
    return name


@contextlib.contextmanager
def clone(*, addresses: passwords.Addresses, template: str) -> Iterator[CityDatabase]:
    """Copy a template, point Django at the copy as the serving role, and drop it afterwards."""
    name = f"fisc_clone_{os.getpid()}_{secrets.token_hex(4)}"
    with _as_owner(addresses) as owner:
        owner.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    copy = CityDatabase(
        name=name,
        app=_renamed(addresses.app, name),
        migrate=_renamed(addresses.migrate, name),
    )
    try:
        with database.pointed_at(copy.app):
            yield copy
    finally:
        with _as_owner(addresses) as owner:
            _drop(owner, name)


def fingerprint_of_migrations() -> str:
    """Return a hash of everything that decides what tables a migrated database has."""
    digest = hashlib.sha256()
    for written in (migrations.__file__, quick_migrations.__file__):
        digest.update(pathlib.Path(written).read_bytes())
    for config in apps.get_app_configs():
        with contextlib.suppress(ModuleNotFoundError):
            found = importlib.import_module(f"{config.name}.migrations").__path__
            for path in sorted(pathlib.Path(found[0]).glob("*.py")):
                digest.update(f"{config.label}/{path.name}".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def fingerprint_of_folder(*folders: pathlib.Path) -> str:
    """Return a hash of the files below some folders, their names included."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _drop_left_copies(addresses: passwords.Addresses) -> None:
    """Drop the copies of test processes of this machine that were killed."""
    with _as_owner(addresses) as owner:
        for name in _names_like(owner, "fisc_clone_%"):
            number = name.split("_")[2]
            if not pathlib.Path("/proc", number).exists():
                _drop(owner, name)


@contextlib.contextmanager
def _as_owner(addresses: passwords.Addresses) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(
        addresses.migrate, autocommit=True, options=f"-c role={database.OWNER}"
    ) as connection:
        yield connection


def _renamed(address: str, name: str) -> str:
    return conninfo.make_conninfo(address, dbname=name)


def _exists(owner: psycopg.Connection[Any], name: str) -> bool:
    return name in _names_like(owner, name)


def _names_like(owner: psycopg.Connection[Any], pattern: str) -> list[str]:
    rows = owner.execute("select datname from pg_database where datname like %s", [pattern])
    return [name for (name,) in rows]


def _drop(owner: psycopg.Connection[Any], name: str) -> None:
    """Drop a database and whoever is connected to it.

    Force is refused while the server itself vacuums there; a plain drop has it stop.
    """
    plain = sql.SQL("drop database if exists {}").format(sql.Identifier(name))
    try:
        owner.execute(plain + sql.SQL(" with (force)"))
    except psycopg.errors.InsufficientPrivilege:
        owner.execute(plain)
