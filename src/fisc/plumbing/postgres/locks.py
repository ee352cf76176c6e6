"""Locks on files: the kernel lets them go when their holder dies, however it died."""

from __future__ import annotations

import fcntl
import os
import pathlib


def open_lock(path: pathlib.Path) -> int:
    """Open a lock file; the number returned is closed in programs started from here."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take_shared(handle: int) -> None:
    """Wait for a lock that many may hold at once."""
    fcntl.flock(handle, fcntl.LOCK_SH)


def take_alone(handle: int) -> None:
    """Wait for a lock that nobody else holds."""
    fcntl.flock(handle, fcntl.LOCK_EX)


def try_shared(handle: int) -> bool:
    """Take a lock that many may hold, unless somebody holds it alone."""
    return _try(handle, fcntl.LOCK_SH)


def try_alone(handle: int) -> bool:
    """Take a lock alone, unless somebody holds it."""
    return _try(handle, fcntl.LOCK_EX)


def is_held_alone(path: pathlib.Path) -> bool:
    """Tell whether somebody alive holds this lock alone."""
    handle = open_lock(path)
    try:
        return not try_shared(handle)
    finally:
        os.close(handle)


def wait_until_free(path: pathlib.Path) -> None:
    """Wait until nobody holds this lock alone."""
    handle = open_lock(path)
    take_shared(handle)
    os.close(handle)


def _try(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def let_go(handle: int) -> None:
    """Let a lock go and keep its file open."""
    fcntl.flock(handle, fcntl.LOCK_UN)
