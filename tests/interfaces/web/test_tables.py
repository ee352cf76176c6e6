"""A coordinator's pages for rule tables: drafts, cases, checks, values, approval, roll-back."""

from __future__ import annotations

import datetime
import html
import re

import pytest
from django.core.files import uploadedfile
from django.test import Client
from django.utils import timezone

from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.queries import drafts as cases
from fisc.domain.utilities import models as utilities
from fisc.plumbing.users import choices as groups
from fisc.plumbing.users import queries as users
from tests import databases
from tests.browser import city
from tests.factories import users as people

WHY = "Council raised the base charge."
LAW = "Ordinance 2026-41, https://example.org/2026-41"


def signed_in(group: groups.GroupName) -> Client:
    username, _ = city.SIGN_INS[group.value]
    return people.browser_of(users.user_id(username=username))


@pytest.fixture
def projects(lived_in_city: databases.CityDatabase) -> Client:
    """A browser in which the projects coordinator is signed in."""
    assert lived_in_city.name
    return signed_in(groups.GroupName.PROJECTS_COORDINATOR)


def governing(book: str) -> models.Version:
    approved = models.Version.objects.filter(book__name=book, status="approved")
    return approved.latest("effective")


def book_of_water() -> str:
    return models.Book.objects.get(decision_point="utilities.water_charges").name


def proposal(browser: Client, draft: models.Version, *, added: str) -> str:
    """Add to the draft's formula on the form of values; return what would change."""
    form = page(browser, f"/tables/{draft.id}/values/")
    name, text = re.findall(r'<textarea[^>]* name="(value_[^"]+)"[^>]*>(.*?)</textarea>', form)[0]
    asked = {name: html.unescape(text) + added}
    return browser.post(f"/tables/{draft.id}/values/", asked).content.decode()


def sent_by(shown: str) -> dict[str, str]:
    """Return what the form of a proposal sends."""
    return dict(re.findall(r'name="(based_on|content)" value="([^"]+)"', shown))


