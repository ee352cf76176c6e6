"""Real databases for tests, and nothing else; each subject's own set-up is under factories/."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from pytest_django import plugin

from fisc.plumbing.postgres import passwords
from tests import databases


def pytest_configure() -> None:
    # Signing in is not what most tests are about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def database_server() -> Iterator[passwords.Addresses]:
    """The server all tests share: embedded, or the one of DATABASE_URL."""
    with databases.leased_server() as addresses:
        yield addresses


@pytest.fixture(scope="session")
def migrated_template(
    database_server: passwords.Addresses, django_db_blocker: plugin.DjangoDbBlocker
) -> str:
    """A database with every table and no row; built once, kept until a migration changes."""
    with django_db_blocker.unblock():
        return databases.build_template(
            addresses=database_server,
            kind="migrated",
            fingerprint=databases.fingerprint_of_migrations(),
            fill=lambda: None,
        )


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: passwords.Addresses,
    migrated_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[None]:
    """The copy behind `db`: each test works in a transaction that is rolled back."""
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=migrated_template),
        django_db_blocker.block(),
    ):
        yield


@pytest.fixture(scope="class")
def city_database(
    database_server: passwords.Addresses,
    migrated_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[databases.CityDatabase]:
    """A copy of its own for one class of tests (or one function), with what it commits."""
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=migrated_template) as copy,
    ):
        yield copy


@pytest.fixture
def transactional_db() -> None:
    """Refused: it empties tables afterwards, and the walls around the books forbid that."""
    raise RuntimeError("Use the fixture city_database for tests that commit.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database, so that `make check` can leave it out."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or {"database_server", "db"} & set(names):
            item.add_marker("database")
