"""Leases on the city's database server, embedded or real."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import psycopg

from fisc.plumbing.postgres import locks, passwords, places, state

SECONDS_BETWEEN_LOOKS = 0.02
STARTS_MAX = 3
NEVER_PASSES = ("authentication failed", "does not exist", "permission denied")

Say = Callable[[str], None]


class CannotStart(Exception):
    """The embedded server could not be started; the message says why."""


class ServerIsInUse(Exception):
    """Somebody holds a lease on a server that was to be removed."""


@contextlib.contextmanager
def lease(
    *, home: pathlib.Path | None = None, say: Say = lambda _: None
) -> Iterator[passwords.Addresses]:
    """Keep the database server running for as long as the block runs; gives its addresses.

    With DATABASE_URL in the environment it is that server, and nothing is started. Otherwise it
    is the embedded server of `home`, shared by all who hold a lease on it and stopped with the
    last of them. `say` hears, in plain words, what is being waited for.
    Raises CannotStart.
    """
    if home is None and (app := os.environ.get("DATABASE_URL")):
        yield passwords.Addresses(app=app, migrate=os.environ.get("MIGRATE_DATABASE_URL", ""))
        return
    place = places.open_place(home=home or places.home_from_environment())
    handle = locks.open_lock(place.lease_lock)
    released = threading.Event()
    try:
        if not locks.try_shared(handle):
            say("The database is stopping; waiting until it can be started again.")
            locks.take_shared(handle)
        _ensure_serving(place=place, say=say)
        threading.Thread(target=_keep_serving, args=[place, released], daemon=True).start()
        yield passwords.addresses(place)
    finally:
        released.set()
        os.close(handle)


def discard(*, home: pathlib.Path) -> None:
    """Remove an embedded server and all its data; raises ServerIsInUse while it is leased."""
    place = places.open_place(home=home)
    handle = locks.open_lock(place.lease_lock)
    try:
        while not locks.try_alone(handle):
            # Many may share a lease, but not with a supervisor that is stopping.
            if locks.try_shared(handle):
                raise ServerIsInUse(f"The server in {place.kept} is leased. Stop its users first.")
            locks.wait_until_free(place.lease_lock)
        if locks.is_held_alone(place.alive_lock):
            # Nobody holds a lease, so the supervisor is about to stop; it needs this lock to.
            locks.let_go(handle)
            locks.wait_until_free(place.alive_lock)
            locks.take_alone(handle)
        if place.socket.parent != place.kept:
            shutil.rmtree(place.socket, ignore_errors=True)
        if place.kept.exists():
            shutil.rmtree(place.kept)
        shutil.rmtree(place.notes)
    finally:
        os.close(handle)


def _ensure_serving(*, place: places.Place, say: Say) -> None:
    """Start the supervisor unless one is alive, and wait until its server answers."""
    starting = locks.open_lock(place.start_lock)
    try:
        locks.take_alone(starting)
        for _ in range(STARTS_MAX):
            if not locks.is_held_alone(place.alive_lock):
                _start_supervisor(place)
            if _comes_to_serve(place=place, say=say):
                return
    finally:
        os.close(starting)
    raise CannotStart(
        f"The supervisor of the database was killed {STARTS_MAX} times while it started. "
        f"Its notes are in {place.supervisor_log}."
    )


def _start_supervisor(place: places.Place) -> None:
    state.clear(place)
    with place.supervisor_log.open("ab") as log:
        # It starts a child of its own and ends at once, so that this returns immediately.
        ended = subprocess.run(
            [sys.executable, "-m", "fisc.plumbing.postgres.supervisor", str(place.notes.parent)],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
        )
    if ended.returncode != 0:
        raise CannotStart(
            f"The supervisor of the database ended at once; see {place.supervisor_log}."
        )


def _comes_to_serve(*, place: places.Place, say: Say) -> bool:
    """Wait without limit until the server answers; False when its supervisor was killed."""
    heard = ""
    while locks.is_held_alone(place.alive_lock):
        said = state.read(place)
        if said is not None and said.name == state.FAILED:
            break
        if said is not None and said.name == state.SERVING and _answers(place):
            return True
        if said is not None and said.name != state.SERVING and said.message != heard:
            heard = said.message
            say(heard)
        time.sleep(SECONDS_BETWEEN_LOOKS)
    said = state.read(place)
    if said is not None and said.name == state.FAILED:
        raise CannotStart(said.message)
    return False


def _answers(place: places.Place) -> bool:
    try:
        psycopg.connect(passwords.address(place, role="fisc_app")).close()
    except psycopg.OperationalError as problem:
        # Anything else passes: it is starting, recovering, or about to be started again.
        if any(words in str(problem) for words in NEVER_PASSES):
            raise CannotStart(f"The database does not let us in: {problem}") from problem
        return False
    return True


def _keep_serving(place: places.Place, released: threading.Event) -> None:
    """Start the server again when its supervisor was killed while this lease is held."""
    watching = locks.open_lock(place.alive_lock)
    try:
        while True:
            locks.take_shared(watching)
            locks.let_go(watching)
            if released.is_set():
                return
            _ensure_serving(place=place, say=lambda _: None)
    except (CannotStart, OSError):
        # Whoever asks the database next is told; there is nobody to tell from here.
        return
    finally:
        os.close(watching)
