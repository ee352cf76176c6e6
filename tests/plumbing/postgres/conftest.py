"""Homes of embedded servers that are made for one test and removed with it."""

from __future__ import annotations

import contextlib
import pathlib
import tempfile
from collections.abc import Iterator

import psycopg
import pytest

from fisc.plumbing.postgres import locks, places, server


@pytest.fixture(autouse=True)
def _small_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISC_PG_MEMORY_MB", "256")
    # These tests are about the embedded server, whatever the others run on.
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def home() -> Iterator[pathlib.Path]:
    """A home whose server has been made, with a table that clients write to."""
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
