"""Tables that several books import: which version of them counts when, and what follows them."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.dmn.columns import types
from fisc.domain.rule_tables import explaining, models
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.rule_tables.operations import approvals, drafts, evaluations
from fisc.domain.rule_tables.operations import studies as asking
from fisc.domain.rule_tables.operations import versions as operations
from fisc.domain.rule_tables.queries import approving, importing, studies, uses
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import transactions
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


def roll_back(version_id: int, when: datetime.datetime) -> None:
    with transactions.started():
        operations.roll_back(version_id=version_id, by="Grace", reason="vetoed", at=when)


class TestInForce:
    def test_a_retroactive_change_of_a_shared_table_rolled_back_has_three_right_answers(
        self,
    ) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        adopted = shared_tables.fees("0.15", approved_at=at(11, 20), effective_from=OCTOBER)
        roll_back(adopted, at(11, 25))

        assert [charge(at(11, each)) for each in (10, 22, 26)] == ["10.00", "15.00", "10.00"]
        # September was never touched.
        assert charge(at(11, 22), SEPTEMBER_DAY) == "10.00"
        known = [governing(at(11, each), OCTOBER_DAY).version_id for each in (10, 22, 26)]
        assert known[0] == known[2] == first
        assert known[1] != first
        assert models.Version.objects.get(id=known[1]).status == "superseded"
        assert models.Version.objects.get(id=first).status == "approved"

    def test_what_is_issued_anew_names_its_shared_version_and_who_answers_for_it(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        second = shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)

        issued = governing(at(11, 1), OCTOBER_DAY)

        row = models.Version.objects.get(id=issued.version_id)
        assert [each.version_id for each in issued.imported] == [second]
        assert row.reissue_of_id == first
        assert row.reason == "Version 1 with “Fees” version 2: An ordinance"
        assert (row.author, row.approver) == ("Ada", "Grace")
        assert reading.case_results(row.id).passed == 1  # type: ignore[union-attr]
        assert governing(at(11, 1), SEPTEMBER_DAY).version_id == first

    def test_an_importer_of_days_with_several_shared_versions_computes_with_each(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.fees("0.15", approved_at=at(2, 1), effective_from=OCTOBER)
        first = shared_tables.late_charge(approved_at=at(3, 1), effective_from=JANUARY)

        assert charge(at(4, 1), SEPTEMBER_DAY) == "10.00"
        assert charge(at(4, 1), OCTOBER_DAY) == "15.00"
        # Rolled back, both pieces of it are gone.
        roll_back(first, at(5, 1))
        with pytest.raises(queries.NoVersionForDate):
            charge(at(6, 1))

    def test_rolling_back_an_importer_gives_the_earlier_one_the_shared_table_of_now(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        doubled = shared_tables.late_charge(
            approved_at=at(2, 1),
            effective_from=JANUARY,
            formula="round half up(2 * fees.Share * past_due, 2)",
            sheet=b"case,past_due,Late charge\nA thousand,1000,100.00\n",
        )
        shared_tables.fees("0.15", approved_at=at(3, 1), effective_from=JANUARY)
        assert charge(at(3, 2)) == "30.00"

        roll_back(doubled, at(4, 1))

        assert charge(at(4, 2)) == "15.00"
        assert models.Version.objects.get(id=first).status == "approved"
        assert models.Version.objects.get(id=doubled).status == "superseded"
        # What was known before stays known.
        assert [charge(at(month, 15)) for month in (1, 2, 3)] == ["10.00", "20.00", "30.00"]

    def test_what_was_issued_anew_is_rolled_back_by_what_brought_it_about(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        shared_tables.fees("0.15", approved_at=at(3, 1), effective_from=JANUARY)

        with pytest.raises(operations.NotApprovable, match=r"version 1 with newer shared tables"):
            roll_back(governing(at(3, 2), OCTOBER_DAY).version_id, at(4, 1))

    def test_a_shared_table_that_another_rests_on_is_not_rolled_back(self) -> None:
        only = shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)

        with pytest.raises(operations.NotApprovable, match=r"“shared.fees”.*governs 2026-01-01"):
            roll_back(only, at(2, 1))

        assert charge(at(2, 2)) == "10.00"

    def test_an_importer_of_days_without_the_shared_table_is_refused(self) -> None:
        with pytest.raises(operations.VersionDoesNotFit, match=r"no version of that shared book"):
            shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        shared_tables.fees(
            "0.10", approved_at=at(1, 5), effective_from=JANUARY, effective_before=OCTOBER
        )
        with pytest.raises(operations.NotApprovable, match=r"governs 2026-10-01"):
            shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)

    def test_a_table_shared_through_another_follows_too(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        self.middle(at(1, 6))
        shared_tables.approved(
            shared_tables.late_charge_file("round half up(fees.Double * past_due, 2)")
            .replace(shared_tables.NAMESPACE.encode(), b"https://fisc.example/tests/shared.double")
            .replace(b"#d_share", b"#d_double"),
            b"case,past_due,Late charge\nA thousand,1000,100.00\n",
            book="Late charge",
            decision_point=tables.LATE_CHARGE,
            approved_at=at(1, 7),
            effective_from=JANUARY,
        )
        assert charge(at(2, 1)) == "20.00"

        shared_tables.fees("0.15", approved_at=at(3, 1), effective_from=OCTOBER)

        issued = governing(at(3, 2), OCTOBER_DAY)
        assert charge(at(3, 2)) == "30.00"
        assert {each.book: each.number for each in issued.imported} == {"Fees": 2, "Double": 2}
        assert charge(at(3, 2), SEPTEMBER_DAY) == "20.00"

    def middle(self, when: datetime.datetime) -> None:
        head = shared_tables.HEAD % ("m", "Double", "https://fisc.example/tests/shared.double")
        shared_tables.approved(
            f"""{head}
  <import id="m1" name="base" namespace="{shared_tables.NAMESPACE}"
      importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
  <decision id="d_double" name="Double">
    <variable id="v" name="Double" typeRef="number"/>
    <informationRequirement id="r"><requiredDecision href="{shared_tables.NAMESPACE}#d_share"/>
    </informationRequirement>
    <literalExpression id="e"><text>2 * base.Share</text></literalExpression>
  </decision>
