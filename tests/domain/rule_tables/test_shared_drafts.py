"""Drafts of tables that books share, and of books that import them."""

from __future__ import annotations

import datetime

import pytest

from fisc.basics import periods
from fisc.domain.rule_tables.operations import approvals, drafts
from fisc.domain.rule_tables.operations import studies as asking
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import studies, uses
from fisc.domain.rule_tables.queries import versions as queries
from tests.factories import shared_tables, table_people, tables

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


class TestPeople:
    @pytest.fixture(autouse=True)
    def _office(self, db: None) -> None:
        table_people.office()
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)

    def started(self) -> int:
        version_id = drafts.start_draft(
            book="Fees",
            effective=periods.Period(starts_on=DAY(2026, 12, 1)),
            by="rosa",
            reason="The council raised it",
            citation="Resolution 8",
            at=at(11, 2),
        )
        draft = reading.draft(version_id)
        drafts.save_draft(
            version_id=version_id,
            content=shared_tables.fees_file("0.15"),
            based_on_sha256=draft.sha256,
            by="rosa",
            at=at(11, 2),
        )
        drafts.import_cases(
            version_id=version_id,
            content=shared_tables.fees_sheet("0.15"),
            based_on_sha256=draft.case_sheet_sha256,
            by="rosa",
            at=at(11, 2),
        )
        return version_id

    def test_a_shared_draft_goes_the_way_of_every_draft(self) -> None:
        version_id = self.started()
        assert reading.draft(version_id).problems == ()

        approvals.put_in_test(version_id=version_id, by="rosa", at=at(11, 3))
        decision = approvals.approve(
            version_id=version_id, by="martin", reason="As adopted", at=at(11, 4)
        )

        assert decision.is_in_force
        assert charge(at(11, 5), DAY(2026, 12, 1)) == "15.00"
        assert charge(at(11, 5), DAY(2026, 11, 30)) == "10.00"

    def test_the_importers_of_a_draft_are_run_with_it_before_it_is_approved(self) -> None:
        (ran,) = reading.importer_runs(self.started())

        assert (ran.book, ran.number, ran.run.passed, ran.run.failed) == ("Late charge", 1, 1, 0)

    def test_an_importer_that_fails_stops_the_way_to_in_test(self) -> None:
        version_id = self.started()
        draft = reading.draft(version_id)
        drafts.save_draft(
            version_id=version_id,
            content=shared_tables.fees_file("0.15").replace(b">0.05<", b">0.06<"),
            based_on_sha256=draft.sha256,
            by="rosa",
            at=at(11, 2),
        )
        drafts.import_cases(
            version_id=version_id,
            content=shared_tables.fees_sheet("0.15").replace(b",0.05", b",0.06"),
            based_on_sha256=draft.case_sheet_sha256,
            by="rosa",
            at=at(11, 2),
        )

        with pytest.raises(
            approvals.NotTestable, match=r"which imports it: .*Late charge is 60.00, expected 50"
        ):
            approvals.put_in_test(version_id=version_id, by="rosa", at=at(11, 3))

    def test_a_draft_that_imports_is_checked_before_it_is_in_test(self) -> None:
        version_id = self.importer()

        approvals.put_in_test(version_id=version_id, by="rosa", at=at(11, 3))

        kept = reading.publish_report(version_id)
        assert kept is not None
        # The shared table takes no negative amount, and the late charge may be asked for one.
        (gap,) = kept.report["findings"]
        assert "no rule takes fees.Share nothing" in gap["words"]
        assert kept.report["not_proved"] == []
        assert kept.report["changes"]["noticed"] > 0
        assert gap["example"]["past_due"] == "-10000000.00"
        assert [(each["decision"], each["rule"]) for each in kept.report["coverage"]] == [
            ("Late charge", 1),
            ("Late charge", 2),
        ]

    def importer(self) -> int:
        """A draft of the late charge that asks the shared table in a table of its own."""
        version_id = drafts.start_draft(
            book="Late charge",
            effective=periods.Period(starts_on=DAY(2026, 12, 1)),
            by="rosa",
            reason="r",
            citation="c",
            at=at(11, 2),
            content=shared_tables.late_charge_table_file(),
        )
        drafts.import_cases(
            version_id=version_id,
            content=shared_tables.LATE_TABLE_SHEET,
            based_on_sha256=reading.draft(version_id).case_sheet_sha256,
            by="rosa",
            at=at(11, 2),
        )
        assert reading.draft(version_id).problems == ()
        return version_id

    def test_people_open_a_shared_book_by_its_name(self) -> None:
        drafts.start_book(name="Taxes", decision_point="shared.taxes", by="rosa", at=at(11, 2))

        with pytest.raises(queries.NoSuchDecisionPoint, match=r"“shared.fees”"):
            drafts.start_book(name="Tax", decision_point="shared taxes", by="rosa", at=at(11, 2))

    def test_a_file_of_another_namespace_cannot_become_a_shared_version(self) -> None:
        version_id = self.started()
        drafts.save_draft(
            version_id=version_id,
            content=shared_tables.fees_file("0.15", namespace="https://fisc.example/fees"),
            based_on_sha256=reading.draft(version_id).sha256,
            by="rosa",
            at=at(11, 2),
        )

        (problem, *_) = reading.draft(version_id).problems

        assert "does not end in “shared.fees”" in problem

    def test_an_import_of_anything_else_is_refused_with_its_place(self) -> None:
        version_id = drafts.start_draft(
            book="Late charge",
            effective=periods.Period(starts_on=DAY(2026, 12, 1)),
            by="rosa",
            reason="r",
            citation="c",
            at=at(11, 2),
            content=shared_tables.late_charge_file().replace(
                shared_tables.NAMESPACE.encode(), b"https://elsewhere.example/fees"
            ),
        )

        (problem,) = reading.draft(version_id).problems

        assert problem.startswith("import “fees” (line ")
        assert "not one of a shared book" in problem


