"""The pages of a shared table and of what imports it, at a desk and on a telephone."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from playwright.sync_api import expect
from pytest_django import plugin

from fisc.basics import periods
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.operations import drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.interfaces.web.editor import opening
from fisc.plumbing.users import choices
from tests.browser import city, test_accessibility, windows
from tests.factories import shared_tables, tables

FIRST = datetime.date(2099, 1, 1)
THEN = datetime.date(2099, 7, 1)
AT = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def versions(address: str, django_db_blocker: plugin.DjangoDbBlocker) -> dict[str, int]:
    """A shared book and its importer, issued anew; and a draft that breaks the importer's case."""
    assert address
    hour = datetime.timedelta(hours=1)
    with django_db_blocker.unblock():
        shared_tables.fees("0.10", approved_at=AT, effective_from=FIRST)
        book = models.Book.objects.get(decision_point=tables.LATE_CHARGE).name
        shared_tables.approved(
            shared_tables.late_charge_file(),
            shared_tables.LATE_SHEET,
            book=book,
            decision_point=tables.LATE_CHARGE,
            approved_at=datetime.datetime.now(tz=datetime.UTC),
            effective_from=FIRST,
        )
        shared_tables.fees(
            "0.15", approved_at=datetime.datetime.now(tz=datetime.UTC) + hour, effective_from=THEN
        )
        draft_id = _draft()
        importer_id = _importer(book)
        issued = models.Version.objects.get(reissue_of__isnull=False).id
        connection.close()
    return {"draft": draft_id, "issued": issued, "importer": importer_id}


def _importer(book: str) -> int:
    """A draft of the book that imports the shared one, with a table that asks it."""
    who, _ = city.SIGN_INS[choices.GroupName.PROJECTS_COORDINATOR.value]
    return drafts.start_draft(
        book=book,
        effective=periods.Period(starts_on=THEN),
        by=who,
        reason="The council raised it",
        citation="Resolution 8",
        at=AT,
        content=shared_tables.late_charge_table_file(),
    )


def _draft() -> int:
    who, _ = city.SIGN_INS[choices.GroupName.PROJECTS_COORDINATOR.value]
    draft_id = drafts.start_draft(
        book="Fees",
        effective=periods.Period(starts_on=THEN),
        by=who,
        reason="The council raised it",
        citation="Resolution 8",
        at=AT,
        content=shared_tables.fees_file("0.15").replace(b">0.05<", b">0.06<"),
    )
    drafts.import_cases(
        version_id=draft_id,
        content=shared_tables.fees_sheet("0.15").replace(b",0.05", b",0.06"),
        based_on_sha256=reading.draft(draft_id).case_sheet_sha256,
        by=who,
        at=AT,
    )
    return draft_id


@pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
class TestPages:
    @pytest.mark.parametrize("which", ["draft", "issued"])
    def test_are_accessible_fit_and_say_what_imports_what(
        self, opened: windows.Open, versions: dict[str, int], size: dict[str, int], which: str
    ) -> None:
        page = opened("/", size=size)
        page.goto(f"/tables/{versions[which]}/")

        said = {
            "draft": "More than five hundred: Late charge is 60.00, expected 50.00",
            "issued": "the same file with newer shared tables",
        }
        assert page.get_by_text(said[which]).count() == 1
        assert test_accessibility.findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


class TestTheEditor:
    def test_gives_a_draft_that_imports_back_as_it_was(
        self,
        opened: windows.Open,
        versions: dict[str, int],
        django_db_blocker: plugin.DjangoDbBlocker,
    ) -> None:
        page = opened("/", as_whom=choices.GroupName.PROJECTS_COORDINATOR.value)
        page.goto(f"/tables/{versions['importer']}/edit/")
        expect(page.locator("#editor")).to_have_attribute("data-ready", "yes")
        page.keyboard.press("Control+s")
        expect(page.locator("#editor-state")).to_contain_text("Saved")

        with django_db_blocker.unblock():
            saved = reading.draft(versions["importer"])
            imported = reading.imported_files(versions["importer"])
            connection.close()
        stored = shared_tables.late_charge_table_file()
        assert opening.differs(stored, saved.content, imported=imported) == ""
        assert saved.problems == ()
        assert saved.content != stored, "dmn-js wrote it anew"
