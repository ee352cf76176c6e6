"""Writing a version: what is kept, what is refused, and that nobody's change is lost."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from fisc.basics import periods
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import case_sheets
from fisc.domain.rule_tables.operations import drafts, people
from fisc.domain.rule_tables.queries import approving
from fisc.domain.rule_tables.queries import drafts as reading
from tests.factories import table_people, tables

DAY = datetime.date
JANUARY = DAY(2026, 1, 1)
DECEMBER = DAY(2026, 12, 1)


def at(month: int, day: int, hour: int = 18) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _office(db: None) -> None:
    table_people.office()
    tables.approved_late_charge("0.10", approved_at=at(1, 5), effective_from=JANUARY)


class TestStarting:
    def test_a_draft_starts_from_what_governs_its_first_day(self) -> None:
        started = drafts.start_draft(
            book="Late charge",
            effective=periods.Period(starts_on=DECEMBER),
            by="rosa",
            reason="The council raised it",
            citation="Ordinance 31",
            at=at(11, 2),
        )

        draft = reading.draft(started)
        assert draft.content == tables.late_charge_file("0.10")
        assert (draft.status, draft.author) == ("draft", "Rosa Alvarez (rosa)")
        assert (draft.number, draft.file_name) == (2, "utilities.late_charge.2026-12-01.dmn")
        assert draft.problems == ()

    def test_the_cases_of_the_version_come_with_it(self) -> None:
        first = table_people.draft(at=at(11, 2), effective_from=DECEMBER)

        second = drafts.start_draft(
            book="Late charge",
            effective=periods.Period(starts_on=DECEMBER),
            by="noor",
            reason="Another thought",
            citation="Ordinance 31",
            at=at(11, 3),
            from_version_id=first,
        )

        assert reading.draft(second).case_sheet == reading.draft(first).case_sheet
        results = reading.case_results(second)
        assert results is not None
        assert (results.passed, results.failed) == (2, 0)
        assert reading.draft(second).file_name == "utilities.late_charge.2026-12-01.2.dmn"

    def test_a_reason_and_a_citation_are_asked_for(self) -> None:
        with pytest.raises(people.NothingSaid, match="reason and citation"):
            drafts.start_draft(
                book="Late charge",
                effective=periods.Period(starts_on=DECEMBER),
                by="rosa",
                reason=" ",
                citation="",
                at=at(11, 2),
            )

    def test_a_cashier_writes_no_tables(self) -> None:
        with pytest.raises(people.NotPermitted, match="Ines Calderon may not"):
            table_people.draft(at=at(11, 2), effective_from=DECEMBER, by="ines")

    def test_a_day_that_nothing_governs_needs_a_file(self) -> None:
        with pytest.raises(drafts.NothingToStartFrom, match="governs 2025-12-01"):
            drafts.start_draft(
                book="Late charge",
                effective=periods.Period(starts_on=DAY(2025, 12, 1)),
                by="rosa",
                reason="History",
                citation="Ordinance 1",
                at=at(11, 2),
            )


class TestSaving:
    def test_a_save_runs_the_cases_and_says_by_how_many_cents_they_differ(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)

        saved = self.save(draft_id, tables.late_charge_file("0.16"))

        (outcome, other) = saved.cases.outcomes
        assert [(each.expected, each.found, each.cents) for each in outcome.differences] == [
            ("15.00", "16.00", 100)
        ]
        assert other.passed
        kept = reading.case_results(draft_id)
        assert kept is not None
        assert kept.outcomes == saved.cases.outcomes

    def test_the_second_of_two_people_is_told_who_saved_and_loses_nothing(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)
        began_with = reading.draft(draft_id).sha256
        self.save(draft_id, tables.late_charge_file("0.16"), by="noor")

        with pytest.raises(drafts.DraftChangedMeanwhile, match="Noor Haddad") as conflict:
            self.save(draft_id, tables.late_charge_file("0.17"), based_on=began_with)

        assert conflict.value.who == "Noor Haddad (noor)"
        assert conflict.value.when == at(11, 3)
        assert conflict.value.content == tables.late_charge_file("0.16")
        assert reading.draft(draft_id).content == tables.late_charge_file("0.16")

    def test_saving_twice_is_saving_once(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)
        began_with = reading.draft(draft_id).sha256
        first = self.save(draft_id, tables.late_charge_file("0.16"))

        again = self.save(draft_id, tables.late_charge_file("0.16"), based_on=began_with)

        assert again == first
        assert reading.draft(draft_id).revision == 3

    def test_every_revision_is_kept_with_who_saved_it(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)
        self.save(draft_id, tables.late_charge_file("0.16"), by="noor")

        kept = models.Revision.objects.filter(version_id=draft_id).order_by("number")

        assert [each.changed for each in kept] == ["started", "cases", "tables"]
        assert bytes(kept[0].dmn) == tables.late_charge_file("0.15")
        assert [each.verb for each in approving.history(draft_id)] == [
            "saved the draft",
            "saved the cases",
            "started a draft",
        ]
        assert approving.history(draft_id)[0].who == "Noor Haddad"

    def test_what_is_no_xml_is_refused_and_nothing_is_saved(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)

        with pytest.raises(drafts.FileIsUnreadable, match="Nothing was saved"):
            self.save(draft_id, tables.late_charge_file()[:300])

        assert reading.draft(draft_id).revision == 2

    @pytest.mark.parametrize(
        ("bad", "why"),
        [
            (tables.late_charge_file(citation=""), "no citation"),
            (tables.late_charge_file().replace(b"round half up", b"open file"), "open file"),
            (tables.late_charge_file().replace(b"past_due", b"amount_due"), "amount_due"),
        ],
    )
    def test_a_draft_may_be_saved_while_something_is_wrong_with_it(
        self, bad: bytes, why: str
    ) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)

        saved = self.save(draft_id, bad)

        assert any(why in each for each in saved.problems)
        assert reading.draft(draft_id).problems == saved.problems

    def save(
        self, draft_id: int, content: bytes, *, by: str = "rosa", based_on: str = ""
    ) -> drafts.SavedDraft:
        return drafts.save_draft(
            version_id=draft_id,
            content=content,
            based_on_sha256=based_on or reading.draft(draft_id).sha256,
            by=by,
            at=at(11, 3),
        )


class TestCases:
    def test_a_sheet_comes_out_as_it_came_in_byte_for_byte(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)
        odd = b'case,Late charge,past_due\r\n"Comma, and ""quote""","15.00",100.0\r\n'

        self.take(draft_id, odd)
        self.save(draft_id, reading.cases(draft_id))

        assert reading.draft(draft_id).case_sheet == odd

    def test_a_case_is_added_under_the_columns_that_were_there(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)
        more = case_sheets.Case(
            words="By the first rule",
            inputs={"past_due": Decimal("33.33")},
            expected={"Late charge": Decimal("5.00")},
            rules={"Late charge": (1,)},
        )

        saved = self.save(draft_id, [*reading.cases(draft_id), more])

        assert saved.cases.passed == 3
        assert reading.draft(draft_id).case_sheet.decode().splitlines() == [
            "case,past_due,Late charge,rules: Late charge",
            "A hundred dollars past due,100,15.00,",
            "Nothing is due,0,,",
            "By the first rule,33.33,5.00,1",
        ]

    def test_a_rule_that_should_have_matched_is_a_failure_of_its_own(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)
        sheet = b"case,past_due,Late charge,rules: Late charge\nNo rule,100,15.00,none\n"

        saved = self.take(draft_id, sheet)

        assert saved.cases.failures == (
            "No rule: rules of “Late charge” that match: 1, expected none",
        )

    def test_the_trace_of_a_case_names_the_rule_and_its_citation(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)

        (line,) = reading.case_trace(draft_id, "A hundred dollars past due")

        assert (line.kept, line.recomputed) == (Decimal("15.00"), Decimal("15.00"))
        assert line.steps[0].rules[0].citation == "City code 20-70"

    @pytest.mark.parametrize(
        ("names", "why"),
        [(["Twice", "Twice"], "Two cases are named “Twice”"), ([" "], "A case has no name")],
    )
    def test_cases_are_told_apart_by_their_names(self, names: list[str], why: str) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)
        written = [case_sheets.Case(words=each, inputs={}, expected={}) for each in names]

        with pytest.raises(case_sheets.CaseIsWrong, match=why):
            self.save(draft_id, written)

    def test_a_stale_sheet_is_a_conflict_too(self) -> None:
        draft_id = table_people.draft("0.15", at=at(11, 2), effective_from=DECEMBER)
        began_with = reading.draft(draft_id).case_sheet_sha256
        theirs = b"case,past_due,Late charge\nTheirs,10,1.50\n"
        self.take(draft_id, theirs, by="noor")

        with pytest.raises(drafts.DraftChangedMeanwhile) as conflict:
            self.take(draft_id, b"case,past_due,Late charge\nMine,10,1.50\n", based_on=began_with)

        assert (conflict.value.who, conflict.value.content) == ("Noor Haddad (noor)", theirs)

    def take(
        self, draft_id: int, content: bytes, *, by: str = "rosa", based_on: str = ""
    ) -> drafts.SavedDraft:
        return drafts.import_cases(
            version_id=draft_id,
            content=content,
            based_on_sha256=based_on or reading.draft(draft_id).case_sheet_sha256,
            by=by,
            at=at(11, 3),
        )

    def save(
        self, draft_id: int, cases: list[case_sheets.Case] | tuple[case_sheets.Case, ...]
    ) -> drafts.SavedDraft:
        return drafts.save_cases(
            version_id=draft_id,
            cases=cases,
            based_on_sha256=reading.draft(draft_id).case_sheet_sha256,
            by="rosa",
            at=at(11, 3),
        )
