"""What the editor's page asks of the server: opening, checking, saving, comparing."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.test import Client

from fisc.domain.rule_tables.operations import approvals, drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.interfaces.web.editor import findings, opening
from fisc.plumbing.users import choices
from fisc.plumbing.users import queries as users
from tests.factories import table_people, tables
from tests.factories import users as people

DECEMBER = datetime.date(2026, 12, 1)
AT = datetime.datetime(2026, 11, 2, 18, tzinfo=datetime.UTC)
GIVEN = re.compile(r'<script id="given" type="application/json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def draft_id(db: None) -> int:
    table_people.office()
    tables.approved_late_charge("0.10", approved_at=AT, effective_from=datetime.date(2026, 1, 1))
    return table_people.draft(at=AT, effective_from=DECEMBER)


@pytest.fixture
def rosa(draft_id: int) -> Client:
    assert draft_id
    return people.browser_of(users.user_id(username="rosa"))


def written(percent: str = "0.15", **how: str) -> str:
    return tables.late_charge_file(percent, **how).decode()


def asked(browser: Client, draft_id: int, what: str, xml: str, **more: str) -> Any:
    answer = browser.post(f"/tables/{draft_id}/edit/{what}/", {"xml": xml, **more})
    assert answer.status_code == 200
    return answer.json()


class TestThePage:
    def test_gives_the_script_the_document_and_what_it_is_based_on(
        self, rosa: Client, draft_id: int
    ) -> None:
        page = rosa.get(f"/tables/{draft_id}/edit/").content.decode()

        found = GIVEN.search(page)
        assert found is not None
        given = json.loads(found[1])
        assert given["basedOn"] == reading.draft(draft_id).sha256
        assert 'dmnElementRef="d"' in given["document"]
        assert given["addresses"]["save"] == f"/tables/{draft_id}/edit/save/"

    def test_alone_lets_styles_stand_in_attributes(self, rosa: Client, draft_id: int) -> None:
        policy = "Content-Security-Policy"

        page = rosa.get(f"/tables/{draft_id}/edit/")
        other = rosa.get("/tables/")

        assert "style-src 'self' 'unsafe-inline'" in page[policy]
        assert "script-src 'self';" in page[policy]
        assert "unsafe-inline" not in other[policy]

    def test_shows_the_draft_to_read_beside_the_editor(self, rosa: Client, draft_id: int) -> None:
        page = rosa.get(f"/tables/{draft_id}/edit/").content.decode()

        assert "round half up(0.15 * past_due, 2)" in page.partition('id="reading"')[2]
        assert "The editor wants a larger screen" in page

    def test_of_a_model_newer_than_the_editor_says_why_it_is_only_to_read(
        self, rosa: Client, draft_id: int
    ) -> None:
        body = re.compile(r"<decisionTable.*</decisionTable>", re.DOTALL)
        newer = body.sub(
            "<conditional><if><literalExpression><text>past_due > 0</text></literalExpression></if>"
            "<then><literalExpression><text>1</text></literalExpression></then>"
            "<else><literalExpression><text>0</text></literalExpression></else></conditional>",
            written().replace("20191111/MODEL", "20230324/MODEL"),
        )
        based_on = reading.draft(draft_id).sha256
        asked(rosa, draft_id, "save", newer, based_on=based_on)

        page = rosa.get(f"/tables/{draft_id}/edit/").content.decode()

        assert "a boxed if" in page
        assert 'id="given"' not in page
        assert "if past_due &gt; 0 then 1 else 0" in page

    def test_of_a_version_in_test_is_only_to_read(self, rosa: Client, draft_id: int) -> None:
        approvals.put_in_test(version_id=draft_id, by="rosa", at=AT)

        page = rosa.get(f"/tables/{draft_id}/edit/").content.decode()

        assert "only a draft is edited" in page
        assert 'id="given"' not in page

    def test_tells_of_comments_that_would_be_lost(self, rosa: Client, draft_id: int) -> None:
        commented = written().replace("<decision ", "<!-- why --><decision ")
        asked(rosa, draft_id, "save", commented, based_on=reading.draft(draft_id).sha256)

        assert "1 XML comment" in rosa.get(f"/tables/{draft_id}/edit/").content.decode()

    def test_of_a_file_too_large_for_it_says_so(self, rosa: Client, draft_id: int) -> None:
        large = written().replace("<decision ", f"{' ' * opening.LARGEST_FILE}<decision ")
        asked(rosa, draft_id, "save", large, based_on=reading.draft(draft_id).sha256)

        page = rosa.get(f"/tables/{draft_id}/edit/").content.decode()

        assert "the editor opens at most 1,000,000" in page
        assert 'id="given"' not in page

    def test_of_no_version_is_not_there(self, rosa: Client) -> None:
        assert rosa.get("/tables/999999/edit/").status_code == 404

    def test_is_closed_to_who_may_only_see_tables(self, draft_id: int) -> None:
        people.person("vera", choices.GroupName.AUDITOR)
        auditor = people.browser_of(users.user_id(username="vera"))

        assert auditor.get(f"/tables/{draft_id}/edit/").status_code == 403
        assert auditor.post(f"/tables/{draft_id}/edit/save/", {"xml": ""}).status_code == 403


def stopping(answer: Any) -> list[Any]:
    return [each for each in answer["findings"] if each["stops"]]


class TestChecking:
    def test_finds_nothing_to_mend_in_a_draft_whose_cases_pass(
        self, rosa: Client, draft_id: int
    ) -> None:
        answer = asked(rosa, draft_id, "check", written())

        assert (stopping(answer), answer["passed"], answer["failed"]) == ([], 2, 0)
        assert "differs" not in answer

    def test_names_inputs_that_no_rule_takes(self, rosa: Client, draft_id: int) -> None:
        answer = asked(rosa, draft_id, "check", written())

        [found] = answer["findings"]
        assert "no rule takes past_due" in found["words"]
        assert (found["cell"]["owner"], found["stops"]) == ("d", False)

    def test_names_two_rules_that_answer_differently(self, rosa: Client, draft_id: int) -> None:
        again = re.search(r"<rule .*</rule>", written(), re.DOTALL)
        assert again is not None
        other = again[0].replace("t_r1", "t_r2").replace("0.15", "0.30").replace("&gt; 0", "&gt; 9")

        answer = asked(rosa, draft_id, "check", written().replace("</rule>", f"</rule>{other}"))

        overlap = next(each for each in stopping(answer) if "rules 1 and 2" in each["words"])
        assert overlap["cell"]["owner"] == "d"

    def test_names_a_rule_that_no_case_decides_by(self, rosa: Client, draft_id: int) -> None:
        again = re.search(r"<rule .*</rule>", written(), re.DOTALL)
        assert again is not None
        other = again[0].replace("t_r1", "t_r2").replace("&gt; 0", "&lt; 0")

        answer = asked(rosa, draft_id, "check", written().replace("</rule>", f"</rule>{other}"))

        [found] = stopping(answer)
        assert "no case decides by it" in found["words"]
        assert (found["cell"]["row"], found["cell"]["number"]) == ("t_r2", 2)

    def test_names_a_quotient_that_is_used_unrounded(self, rosa: Client, draft_id: int) -> None:
        answer = asked(rosa, draft_id, "check", written().replace("0.15 *", "1 / 7 *"))

        found = [each for each in answer["findings"] if "1 / 7" in each["words"]]
        assert [each["cell"]["row"] for each in found] == ["t_r1"]

    def test_answers_within_a_second(self, rosa: Client, draft_id: int) -> None:
        assert asked(rosa, draft_id, "check", written())["milliseconds"] < 1000

    def test_names_the_cell_that_cannot_be_read(self, rosa: Client, draft_id: int) -> None:
        answer = asked(rosa, draft_id, "check", written("0.15 *"))

        [found] = answer["findings"]
        assert "rule 1" in found["words"]
        assert found["cell"] == {
            "owner": "d", "name": "Late charge", "row": "t_r1", "number": 1, "column": "t_o",
        }  # fmt: skip
        assert "once everything can be read" in answer["notRun"]

    def test_names_the_row_that_cites_nothing(self, rosa: Client, draft_id: int) -> None:
        answer = asked(rosa, draft_id, "check", written(citation=""))

        [found] = stopping(answer)
        assert "no citation" in found["words"]
        assert (found["cell"]["owner"], found["cell"]["row"]) == ("d", "t_r1")

    def test_names_an_input_that_the_decision_point_does_not_give(
        self, rosa: Client, draft_id: int
    ) -> None:
        answer = asked(rosa, draft_id, "check", written().replace("past_due", "overdue"))

        assert ["“overdue” is asked" in each["words"] for each in answer["findings"]] == [True]
        assert answer["findings"][0]["cell"]["owner"] == "i_overdue"
        assert "once everything fits" in answer["notRun"]

    def test_says_which_case_fails_and_by_what(self, rosa: Client, draft_id: int) -> None:
        answer = asked(rosa, draft_id, "check", written("0.20"))

        assert (answer["passed"], answer["failed"]) == (1, 1)
        [failure] = answer["failures"]
        assert failure["case"] == "A hundred dollars past due"
        assert failure["said"] == ["Late charge is 20.00, expected 15.00"]

    def test_begins_no_further_case_when_the_time_is_up(
        self, rosa: Client, draft_id: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(findings, "CASES_SECONDS", 0)

        answer = asked(rosa, draft_id, "check", written())

        assert (answer["passed"], answer["failed"], answer["left"]) == (0, 0, 2)

    def test_keeps_nothing(self, rosa: Client, draft_id: int) -> None:
        before = reading.draft(draft_id)

        asked(rosa, draft_id, "check", written("0.20"))

        assert reading.draft(draft_id) == before

    def test_of_what_is_no_xml_says_so(self, rosa: Client, draft_id: int) -> None:
        answer = asked(rosa, draft_id, "check", "<definitions")

        assert "not well-formed XML" in answer["findings"][0]["words"]

    def test_tells_whether_an_unchanged_file_came_back_the_same(
        self, rosa: Client, draft_id: int
    ) -> None:
        same = asked(rosa, draft_id, "check", written(), unchanged="yes")
        other = asked(rosa, draft_id, "check", written("0.16"), unchanged="yes")

        assert (same["differs"], other["differs"]) == ("", "decisions")


class TestSaving:
    def test_keeps_the_bytes_that_were_sent(self, rosa: Client, draft_id: int) -> None:
        content = written("0.16").replace("\n", "\r\n")

        answer = asked(rosa, draft_id, "save", content, based_on=reading.draft(draft_id).sha256)

        saved = reading.draft(draft_id)
        assert saved.content == content.encode()
        assert (answer["sha256"], saved.saved_by) == (saved.sha256, "Rosa Alvarez (rosa)")

    def test_keeps_a_draft_that_has_problems_still(self, rosa: Client, draft_id: int) -> None:
        asked(rosa, draft_id, "save", written("0.15 *"), based_on=reading.draft(draft_id).sha256)

        assert reading.draft(draft_id).problems != ()
        assert 'id="given"' in rosa.get(f"/tables/{draft_id}/edit/").content.decode()

    def test_says_who_saved_meanwhile_and_keeps_theirs(self, rosa: Client, draft_id: int) -> None:
        began_with = reading.draft(draft_id).sha256
        theirs = tables.late_charge_file("0.17")
        drafts.save_draft(
            version_id=draft_id, content=theirs, based_on_sha256=began_with, by="noor", at=AT
        )

        answer = rosa.post(
            f"/tables/{draft_id}/edit/save/", {"xml": written("0.16"), "based_on": began_with}
        )

        assert answer.status_code == 409
        said = answer.json()
        assert said["who"] == "Noor Haddad (noor)"
        assert said["when"].startswith("Nov 2, 2026")
        assert reading.draft(draft_id).content == theirs
        assert said["sha256"] == reading.draft(draft_id).sha256

    def test_refuses_what_is_no_xml(self, rosa: Client, draft_id: int) -> None:
        before = reading.draft(draft_id)

        answer = rosa.post(
            f"/tables/{draft_id}/edit/save/", {"xml": "<definitions", "based_on": before.sha256}
        )

        assert answer.status_code == 422
        assert "Nothing was saved" in answer.json()["words"]
        assert reading.draft(draft_id) == before

    def test_refuses_a_version_that_is_no_draft_any_more(self, rosa: Client, draft_id: int) -> None:
        based_on = reading.draft(draft_id).sha256
        approvals.put_in_test(version_id=draft_id, by="rosa", at=AT)

        answer = rosa.post(
            f"/tables/{draft_id}/edit/save/", {"xml": written("0.16"), "based_on": based_on}
        )

        assert answer.status_code == 422
        assert "in test" in answer.json()["words"]


class TestComparing:
    def test_lays_the_cells_that_differ_side_by_side(self, rosa: Client, draft_id: int) -> None:
        mine = written("0.16", citation="Ordinance 32").replace(
            "<rule ",
            '<rule id="new"><inputEntry><text>&lt; 0</text></inputEntry><outputEntry><text>0</text>'
            "</outputEntry></rule><rule ",
        )

        answer = rosa.post(f"/tables/{draft_id}/edit/difference/", {"xml": mine})

        page = answer.content.decode()
        assert "round half up(0.16 * past_due, 2)" in page
        assert "round half up(0.15 * past_due, 2)" in page
        assert "Ordinance 32" in page
        # A row that is new, and three cells: the row that was there did not become another.
        assert page.count("<tr>") == 1 + 1 + 3

    def test_of_the_same_says_so(self, rosa: Client, draft_id: int) -> None:
        answer = rosa.post(f"/tables/{draft_id}/edit/difference/", {"xml": written()})

        assert "No cell differs" in answer.content.decode()

    def test_of_what_cannot_be_read_says_why(self, rosa: Client, draft_id: int) -> None:
        answer = rosa.post(f"/tables/{draft_id}/edit/difference/", {"xml": "<definitions"})

        assert "not well-formed XML" in answer.content.decode()
