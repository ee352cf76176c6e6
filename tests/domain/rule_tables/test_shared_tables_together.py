"""A shared table approved by two at once, or by a process that dies: once, or not at all."""

from __future__ import annotations

import concurrent.futures
import datetime
import threading

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.operations import versions as operations
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import transactions
from tests import databases
from tests.factories import shared_tables, tables

JANUARY = datetime.date(2026, 1, 1)
OCTOBER = datetime.date(2026, 10, 1)


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 12, tzinfo=datetime.UTC)


def waiting(percent: str) -> int:
    """A version of the shared book that waits for its approval."""
    with transactions.started():
        version_id = operations.draft(
            of=operations.Draft(
                book="Fees",
                decision_point=shared_tables.FEES,
                file_name="fees.dmn",
                content=shared_tables.fees_file(percent),
                effective=periods.Period(starts_on=OCTOBER),
                author="Ada",
                reason="An ordinance",
                citation="Ordinance 12",
                case_sheet=shared_tables.fees_sheet(percent),
            ),
            at=at(2, 1),
        )
        operations.put_in_test(version_id=version_id, at=at(2, 1))
    return version_id


def charge(known_at: datetime.datetime) -> str:
    version = queries.in_force(tables.LATE_CHARGE, day=OCTOBER, known_at=known_at)
    return str(version.tables.answers({"past_due": 100})["Late charge"])


def issued() -> int:
    return models.Version.objects.exclude(reissue_of=None).count()


@pytest.fixture(scope="class")
def _books(city_database: databases.CityDatabase) -> None:
    assert city_database.name
    shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
    shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)


@pytest.mark.usefixtures("_books")
class TestApproval:
    def test_that_a_process_dies_in_leaves_nothing_and_is_asked_again(self) -> None:
        version_id = waiting("0.15")

        with pytest.raises(utils.OperationalError):
            self.approve_and_die(version_id, at(3, 1))
        connection.close()

        assert (issued(), charge(at(3, 2))) == (0, "10.00")
        assert models.Version.objects.get(id=version_id).status == "in test"
        assert models.Import.objects.count() == 1
        assert self.approve(version_id, at(3, 3)) == "approved"
        assert (issued(), charge(at(3, 4))) == (1, "15.00")

    def test_that_two_ask_for_at_once_is_given_once(self) -> None:
        version_id = waiting("0.20")
        before = issued()
        together = threading.Barrier(2)

        def ask(_: int) -> str:
            together.wait(timeout=10)
            try:
                return self.approve(version_id, at(4, 1))
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            found = sorted(pool.map(ask, range(2)))

        assert found == ["approved", "refused"]
        assert (issued(), charge(at(4, 2))) == (before + 1, "20.00")

    def approve(self, version_id: int, when: datetime.datetime) -> str:
        try:
            with transactions.started():
                operations.approve(version_id=version_id, approver="Grace", at=when)
        except operations.NotApprovable:
            return "refused"
        return "approved"

    def approve_and_die(self, version_id: int, when: datetime.datetime) -> None:
        with transactions.started(), connection.cursor() as cursor:
            operations.approve(version_id=version_id, approver="Grace", at=when)
            assert issued() == 1
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")
