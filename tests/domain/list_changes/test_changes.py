"""A change of a list from draft to force and back: who may, what stops it, who knew what when."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.code_lists import operations as code_list_writes
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes import models
from fisc.domain.list_changes.operations import approvals, days, drafts
from fisc.domain.list_changes.queries import changes
from fisc.domain.rule_tables.operations import people
from fisc.plumbing import transactions
from tests.factories import list_people, table_people

DAY = datetime.date
DECEMBER = DAY(2026, 12, 1)
OCTOBER = DAY(2026, 10, 1)
LOWERED = list_people.CARD.replace("10000000", "5000000")
POLICY = b"""code,label_en,label_es,starts_on,ends_before,days,citation
self-approval-review,Review,Revision,2020-01-01,,1,A small office
"""


def at(month: int, day: int, hour: int = 18) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, tzinfo=datetime.UTC)


def agree(change_id: int, by: str, when: datetime.datetime) -> approvals.Decision:
    return approvals.approve(change_id=change_id, by=by, reason="I looked at it", at=when)


def most_by_card(day: datetime.date, known_at: datetime.datetime | None = None) -> int:
    as_of = code_lists.AsOf(day, known_at)
    return int(code_lists.code("tender kind", "card", as_of=as_of).attributes["at_most_cents"])


@pytest.fixture(autouse=True)
def _office(db: None) -> None:
    table_people.office()
    list_people.imported()


class TestDrafts:
    def test_begins_as_the_bytes_that_govern_its_first_day(self) -> None:
        change_id = drafts.start_draft(
            list_name="tender kind",
            effective=periods.Period(starts_on=DECEMBER),
            by="rosa",
            reason="Lower it",
            citation="Resolution 9",
            at=at(11, 2),
        )

        found = changes.change(change_id)
        assert found.content == list_people.file(list_people.CASH, list_people.CARD)
        assert (found.status, found.number, found.revision) == ("draft", 1, 1)

    def test_refuses_who_may_not_and_who_says_nothing(self) -> None:
        for by, reason, refusal in (
            ("ines", "Lower it", people.NotPermitted),
            ("rosa", " ", people.NothingSaid),
        ):
            with pytest.raises(refusal):
                drafts.start_draft(
                    list_name="tender kind",
                    effective=periods.Period(starts_on=DECEMBER),
                    by=by,
                    reason=reason,
                    citation="Resolution 9",
                    at=at(11, 2),
                )

    def test_a_save_on_an_older_file_is_told_and_nothing_is_lost(self) -> None:
        change_id = list_people.draft(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )
        began_with = changes.change(change_id).sha256
        save = drafts.save_draft
        theirs = list_people.file(list_people.CASH, LOWERED.replace("5000000", "4000000"))
        save(change_id=change_id, content=theirs, based_on_sha256=began_with, by="noor",
             at=at(11, 3))  # fmt: skip

        with pytest.raises(drafts.DraftChangedMeanwhile, match=r"Noor Haddad \(noor\)") as told:
            save(
                change_id=change_id,
                content=list_people.file(list_people.CASH, LOWERED.replace("5000000", "3000000")),
                based_on_sha256=began_with,
                by="rosa",
                at=at(11, 3),
            )

        assert told.value.content == theirs
        assert models.Revision.objects.filter(change_id=change_id).count() == 3

    def test_the_same_file_again_is_no_revision(self) -> None:
        change_id = list_people.draft(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )

        drafts.save_draft(
            change_id=change_id,
            content=changes.change(change_id).content,
            based_on_sha256="made from another",
            by="noor",
            at=at(11, 3),
        )

        assert changes.change(change_id).revision == 2

    def test_a_code_in_use_is_not_left_out_and_keeps_its_first_day(self) -> None:
        with pytest.raises(drafts.RowsAreWrong) as refused:
            list_people.draft(
                list_people.CASH.replace("2020-01-01", "2021-01-01"),
                at=at(11, 2),
                effective_from=DECEMBER,
            )

        said = [str(each) for each in refused.value.problems]
        assert said[0].startswith("row 2, column starts_on: cash starts on 2020-01-01")
        assert said[1].startswith("card is left out")


class TestApproving:
    def test_another_person_puts_it_in_force_on_its_day(self) -> None:
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, list_people.WIRE, at=at(11, 2), effective_from=DECEMBER
        )

        decision = agree(change_id, "martin", at(11, 3))

        assert decision == approvals.Decision(is_in_force=True)
        assert most_by_card(DAY(2026, 11, 30)) == 10000000
        assert most_by_card(DECEMBER) == 5000000
        # What reads the city's present day sees it once that day has begun, and not before.
        assert code_lists.code("tender kind", "card").attributes["at_most_cents"] == 10000000
        assert not code_lists.code("tender kind", "wire").is_current(DECEMBER)
        assert days.begin_day(on=DAY(2026, 11, 30)) == ()
        assert days.begin_day(on=DECEMBER) == ("tender kind",)
        assert days.begin_day(on=DECEMBER) == ()
        assert code_lists.code("tender kind", "card").attributes["at_most_cents"] == 5000000
        assert code_lists.code("tender kind", "wire").is_current(DECEMBER)
        # A run of a day before does not turn the lists back.
        assert days.begin_day(on=DAY(2026, 11, 30)) == ()
        assert code_lists.code("tender kind", "card").attributes["at_most_cents"] == 5000000

    def test_whoever_saved_any_revision_does_not_approve(self) -> None:
        change_id = list_people.draft(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )
        drafts.save_draft(
            change_id=change_id,
            content=list_people.file(list_people.CASH, LOWERED, list_people.WIRE),
            based_on_sha256=changes.change(change_id).sha256,
            by="noor",
            at=at(11, 2),
        )
        approvals.put_in_test(change_id=change_id, by="rosa", at=at(11, 3))

        for writer in ("rosa", "noor"):
            with pytest.raises(approvals.NotApprovable, match="wrote some of change 1"):
                agree(change_id, writer, at(11, 4))
        with pytest.raises(approvals.NotApprovable, match="no longer the file"):
            approvals.approve(
                change_id=change_id, by="martin", reason="Right", at=at(11, 4), sha256="another"
            )
        assert agree(change_id, "martin", at(11, 4)).is_in_force

    def test_days_that_have_begun_need_two_others(self) -> None:
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=OCTOBER
        )

        first = agree(change_id, "martin", at(11, 3))
        with pytest.raises(approvals.NotApprovable, match="approved change 1 already"):
            agree(change_id, "martin", at(11, 3))
        second = agree(change_id, "grace", at(11, 4))

        assert (first.is_in_force, second.is_in_force) == (False, True)
        assert "a second person" in first.waits_for
        assert code_lists.code("tender kind", "card").attributes["at_most_cents"] == 5000000

    def test_a_small_office_names_a_reviewer_who_confirms(self) -> None:
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )
        own = {"change_id": change_id, "by": "rosa", "reason": "Nobody is here", "at": at(11, 3)}
        named = {"reviewer": "martin", "review_by": DAY(2026, 11, 4)}
        with pytest.raises(approvals.NotApprovable, match="lets nobody approve"):
            approvals.approve(**own, **named)  # type: ignore[arg-type]
        with transactions.started():
            code_list_writes.import_codes(name="table policy", content=POLICY)

        decision = approvals.approve(**own, **named)  # type: ignore[arg-type]

        assert decision.waits_for == "Martin Okafor (martin) must confirm it by 2026-11-04."
        assert [each.change_id for each in changes.unconfirmed()] == [change_id]
        with pytest.raises(approvals.NotTheReviewer):
            approvals.confirm(change_id=change_id, by="grace", reason="Right", at=at(11, 4))
        for _ in range(2):
            approvals.confirm(change_id=change_id, by="martin", reason="Right", at=at(11, 4))
        assert changes.unconfirmed() == ()
        assert [each.part for each in changes.agreed(change_id)] == ["approval", "review"]

    def test_a_draft_does_not_undo_what_was_approved_meanwhile(self) -> None:
        mine = list_people.draft(list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER)
        tested = list_people.in_test(
            list_people.CASH, list_people.CARD, list_people.WIRE,
            at=at(11, 2), effective_from=DAY(2026, 11, 10),
        )  # fmt: skip
        agree(tested, "martin", at(11, 3))

        with pytest.raises(approvals.NotTestable, match="would be undone"):
            approvals.put_in_test(change_id=mine, by="rosa", at=at(11, 4))

    def test_a_draft_that_changes_nothing_is_not_tested(self) -> None:
        change_id = list_people.draft(
            list_people.CASH, list_people.CARD, at=at(11, 2), effective_from=DECEMBER
        )

        with pytest.raises(approvals.NotTestable, match="it changes nothing"):
            approvals.put_in_test(change_id=change_id, by="rosa", at=at(11, 3))

    def test_in_test_it_stays_until_it_is_taken_back(self) -> None:
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )
        saved = {
            "change_id": change_id,
            "content": list_people.file(list_people.CASH, list_people.CARD, list_people.WIRE),
            "based_on_sha256": changes.change(change_id).sha256,
            "by": "noor",
            "at": at(11, 3),
        }

        with pytest.raises(drafts.NotADraft, match="Take it back"):
            drafts.save_draft(**saved)  # type: ignore[arg-type]
        agree_first = models.Approval.objects.filter(change_id=change_id)
        approvals.take_back(change_id=change_id, by="martin", reason="Too low", at=at(11, 3))
        drafts.save_draft(**saved)  # type: ignore[arg-type]

        assert agree_first.count() == 0
        assert [each.verb for each in changes.history(change_id)][:2] == [
            "saved the draft",
            "took back to draft",
        ]


class TestRollingBack:
    def test_who_knew_what_when_has_three_right_answers(self) -> None:
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, list_people.WIRE, at=at(11, 18), effective_from=OCTOBER
        )
        agree(change_id, "martin", at(11, 20, 10))
        agree(change_id, "grace", at(11, 20, 11))

        approvals.roll_back(change_id=change_id, by="grace", reason="In error", at=at(11, 25))

        day = DAY(2026, 10, 15)
        known = [most_by_card(day, at(11, number)) for number in (10, 22, 26)]
        assert known == [10000000, 5000000, 10000000]
        wire = code_lists.code("tender kind", "wire")
        assert wire.is_withdrawn
        assert not wire.is_current(DAY(2027, 1, 1))
        # Records that name it still find it.
        assert code_lists.codes_by_id("tender kind")[wire.id].label("es") == "Transferencia"
        with pytest.raises(approvals.NotApprovable, match="nothing to roll back"):
            approvals.roll_back(change_id=change_id, by="grace", reason="Again", at=at(11, 26))

    def test_what_was_rolled_back_may_be_written_anew(self) -> None:
        first = list_people.in_test(
            list_people.CASH, LOWERED, list_people.WIRE, at=at(11, 2), effective_from=DECEMBER
        )
        agree(first, "martin", at(11, 3))
        approvals.roll_back(change_id=first, by="grace", reason="Too low", at=at(11, 4))

        again = list_people.in_test(
            list_people.CASH, LOWERED.replace("5000000", "7000000"),
            at=at(11, 5), effective_from=DECEMBER,
        )  # fmt: skip
        agree(again, "martin", at(11, 6))

        assert most_by_card(DECEMBER) == 7000000
        numbers = [(each.number, bool(each.governs)) for each in code_lists.editions("tender kind")]
        assert numbers == [(3, True), (2, False), (1, True)]


class TestTheCitysFolder:
    def test_gives_back_the_bytes_that_were_imported_and_approved(self) -> None:
        approved = list_people.file(list_people.CASH, LOWERED)
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )
        agree(change_id, "martin", at(11, 3))

        before = changes.files(day=DAY(2026, 11, 30))
        after = changes.files(day=DECEMBER)

        assert before == {"tender_kind.csv": list_people.file(list_people.CASH, list_people.CARD)}
        assert after == {"tender_kind.csv": approved}

    def test_does_not_undo_what_was_approved_here(self) -> None:
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )
        agree(change_id, "martin", at(11, 3))

        with transactions.started():
            for content in changes.files(day=DECEMBER).values():
                done = code_list_writes.import_codes(
                    name="tender kind", content=content, at=at(11, 4)
                )
        with (
            pytest.raises(code_list_writes.ListIsKeptHere, match="changed and approved in Fisc"),
            transactions.started(),
        ):
            code_list_writes.import_codes(
                name="tender kind", content=list_people.file(list_people.CASH), at=at(11, 4)
            )

        assert (done.added, done.changed) == (0, 0)
        assert most_by_card(DECEMBER) == 5000000


class TestWalls:
    @pytest.mark.parametrize(
        ("attack", "refusal"),
        [
            ("update code_lists_edition set content = ''", "stays as it was|permission denied"),
            ("delete from code_lists_standing", "stays as it was|permission denied"),
            ("update code_lists_standing set reason = 'x'", "only be closed"),
            ("update list_changes_change set content = 'x'", "stays as it is"),
            ("update list_changes_change set status = 'draft'", "cannot become draft"),
            ("delete from list_changes_change", "kept as they were|permission denied"),
            ("update list_changes_revision set number = 9", "kept as|permission denied"),
            ("delete from list_changes_approval", "kept as|permission denied"),
            ("update list_changes_trial set failed = 9", "kept as|permission denied"),
        ],
    )
    def test_the_database_refuses_to_change_what_was_approved(
        self, attack: str, refusal: str
    ) -> None:
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )
        agree(change_id, "martin", at(11, 3))

        with (
            pytest.raises(utils.DatabaseError, match=refusal),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attack)

    def test_the_database_refuses_an_approval_by_nobody_else(self) -> None:
        change_id = list_people.in_test(
            list_people.CASH, LOWERED, at=at(11, 2), effective_from=DECEMBER
        )

        with (
            pytest.raises(utils.DatabaseError, match="Nobody but its writers"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "update list_changes_change set status = 'approved', edition_id = started_from_id"
                " where id = %s",
                [change_id],
            )
