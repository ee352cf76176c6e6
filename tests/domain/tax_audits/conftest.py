"""The demonstration city's lists, calendars and tables, in a template made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import plugin

from fisc.plumbing.postgres import passwords
from tests import databases
from tests.factories import tax_returns


@pytest.fixture(scope="session")
def tax_template(
    database_server: passwords.Addresses,
    migrated_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> str:
    """A migrated database with the whole demonstration city."""
    assert migrated_template
    with django_db_blocker.unblock():
        return databases.build_template(
            addresses=database_server,
            kind="tax_returns",
            fingerprint=databases.fingerprint_of_migrations()
            + databases.fingerprint_of_folder(tax_returns.CITY),
            fill=tax_returns.city,
        )


@pytest.fixture(scope="class")
def tax_city(
    database_server: passwords.Addresses,
    tax_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[databases.CityDatabase]:
    """A copy of its own for one class of tests: what a test writes, it commits."""
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=tax_template) as copy,
    ):
        yield copy
