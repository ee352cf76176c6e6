"""Two people at the same moment, the same thing asked twice, and a connection that dies."""

from __future__ import annotations

import concurrent.futures
import datetime
import threading
import time

import pytest
from django.db import connection, utils

from fisc.domain.code_lists import operations as code_lists
from fisc.domain.code_lists import queries as reading
from fisc.domain.list_changes import models
from fisc.domain.list_changes.operations import approvals, drafts
from fisc.domain.list_changes.queries import changes
from fisc.plumbing import transactions
from tests import databases
from tests.factories import list_people, table_people

AT = datetime.datetime(2026, 11, 2, 18, tzinfo=datetime.UTC)
DECEMBER = datetime.date(2026, 12, 1)
LOWERED = list_people.CARD.replace("10000000", "5000000")


@pytest.fixture(scope="class")
def _office(city_database: databases.CityDatabase) -> None:
    assert city_database.name
    table_people.office()
    list_people.imported()


def approve(change_id: int, by: str, at: datetime.datetime) -> str:
    try:
        return str(approvals.approve(change_id=change_id, by=by, reason="Right", at=at).is_in_force)
    except approvals.NotApprovable as refused:
        return str(refused)
    except utils.OperationalError:
        return "died"
    finally:
        connection.close()


@pytest.mark.usefixtures("_office")
class TestTogether:
    def test_of_two_saves_at_once_one_is_kept_and_the_other_told(self) -> None:
        change_id = list_people.draft(
            list_people.CASH, LOWERED, at=AT, effective_from=datetime.date(2027, 6, 1)
        )
        began_with = changes.change(change_id).sha256
        together = threading.Barrier(2)

        def save(who: str, most: str) -> str:
            together.wait(timeout=10)
            try:
                drafts.save_draft(
                    change_id=change_id,
                    content=list_people.file(list_people.CASH, LOWERED.replace("5000000", most)),
                    based_on_sha256=began_with,
                    by=who,
                    at=AT,
                )
            except drafts.DraftChangedMeanwhile as conflict:
                return conflict.who
            finally:
                connection.close()
            return "saved"

        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            found = list(pool.map(save, ("rosa", "noor"), ("1", "2")))

        winner = ("rosa", "noor")[found.index("saved")]
        assert found[1 - found.index("saved")].endswith(f"({winner})")
        assert models.Revision.objects.filter(change_id=change_id).count() == 3

    def test_an_approval_that_dies_leaves_nothing_and_is_given_again_once(self) -> None:
        change_id = list_people.in_test(list_people.CASH, LOWERED, at=AT, effective_from=DECEMBER)
        later = AT + datetime.timedelta(hours=1)

        with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
            # Whoever holds the lists lets the approval get as far as waiting for them.
            with transactions.started():
                code_lists.lock_lists()
                answer = pool.submit(approve, change_id, "martin", later)
                assert kill_who_waits()
            died = answer.result(timeout=20)

        assert died == "died"
        assert changes.change(change_id).status == "in test"
        assert changes.agreed(change_id) == ()
        assert len(reading.editions("tender kind")) == 1
        again = [approve(change_id, who, later) for who in ("martin", "grace")]
        assert again[0] == "True"
        assert "is approved; only one in test" in again[1]
        assert [each.number for each in reading.editions("tender kind")] == [2, 1]


def kill_who_waits() -> bool:
    """End the server's process that waits for an advisory lock, as a crash would."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_locks"
                " where locktype = 'advisory' and not granted and database ="
                " (select oid from pg_database where datname = current_database())"
            )
            if cursor.fetchall():
                return True
        threading.Event().wait(0.05)
    return False
