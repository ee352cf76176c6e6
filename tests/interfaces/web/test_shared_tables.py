"""The pages of a table that books share: who imports it, and how their cases come out with it."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.operations import drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.plumbing.users import queries as users
from tests.factories import shared_tables, table_people
from tests.factories import users as people

pytestmark = pytest.mark.usefixtures("_books")

JANUARY = datetime.date(2026, 1, 1)
DECEMBER = datetime.date(2099, 12, 1)


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 12, tzinfo=datetime.UTC)


@pytest.fixture
def _books(db: None) -> None:
    table_people.office()
    shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
    shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)


@pytest.fixture
def rosa(_books: None) -> Client:
    return people.browser_of(users.user_id(username="rosa"))


@pytest.fixture
def grace(_books: None) -> Client:
    return people.browser_of(users.user_id(username="grace"))


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def started(browser: Client, content: bytes | None = None, sheet: bytes | None = None) -> int:
    """A draft of the shared book, started on the page, with a file and a sheet of its own."""
    source = models.Version.objects.get(book__name="Fees", number=1)
    said = {"from": source.id, "starts_on": DECEMBER.isoformat(), "reason": "r", "citation": "c"}
    answer = browser.post("/tables/start/", said)
    assert answer.status_code == 302, answer.content.decode()
    version_id = models.Version.objects.latest("id").id
    draft = reading.draft(version_id)
    drafts.import_cases(
        version_id=version_id,
        content=sheet or shared_tables.fees_sheet("0.15"),
        based_on_sha256=draft.case_sheet_sha256,
        by="rosa",
        at=at(11, 2),
    )
    drafts.save_draft(
        version_id=version_id,
        content=content or shared_tables.fees_file("0.15"),
        based_on_sha256=draft.sha256,
        by="rosa",
        at=at(11, 2),
    )
    return version_id


class TestADraft:
    def test_shows_the_cases_of_what_imports_it_before_anybody_approves(self, rosa: Client) -> None:
        version_id = started(rosa)

        shown = page(rosa, f"/tables/{version_id}/")

        assert "Books that import it" in shown
        assert "1 as expected, 0 otherwise" in shown
        assert "by the importing book&#x27;s day" in shown

    def test_that_breaks_a_case_of_an_importer_says_so_and_is_not_tested(
        self, rosa: Client
    ) -> None:
        version_id = started(
            rosa,
            shared_tables.fees_file("0.15").replace(b">0.05<", b">0.06<"),
            shared_tables.fees_sheet("0.15").replace(b",0.05", b",0.06"),
        )

        shown = page(rosa, f"/tables/{version_id}/")
        refused = rosa.post(f"/tables/{version_id}/test/")

        assert "More than five hundred: Late charge is 60.00, expected 50.00" in shown
        assert refused.status_code == 422
        assert "“Late charge” version 1, which imports it" in refused.content.decode()

    def test_is_put_in_test_approved_and_rolled_back_on_the_pages(
        self, rosa: Client, grace: Client
    ) -> None:
        version_id = started(rosa)
        rosa.post(f"/tables/{version_id}/test/")
        agreed = {"sha256": reading.draft(version_id).sha256, "reason": "As adopted."}

        grace.post(f"/tables/{version_id}/approve/", agreed, follow=True)

        issued = models.Version.objects.get(reissue_of__isnull=False)
        shown = page(grace, f"/tables/{issued.id}/")
        assert "the same file with newer shared tables" in shown
        assert "Fees, version 2" in shown
        assert "Roll it back" not in shown
        assert "Roll it back" in page(grace, f"/tables/{version_id}/")
        grace.post(f"/tables/{version_id}/roll-back/", {"reason": "Vetoed."})
        issued.refresh_from_db()
        assert issued.status == "superseded"

    def test_is_compared_noticed_and_taken_out_like_any_other(self, rosa: Client) -> None:
        version_id = started(rosa)

        notice = rosa.get(f"/tables/{version_id}/notice/")
        workbook = rosa.get(f"/tables/{version_id}/xlsx/")

        assert notice.content.startswith(b"%PDF")
        assert workbook["Content-Disposition"].endswith('.xlsx"')
        assert "0.15" in page(rosa, f"/tables/{version_id}/changes/")
        assert "changes tried" in page(rosa, f"/tables/{version_id}/checks/")
        assert "Share" in page(rosa, f"/tables/{version_id}/cases/trace/?case=A+hundred")
        assert "makes no amount of a bill" in page(rosa, f"/tables/{version_id}/affected/")

    def test_of_what_imports_opens_in_the_editor_with_its_tables(self, rosa: Client) -> None:
        late = models.Version.objects.get(book__name="Late charge")
        said = {"from": late.id, "starts_on": DECEMBER.isoformat(), "reason": "r", "citation": "c"}
        rosa.post("/tables/start/", said)
        draft = reading.draft(models.Version.objects.latest("id").id)

        opened = page(rosa, f"/tables/{draft.version_id}/edit/")
        checked = rosa.post(
            f"/tables/{draft.version_id}/edit/check/", {"xml": draft.content.decode()}
        )

        assert "was not given" not in opened
        answer = checked.json()
        assert (answer["passed"], answer["failed"], answer["notRun"]) == (1, 0, "")

    def test_that_cannot_be_read_shows_its_pages_all_the_same(self, rosa: Client) -> None:
        version_id = started(rosa, shared_tables.fees_file("0.15 +"))

        shown = page(rosa, f"/tables/{version_id}/")

        assert "The file does not fit yet" in shown
        for part in ("cases/", "cases/edit/"):
            assert rosa.get(f"/tables/{version_id}/{part}").status_code in {200, 422}


class TestBooks:
    def test_say_what_imports_them(self, rosa: Client) -> None:
        shown = page(rosa, "/tables/")

        assert "The share of what is past due that is charged" in shown
        assert "imported by Late charge" in shown

    def test_speak_spanish(self, rosa: Client) -> None:
        source = models.Version.objects.get(book__name="Fees")
        answer = rosa.get(f"/tables/{source.id}/", headers={"Accept-Language": "es"})

        assert "Libros que la importan" in answer.content.decode()