class TestDrafts:
    def test_what_was_missing_is_asked_again_once_it_is_there(self) -> None:
        table_people.office()
        drafts.start_book(
            name="Late charge", decision_point=tables.LATE_CHARGE, by="rosa", at=at(1, 2)
        )
        version_id = drafts.start_draft(
            book="Late charge",
            effective=periods.Period(starts_on=OCTOBER),
            by="rosa",
            reason="r",
            citation="c",
            at=at(1, 3),
            content=shared_tables.late_charge_file(),
        )
        (missing,) = reading.draft(version_id).problems
        assert "no version of that shared book governs 2026-10-01" in missing
        results = reading.case_results(version_id)
        assert results is not None
        assert "were not run" in results.problem

        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)

        assert reading.draft(version_id).problems == ()
        # They were run with other tables than those that are there now.
        assert reading.case_results(version_id) is None
        drafts.import_cases(
            version_id=version_id,
            content=shared_tables.LATE_SHEET,
            based_on_sha256=reading.draft(version_id).case_sheet_sha256,
            by="rosa",
            at=at(1, 6),
        )
        approvals.put_in_test(version_id=version_id, by="rosa", at=at(1, 6))
        assert reading.case_results(version_id).passed == 1  # type: ignore[union-attr]

    def test_a_study_names_the_shared_tables_it_was_made_with(self) -> None:
        table_people.office()
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        draft_id = drafts.start_draft(
            book="Late charge",
            effective=periods.Period(starts_on=OCTOBER),
            by="rosa",
            reason="r",
            citation="c",
            at=at(1, 7),
        )
        study_id = asking.ask_study(version_id=draft_id, data_day=JANUARY, at=at(1, 7))
        studied = studies.studied_tables(study_id)
        assert studied.imported == (shared_tables.fees_file("0.10"),)
        assert studies.study(study_id).is_current

        shared_tables.fees("0.15", approved_at=at(2, 1), effective_from=JANUARY)

        assert not studies.study(study_id).is_current
        with pytest.raises(studies.TablesAreGone, match="Study the version as it is now"):
            studies.studied_tables(study_id)


class TestUses:
    def test_says_which_books_import_a_shared_one_and_what_they_call_it(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)

        (use,) = uses.importers(shared_tables.FEES)

        assert (use.version_id, use.book, use.places) == (first, "Late charge", ("fees",))
        assert uses.importers("shared.others") == ()
