"""Homes of embedded servers that are made for one test and removed with it."""

from __future__ import annotations

import contextlib
import pathlib
import subprocess
import tempfile
from collections.abc import Iterator

import psycopg
import pytest

from fisc.plumbing.postgres import locks, places, server


@pytest.fixture(autouse=True, scope="package")
def _small_server() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FISC_PG_MEMORY_MB", "256")
        yield


@pytest.fixture(scope="package")
def made_home() -> Iterator[pathlib.Path]:
    """A home whose server was made and stopped, with a table that clients write to."""
    with new_home() as made:
        with (
            server.lease(home=made) as addresses,
            psycopg.connect(addresses.migrate, options="-c role=fisc_owner") as connection,
        ):
            connection.execute("create table kept (word text)")
            connection.execute("grant select, insert on kept to fisc_app")
        locks.wait_until_free(places.open_place(home=made).alive_lock)
        yield made


@pytest.fixture
def home(made_home: pathlib.Path) -> Iterator[pathlib.Path]:
    """A copy of a made home, which is quicker than making one."""
    with new_home() as copy:
        subprocess.run(["cp", "-a", made_home / "postgres", copy], check=True)
        (copy / "postgres" / "kept_in").write_text(f"{copy / 'postgres' / 'server'}\n")
        yield copy


@pytest.fixture
def empty_home() -> Iterator[pathlib.Path]:
    with new_home() as made:
        yield made


@contextlib.contextmanager
def new_home() -> Iterator[pathlib.Path]:
    # Not pytest's own folder, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory(prefix="fisc-test-") as folder:
        made = pathlib.Path(folder)
        made.chmod(0o755)
        yield made
        for notes in list(made.rglob("kept_in")):
            server.discard(home=notes.parents[1])


@pytest.fixture
def place(home: pathlib.Path) -> places.Place:
    return places.open_place(home=home)
