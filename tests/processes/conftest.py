"""A small invented city, its day not yet run, copied for each class of tests."""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django import plugin

from fisc.plumbing.postgres import passwords
from fisc.plumbing.runs import engine
from fisc.processes.demonstration import operations as demonstration
from tests import databases

DAY = datetime.date(2026, 3, 20)
INSTANT = datetime.datetime(2026, 3, 20, 16, tzinfo=datetime.UTC)
ACCOUNTS = 24
MONTHS = 2


@dataclasses.dataclass(frozen=True)
class SmallCity:
    """The day to run, the instant it is run at, and where its in-tray is."""

    day: datetime.date
    instant: datetime.datetime
    home: pathlib.Path
    database: databases.CityDatabase


@pytest.fixture(scope="session")
def small_city_made(
    database_server: passwords.Addresses,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> tuple[str, pathlib.Path]:
    """The template of the small city and the folder of its in-tray."""
    home = tmp_path_factory.mktemp("small_city")
    with django_db_blocker.unblock():
        template = databases.build_template(
            addresses=database_server,
            kind="small_city",
            # The in-tray is of this session, so the template is too.
            fingerprint=f"{databases.fingerprint_of_migrations()}_{home.parent.name}",
            fill=lambda: _fill(home),
        )
    return template, home


@pytest.fixture(scope="class")
def small_city(
    small_city_made: tuple[str, pathlib.Path],
    database_server: passwords.Addresses,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[SmallCity]:
    """A copy of the small city for one class of tests, with an in-tray of its own."""
    template, prepared = small_city_made
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(prepared / "in", home / "in")
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=template) as copy,
        override_settings(FISC_HOME=home),
    ):
        yield SmallCity(day=DAY, instant=INSTANT, home=home, database=copy)


def _fill(home: pathlib.Path) -> None:
    wanted = demonstration.Wanted(
        city=pathlib.Path(settings.FISC_CITY),
        accounts=ACCOUNTS,
        today=DAY,
        at=INSTANT - datetime.timedelta(hours=2),
        months=MONTHS,
    )
    with override_settings(FISC_HOME=home):
        demonstration.fill(wanted=wanted, watch=engine.Unwatched())
