"""The demonstration city with a cycle: a template made once, and a copy for each class."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import plugin

from fisc.domain.utilities import models
from fisc.plumbing.postgres import passwords
from tests import databases
from tests.factories import utilities


@pytest.fixture(scope="session")
def utilities_template(
    database_server: passwords.Addresses,
    migrated_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> str:
    """A migrated database with the whole demonstration city and one cycle."""
    assert migrated_template
    with django_db_blocker.unblock():
        return databases.build_template(
            addresses=database_server,
            kind="utilities",
            fingerprint=databases.fingerprint_of_migrations()
            + databases.fingerprint_of_folder(utilities.CITY),
            fill=utilities.city,
        )


@pytest.fixture(scope="class")
def city(
    database_server: passwords.Addresses,
    utilities_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[databases.CityDatabase]:
    """A copy of its own for one class of tests: what a test writes, it commits."""
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=utilities_template) as copy,
    ):
        yield copy


@pytest.fixture
def cycle_id(city: databases.CityDatabase) -> int:
    """The cycle that is read and billed in October 2026."""
    assert city.name
    return models.Cycle.objects.get(code="01").id