def started(
    browser: Client, *, starts_on: datetime.date, point: str = "utilities.water_charges"
) -> models.Version:
    """Start a draft of a book on the page, and return it."""
    source = governing(models.Book.objects.get(decision_point=point).name)
    answer = browser.post(
        "/tables/start/",
        {
            "from": source.id,
            "starts_on": starts_on.isoformat(),
            "ends_before": "",
            "reason": WHY,
            "citation": LAW,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    number = re.search(r"/tables/(\d+)/", answer["Location"])
    assert number is not None
    return models.Version.objects.get(id=int(number[1]))


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def next_year() -> datetime.date:
    return datetime.date(timezone.localdate().year + 1, 10, 1)


class TestADraft:
    def test_is_started_from_what_governs_with_its_cases(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year())

        shown = page(projects, f"/tables/{draft.id}/")

        assert WHY in shown
        assert draft.status == "draft"
        assert bytes(draft.case_sheet) == bytes(governing(book_of_water()).case_sheet)
        assert "as expected" in page(projects, f"/tables/{draft.id}/cases/")
        assert "Being written" in page(projects, "/tables/")

    def test_for_the_last_day_of_the_calendar_is_shown_like_any_other(
        self, projects: Client
    ) -> None:
        draft = started(projects, starts_on=datetime.date.max, point="utilities.taxes")

        for part in ("", "cases/", "checks/", "affected/", "changes/"):
            page(projects, f"/tables/{draft.id}/{part}")

    def test_shows_every_changed_value_before_it_is_kept(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year(), point="utilities.taxes")

        shown = proposal(projects, draft, added=" + 0.00")

        assert " + 0.00" in shown
        draft.refresh_from_db()
        assert b" + 0.00" not in bytes(draft.dmn)
        kept = projects.post(f"/tables/{draft.id}/save/", sent_by(shown), follow=True)
        draft.refresh_from_db()
        assert b" + 0.00" in bytes(draft.dmn)
        assert "cases were run" in kept.content.decode()
        assert " + 0.00" in page(projects, f"/tables/{draft.id}/changes/")

    def test_that_somebody_saved_meanwhile_is_not_overwritten(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year(), point="utilities.taxes")
        mine = proposal(projects, draft, added=" + 0.00")
        theirs = proposal(projects, draft, added=" + 0.000")

        projects.post(f"/tables/{draft.id}/save/", sent_by(theirs))
        answer = projects.post(f"/tables/{draft.id}/save/", sent_by(mine))

        draft.refresh_from_db()
        assert answer.status_code == 422
        assert "Nothing of yours was saved" in answer.content.decode()
        assert b" + 0.000" in bytes(draft.dmn)

    def test_goes_out_as_a_spreadsheet_and_comes_back_unchanged(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year())
        taken = projects.get(f"/tables/{draft.id}/xlsx/").content

        back = projects.post(
            f"/tables/{draft.id}/workbook/",
            {"workbook": uploadedfile.SimpleUploadedFile("water.xlsx", taken)},
        )

        assert "Nothing differs" in back.content.decode()

    def test_refuses_a_spreadsheet_that_is_none(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year())

        back = projects.post(
            f"/tables/{draft.id}/workbook/",
            {"workbook": uploadedfile.SimpleUploadedFile("water.xlsx", b"no workbook")},
        )

        assert back.status_code == 422
        assert "Nothing was taken" in back.content.decode()


class TestCases:
    def test_are_written_on_a_page_and_run(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year())
        form = page(projects, f"/tables/{draft.id}/cases/edit/")
        fields = dict(
            re.findall(r'name="((?:answer_|sheet|fact_)[^"]*)"[^>]*? value="([^"]*)"', form)
        )

        answer = projects.post(
            f"/tables/{draft.id}/cases/edit/", {**fields, "words": "A case of mine"}, follow=True
        )

        assert "A case of mine" in answer.content.decode()

    def test_with_an_amount_that_is_none_is_refused_in_words(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year())
        form = page(projects, f"/tables/{draft.id}/cases/edit/")
        name = re.findall(r'name="(answer_[^"]+)"', form)[0]

        answer = projects.post(
            f"/tables/{draft.id}/cases/edit/", {"words": "odd", name: "many dollars"}
        )

        assert answer.status_code == 422
        assert "many dollars" in answer.content.decode()

    def test_say_yes_and_no_and_take_them_in(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year())
        sheet = bytes(draft.case_sheet)
        assert b",true," in sheet
        given = uploadedfile.SimpleUploadedFile("c.csv", sheet.replace(b",true,", b",Yes,"))

        projects.post(
            f"/tables/{draft.id}/cases/bring-in/",
            {"sheet": given, "based_on": draft.case_sheet_sha256},
        )
        english = page(projects, f"/tables/{draft.id}/cases/")
        spanish = projects.get(
            f"/tables/{draft.id}/cases/", headers={"Accept-Language": "es"}
        ).content.decode()

        assert "inside city <b>yes</b>" in english
        assert "<b>true</b>" not in english
        assert "differs" not in english
        assert "<b>sí</b>" in spanish

    def test_come_back_from_a_sheet_byte_for_byte(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year())

        sheet = projects.get(f"/tables/{draft.id}/cases/sheet/")

        assert sheet.content == bytes(draft.case_sheet)


class TestApproval:
    def test_is_another_person_s_and_rolls_back(self, projects: Client, supervisor: Client) -> None:
        draft = started(projects, starts_on=next_year())
        projects.post(f"/tables/{draft.id}/test/")
        agreed = {"sha256": draft.sha256, "reason": "Compared with the ordinance."}

        own = projects.post(f"/tables/{draft.id}/approve/", agreed)
        projects_sees = page(projects, f"/tables/{draft.id}/")
        other = supervisor.post(f"/tables/{draft.id}/approve/", agreed, follow=True)

        assert own.status_code == 422
        assert "another must approve it" in own.content.decode()
        assert "in test" in projects_sees
        assert "Approved. It governs" in other.content.decode()
        draft.refresh_from_db()
        assert draft.status == "approved"
        supervisor.post(f"/tables/{draft.id}/roll-back/", {"reason": "Council took it back."})
        draft.refresh_from_db()
        assert draft.status == "superseded"

    def test_is_closed_to_who_may_not_decide(self, lived_in_city: databases.CityDatabase) -> None:
        assert lived_in_city.name
        auditor = signed_in(groups.GroupName.ACCOUNT_COORDINATOR)
        version = governing(book_of_water())

        for deed in ("approve", "roll-back", "test", "discard", "save", "values", "accept"):
            assert auditor.post(f"/tables/{version.id}/{deed}/", {"reason": WHY}).status_code == 403
        assert auditor.post("/tables/start/", {"from": version.id}).status_code == 403


class TestChecks:
    def test_are_shown_as_a_part_and_as_a_page(self, projects: Client) -> None:
        version = governing(book_of_water())

        whole = page(projects, f"/tables/{version.id}/checks/")
        part = projects.get(f"/tables/{version.id}/checks/", headers={"HX-Request": "true"})

        assert "changes tried" in whole
        assert part.status_code == 200
        assert "<html" not in part.content.decode()


class TestConsequences:
    def test_of_a_version_for_past_days_are_listed_bill_by_bill(self, projects: Client) -> None:
        draft = started(projects, starts_on=datetime.date(2020, 1, 1), point="utilities.taxes")

        shown = page(projects, f"/tables/{draft.id}/affected/")

        assert "Bills changed" in shown
        assert "It changes none of the bills that went out in its days." in shown
        assert "No bill that went out lies in its days." not in shown

    def test_of_a_version_for_days_to_come_say_that_no_bill_lies_in_them(
        self, projects: Client
    ) -> None:
        draft = started(projects, starts_on=next_year())

        assert "No bill that went out lies in its days." in page(
            projects, f"/tables/{draft.id}/affected/"
        )

    def test_are_printed_as_a_notice(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year())

        notice = projects.get(f"/tables/{draft.id}/notice/")

        assert notice["Content-Type"] == "application/pdf"
        assert notice.content.startswith(b"%PDF")


class TestACaseFromABill:
    def test_has_the_facts_of_the_line_and_comes_out_as_billed(self, projects: Client) -> None:
        draft = started(projects, starts_on=next_year(), point="utilities.electric_charges")
        line = (
            utilities.BillLine.objects.filter(block__version__book=draft.book)
            .select_related("bill")
            .first()
        )
        assert line is not None
        address = f"/tables/case-from/{line.bill.number}/{line.line_no}/"

        asked = page(projects, address)
        answer = projects.post(
            address, {"draft": draft.id, "words": "as the bill had it"}, follow=True
        )

        assert "bill " in asked
        assert "as the bill had it" in answer.content.decode()
        results = cases.case_results(draft.id)
        assert results is not None
        assert results.failed == 0
