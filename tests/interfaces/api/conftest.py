"""The demonstration city, with someone whose key a program has."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping

import pytest
from pytest_django import plugin

from fisc.plumbing.postgres import passwords
from fisc.plumbing.users import choices
from fisc.plumbing.users import operations as users
from tests import databases
from tests.factories import tax_returns
from tests.factories import users as people

ENDS_AT = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
KeyOf = Callable[[choices.GroupName], Mapping[str, str]]


@pytest.fixture(scope="module")
def api_city(
    database_server: passwords.Addresses,
    migrated_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[databases.CityDatabase]:
    """A copy of the city for one file of tests: what a test writes, it commits."""
    assert migrated_template
    with django_db_blocker.unblock():
        template = databases.build_template(
            addresses=database_server,
            kind="tax_returns",
            fingerprint=databases.fingerprint_of_migrations()
            + databases.fingerprint_of_folder(tax_returns.CITY),
            fill=tax_returns.city,
        )
        with databases.clone(addresses=database_server, template=template) as copy:
            yield copy


@pytest.fixture
def key_of(api_city: databases.CityDatabase) -> KeyOf:
    """Make a key of somebody of a group, as the header that carries it."""
    assert api_city.name
    made = 0

    def key(group: choices.GroupName) -> Mapping[str, str]:
        nonlocal made
        made += 1
        user_id = people.person(f"{group.value} {datetime.datetime.now()} {made}", group)
        secret = users.make_api_key(
            user_id=user_id, name="a test", at=people.MADE_AT, ends_at=ENDS_AT
        )
        return {"Authorization": f"Bearer {secret}"}

    return key
