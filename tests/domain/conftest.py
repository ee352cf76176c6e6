"""A city with books: a template made once, and quick copies of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import plugin

from fisc.plumbing.postgres import passwords
from tests import databases
from tests.factories import money


@pytest.fixture(scope="session")
def books_template(
    database_server: passwords.Addresses,
    migrated_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> str:
    """A migrated database with the demonstration city's GL accounts, codes and allocation table."""
    assert migrated_template
    with django_db_blocker.unblock():
        return databases.build_template(
            addresses=database_server,
            kind="books",
            fingerprint=databases.fingerprint_of_migrations()
            + databases.fingerprint_of_folder(money.CITY),
            fill=money.city,
        )


@pytest.fixture(scope="class")
def books(
    database_server: passwords.Addresses,
    books_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[databases.CityDatabase]:
    """A copy of its own for one class of tests: what a test writes, it commits."""
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=books_template) as copy,
    ):
        yield copy
