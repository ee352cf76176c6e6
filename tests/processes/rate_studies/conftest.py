"""The demonstration city with two households billed for two months, and people who write tables."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator

import pytest
from django.test import override_settings
from pytest_django import plugin

from fisc.basics import periods
from fisc.domain.rule_tables.operations import drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.utilities import models
from fisc.domain.utilities.operations import services
from fisc.plumbing import transactions
from fisc.plumbing.postgres import passwords
from tests import databases
from tests.factories import table_people, utilities

LATER = utilities.AT + datetime.timedelta(days=90)
DATA_DAY = utilities.BILL_DAY + datetime.timedelta(days=60)
NEXT_READ = utilities.READ_DAY + datetime.timedelta(days=30)
NEXT_BILL = utilities.BILL_DAY + datetime.timedelta(days=30)


@dataclasses.dataclass(frozen=True)
class Billed:
    """Two households by a run and one by hand; then the first again by hand."""

    whole: utilities.Household
    water: utilities.Household
    electric: utilities.Household
    again: models.Bill


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
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[databases.CityDatabase]:
    """A copy of its own for one class of tests, and a folder of its own for snapshots."""
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=utilities_template) as copy,
        override_settings(FISC_HOME=tmp_path_factory.mktemp("home")),
    ):
        table_people.office()
        yield copy


@pytest.fixture(scope="class")
def billed(city: databases.CityDatabase) -> Billed:
    """Bills of October and November: by a run, by hand, with and without each service."""
    assert city.name
    cycle_id = models.Cycle.objects.get(code="01").id
    whole = utilities.household(cycle_id=cycle_id)
    water = utilities.household(cycle_id=cycle_id, having=("water",), inside_city=False)
    electric = utilities.household(cycle_id=cycle_id, having=("electric",), name="By hand")
    utilities.read(whole)
    utilities.read(water)
    utilities.run_cycle(cycle_id)
    utilities.read(electric)
    utilities.bill(electric)
    with transactions.started():
        services.schedule_cycle(cycle_id=cycle_id, read_day=NEXT_READ, bill_day=NEXT_BILL)
    utilities.read(whole, on=NEXT_READ, water=1120, electric=2900)
    again = utilities.bill(whole, day=NEXT_BILL)
    return Billed(whole, water, electric, again)


def draft_of(book: str, *, change: tuple[bytes, bytes] | None = None) -> int:
    """A draft of what governs a book's tables now; with one figure changed wherever it stands."""
    draft_id = drafts.start_draft(
        book=book,
        effective=periods.Period(starts_on=NEXT_BILL),
        by="rosa",
        reason="The council asks",
        citation="Ordinance 40",
        at=LATER,
    )
    if change is not None:
        draft = reading.draft(draft_id)
        assert change[0] in draft.content
        drafts.save_draft(
            version_id=draft_id,
            content=draft.content.replace(*change),
            based_on_sha256=draft.sha256,
            by="rosa",
            at=LATER,
        )
    return draft_id
