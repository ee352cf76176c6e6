"""Which version governs a day, as known when; and that nothing approved ever changes."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import standings
from fisc.domain.rule_tables.operations import versions as operations
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import transactions
from tests.factories import tables

DAY = datetime.date


def at(month: int, day: int, year: int = 2026) -> datetime.datetime:
    return datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)


pytestmark = pytest.mark.usefixtures("db")

OCTOBER_DAY = DAY(2026, 10, 15)


def share_of(known_at: datetime.datetime, day: datetime.date = OCTOBER_DAY) -> str:
    """What a hundred dollars past due cost, by the version known then."""
    version = queries.in_force(tables.LATE_CHARGE, day=day, known_at=known_at)
    return str(version.tables.answers({"past_due": 100})["Late charge"])


class TestInForce:
    def test_a_retroactive_ordinance_rolled_back_has_three_right_answers(self) -> None:
        first = tables.approved_late_charge(
            "0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1)
        )
        adopted = tables.approved_late_charge(
            "0.15", approved_at=at(11, 20), effective_from=DAY(2026, 10, 1)
        )
        with transactions.started():
            operations.roll_back(version_id=adopted, by="Grace", reason="vetoed", at=at(11, 25))

        known = [
            queries.in_force(tables.LATE_CHARGE, day=OCTOBER_DAY, known_at=moment).version_id
            for moment in (at(11, 10), at(11, 22), at(11, 26))
        ]

        assert known == [first, adopted, first]
        assert [share_of(at(11, each)) for each in (10, 22, 26)] == ["10.00", "15.00", "10.00"]
        # September was never touched, and what was known on the 22nd stays known of that day.
        assert share_of(at(11, 22), DAY(2026, 9, 30)) == "10.00"
        assert models.Version.objects.get(id=adopted).status == "superseded"

    def test_what_an_ordinance_takes_the_middle_of_keeps_both_ends(self) -> None:
        tables.approved_late_charge("0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1))
        tables.approved_late_charge(
            "0.05",
            approved_at=at(3, 1),
            effective_from=DAY(2026, 6, 1),
            effective_before=DAY(2026, 8, 1),
        )

        shares = [
            share_of(at(4, 1), day)
            for day in (DAY(2026, 5, 31), DAY(2026, 6, 1), DAY(2026, 7, 31), DAY(2026, 8, 1))
        ]

        assert shares == ["10.00", "5.00", "5.00", "10.00"]

    def test_a_day_without_a_version_says_which_book_and_what_to_do(self) -> None:
        tables.approved_late_charge("0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1))

        with pytest.raises(queries.NoVersionForDate, match=r"“Late charge”.*no version for 2025"):
            share_of(at(11, 1), DAY(2025, 12, 31))
        with pytest.raises(queries.NoVersionForDate, match=r"governs no day. Approve a version"):
            share_of(at(1, 1))

    def test_a_point_without_a_book_says_so(self) -> None:
        with pytest.raises(queries.NoVersionForDate, match=r"no book for utilities.due_day"):
            queries.in_force("utilities.due_day", day=OCTOBER_DAY, known_at=at(11, 1))
        with pytest.raises(queries.NoSuchDecisionPoint, match=r"utilities.due_day"):
            queries.in_force("utilities.moon_phase", day=OCTOBER_DAY, known_at=at(11, 1))

    def test_asks_the_database_once_and_then_only_for_the_generation(
        self, django_assert_num_queries: pytest.FixtureRequest
    ) -> None:
        tables.approved_late_charge("0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1))
        share_of(at(4, 1))

        with django_assert_num_queries(1):  # type: ignore[operator]
            share_of(at(4, 1))
        generation = code_lists.generation()
        with django_assert_num_queries(0):  # type: ignore[operator]
            queries.in_force(
                tables.LATE_CHARGE, day=OCTOBER_DAY, known_at=at(4, 1), generation=generation
            )


class TestPeriods:
    def test_gives_the_versions_of_a_period_and_the_days_they_change(self) -> None:
        first = tables.approved_late_charge(
            "0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1)
        )
        second = tables.approved_late_charge(
            "0.15", approved_at=at(9, 20), effective_from=DAY(2026, 10, 1)
        )
        bill = periods.Period(starts_on=DAY(2026, 9, 14), ends_before=DAY(2026, 10, 15))

        governing = queries.versions_in(tables.LATE_CHARGE, days=bill, known_at=at(11, 1))
        changes = queries.change_days(tables.LATE_CHARGE, days=bill, known_at=at(11, 1))

        assert [(each.version.version_id, each.days.days) for each in governing] == [
            (first, 17),
            (second, 14),
        ]
        assert changes == (DAY(2026, 10, 1),)
        assert queries.change_days(tables.LATE_CHARGE, days=bill, known_at=at(9, 1)) == ()

    def test_gives_each_row_its_version(self) -> None:
        first = tables.approved_late_charge(
            "0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1)
        )
        second = tables.approved_late_charge(
            "0.15", approved_at=at(9, 20), effective_from=DAY(2026, 10, 1)
        )
        days = np.array([standings.day_number(DAY(2026, month, 1)) for month in (11, 2, 10, 9)])

        versions, rows = queries.in_force_by_row(tables.LATE_CHARGE, days=days, known_at=at(12, 1))

        assert [each.version_id for each in versions] == [first, second]
        assert rows.tolist() == [1, 0, 1, 0]
        with pytest.raises(queries.NoVersionForDate, match="2025-12-31"):
            queries.in_force_by_row(
                tables.LATE_CHARGE,
                days=np.array([standings.day_number(DAY(2025, 12, 31))]),
                known_at=at(12, 1),
            )

    def test_a_gap_inside_a_period_is_refused(self) -> None:
        tables.approved_late_charge(
            "0.10",
            approved_at=at(1, 5),
            effective_from=DAY(2026, 1, 1),
            effective_before=DAY(2026, 10, 1),
        )
        bill = periods.Period(starts_on=DAY(2026, 9, 14), ends_before=DAY(2026, 10, 15))

        with pytest.raises(queries.NoVersionForDate, match="no version for 2026-10-01"):
            queries.versions_in(tables.LATE_CHARGE, days=bill, known_at=at(11, 1))


class TestApproving:
    def test_nobody_approves_their_own_version(self) -> None:
        with transactions.started():
            version_id = operations.draft(of=self.draft(), at=at(1, 1))
            operations.put_in_test(version_id=version_id, at=at(1, 1))

        with (
            pytest.raises(operations.NotApprovable, match="Ada wrote version 1"),
            transactions.started(),
        ):
            operations.approve(version_id=version_id, approver="Ada", at=at(1, 2))

    def test_a_draft_is_tested_before_it_is_approved(self) -> None:
        with transactions.started():
            version_id = operations.draft(of=self.draft(), at=at(1, 1))

        with (
            pytest.raises(operations.NotApprovable, match="is draft; only one in test"),
            transactions.started(),
        ):
            operations.approve(version_id=version_id, approver="Grace", at=at(1, 2))

    @pytest.mark.parametrize(
        ("bad", "why"),
        [
            (b"", "It is empty"),
            (b"<definitions>", "."),
            (b"MZ\x90\x00 a program", "."),
            (tables.late_charge_file()[:400], "."),
            (tables.late_charge_file().replace(b"round half up", b"open file"), "open file"),
            (b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + tables.late_charge_file()[39:], "."),
        ],
    )
    def test_a_bad_file_is_refused_and_nothing_of_it_is_kept(self, bad: bytes, why: str) -> None:
        with (
            pytest.raises(operations.VersionDoesNotFit, match=why),
            transactions.started(),
        ):
            operations.draft(of=self.draft(bad), at=at(1, 1))

        assert not models.Book.objects.exists()

    def test_a_file_that_does_not_fit_is_refused_with_the_names_that_differ(self) -> None:
        wrong = tables.late_charge_file().replace(b"past_due", b"amount_due")
        wrong = wrong.replace(b'name="Late charge"', b'name="Penalty"')

        with (
            pytest.raises(operations.VersionDoesNotFit) as refused,
            transactions.started(),
        ):
            operations.draft(of=self.draft(wrong), at=at(1, 1))

        assert "input “amount_due” is asked" in str(refused.value)
        assert "decision “Late charge” is missing" in str(refused.value)

    def test_every_rule_is_to_be_cited(self) -> None:
        uncited = tables.late_charge_file(citation="")

        with (
            pytest.raises(operations.VersionDoesNotFit, match="“Late charge”, rule 1: no citation"),
            transactions.started(),
        ):
            operations.draft(of=self.draft(uncited), at=at(1, 1))

    def test_tables_do_not_read_the_clock(self) -> None:
        clock = tables.late_charge_file().replace(b"&gt; 0", b"&gt; 0 * today().year")

        with (
            pytest.raises(operations.VersionDoesNotFit, match=r"today\(\) is not allowed"),
            transactions.started(),
        ):
            operations.draft(of=self.draft(clock), at=at(1, 1))

    def test_a_book_serves_one_decision_point(self) -> None:
        tables.approved_late_charge("0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1))

        with (
            pytest.raises(operations.BookServesAnother, match="“Late charge” serves"),
            transactions.started(),
        ):
            operations.draft(of=self.draft(book="Penalties"), at=at(2, 1))

    def draft(self, content: bytes | None = None, *, book: str = "Late charge") -> operations.Draft:
        return operations.Draft(
            book=book,
            decision_point=tables.LATE_CHARGE,
            file_name="late_charge.dmn",
            content=tables.late_charge_file() if content is None else content,
            effective=periods.Period(starts_on=DAY(2026, 1, 1)),
            author="Ada",
            reason="An ordinance",
            citation="Ordinance 12",
        )


class TestWalls:
    @pytest.mark.parametrize(
        "attack",
        [
            "update rule_tables_version set dmn = '\\x00'",
            "update rule_tables_version set effective = '[2020-01-01,)'",
            "update rule_tables_version set status = 'draft'",
            "delete from rule_tables_version",
            "truncate rule_tables_version cascade",
            "update rule_tables_standing set effective = '[2020-01-01,)'",
            "update rule_tables_standing set known = '[2020-01-01,)'",
            "delete from rule_tables_standing",
            "update rule_tables_book set name = 'x'",
            """
            insert into rule_tables_standing
                (book_id, version_id, effective, known, decided, decided_by, reason)
            select book_id, version_id, effective, known, decided, decided_by, reason
            from rule_tables_standing
            """,
        ],
    )
    def test_the_database_refuses_to_change_what_was_approved(self, attack: str) -> None:
        tables.approved_late_charge("0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1))

        with (
            pytest.raises(utils.DatabaseError),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attack)
