"""Who puts a version in force, when two must, what a small office may do, and the way back."""

from __future__ import annotations

import datetime

import pytest

from fisc.basics import periods
from fisc.domain.code_lists import operations as code_lists
from fisc.domain.rule_tables.operations import approvals, drafts, evidence, people
from fisc.domain.rule_tables.queries import approving, versions
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.plumbing import transactions
from tests.factories import table_people, tables

DAY = datetime.date
DECEMBER = DAY(2026, 12, 1)
OCTOBER = DAY(2026, 10, 1)
POLICY = b"""code,label_en,label_es,starts_on,ends_before,days,citation
self-approval-review,Review,Revision,2020-01-01,,1,A small office
"""


def at(month: int, day: int, hour: int = 18) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, tzinfo=datetime.UTC)


def share_of(known_at: datetime.datetime, day: datetime.date) -> str:
    version = versions.in_force(tables.LATE_CHARGE, day=day, known_at=known_at)
    return str(version.tables.answers({"past_due": 100})["Late charge"])


def agree(version_id: int, by: str, when: datetime.datetime) -> approvals.Decision:
    return approvals.approve(version_id=version_id, by=by, reason="I worked it out too", at=when)


def look(version_id: int, by: str, when: datetime.datetime) -> None:
    """Open the list of the bills that a version changes: three, two dollars in all."""
    evidence.note_bills_seen(
        version_id=version_id,
        by=by,
        at=when,
        bills=3,
        difference_cents=200,
        problem="",
        where="/tables/1/affected/",
    )


