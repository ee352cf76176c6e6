"""One holder a run: an advisory lock that goes when its connection goes."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

import psycopg
from django.db import connection
from psycopg import conninfo

# The first half of the lock's key; other subjects use other numbers.
LOCK_SPACE = 0x52554E


class RunIsHeld(Exception):
    """Someone else works on this run at this moment."""


class RunWasLost(Exception):
    """The database let go of the run's lock; nobody may go on without it."""


class Holder:
    """The connection that holds a run's lock."""

    def __init__(self, held: psycopg.Connection[tuple[object, ...]]) -> None:
        self._held = held

    def check(self) -> None:
        """Make sure that the lock is still held; raises RunWasLost."""
        try:
            self._held.execute("select 1")
        except psycopg.Error as problem:
            raise RunWasLost(
                "The connection that holds this run was lost: the database stopped or was "
                "started again. What was committed is kept; start the same command again."
            ) from problem


@contextlib.contextmanager
def held(*, kind: str, posting_day: datetime.date) -> Iterator[Holder]:
    """Hold the run of a kind and day for a block; raises RunIsHeld at once if another does."""
    # Not Django's connection: a lock must outlive every transaction and never be reopened.
    with psycopg.connect(_address(), autocommit=True) as lock_connection:
        key = f"{kind} {posting_day.isoformat()}"
        taken = lock_connection.execute(
            "select pg_try_advisory_lock(%s, hashtext(%s))", [LOCK_SPACE, key]
        ).fetchone()
        if taken is None or not taken[0]:
            raise RunIsHeld(_who_holds(kind=kind, posting_day=posting_day))
        yield Holder(lock_connection)


def _address() -> str:
    known = connection.get_connection_params()
    kept = ("dbname", "user", "password", "host", "port", "options")
    return conninfo.make_conninfo("", **{name: known[name] for name in kept if known.get(name)})


def _who_holds(*, kind: str, posting_day: datetime.date) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "select held_by, held_since from runs_run where kind = %s and posting_day = %s"
            " order by id desc limit 1",
            [kind, posting_day],
        )
        found = cursor.fetchone()
    who, since = found if found and found[1] else ("someone who began a moment ago", None)
    when = f" since {since.astimezone(datetime.UTC):%Y-%m-%d %H:%M:%S} UTC" if since else ""
    return (
        f"The {kind} run of {posting_day} is being worked on by {who}{when}. "
        f"Wait until it ends, or watch it with: fisc day status --date {posting_day}"
    )


def is_held(*, kind: str, posting_day: datetime.date) -> bool:
    """Tell whether somebody works on a run at this moment."""
    key = f"{kind} {posting_day.isoformat()}"
    with connection.cursor() as cursor:
        # Both halves of the key are kept as they were given, so the lock is found by looking.
        cursor.execute(
            "select exists (select from pg_locks where locktype = 'advisory'"
            " and database = (select oid from pg_database where datname = current_database())"
            " and classid = %s and objid::bigint = (hashtext(%s)::bigint & 4294967295)"
            " and granted)",
            [LOCK_SPACE, key],
        )
        found: bool = cursor.fetchone()[0]
    return found
