"""What was computed with a shared table: replayed, explained, and never changed."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection, utils

from fisc.dmn.columns import types
from fisc.domain.rule_tables import explaining, models
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.rule_tables.operations import evaluations
from fisc.domain.rule_tables.queries import approving, importing
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import transactions
from tests.factories import shared_tables, tables

DAY = datetime.date
JANUARY = DAY(2026, 1, 1)
OCTOBER = DAY(2026, 10, 1)
OCTOBER_DAY = DAY(2026, 10, 15)
SEPTEMBER_DAY = DAY(2026, 9, 30)

pytestmark = pytest.mark.usefixtures("db")


def at(month: int, day: int, year: int = 2026) -> datetime.datetime:
    return datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)


def governing(known_at: datetime.datetime, day: datetime.date) -> queries.LoadedVersion:
    return queries.in_force(tables.LATE_CHARGE, day=day, known_at=known_at)


def charge(known_at: datetime.datetime, day: datetime.date = OCTOBER_DAY) -> str:
    """What a hundred dollars past due cost, by what was known then."""
    return str(governing(known_at, day).tables.answers({"past_due": 100})["Late charge"])


class TestEvaluations:
    def test_columns_and_cases_agree_and_a_kept_evaluation_replays_whatever_came_after(
        self,
    ) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        version = governing(at(2, 1), OCTOBER_DAY)
        asked = {"past_due": types.Column(np.array([10000, 50000, 50001], dtype=np.int64))}

        result = version.tables.evaluate(asked)
        with transactions.started():
            block = evaluations.keep_evaluation(
                version_id=version.version_id,
                inputs=asked,
                result=result,
                origins={},
                made_at=at(2, 1),
            )
        shared_tables.fees("0.15", approved_at=at(3, 1), effective_from=JANUARY)

        assert version.tables.ways == ("Late charge: 64-bit integers",)
        assert result.outputs["Late charge"].values.tolist() == [1000, 5000, 2500]
        assert result.hits["fees.Share"].tolist() == [1, 1, 2]
        replayed = queries.replay(block, 0)
        assert replayed.is_equal
        assert str(replayed.answer("Late charge").recomputed) == "10.00"
        assert charge(at(3, 2)) == "15.00"

    def test_why_names_the_rows_of_the_shared_table_and_both_versions(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        version = governing(at(2, 1), OCTOBER_DAY)
        answers = explaining.asked(version, {"past_due": Decimal(100)}, names=("Late charge",))

        why = explaining.why_of(
            answers["Late charge"],
            title="Late charge",
            value="10.00",
            sentence="s",
            is_equal=True,
            vocabulary=explanations.Vocabulary("en"),
            origins={},
        )

        assert [each.citation for each in why.rows] == [
            "Fee resolution 7, line 1",
            "City code 20-70",
        ]
        assert [each.words.partition(" ")[0] for each in why.inputs] == ["past"]
        assert [each.version_id for each in why.versions] == [
            version.version_id,
            version.imported[0].version_id,
        ]
        assert "Fees" in why.versions[1].words


class TestWalls:
    def test_what_an_approved_version_imports_never_changes(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        other = shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)

        for statement in (
            "update rule_tables_import set imported_id = imported_id",
            "delete from rule_tables_import",
            f"insert into rule_tables_import (version_id, imported_id) values ({first}, {other})",
        ):
            with (
                pytest.raises(utils.DatabaseError, match=r"kept as|permission|settled as"),
                transactions.started(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)

    def test_what_is_issued_anew_has_the_content_it_says(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        row = models.Version.objects.get(id=first)
        row.pk, row.number, row.status, row.approved_at = None, 2, "draft", None
        row.approver, row.reissue_of_id = "", first
        row.dmn = tables.late_charge_file()
        row.sha256 = hashlib.sha256(row.dmn).hexdigest()

        with (
            pytest.raises(utils.DatabaseError, match=r"has the content of the one"),
            transactions.started(),
        ):
            row.save(force_insert=True)


class TestExport:
    def test_what_was_issued_anew_is_no_file_of_its_own(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)

        signed = approving.approvals()

        assert [each.file for each in signed] == [
            "shared.fees.2026-01-01.dmn",
            "shared.fees.2026-10-01.dmn",
            "utilities.late_charge.2026-01-01.dmn",
        ]
        assert len(importing.kept(governing(at(10, 1), OCTOBER_DAY).version_id)) == 1
