"""The daily run, killed at random points and gone on with, leaves the rows of an unbroken one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytest_django import plugin

from fisc.interfaces.cli import exit_codes
from tests.faults import cities, comparison, drills

ACCOUNTS = 300
POINTS = 5
SEED = 2

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def city(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: plugin.DjangoDbBlocker
) -> Iterator[drills.City]:
    if "DATABASE_URL" in os.environ:
        pytest.skip("kills the server it works on, so it needs the embedded one")
    home = tmp_path_factory.mktemp("faults") / "home"
    with django_db_blocker.unblock(), cities.prepared(home=home, accounts=ACCOUNTS) as made:
        yield made


@pytest.fixture(scope="module")
def unbroken(city: drills.City) -> drills.Reference:
    return drills.reference(city)


def test_two_unbroken_runs_are_equal(city: drills.City, unbroken: drills.Reference) -> None:
    again = drills.reference(city)

    assert comparison.differences(unbroken.found, again.found) == []


@pytest.mark.parametrize("point", range(POINTS))
class TestKilled:
    def test_process(self, city: drills.City, unbroken: drills.Reference, point: int) -> None:
        after = drills.points(count=POINTS, seconds=unbroken.seconds, seed=SEED)[point]

        drill = drills.kill_process(city, after_seconds=after, expected=unbroken.found)

        assert drill.differences == []

    def test_server(self, city: drills.City, unbroken: drills.Reference, point: int) -> None:
        after = drills.points(count=POINTS, seconds=unbroken.seconds, seed=SEED + 1)[point]

        drill = drills.kill_server(city, after_seconds=after, expected=unbroken.found)

        assert drill.differences == []


def test_two_runs_at_once_one_is_refused(city: drills.City, unbroken: drills.Reference) -> None:
    with drills.copied(city) as copy:
        first = drills.start_run(city, copy)
        drills.wait_for_first_row(first, copy)
        second = drills.start_run(city, copy)
        said, refused = second.communicate()
        first.communicate()
        found = comparison.contents(copy.app)

    outcome = (said + refused).decode()
    # Refused, or begun after the first had ended: then it finds the day done and says so.
    is_done = second.returncode in (exit_codes.DONE, exit_codes.DONE_WITH_EXCEPTIONS)
    assert (is_done and "Status: done" in outcome) or "being worked on by" in outcome
    assert comparison.differences(unbroken.found, found) == []
