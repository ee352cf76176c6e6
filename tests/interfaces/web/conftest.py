"""A small city with some history, for the pages that show it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import plugin

from fisc.plumbing.postgres import passwords
from fisc.plumbing.users import queries as users
from tests import databases
from tests.browser import city
from tests.factories import users as people


@pytest.fixture(scope="module")
def lived_in_city(
    database_server: passwords.Addresses, django_db_blocker: plugin.DjangoDbBlocker
) -> Iterator[databases.CityDatabase]:
    """A copy for one file of tests."""
    with django_db_blocker.unblock():
        template = databases.build_template(
            addresses=database_server,
            kind="browser",
            fingerprint=city.fingerprint(),
            fill=city.fill,
        )
        with databases.clone(addresses=database_server, template=template) as copy:
            yield copy


@pytest.fixture
def cashier(lived_in_city: databases.CityDatabase) -> Client:
    """A browser in which the cashier of the city is signed in."""
    assert lived_in_city.name
    username, _ = city.SIGN_INS["cashier"]
    return people.browser_of(users.user_id(username=username))


@pytest.fixture
def supervisor(lived_in_city: databases.CityDatabase) -> Client:
    """A browser in which the supervisor of the city is signed in."""
    assert lived_in_city.name
    username, _ = city.SIGN_INS["supervisor"]
    return people.browser_of(users.user_id(username=username))
