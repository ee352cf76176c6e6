"""Killing a day's run, and the server under it, at chosen instants; then going on with it.

Each drill works on its own copy of a prepared city. Used by the tests and by bench/faults.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from fisc.plumbing.postgres import passwords, places
from fisc.plumbing.postgres import server as postgres
from tests import databases
from tests.faults import comparison

RUN_ATTEMPTS_MAX = 5
SECONDS_BETWEEN_LOOKS = 0.005
# Exit codes of a run that came to its end: all done, or done with work for people.
ENDED = (0, 3)


@dataclasses.dataclass(frozen=True)
class City:
    """A prepared template on a server of its own, and the day that its copies run."""

    addresses: passwords.Addresses
    template: str
    home: pathlib.Path
    posting_day: str
    instant: str


@dataclasses.dataclass(frozen=True)
class Reference:
    """What an uninterrupted run left, and how long it took from its first row to its last."""

    found: comparison.Contents
    seconds: float


@dataclasses.dataclass(frozen=True)
class Drill:
    """One fault: what was killed, how far into the run, and what differed afterwards."""

    kind: str
    after_seconds: float
    was_killed: bool
    attempts: int
    differences: Sequence[str]


def reference(city: City) -> Reference:
    """Run the day to its end and return what it left."""
    with copied(city) as copy:
        process = start_run(city, copy)
        begun = wait_for_first_row(process, copy)
        said = process.communicate()
        assert process.returncode in ENDED, said
        return Reference(found=comparison.contents(copy.app), seconds=time.monotonic() - begun)


def points(*, count: int, seconds: float, seed: int) -> Sequence[float]:
    """Return random instants of the run, the same for the same seed."""
    drawn = random.Random(seed)
    return [drawn.random() * seconds for _ in range(count)]


def kill_process(city: City, *, after_seconds: float, expected: comparison.Contents) -> Drill:
    """Kill the run and all its workers at an instant, go on, and compare."""
    with copied(city) as copy:
        process = start_run(city, copy)
        was_killed = _wait_until(process, copy, after_seconds=after_seconds)
        if was_killed:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        attempts = finish(city, copy)
        found = comparison.contents(copy.app)
    return Drill(
        kind="process",
        after_seconds=after_seconds,
        was_killed=was_killed,
        attempts=attempts,
        differences=comparison.differences(expected, found),
    )


def kill_server(city: City, *, after_seconds: float, expected: comparison.Contents) -> Drill:
    """Kill the database server at an instant of the run, go on, and compare."""
    with copied(city) as copy:
        process = start_run(city, copy)
        was_killed = _wait_until(process, copy, after_seconds=after_seconds)
        if was_killed:
            os.kill(server_number(city.home), signal.SIGKILL)
        process.communicate()
        wait_until_answering(copy)
        attempts = finish(city, copy)
        found = comparison.contents(copy.app)
    return Drill(
        kind="server",
        after_seconds=after_seconds,
        was_killed=was_killed,
        attempts=attempts,
        differences=comparison.differences(expected, found),
    )


def finish(city: City, copy: databases.CityDatabase) -> int:
    """Start the same command until it is done; returns how often that was."""
    for attempt in range(1, RUN_ATTEMPTS_MAX + 1):
        process = start_run(city, copy)
        said, wrong = process.communicate()
        if process.returncode in ENDED:
            return attempt
    raise AssertionError(f"the run did not end: {said.decode()} {wrong.decode()}")


def start_run(city: City, copy: databases.CityDatabase, *options: str) -> subprocess.Popen[bytes]:
    """Start the day's run on a copy, in a process group of its own."""
    command = [sys.executable, "-c", "from fisc.interfaces.cli import main; main.main()"]
    return subprocess.Popen(
        [
            *command, "day", "run", "--date", city.posting_day, "--as-of", city.instant,
            "--workers", "2", *options,
        ],
        env={**copy.environment(), "FISC_HOME": str(_home_of(city, copy))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


@contextlib.contextmanager
def copied(city: City) -> Iterator[databases.CityDatabase]:
    """Copy the prepared city for one drill."""
    with databases.clone(addresses=city.addresses, template=city.template) as copy:
        yield copy


def _home_of(city: City, copy: databases.CityDatabase) -> pathlib.Path:
    """Give each drill a home of its own, with the in-tray as it was prepared."""
    home = city.home / "drills" / copy.name
    if not home.exists():
        home.mkdir(parents=True)
        shutil.copytree(city.home / "in", home / "in")
    return home


@contextlib.contextmanager
def own_server(home: pathlib.Path) -> Iterator[passwords.Addresses]:
    """Lease a server that may be killed without hurting anybody else."""
    try:
        with postgres.lease(home=home) as addresses:
            yield addresses
    finally:
        _discard(home)


def _discard(home: pathlib.Path) -> None:
    """Remove a server's data, which may lie outside its home, once it has noticed to stop."""
    while True:
        try:
            postgres.discard(home=home)
        except postgres.ServerIsInUse:
            time.sleep(SECONDS_BETWEEN_LOOKS * 20)
        else:
            return


def server_number(home: pathlib.Path) -> int:
    """Return the process number of the server under a home."""
    data = places.open_place(home=home).data
    return int((data / "postmaster.pid").read_text().splitlines()[0])


def wait_until_answering(copy: databases.CityDatabase) -> None:
    """Wait until the server has recovered."""
    while True:
        try:
            psycopg.connect(copy.app).close()
        except psycopg.OperationalError:
            time.sleep(SECONDS_BETWEEN_LOOKS * 20)
        else:
            return


def wait_for_first_row(process: subprocess.Popen[bytes], copy: databases.CityDatabase) -> float:
    """Wait until the run has begun, and return when that was."""
    with psycopg.connect(copy.app, autocommit=True) as connection:
        while process.poll() is None and not _has_begun(connection):
            time.sleep(SECONDS_BETWEEN_LOOKS)
    return time.monotonic()


def _has_begun(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("select exists (select from runs_run where kind = 'day')").fetchone()
    return bool(row and row[0])


def _wait_until(
    process: subprocess.Popen[bytes], copy: databases.CityDatabase, *, after_seconds: float
) -> bool:
    """Wait for an instant of the run; tells whether the run was still going then."""
    begun = wait_for_first_row(process, copy)
    while process.poll() is None:
        if time.monotonic() - begun >= after_seconds:
            return True
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return False
