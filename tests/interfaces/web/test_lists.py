"""A coordinator's pages for code lists: draft, rows, files, cases, approval, roll-back."""

from __future__ import annotations

import datetime
import html
import re

import pytest
from django.core.files import uploadedfile
from django.test import Client
from django.utils import timezone

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes.calculations import sheets, spreadsheets
from fisc.domain.list_changes.queries import changes
from fisc.plumbing.users import choices as groups
from fisc.plumbing.users import queries as users
from tests import databases
from tests.browser import city
from tests.factories import users as people

WHY = "The council lowered it."
LAW = "Resolution 2026-9, https://example.org/2026-9"
LIST = "tender kind"


def signed_in(group: groups.GroupName) -> Client:
    username, _ = city.SIGN_INS[group.value]
    return people.browser_of(users.user_id(username=username))


@pytest.fixture
def projects(lived_in_city: databases.CityDatabase) -> Client:
    """A browser in which the projects coordinator is signed in."""
    assert lived_in_city.name
    return signed_in(groups.GroupName.PROJECTS_COORDINATOR)


def next_year() -> datetime.date:
    return datetime.date(timezone.localdate().year + 1, 1, 1)


def started(browser: Client, *, name: str = LIST, starts_on: datetime.date | None = None) -> int:
    answer = browser.post(
        f"/lists/of/{name}/start/",
        {
            "starts_on": (starts_on or next_year()).isoformat(),
            "ends_before": "",
            "reason": WHY,
            "citation": LAW,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    found = re.search(r"/lists/(\d+)/", answer["Location"])
    assert found is not None
    return int(found[1])


def page(browser: Client, address: str) -> str:
    return html.unescape(browser.get(address).content.decode())


def row_of(change_id: int, code: str) -> int:
    codes = [row["code"] for row in changes.change(change_id).sheet.rows]
    return codes.index(code) + sheets.FIRST_ROW


def row_sent(browser: Client, change_id: int, code: str, **cells: str) -> tuple[int, str]:
    """Fill the form of a row in and send it; give what the answer shows."""
    address = f"/lists/{change_id}/row/"
    shown = browser.get(f"{address}?row={row_of(change_id, code)}").content.decode()
    hidden = dict(re.findall(r'name="(was|based_on|row)" value="([^"]*)"', shown))
    given = {f"cell_{column}": text for column, text in cells.items()}
    answer = browser.post(address, {**hidden, **given})
    return answer.status_code, html.unescape(answer.content.decode())


def kept(browser: Client, change_id: int, shown: str) -> int:
    """Keep what a proposal shows."""
    sent = dict(re.findall(r'name="(based_on|content)" value="([^"]+)"', shown))
    return browser.post(f"/lists/{change_id}/save/", sent).status_code


def brought_in(browser: Client, change_id: int, content: bytes, name: str) -> tuple[int, str]:
    answer = browser.post(
        f"/lists/{change_id}/bring-in/",
        {
            "based_on": changes.change(change_id).sha256,
            "file": uploadedfile.SimpleUploadedFile(name, content),
        },
    )
    return answer.status_code, html.unescape(answer.content.decode())


def most_by_card(day: datetime.date) -> int:
    card = code_lists.code(LIST, "card", as_of=code_lists.AsOf(day))
    return int(card.attributes["at_most_cents"])


class TestALine:
    def test_from_draft_by_form_to_force_and_back(
        self, projects: Client, supervisor: Client
    ) -> None:
        before = most_by_card(next_year())
        change_id = started(projects)

        status, shown = row_sent(projects, change_id, "card", at_most_cents="5000000")
        assert status == 200
        assert "card (Card), at most cents" in shown
        assert f"<code>{before} ($" in shown
        assert kept(projects, change_id, shown) == 302
        shown = page(projects, f"/lists/{change_id}/effects/")
        assert "Cases, run now" in shown
        assert projects.post(f"/lists/{change_id}/test/").status_code == 302
        mine = projects.post(
            f"/lists/{change_id}/approve/",
            {"reason": WHY, "sha256": changes.change(change_id).sha256},
        )
        assert mine.status_code == 422
        assert "another must approve it" in mine.content.decode()
        answer = supervisor.post(
            f"/lists/{change_id}/approve/",
            {"reason": WHY, "sha256": changes.change(change_id).sha256},
        )
        assert answer.status_code == 302, answer.content.decode()
        assert most_by_card(next_year()) == 5000000
        assert most_by_card(timezone.localdate()) == before
        edition_id = changes.change(change_id).edition_id
        assert f'href="/lists/editions/{edition_id}/"' in page(projects, "/lists/")
        back = supervisor.post(f"/lists/{change_id}/roll-back/", {"reason": "Vetoed"})

        assert back.status_code == 302
        assert most_by_card(next_year()) == before
        shown = page(projects, f"/lists/{change_id}/")
        assert "rolled back" in shown
        assert "superseded" in shown

    def test_prints_a_notice_in_both_languages(self, projects: Client) -> None:
        change_id = started(projects)
        _, shown = row_sent(projects, change_id, "card", label_es="Tarjeta bancaria")
        kept(projects, change_id, shown)

        for language in ("en", "es"):
            answer = projects.get(
                f"/lists/{change_id}/notice/", headers={"Accept-Language": language}
            )
            assert answer["Content-Type"] == "application/pdf"
            assert answer.content.startswith(b"%PDF")

    def test_is_asked_who_knew_what_when(self, projects: Client, supervisor: Client) -> None:
        day = next_year()
        change_id = started(projects, name="void reason", starts_on=day)
        code = changes.change(change_id).sheet.rows[0]["code"]
        _, shown = row_sent(projects, change_id, code, label_en="Another word for it")
        kept(projects, change_id, shown)
        projects.post(f"/lists/{change_id}/test/")
        sha256 = changes.change(change_id).sha256
        supervisor.post(f"/lists/{change_id}/approve/", {"reason": WHY, "sha256": sha256})
        yesterday = timezone.localdate() - datetime.timedelta(days=1)

        known_now = page(projects, f"/lists/of/void reason/?day={day}")
        known_then = page(projects, f"/lists/of/void reason/?day={day}&known_on={yesterday}")

        assert "Another word for it" in known_now
        assert "edition 2" in known_now
        assert "Another word for it" not in known_then
        assert "edition 1" in known_then
        for wrong in ("day=soon", "day=9999-12-31&known_on=9999-12-31"):
            assert projects.get(f"/lists/of/void reason/?{wrong}").status_code == 422


class TestTheRowForm:
    def test_adds_a_code_which_may_be_taken_out_again(self, projects: Client) -> None:
        change_id = started(projects, name="hold reason")
        fields = {
            "code": "flood",
            "label_en": "Flood",
            "label_es": "Inundación",
            "starts_on": str(next_year()),
            "citation": LAW,
        }
        template = changes.change(change_id).sheet.rows[0]
        cells = {f"cell_{name}": fields.get(name, text) for name, text in template.items()}
        based_on = {"based_on": changes.change(change_id).sha256, "was": ""}
        shown = projects.post(f"/lists/{change_id}/row/", {**cells, **based_on}).content.decode()
        assert "flood (Flood) is added" in shown
        assert kept(projects, change_id, shown) == 302
        row = row_of(change_id, "flood")
        assert "Take the row out" in page(projects, f"/lists/{change_id}/row/?row={row}")

        again = {"based_on": changes.change(change_id).sha256, "was": "flood", "row": row}
        shown = projects.post(f"/lists/{change_id}/row/", {**again, "remove": "1"}).content.decode()

        assert "flood (Flood) is left out" in shown
        assert kept(projects, change_id, shown) == 302
        assert "flood" not in changes.change(change_id).sheet.by_code

    def test_says_at_each_field_what_is_wrong_and_keeps_what_was_typed(
        self, projects: Client
    ) -> None:
        change_id = started(projects)

        status, shown = row_sent(
            projects, change_id, "card", label_en="", at_most_cents="ten", ends_before="2019-01-01"
        )

        assert status == 422
        assert "nothing is written here" in shown
        assert "“ten” is no whole number" in shown
        assert "the code would end before it starts" in shown
        assert 'value="ten"' in shown
        assert changes.change(change_id).revision == 1

    def test_of_a_code_in_use_offers_no_removal(self, projects: Client) -> None:
        change_id = started(projects)

        shown = page(projects, f"/lists/{change_id}/row/?row={row_of(change_id, 'card')}")

        assert "Take the row out" not in shown
        assert "end it with a day" in shown

    def test_of_a_row_that_moved_meanwhile_is_not_taken(self, projects: Client) -> None:
        change_id = started(projects)

        answer = projects.post(
            f"/lists/{change_id}/row/",
            {"row": row_of(change_id, "card"), "was": "cash", "cell_label_en": "Plastic"},
        )

        assert answer.status_code == 422
        assert "The rows have moved" in answer.content.decode()

    @pytest.mark.parametrize("row", ["99", "x", "1", "99999999999"])
    def test_of_no_row_is_not_there(self, projects: Client, row: str) -> None:
        change_id = started(projects)

        assert projects.get(f"/lists/{change_id}/row/", {"row": row}).status_code == 404


class TestFiles:
    def test_csv_goes_out_and_comes_in_with_every_change_shown(self, projects: Client) -> None:
        change_id = started(projects)
        out = projects.get(f"/lists/{change_id}/csv/").content
        wire = b"wire,Wire,Transferencia,2027-01-01,,101200,true,false,false,1000000,Resolution 9\n"

        status, shown = brought_in(projects, change_id, out + wire, "tender_kind.csv")

        assert status == 200
        assert "wire (Wire) is added" in shown
        assert kept(projects, change_id, shown) == 302
        assert "wire" in changes.change(change_id).sheet.by_code

    def test_a_spreadsheet_comes_back_the_same(self, projects: Client) -> None:
        change_id = started(projects)
        out = projects.get(f"/lists/{change_id}/xlsx/").content

        status, shown = brought_in(projects, change_id, out, "tender_kind.xlsx")

        assert (status, "Nothing differs." in shown) == (200, True)
        assert spreadsheets.read(out).rows == changes.change(change_id).sheet.rows

    def test_every_mistake_of_a_file_is_said_at_once(self, projects: Client) -> None:
        change_id = started(projects)
        out = projects.get(f"/lists/{change_id}/csv/").content.decode()
        wrong = out.replace(",101300,true", ",999999,perhaps").replace("Cash,Efectivo", ",Efectivo")

        status, shown = brought_in(projects, change_id, wrong.encode(), "tender_kind.csv")

        assert status == 422
        assert "Row 2, label in English: nothing is written here" in shown
        assert "the list “gl account” has no code “999999”" in shown
        assert "“perhaps” is no true or false" in shown
        assert changes.change(change_id).revision == 1

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04 not", b"a,b\n1,2\n"])
    def test_what_is_no_list_is_refused_in_words(self, projects: Client, content: bytes) -> None:
        change_id = started(projects)

        status, shown = brought_in(projects, change_id, content or b" ", "some.csv")

        assert status == 422
        assert "field--wrong" in shown

    def test_two_people_never_lose_a_change(self, projects: Client, supervisor: Client) -> None:
        change_id = started(projects)
        _, mine = row_sent(projects, change_id, "card", label_en="Plastic card")
        _, theirs = row_sent(supervisor, change_id, "card", at_most_cents="7000000")
        assert kept(supervisor, change_id, theirs) == 302

        sent = dict(re.findall(r'name="(based_on|content)" value="([^"]+)"', mine))
        answer = projects.post(f"/lists/{change_id}/save/", sent)

        shown = html.unescape(answer.content.decode())
        assert "Nothing of yours was saved" in shown
        assert "<code>Plastic card</code>" in shown
        # What theirs would lose is shown as well, before anything is kept.
        assert "<code>7000000 ($70,000.00)</code>" in shown
        assert changes.change(change_id).sheet.by_code["card"]["at_most_cents"] == "7000000"


class TestDoors:
    def test_a_cashier_sees_no_list(self, cashier: Client) -> None:
        assert cashier.get("/lists/").status_code == 403
        assert cashier.post(f"/lists/of/{LIST}/start/", {}).status_code == 403

    def test_an_account_coordinator_reads_and_does_not_write(
        self, lived_in_city: databases.CityDatabase
    ) -> None:
        assert lived_in_city.name
        reader = signed_in(groups.GroupName.ACCOUNT_COORDINATOR)

        assert reader.get(f"/lists/of/{LIST}/").status_code == 200
        assert reader.get(f"/lists/of/{LIST}/start/").status_code == 403
        assert "Start a draft" not in page(reader, "/lists/")

    @pytest.mark.parametrize(
        "address",
        ["/lists/of/moon/", "/lists/of/moon/start/", "/lists/999999/", "/lists/editions/999999/",
         "/lists/of/tender%20kind/code/?code=moon"],
    )  # fmt: skip
    def test_what_is_not_there_is_said(self, projects: Client, address: str) -> None:
        assert projects.get(address).status_code == 404


class TestWhereUsed:
    def test_a_code_shows_the_records_and_lists_that_name_it(self, projects: Client) -> None:
        shown = page(projects, "/lists/of/charge/code/?code=water")

        assert "receivables item" in shown
        assert "water_base" in shown
