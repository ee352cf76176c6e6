"""Which database Django talks to, and as whom."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django import db
from django.db import connection
from django.db.backends import signals
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import conninfo, errors

OWNER = "fisc_owner"
ENGINE = "django.db.backends.postgresql"
#: As PostgreSQL writes it. A posted payment or return takes a tenth of a second.
LOCK_WAIT = "8s"
_HELD = (errors.LockNotAvailable, errors.DeadlockDetected)


class AddressIsWrong(Exception):
    """A database address cannot be read."""


class RowsAreHeld(Exception):
    """Another has held what was to be changed for longer than anyone at a page should wait."""


class ServingAsOwner(Exception):
    """The program would serve with rights that lower the walls around the books."""


def settings_of(address: str, *, role: str = "") -> dict[str, Any]:
    """Turn an address, `postgresql://user:password@host:port/name`, into Django's settings.

    A role is taken on at each connection, before the first statement.
    Raises AddressIsWrong.
    """
    try:
        parts = conninfo.conninfo_to_dict(address)
    except Exception as problem:
        raise AddressIsWrong(
            "A database address looks like postgresql://user:password@host:5432/name; "
            f"this one cannot be read: {problem}"
        ) from problem
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    known["port"] = "PORT"
    options = {name: value for name, value in parts.items() if name not in known}
    if role:
        options["options"] = f"{options.get('options', '')} -c role={role}".strip()
    found = {theirs: str(parts.get(ours) or "") for ours, theirs in known.items()}
    return {"ENGINE": ENGINE, **found, "OPTIONS": options}


@contextlib.contextmanager
def pointed_at(address: str, *, role: str = "", name: str = "") -> Iterator[None]:
    """Point Django's one connection at another address, role or database for a block."""
    chosen = settings_of(address, role=role)
    if name:
        chosen["NAME"] = name
    before = {key: connection.settings_dict[key] for key in chosen}
    connection.close()
    connection.settings_dict.update(chosen)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextlib.contextmanager
def grouped_by_sorting() -> Iterator[None]:
    """Have what a block asks grouped by sorting, however many groups there are.

    A hash of more groups than memory holds is begun again from the disk, for a few groups at a
    time: a million bills' items took minutes without end (decision 0064).
    """
    with connection.cursor() as cursor:
        cursor.execute("set enable_hashagg = off")
    try:
        yield
    finally:
        # A failed transaction takes no more statements; undoing it undoes the setting too.
        with contextlib.suppress(db.InternalError), connection.cursor() as cursor:
            cursor.execute("reset enable_hashagg")


def wait_briefly() -> None:
    """Have this process give a statement up that waits longer than LOCK_WAIT for another's rows.

    For what answers people: a run may hold an account for as long as its part takes, and each page
    that waits for it holds one of the few threads that serve all the others.
    """
    signals.connection_created.connect(_shorten_waits, dispatch_uid="fisc.wait_briefly")
    if connection.connection is not None:
        _shorten_waits(connection=connection)


def as_held(problem: BaseException) -> RowsAreHeld | None:
    """Return what to tell somebody whose statement waited too long or was in a ring; else None."""
    if not isinstance(problem.__cause__, _HELD):
        return None
    return RowsAreHeld(
        "Others are changing the same accounts at this moment, such as a run or a file that is "
        "taken in. Nothing of yours was done. Ask again in a minute."
    )


def _shorten_waits(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, false)", [LOCK_WAIT])


def refuse_owner() -> None:
    """Refuse to serve with rights to change tables: raises ServingAsOwner.

    Whoever owns a table may drop the triggers that keep the books, so no page, job or bench
    ever works as the owner, a member of it, or a superuser.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, session_user, r.rolsuper or r.rolcreaterole or exists ("
            " select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and pg_has_role(session_user, c.relowner, 'MEMBER'))"
            " or pg_has_role(session_user, d.datdba, 'MEMBER')"
            " from pg_roles r, pg_database d"
            " where r.rolname = session_user and d.datname = current_database()"
        )
        current, session, may_change_tables = cursor.fetchone()
    if may_change_tables or current != session:
        raise ServingAsOwner(
            f"DATABASE_URL signs in as '{session}', who may change the tables of the city. "
            "Serve as fisc_app, and give the other address in MIGRATE_DATABASE_URL."
        )
