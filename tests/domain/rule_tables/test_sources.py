"""The file that a look-up table was taken from: kept with a draft, reconciled, walled in."""

from __future__ import annotations

import datetime

import pytest
from django import db
from django.db import transaction

from fisc.basics import periods
from fisc.dmn.checks import source_files
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import sources
from fisc.domain.rule_tables.operations import approvals, drafts, people
from fisc.domain.rule_tables.operations import sources as operations
from fisc.domain.rule_tables.queries import approving, filled
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import sources as queries
from tests.factories import look_ups, table_people

JANUARY, APRIL = datetime.date(2026, 1, 1), datetime.date(2026, 12, 1)
RATES = look_ups.rates(4)
# More rules than anybody writes cases for.
MANY = look_ups.rates(1_001)


def at(day: int) -> datetime.datetime:
    return datetime.datetime(2025, 12, day, 18, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _office(db: None) -> None:
    table_people.office()


def give(version_id: int, given: sources.Given, *, by: str = "rosa", day: int = 3) -> None:
    operations.give_source(version_id=version_id, given=given, by=by, at=at(day))


def approved(*rows: tuple[str, str], day: int = 1, name: str = "january.csv") -> int:
    version_id = look_ups.draft(*rows, at=at(day), effective_from=JANUARY)
    give(version_id, look_ups.given(*rows, name=name), day=day)
    approvals.put_in_test(version_id=version_id, by="rosa", at=at(day))
    approvals.approve(version_id=version_id, by="martin", reason="Compared", at=at(day))
    return version_id


class TestGiving:
    def test_a_file_is_kept_with_who_gave_it_and_is_a_revision(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)

        give(draft_id, look_ups.given(*RATES), by="noor")

        kept = queries.source(draft_id, look_ups.DECISION)
        assert kept.given == look_ups.given(*RATES)
        assert (kept.kept_by, kept.kept_at) == ("Noor Haddad (noor)", at(3))
        assert reading.draft(draft_id).revision == 3
        (act, *_) = approving.history(draft_id)
        assert (act.verb, act.detail["file"]) == ("gave a table its source", "rates.csv")
        assert act.detail["sha256"] == kept.sha256

    def test_the_same_again_changes_nothing_and_another_takes_its_place(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)
        give(draft_id, look_ups.given(*RATES))
        give(draft_id, look_ups.given(*RATES))
        assert models.Source.objects.count() == 1

        give(draft_id, look_ups.given(*RATES[:2], name="new.csv"))

        assert queries.source(draft_id, look_ups.DECISION).given.name == "new.csv"
        assert models.Source.objects.count() == 2

    def test_it_can_be_taken_away(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)
        give(draft_id, look_ups.given(*RATES))

        operations.leave_source_out(
            version_id=draft_id, decision=look_ups.DECISION, by="rosa", at=at(4)
        )

        assert queries.of_version(draft_id) == {}
        with pytest.raises(queries.NoSuchSource):
            operations.leave_source_out(
                version_id=draft_id, decision=look_ups.DECISION, by="rosa", at=at(4)
            )

    def test_a_file_that_no_table_could_be_taken_from_is_not_kept(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)

        for wrong in (
            look_ups.given(*RATES, RATES[0]),
            look_ups.given(*RATES, columns=("Place", "Tax")),
            sources.Given(look_ups.DECISION, "x.csv", b"\xff\xfe", ("Place", "Rate")),
        ):
            with pytest.raises(source_files.SourceIsWrong, match=wrong.name):
                give(draft_id, wrong)
        with pytest.raises(sources.NoSuchTable, match="“Tax rate”"):
            give(draft_id, sources.Given("Rate", "x.csv", b"a\n1\n", ("a",)))

        assert not models.Source.objects.exists()

    def test_only_who_writes_tables_may(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)

        with pytest.raises(people.NotPermitted):
            give(draft_id, look_ups.given(*RATES), by="ines")


class TestChecking:
    def test_a_table_of_many_rules_needs_its_source_to_be_put_in_test(self) -> None:
        draft_id = look_ups.draft(*MANY, at=at(1), effective_from=JANUARY)

        with pytest.raises(approvals.NotTestable, match=r"1001 rules.*Source files"):
            approvals.put_in_test(version_id=draft_id, by="rosa", at=at(2))

        give(draft_id, look_ups.given(*MANY))
        approvals.put_in_test(version_id=draft_id, by="rosa", at=at(4))
        assert reading.draft(draft_id).status == "in test"
        kept = reading.publish_report(draft_id)
        assert kept is not None
        (beside,) = kept.report["reconciled"]
        assert (beside["agrees"], beside["rows"]) == (True, 1_001)

    def test_a_table_that_differs_from_its_source_is_not_put_in_test(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)
        give(draft_id, look_ups.given(*RATES[:3], (RATES[3][0], "0.07")))

        with pytest.raises(approvals.NotTestable, match=r"here 00003, 0\.0603, in the source"):
            approvals.put_in_test(version_id=draft_id, by="rosa", at=at(4))

    def test_a_small_table_without_a_source_needs_a_case_for_each_rule(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)

        with pytest.raises(approvals.NotTestable, match="rule 1: no case decides by it"):
            approvals.put_in_test(version_id=draft_id, by="rosa", at=at(4))

    def test_a_column_that_nobody_named_is_asked_for(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)
        give(draft_id, look_ups.given(*RATES, columns=("Place", "")))

        words = [each.words for each in reading.check(draft_id).stops]

        assert any(
            "say which column of rates.csv is the table's column 2" in each for each in words
        )

    def test_what_differs_from_the_file_of_the_version_before_is_told(self) -> None:
        first = approved(*RATES)
        draft_id = drafts.start_draft(
            book=look_ups.BOOK,
            effective=periods.Period(starts_on=APRIL),
            by="rosa",
            reason="April",
            citation="April file",
            at=at(4),
        )
        assert queries.of_version(draft_id) == queries.of_version(first)
        rates = [*RATES[:2], (RATES[2][0], "0.09"), ("77777", "0.01")]
        give(draft_id, look_ups.given(*rates, name="april.csv"), day=5)
        self.fill(draft_id)

        (found,) = reading.check(draft_id).reconciled

        assert found.agrees
        since = found.since_last
        assert since is not None
        assert (since.name, since.added, since.removed, since.changed) == ("january.csv", 1, 1, 1)
        assert since.listed[0] == ("00002, 0.0602", "00002, 0.09")
        (before,) = reading.check(first).reconciled
        assert before.since_last is None

    def fill(self, draft_id: int) -> None:
        operations.fill_from_source(
            version_id=draft_id,
            decision=look_ups.DECISION,
            based_on_sha256=reading.draft(draft_id).sha256,
            source_sha256=queries.source(draft_id, look_ups.DECISION).sha256,
            by="rosa",
            at=at(6),
        )


class TestFilling:
    def test_what_was_shown_is_kept_and_who_kept_it(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)
        give(draft_id, look_ups.given(*RATES[:2], ("77777", "0.01")))
        shown = filled.from_source(draft_id, look_ups.DECISION)

        saved = self.fill(draft_id, based_on=reading.draft(draft_id).sha256)

        assert reading.draft(draft_id).content == shown.content
        assert (saved.cases.passed, saved.cases.failed) == (1, 0)
        assert approving.history(draft_id)[0].verb == "saved the draft"
        (found,) = reading.check(draft_id).reconciled
        assert found.agrees

    def test_what_somebody_changed_meanwhile_is_not_lost(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)
        began = reading.draft(draft_id).sha256
        give(draft_id, look_ups.given(*RATES[:2]))
        drafts.save_draft(
            version_id=draft_id,
            content=look_ups.file(*RATES, ("88888", "0.01")),
            based_on_sha256=began,
            by="noor",
            at=at(4),
        )

        with pytest.raises(drafts.DraftChangedMeanwhile, match="Noor Haddad"):
            self.fill(draft_id, based_on=began)

    def test_another_file_than_the_one_shown_is_refused(self) -> None:
        draft_id = look_ups.draft(*RATES, at=at(1), effective_from=JANUARY)
        give(draft_id, look_ups.given(*RATES[:2]))
        shown = queries.source(draft_id, look_ups.DECISION).sha256
        give(draft_id, look_ups.given(*RATES[:3]))

        with pytest.raises(operations.CannotBeFilled, match="another source file"):
            self.fill(draft_id, based_on=reading.draft(draft_id).sha256, source=shown)

    def fill(self, draft_id: int, *, based_on: str, source: str = "") -> drafts.SavedDraft:
        return operations.fill_from_source(
            version_id=draft_id,
            decision=look_ups.DECISION,
            based_on_sha256=based_on,
            source_sha256=source or queries.source(draft_id, look_ups.DECISION).sha256,
            by="rosa",
            at=at(6),
        )


class TestTheWalls:
    def test_once_in_test_it_cannot_change(self) -> None:
        version_id = approved(*RATES)

        with pytest.raises(drafts.NotADraft):
            give(version_id, look_ups.given(*RATES[:2]))
        with (
            pytest.raises(db.DatabaseError, match="Only a draft is given another source"),
            transaction.atomic(),
        ):
            models.Source.objects.create(
                version_id=version_id,
                decision="Tax rate",
                name="x",
                columns=[],
                kept_at=at(9),
            )

    @pytest.mark.parametrize(
        "statement",
        [
            "update rule_tables_source set name = 'x'",
            "delete from rule_tables_source",
            "update rule_tables_source_file set content = ''",
            "delete from rule_tables_source_file",
        ],
    )
    def test_what_was_kept_is_only_added_to(self, statement: str) -> None:
        approved(*RATES)

        with (
            pytest.raises(db.DatabaseError),
            transaction.atomic(),
            db.connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_a_file_has_its_own_hash(self) -> None:
        with pytest.raises(db.DatabaseError, match="source_file_hash"), transaction.atomic():
            models.SourceFile.objects.create(sha256="0" * 64, content=b"x")
