"""Servers that outlived their supervisor, and process numbers that mean nothing any more."""

from __future__ import annotations

import os
import pathlib
import signal
import time

from fisc.plumbing.postgres import places

PROCESSES = pathlib.Path("/proc")
SECONDS_BEFORE_KILLING = 10.0
SECONDS_BETWEEN_LOOKS = 0.05


def stop(place: places.Place) -> None:
    """Stop whatever still runs on the data, so that a new server may open it.

    A server whose supervisor was killed is told to stop by the kernel; this waits for that.
    """
    end_all(place.data)
    _disown(place.data / "postmaster.pid")
    # The folder is this server's alone and no server lives: what is left in it is a dead one's.
    for left in place.socket.glob(f"{places.SOCKET_NAME}*"):
        left.unlink()


def end_all(data: pathlib.Path) -> None:
    """End the PostgreSQL processes that still work in a data folder, and wait for it."""
    waited = 0.0
    while found := _working_in(data.resolve()):
        if waited == 0.0:
            _signal_all(found, signal.SIGQUIT)
        elif waited > SECONDS_BEFORE_KILLING:
            # What was acknowledged is on disk; the next start recovers it.
            _signal_all(found, signal.SIGKILL)
        time.sleep(SECONDS_BETWEEN_LOOKS)
        waited += SECONDS_BETWEEN_LOOKS


def _working_in(data: pathlib.Path) -> list[int]:
    """Return the living processes whose working folder is the data folder.

    Every PostgreSQL process works there. A zombie has no folder, so it is never mistaken for
    a server; nor is an unrelated process that got an old number.
    """
    found = []
    for entry in PROCESSES.iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            here = (entry / "cwd").readlink()
        except OSError:
            continue
        if here == data:
            found.append(int(entry.name))
    return found


def _disown(lock_file: pathlib.Path) -> None:
    """Put our own number in a dead server's lock file.

    PostgreSQL takes its parent's number for a stale one, yet still checks by the rest of the
    file that no shared memory is in use. Removing the file would lose that second check, and
    leaving it lets a zombie pass for a living server.
    """
    try:
        lines = lock_file.read_text().splitlines(keepends=True)
    except FileNotFoundError:
        return
    handle = os.open(lock_file, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW)
    with os.fdopen(handle, "w") as file:
        file.write("".join([f"{os.getpid()}\n", *lines[1:]]))


def _signal_all(numbers: list[int], which: signal.Signals) -> None:
    for number in numbers:
        try:
            os.kill(number, which)
        except ProcessLookupError:
            continue