</definitions>""".encode(),
            b"case,past_due,Double\nA thousand,1000,0.10\n",
            book="Double",
            decision_point="shared.double",
            approved_at=when,
            effective_from=JANUARY,
        )


class Stopped(Exception):
    """The work ends before it is kept."""


class TestFollowing:
    def test_a_case_of_an_importer_that_does_not_come_out_stops_the_shared_table(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(
            approved_at=at(1, 6),
            effective_from=JANUARY,
            sheet=b"case,past_due,Late charge\nA hundred,100,10.00\n",
        )

        with pytest.raises(
            operations.VersionDoesNotFit,
            match=r"“Late charge” version 1, which imports it: A hundred: Late charge is 15.00",
        ):
            shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)

    def test_so_does_a_decision_that_an_importer_needs_and_that_is_gone(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)

        with pytest.raises(operations.VersionDoesNotFit, match=r"which imports it.*d_share"):
            shared_tables.approved(
                shared_tables.fees_file("0.15").replace(b"d_share", b"d_rate"),
                shared_tables.fees_sheet("0.15"),
                book="Fees",
                decision_point=shared_tables.FEES,
                approved_at=at(9, 1),
                effective_from=OCTOBER,
            )

    def test_an_importer_approved_meanwhile_is_asked_at_the_approval(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        waiting = self.waiting(at(2, 1))
        shared_tables.late_charge(
            approved_at=at(2, 2),
            effective_from=JANUARY,
            sheet=b"case,past_due,Late charge\nA hundred,100,10.00\n",
        )

        with pytest.raises(operations.NotApprovable, match=r"Cases of “Late charge”.*15.00"):
            self.approve(waiting, at(2, 3))

        assert charge(at(2, 4)) == "10.00"
        assert models.Version.objects.filter(reissue_of__isnull=False).count() == 0
        assert models.Version.objects.get(id=waiting).status == "in test"

    def approve_and_stop(self, version_id: int, when: datetime.datetime, *, issued: int) -> None:
        with transactions.started():
            operations.approve(version_id=version_id, approver="Grace", at=when)
            assert models.Version.objects.count() == issued
            raise Stopped

    def waiting(self, when: datetime.datetime) -> int:
        with transactions.started():
            version_id = operations.draft(
                of=operations.Draft(
                    book="Fees",
                    decision_point=shared_tables.FEES,
                    file_name="fees.dmn",
                    content=shared_tables.fees_file("0.15"),
                    effective=periods.Period(starts_on=OCTOBER),
                    author="Ada",
                    reason="An ordinance",
                    citation="Ordinance 12",
                    case_sheet=shared_tables.fees_sheet("0.15"),
                ),
                at=when,
            )
            operations.put_in_test(version_id=version_id, at=when)
        return version_id

    def approve(self, version_id: int, when: datetime.datetime) -> None:
        with transactions.started():
            operations.approve(version_id=version_id, approver="Grace", at=when)

    def test_the_same_approval_asked_again_changes_nothing(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        second = shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)
        before = list(models.Standing.objects.order_by("id").values_list("id", "version_id"))

        with pytest.raises(operations.NotApprovable, match="only one in test"):
            self.approve(second, at(9, 2))

        after = list(models.Standing.objects.order_by("id").values_list("id", "version_id"))
        assert after == before
        assert models.Version.objects.filter(reissue_of__isnull=False).count() == 1

    def test_an_approval_that_fails_halfway_leaves_nothing(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        waiting = self.waiting(at(2, 1))
        counted = (models.Version.objects.count(), models.Standing.objects.count())

        with pytest.raises(Stopped):
            self.approve_and_stop(waiting, at(9, 1), issued=counted[0] + 1)

        assert (models.Version.objects.count(), models.Standing.objects.count()) == counted
        assert charge(at(9, 2)) == "10.00"


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


class TestUses:
    def test_says_which_books_import_a_shared_one_and_what_they_call_it(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)

        (use,) = uses.importers(shared_tables.FEES)

        assert (use.version_id, use.book, use.places) == (first, "Late charge", ("fees",))
        assert uses.importers("shared.others") == ()


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