@pytest.fixture(autouse=True)
def _office(db: None) -> None:
    table_people.office()
    tables.approved_late_charge("0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1))


class TestPuttingInTest:
    def test_a_case_that_does_not_come_out_stops_it(self) -> None:
        draft_id = table_people.draft(at=at(11, 2), effective_from=DECEMBER)
        drafts.save_draft(
            version_id=draft_id,
            content=tables.late_charge_file("0.16"),
            based_on_sha256=reading.draft(draft_id).sha256,
            by="rosa",
            at=at(11, 2),
        )

        with pytest.raises(approvals.NotTestable, match=r"Late charge is 16.00, expected 15.00"):
            approvals.put_in_test(version_id=draft_id, by="rosa", at=at(11, 3))

    def test_a_problem_of_the_file_stops_it(self) -> None:
        draft_id = table_people.draft(at=at(11, 2), effective_from=DECEMBER)
        drafts.save_draft(
            version_id=draft_id,
            content=tables.late_charge_file("0.15", citation=""),
            based_on_sha256=reading.draft(draft_id).sha256,
            by="rosa",
            at=at(11, 2),
        )

        with pytest.raises(approvals.NotTestable, match="rule 1: no citation"):
            approvals.put_in_test(version_id=draft_id, by="rosa", at=at(11, 3))

    def test_a_version_without_a_case_is_not_tested(self) -> None:
        draft_id = table_people.draft(at=at(11, 2), effective_from=DECEMBER)
        drafts.import_cases(
            version_id=draft_id,
            content=b"case,past_due,Late charge\n",
            based_on_sha256=reading.draft(draft_id).case_sheet_sha256,
            by="rosa",
            at=at(11, 2),
        )

        with pytest.raises(approvals.NotTestable, match="it has no case"):
            approvals.put_in_test(version_id=draft_id, by="rosa", at=at(11, 3))

    def test_what_the_checks_found_is_kept_with_what_was_tested(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=DECEMBER)

        kept = reading.publish_report(version_id)

        assert kept is not None
        assert kept.sha256 == reading.draft(version_id).sha256
        assert [each["rule"] for each in kept.report["coverage"]] == [1]
        assert kept.report["coverage"][0]["cases"] == ["A hundred dollars past due"]

    def test_in_test_it_stays_as_it_is_until_it_is_taken_back(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=DECEMBER)

        with pytest.raises(drafts.NotADraft, match="Take it back to draft first"):
            self.change(version_id)
        approvals.take_back(version_id=version_id, by="martin", reason="Too high", at=at(11, 3))
        self.change(version_id)

        assert reading.draft(version_id).status == "draft"
        # Who only sent it back wrote none of it.
        assert len(approving.writers(version_id)) == 1

    def change(self, version_id: int) -> None:
        drafts.save_draft(
            version_id=version_id,
            content=tables.late_charge_file("0.12"),
            based_on_sha256=reading.draft(version_id).sha256,
            by="rosa",
            at=at(11, 4),
        )


class TestApproving:
    def test_another_person_puts_it_in_force_from_its_first_day(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=DECEMBER)

        decision = agree(version_id, "martin", at(11, 3))

        assert decision == approvals.Decision(is_in_force=True)
        assert share_of(at(11, 4), DAY(2026, 11, 30)) == "10.00"
        assert share_of(at(11, 4), DECEMBER) == "15.00"
        assert reading.draft(version_id).approver == "Martin Okafor (martin)"

    def test_whoever_saved_any_revision_wrote_it(self) -> None:
        draft_id = table_people.draft(at=at(11, 2), effective_from=DECEMBER)
        drafts.import_cases(
            version_id=draft_id,
            content=b"case,past_due,Late charge\nTen,10,1.50\n",
            based_on_sha256=reading.draft(draft_id).case_sheet_sha256,
            by="noor",
            at=at(11, 2),
        )
        approvals.put_in_test(version_id=draft_id, by="rosa", at=at(11, 3))

        for writer in ("rosa", "noor"):
            with pytest.raises(approvals.NotApprovable, match="wrote some of version 2"):
                agree(draft_id, writer, at(11, 3))

    def test_days_that_have_begun_need_two_others(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=OCTOBER)

        first = agree(version_id, "martin", at(11, 20))

        assert not first.is_in_force
        assert "a second person" in first.waits_for
        assert share_of(at(11, 21), OCTOBER) == "10.00"
        with pytest.raises(approvals.NotApprovable, match="approved version 2 already"):
            agree(version_id, "martin", at(11, 20, 19))
        with pytest.raises(approvals.NotApprovable, match="two others must"):
            agree(version_id, "rosa", at(11, 20, 19))
        look(version_id, "grace", at(11, 21))
        assert agree(version_id, "grace", at(11, 21)).is_in_force
        assert share_of(at(11, 22), OCTOBER) == "15.00"
        assert [each.person for each in approving.agreed(version_id)] == [
            "Martin Okafor (martin)",
            "Grace Whitfield (grace)",
        ]

    def test_the_second_of_two_looked_at_the_bills_that_change(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=OCTOBER)
        agree(version_id, "martin", at(11, 20))
        look(version_id, "martin", at(11, 20))

        # That another person looked is not enough.
        with pytest.raises(approvals.NotApprovable, match=r"Grace Whitfield .* has not opened"):
            agree(version_id, "grace", at(11, 21))
        look(version_id, "grace", at(11, 21))
        agree(version_id, "grace", at(11, 21))

        given, *_ = approving.history(version_id)
        assert given.verb == "gave the second approval"
        assert (given.detail["bills"], given.detail["difference_cents"]) == (3, 200)

    def test_bills_looked_at_before_a_change_are_looked_at_again(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=OCTOBER)
        look(version_id, "grace", at(11, 3))
        approvals.take_back(version_id=version_id, by="rosa", reason="A comma", at=at(11, 4))
        drafts.describe_draft(
            version_id=version_id,
            effective=reading.draft(version_id).effective,
            reason="The council raised it, again",
            citation="Ordinance 31",
            by="rosa",
            at=at(11, 4),
        )
        approvals.put_in_test(version_id=version_id, by="rosa", at=at(11, 4))
        agree(version_id, "martin", at(11, 5))

        with pytest.raises(approvals.NotApprovable, match="has not opened"):
            agree(version_id, "grace", at(11, 6))

    def test_a_change_after_the_first_approval_needs_both_again(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=OCTOBER)
        agree(version_id, "martin", at(11, 20))
        approvals.take_back(version_id=version_id, by="rosa", reason="A comma", at=at(11, 20))
        drafts.describe_draft(
            version_id=version_id,
            effective=reading.draft(version_id).effective,
            reason="The council raised it, again",
            citation="Ordinance 31",
            by="rosa",
            at=at(11, 20),
        )
        approvals.put_in_test(version_id=version_id, by="rosa", at=at(11, 20))

        assert not agree(version_id, "grace", at(11, 21)).is_in_force
        look(version_id, "martin", at(11, 22))
        assert agree(version_id, "martin", at(11, 22)).is_in_force

    def test_a_file_other_than_the_one_looked_at_is_not_approved(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=DECEMBER)

        with pytest.raises(approvals.NotApprovable, match="no longer the file"):
            approvals.approve(
                version_id=version_id,
                by="martin",
                reason="As seen",
                at=at(11, 3),
                sha256="0" * 64,
            )

    def test_a_coordinator_without_the_permission_does_not_approve(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=DECEMBER)

        with pytest.raises(people.NotPermitted, match="Ines Calderon"):
            agree(version_id, "ines", at(11, 3))


class TestSmallOffice:
    def approve_own(self, version_id: int, review_by: datetime.date) -> approvals.Decision:
        return approvals.approve(
            version_id=version_id,
            by="rosa",
            reason="Nobody else is here",
            at=at(11, 3),
            reviewer="martin",
            review_by=review_by,
        )

    def test_the_policy_of_the_city_says_whether_it_may(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=DECEMBER)

        with pytest.raises(approvals.NotApprovable, match="self-approval-review"):
            self.approve_own(version_id, DAY(2026, 11, 4))

    def test_a_named_reviewer_confirms_by_a_day_or_is_listed(self) -> None:
        with transactions.started():
            code_lists.import_codes(name="table policy", content=POLICY)
        version_id = table_people.in_test(at=at(11, 2), effective_from=DECEMBER)

        with pytest.raises(approvals.NotApprovable, match="at the latest 2026-11-04"):
            self.approve_own(version_id, DAY(2026, 11, 5))
        decision = self.approve_own(version_id, DAY(2026, 11, 4))

        assert decision.is_in_force
        assert decision.waits_for == "Martin Okafor (martin) must confirm it by 2026-11-04."
        waiting = [
            [each.is_overdue for each in approving.unconfirmed(day)]
            for day in (DAY(2026, 11, 4), DAY(2026, 11, 5))
        ]
        assert waiting == [[False], [True]]
        with pytest.raises(approvals.NotTheReviewer, match="not Grace Whitfield"):
            approvals.confirm(version_id=version_id, by="grace", reason="Fine", at=at(11, 4))
        for _ in range(2):
            approvals.confirm(version_id=version_id, by="martin", reason="Fine", at=at(11, 4))
        assert approving.unconfirmed(DAY(2026, 11, 5)) == ()
        assert [each.verb for each in approving.history(version_id)][:2] == [
            "confirmed",
            "approved",
        ]

    def test_nobody_does_so_for_days_that_have_begun(self) -> None:
        with transactions.started():
            code_lists.import_codes(name="table policy", content=POLICY)
        version_id = table_people.in_test(at=at(11, 2), effective_from=OCTOBER)

        with pytest.raises(approvals.NotApprovable, match="two others must approve"):
            self.approve_own(version_id, DAY(2026, 11, 4))


class TestRollingBack:
    def test_three_days_in_november_have_three_right_answers(self) -> None:
        version_id = table_people.in_test(at=at(11, 19), effective_from=OCTOBER)
        agree(version_id, "martin", at(11, 20, 9))
        look(version_id, "grace", at(11, 20, 10))
        agree(version_id, "grace", at(11, 20, 10))
        approvals.roll_back(version_id=version_id, by="martin", reason="vetoed", at=at(11, 25))

        shares = [share_of(at(11, day), DAY(2026, 10, 15)) for day in (10, 22, 26)]

        assert shares == ["10.00", "15.00", "10.00"]
        assert reading.draft(version_id).status == "superseded"
        with pytest.raises(approvals.NotApprovable, match="nothing to roll back"):
            approvals.roll_back(version_id=version_id, by="martin", reason="vetoed", at=at(11, 26))

    def test_nothing_changes_on_the_day_from_which_the_same_version_governs_again(self) -> None:
        version_id = table_people.in_test(at=at(11, 2), effective_from=DECEMBER)
        agree(version_id, "martin", at(11, 3))
        winter = periods.Period(starts_on=DAY(2026, 11, 1), ends_before=DAY(2027, 2, 1))

        approvals.roll_back(version_id=version_id, by="martin", reason="vetoed", at=at(11, 6))

        known = [at(11, 5), at(11, 7)]
        changes = [
            versions.change_days(tables.LATE_CHARGE, days=winter, known_at=each) for each in known
        ]
        assert changes == [(DECEMBER,), ()]
        (governing,) = versions.versions_in(tables.LATE_CHARGE, days=winter, known_at=at(11, 7))
        assert governing.days == winter

    def test_what_was_approved_over_it_since_then_stays(self) -> None:
        first = table_people.in_test("0.15", at=at(11, 2), effective_from=DECEMBER)
        agree(first, "martin", at(11, 3))
        later = table_people.in_test("0.20", at=at(11, 4), effective_from=DAY(2027, 1, 1))
        agree(later, "martin", at(11, 5))

        approvals.roll_back(version_id=first, by="martin", reason="vetoed", at=at(11, 6))

        assert share_of(at(11, 7), DAY(2026, 12, 15)) == "10.00"
        assert share_of(at(11, 7), DAY(2027, 1, 15)) == "20.00"


class TestAcceptedChanges:
    def test_one_is_accepted_once_with_its_reason(self) -> None:
        for reason in ("Nobody owes that much", "Another reason"):
            approvals.accept_unnoticed(
                book="Late charge", key="r1.bound+1", reason=reason, by="rosa", at=at(11, 2)
            )

        (accepted,) = reading.accepted_changes("Late charge")
        assert accepted.reason == "Nobody owes that much"
        assert accepted.accepted_by == "Rosa Alvarez (rosa)"
