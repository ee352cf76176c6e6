"""What the database itself refuses about drafts, versions in test and approvals."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, utils

from fisc.plumbing import transactions
from tests.factories import table_people, tables

SECOND = datetime.datetime(2026, 11, 2, 18, tzinfo=datetime.UTC)
DECEMBER = datetime.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _office(db: None) -> None:
    table_people.office()
    tables.approved_late_charge(
        "0.10",
        approved_at=datetime.datetime(2026, 1, 5, 18, tzinfo=datetime.UTC),
        effective_from=datetime.date(2026, 1, 1),
    )


class TestWalls:
    @pytest.mark.parametrize(
        ("attack", "why"),
        [
            ("update rule_tables_version set reason = 'x' where status = 'in test'", "stays as"),
            ("update rule_tables_version set case_sheet = 'x' where status <> 'draft'", "stays as"),
            (
                """
                update rule_tables_version
                set status = 'approved', approver = 'Martin', approved_at = now()
                where status = 'in test'
                """,
                "Nobody but its writers agreed",
            ),
            ("update rule_tables_version set author = 'x' where status = 'in test'", "keeps its"),
            (
                "update rule_tables_version set status = 'superseded' where status = 'in test'",
                "cannot become",
            ),
            ("update rule_tables_version set sha256 = 'x' where status = 'draft'", "of_its_file"),
            ("update rule_tables_revision set dmn = 'x'", "as they were written"),
            ("delete from rule_tables_case_run", "as they were written"),
            ("delete from rule_tables_approval", "as they were written"),
            (
                """
                insert into rule_tables_approval
                    (version_id, revision, part, person_id, reason, at)
                select version_id, number, 'approval', saved_by_id, 'x', now()
                from rule_tables_revision
                where changed = 'started' and version_id in
                    (select id from rule_tables_version where status = 'draft')
                """,
                "Only a version in test",
            ),
        ],
    )
    def test_the_database_holds_the_states(self, attack: str, why: str) -> None:
        table_people.in_test(at=SECOND, effective_from=DECEMBER)
        table_people.draft(at=SECOND, effective_from=DECEMBER)

        with (
            pytest.raises(utils.Error, match=f"{why}|permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attack)

    def test_an_own_approval_does_not_count_even_when_it_is_written_in(self) -> None:
        version_id = table_people.in_test(at=SECOND, effective_from=DECEMBER)
        with transactions.started(), connection.cursor() as cursor:
            cursor.execute(
                """
                insert into rule_tables_approval
                    (version_id, revision, part, person_id, reason, at)
                select version_id, number, 'approval', saved_by_id, 'x', now()
                from rule_tables_revision where version_id = %s and number = 2
                """,
                [version_id],
            )

        with (
            pytest.raises(utils.Error, match="Nobody but its writers agreed"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                """
                update rule_tables_version
                set status = 'approved', approver = 'Martin', approved_at = '2026-11-03'
                where id = %s
                """,
                [version_id],
            )
