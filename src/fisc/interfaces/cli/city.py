"""The city's database, for commands that need it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import rich.console

from fisc.plumbing import database, migrations, startup
from fisc.plumbing.postgres import passwords

notes = rich.console.Console(stderr=True, soft_wrap=True, highlight=False)


class TablesAreOlder(Exception):
    """The database lacks changes that this version of Fisc needs."""


@contextlib.contextmanager
def opened() -> Iterator[passwords.Addresses]:
    """Open the city's database for a command, saying what is being waited for.

    Raises ServingAsOwner, and TablesAreOlder when migrations are missing.
    """
    with leased() as addresses:
        database.refuse_owner()
        if missing := migrations.unapplied():
            raise TablesAreOlder(
                f"The database lacks {len(missing)} changes, the first {missing[0]}. "
                "Run `fisc db migrate`."
            )
        yield addresses


@contextlib.contextmanager
def leased() -> Iterator[passwords.Addresses]:
    """Open the database without asking whether its tables are of this version."""
    with startup.opened_database(say=lambda words: notes.print(words, style="dim")) as addresses:
        yield addresses
