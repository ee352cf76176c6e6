"""Starting a program that needs the city's database."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator

import django

from fisc.plumbing import database
from fisc.plumbing.postgres import passwords
from fisc.plumbing.postgres import server as postgres


def start_django() -> None:
    """Load Django with our settings; harmless when done already."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fisc.settings")
    django.setup()


@contextlib.contextmanager
def opened_database(
    *, say: Callable[[str], None] = lambda _: None
) -> Iterator[passwords.Addresses]:
    """Lease the city's database and point Django at it as the serving role, for a block.

    The real server of DATABASE_URL, or the embedded one under FISC_HOME. A process started
    from the block takes a lease of its own by calling this again.
    """
    start_django()
    with postgres.lease(say=say) as addresses, database.pointed_at(addresses.app):
        yield addresses
