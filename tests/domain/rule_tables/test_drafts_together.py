"""Two people at the same moment: one saves, the other is told; an approval is given once."""

from __future__ import annotations

import concurrent.futures
import datetime
import threading

import pytest
from django.db import connection

from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.operations import approvals, drafts, evidence
from fisc.domain.rule_tables.queries import drafts as reading
from tests import databases
from tests.factories import table_people, tables

AT = datetime.datetime(2026, 11, 2, 18, tzinfo=datetime.UTC)
DECEMBER = datetime.date(2026, 12, 1)


@pytest.fixture(scope="class")
def _office(city_database: databases.CityDatabase) -> None:
    assert city_database.name
    table_people.office()
    tables.approved_late_charge(
        "0.10",
        approved_at=datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC),
        effective_from=datetime.date(2026, 1, 1),
    )


@pytest.mark.usefixtures("_office")
class TestTogether:
    def test_of_two_saves_at_once_one_is_kept_and_the_other_told(self) -> None:
        draft_id = table_people.draft(at=AT, effective_from=DECEMBER)
        began_with = reading.draft(draft_id).sha256
        together = threading.Barrier(2)

        def save(who: str, percent: str) -> str:
            together.wait(timeout=10)
            try:
                drafts.save_draft(
                    version_id=draft_id,
                    content=tables.late_charge_file(percent),
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
            found = list(pool.map(save, ("rosa", "noor"), ("0.16", "0.17")))

        assert sorted(found, key=len)[0] == "saved"
        winner = ("rosa", "noor")[found.index("saved")]
        assert found[1 - found.index("saved")].endswith(f"({winner})")
        assert models.Revision.objects.filter(version_id=draft_id).count() == 3

    def test_two_first_approvals_at_once_are_the_first_and_the_second(self) -> None:
        version_id = table_people.in_test(at=AT, effective_from=datetime.date(2026, 10, 1))
        together = threading.Barrier(2)
        for who in ("martin", "grace"):
            evidence.note_bills_seen(
                version_id=version_id,
                by=who,
                at=AT,
                bills=0,
                difference_cents=0,
                problem="",
                where="a test",
            )

        def agree(who: str) -> bool:
            together.wait(timeout=10)
            try:
                return approvals.approve(
                    version_id=version_id, by=who, reason="Right", at=AT
                ).is_in_force
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            found = list(pool.map(agree, ("martin", "grace")))

        assert sorted(found) == [False, True]
        assert models.Approval.objects.filter(version_id=version_id).count() == 2
