"""Clients of an embedded server, as processes of their own that a test can kill."""

from __future__ import annotations

import contextlib
import os
import pathlib
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from fisc.plumbing.postgres import places

CHECKOUT = pathlib.Path(__file__).resolve().parents[3]
SECONDS_MAX = 120

# Holds a lease, writes a row and says so, then another for each line it is sent.
WRITER = """
import pathlib, sys, psycopg
from fisc.plumbing.postgres import server
with server.lease(home=pathlib.Path(sys.argv[1])) as addresses:
    print("leased", flush=True)
    with psycopg.connect(addresses.app, autocommit=True) as connection:
        for line in sys.stdin:
            connection.execute("insert into kept values (%s)", [line.strip()])
            print(f"acknowledged {line.strip()}", flush=True)
"""


class Client:
    """A process that holds a lease and writes what it is told to."""

    def __init__(
        self,
        home: pathlib.Path,
        *,
        user: int | None = None,
        environment: dict[str, str] | None = None,
        python: str = sys.executable,
    ) -> None:
        self.process = subprocess.Popen(
            [python, "-c", WRITER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
            env=environment,
        )

    def hear(self, words: str) -> None:
        """Wait until the client says something, and assert that it is this."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], SECONDS_MAX)
        assert ready, "the client said nothing"
        said = self.process.stdout.readline().strip()
        assert said == words, said or self.complaint()

    def write(self, word: str) -> None:
        """Have a row written and wait until the client has been told that it is kept."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        self.hear(f"acknowledged {word}")

    def complaint(self) -> str:
        """Return what the client said as it failed."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def end(self) -> None:
        """Let the client end by itself."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(SECONDS_MAX)
        self._close()

    def kill(self) -> None:
        """Kill the client without a word."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(SECONDS_MAX)
        self._close()

    def _close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None and not stream.closed:
                stream.close()


def kill(number: int) -> None:
    """Kill a process and wait until it is gone, or a zombie that somebody else must bury."""
    handle = os.pidfd_open(number)
    os.kill(number, signal.SIGKILL)
    wait_for_end(handle)


def wait_for_end(handle: int) -> None:
    """Wait until the process behind a handle has ended."""
    ended, _, _ = select.select([handle], [], [], SECONDS_MAX)
    os.close(handle)
    assert ended, "the process did not end"


def server_number(place: places.Place) -> int:
    """Return the process number of the server that runs on a place."""
    return int((place.data / "postmaster.pid").read_text().splitlines()[0])


def supervisor_number(place: places.Place) -> int:
    """Return the process number of the supervisor: the parent of its server."""
    status = pathlib.Path(f"/proc/{server_number(place)}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))


def wait_for_supervisor(home: pathlib.Path) -> int:
    """Return the number of the supervisor of a home as soon as there is one."""
    wanted = ["fisc.plumbing.postgres.supervisor", str(home)]
    started = time.monotonic()
    while time.monotonic() - started < SECONDS_MAX:
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                if words[-3:-1] == wanted:
                    return int(entry.name)
    raise AssertionError("no supervisor was started")


def rename_server(place: places.Place, number: int) -> None:
    """Put another process's number where a killed server left its own."""
    lock_file = place.data / "postmaster.pid"
    lines = lock_file.read_text().splitlines(keepends=True)
    lock_file.write_text("".join([f"{number}\n", *lines[1:]]))


@contextlib.contextmanager
def zombie() -> Iterator[int]:
    """Give the number of a process that has ended and that nobody has buried."""
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    yield process.pid
    process.wait()
