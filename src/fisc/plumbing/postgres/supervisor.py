"""The small process that keeps one server for as long as anybody holds a lease on it.

Started by `server.lease`; it stops the server and ends when the last lease is let go.
"""

from __future__ import annotations

import os
import pathlib
import queue
import signal
import subprocess
import sys
import threading
import traceback

from fisc.plumbing.postgres import (
    binaries,
    cluster,
    locks,
    parents,
    passwords,
    places,
    state,
    stray,
)

LEASES_GONE = "the last lease was let go"
TOLD_TO_STOP = "the supervisor was told to stop"
SERVER_ENDED = "the server ended"
SECONDS_BETWEEN_LOOKS = 0.02
LOG_BYTES_MAX = 10_000_000
LINE_OF_READINESS = 7


class ServerDidNotStart(Exception):
    """PostgreSQL ended before it was ready."""


def main(home: str) -> int:
    """Keep the server of one home; does nothing when another supervisor already does."""
    place = places.open_place(home=pathlib.Path(home))
    held = locks.open_lock(place.supervisor_lock)
    if not locks.try_alone(held):
        return 0
    locks.take_alone(locks.open_lock(place.alive_lock))
    state.write(place, name=state.STARTING, message="The database is starting.")
    # The caller waits for this parent only; the child inherits its locks.
    if os.fork() != 0:
        os._exit(0)
    os.setsid()
    try:
        Supervisor(place).run()
    except Exception as problem:
        traceback.print_exc()
        state.write(place, name=state.FAILED, message=str(problem))
        return 1
    return 0


class Supervisor:
    """One server, started and watched until it is no longer wanted."""

    def __init__(self, place: places.Place) -> None:
        self.place = place
        self.events: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.log_offset = 0

    def run(self) -> None:
        """Start the server, start it again when it crashes, stop it when the leases are gone."""
        signal.signal(signal.SIGTERM, lambda *_: self.events.put(TOLD_TO_STOP))
        threading.Thread(target=self._watch_leases, daemon=True).start()
        programs = self._prepare()
        while True:
            server = self._start(programs)
            why = self._wait_until_ready(server)
            if why is None:
                cluster.prepare_roles(self.place)
                state.write(self.place, name=state.SERVING, message="The database is serving.")
                why = self.events.get()
            if why != SERVER_ENDED:
                self._stop(server)
                return
            state.write(
                self.place, name=state.STARTING, message="The database crashed and is recovering."
            )
            stray.stop(self.place)

    def _prepare(self) -> pathlib.Path:
        places.make_folders(self.place)
        passwords.make_once(self.place)
        programs = binaries.find(self.place)
        major = binaries.major_version(programs)
        if not self.place.data.exists():
            state.write(self.place, name=state.STARTING, message="The database is being made.")
        cluster.make_once(place=self.place, programs=programs)
        binaries.require_version_of_data(place=self.place, major=major)
        cluster.refuse_to_lose_data(place=self.place, programs=programs)
        stray.stop(self.place)
        return programs

    def _start(self, programs: pathlib.Path) -> subprocess.Popen[bytes]:
        log = self.place.log
        if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
            log.replace(log.with_suffix(".log.1"))
        with open(log, "ab", opener=_open_without_following) as file:
            self.log_offset = file.tell()
            server = subprocess.Popen(
                [programs / "postgres", "-D", self.place.data, *cluster.settings(self.place)],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd="/",
                preexec_fn=parents.end_with_parent(signal.SIGINT),  # noqa: PLW1509
                **cluster.as_server_user(self.place),
            )
        threading.Thread(target=self._watch_server, args=[server], daemon=True).start()
        return server

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> str | None:
        """Wait without limit until the server is ready; return why not, when it is not wanted."""
        while not self._is_ready(server):
            try:
                why = self.events.get(timeout=SECONDS_BETWEEN_LOOKS)
            except queue.Empty:
                self._say_when_recovering()
                continue
            if why == SERVER_ENDED:
                raise self._did_not_start()
            return why
        return None

    def _is_ready(self, server: subprocess.Popen[bytes]) -> bool:
        try:
            lines = (self.place.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return (
            len(lines) > LINE_OF_READINESS
            and lines[0].strip() == str(server.pid)
            and lines[LINE_OF_READINESS].strip() == "ready"
        )

    def _say_when_recovering(self) -> None:
        said = state.read(self.place)
        message = "The database is recovering after it was not stopped cleanly."
        if said and said.message != message and "recovery in progress" in self._log_since_start():
            state.write(self.place, name=state.STARTING, message=message)

    def _did_not_start(self) -> Exception:
        said = self._log_since_start()
        return cluster.explain_failure(place=self.place, said=said) or ServerDidNotStart(
            f"PostgreSQL did not start. Its last words, from {self.place.log}: "
            f"{' / '.join(said.splitlines()[-5:])}"
        )

    def _log_since_start(self) -> str:
        with self.place.log.open("rb") as file:
            file.seek(self.log_offset)
            return file.read().decode(errors="replace")

    def _stop(self, server: subprocess.Popen[bytes]) -> None:
        """Stop without waiting for clients, writing everything out, however long it takes."""
        state.write(self.place, name=state.STOPPING, message="The database is stopping.")
        server.send_signal(signal.SIGINT)
        server.wait()
        state.clear(self.place)

    def _watch_leases(self) -> None:
        # Granted at the moment when no lease is held; it is kept until this process ends, so
        # that a new client waits until the server has stopped.
        locks.take_alone(locks.open_lock(self.place.lease_lock))
        self.events.put(LEASES_GONE)

    def _watch_server(self, server: subprocess.Popen[bytes]) -> None:
        server.wait()
        self.events.put(SERVER_ENDED)


def _open_without_following(path: str, flags: int) -> int:
    # The folder belongs to the server's user, who must not lead root to another file.
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
