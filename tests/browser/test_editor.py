"""The editor of a draft, in a real browser: every table opens and comes back the same."""

from __future__ import annotations

import datetime
import pathlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python import sync_playwright as axe
from django.db import connection
from django.utils import timezone
from playwright import sync_api as playwright
from playwright.sync_api import expect
from pytest_django import plugin

from fisc.basics import periods
from fisc.domain.rule_tables.operations import drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import versions
from fisc.interfaces.web.editor import opening
from tests.browser import city, test_accessibility, windows

Page = playwright.Page
Start = Callable[[str], int]

LATE_CHARGE = "utilities.late_charge.2020-01-01.dmn"
TAXES = "utilities.taxes.2020-01-01.dmn"
WATER = "utilities.water_charges.2025-10-01.dmn"
AUTHOR, OTHER = (
    city.SIGN_INS[each][0] for each in ("projects coordinator", "supervisor")
)  # fmt: skip


@pytest.fixture(scope="module")
def start(address: str, django_db_blocker: plugin.DjangoDbBlocker) -> Iterator[Start]:
    """Start a draft from the version that a city's file became; gives its id."""
    assert address

    def started(file_name: str) -> int:
        source = next(each for each in versions.versions() if each.file_name == file_name)
        return drafts.start_draft(
            book=source.book,
            effective=periods.Period(starts_on=datetime.date(2031, 1, 1)),
            by=AUTHOR,
            reason="A rate that changes",
            citation="Ordinance 31",
            at=timezone.now(),
            from_version_id=source.version_id,
        )

    with django_db_blocker.unblock():
        yield started
        connection.close()


def edit(opened: windows.Open, draft_id: int, **how: Any) -> Page:
    page = opened("/", as_whom="projects coordinator", **how)
    to_editor(page, draft_id)
    return page


def to_editor(page: Page, draft_id: int) -> None:
    page.goto(f"/tables/{draft_id}/edit/")
    expect(page.locator("#editor")).to_have_attribute("data-ready", "yes")


def cell(page: Page, row: int, column: int) -> playwright.Locator:
    """Give a cell of the table that is open, both counted from 1, the number of the row as 1."""
    return page.locator(f"#editor-canvas tbody tr:nth-child({row}) > td:nth-child({column})")


def retype(page: Page, where: playwright.Locator, text: str) -> None:
    where.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def count(page: Page) -> playwright.Locator:
    return page.locator("#editor-count")


class TestEveryTableOfTheCity:
    def test_comes_back_the_same_after_each_of_its_views_was_opened(
        self, opened: windows.Open, start: Start
    ) -> None:
        page = opened("/", as_whom="projects coordinator")
        for source in [each for each in versions.versions() if each.approved_at is not None]:
            draft_id = start(source.file_name)
            to_editor(page, draft_id)
            views = page.locator("#editor-view option")
            for number in range(views.count()):
                page.locator("#editor-view").select_option(index=number)
                page.locator("#editor-canvas .dmn-js-parent > div").first.wait_for()
            page.keyboard.press("Control+s")
            expect(page.locator("#editor-state")).to_contain_text("Saved")

            saved, stored = reading.draft(draft_id), versions.dmn(source.version_id)
            assert opening.differs(stored, saved.content) == "", source.file_name
            assert saved.problems == (), source.file_name
            assert saved.content != stored, "dmn-js wrote it anew"


class TestWriting:
    def test_checks_each_change_and_saves_with_a_key(
        self, opened: windows.Open, start: Start
    ) -> None:
        draft_id = start(LATE_CHARGE)
        page = edit(opened, draft_id)
        expect(count(page)).to_have_text("No problem found. 5 of 5 cases pass.")

        retype(page, cell(page, 1, 4), "round half up(0.10 * past_duo, 2)")

        # Those that stop publishing; what is only to be looked at lies closed below them.
        found = page.locator("#editor-found > .findings button")
        expect(found).to_contain_text("did you mean")
        expect(page.locator("#editor-state")).to_have_text("Not saved yet")
        number = page.locator("#editor-canvas td.rule-index").first
        assert "rgb(164, 22, 26)" in number.evaluate("each => getComputedStyle(each).boxShadow")

        retype(page, cell(page, 1, 4), "round half up(0.20 * past_due, 2)")
        expect(page.locator("#editor-found")).to_contain_text("expected")
        expect(found).to_have_count(0)
        # No letter of what was typed last is missed, however quickly it is saved.
        page.keyboard.press("End")
        page.keyboard.type(" + 1")
        page.keyboard.press("Control+s")
        expect(page.locator("#editor-state")).to_contain_text("Saved")

        assert b"round half up(0.20 * past_due, 2) + 1" in reading.draft(draft_id).content

    def test_writes_an_expression(self, opened: windows.Open, start: Start) -> None:
        draft_id = start(TAXES)
        page = edit(opened, draft_id)
        page.locator("#editor-view").select_option(label="Expression: Public service tax base")
        text = page.locator("#editor-canvas .cm-content")

        text.click()
        page.keyboard.press("ControlOrMeta+End")
        page.keyboard.type(" + 7")
        expect(page.locator("#editor-found > .findings")).to_contain_text("expected")
        page.keyboard.type("1")
        page.keyboard.press("Control+s")
        expect(page.locator("#editor-state")).to_contain_text("Saved")

        assert re.search(rb"\+ 71\s*</text>", reading.draft(draft_id).content)

    def test_draws_a_decision(self, opened: windows.Open, start: Start) -> None:
        draft_id = start(LATE_CHARGE)
        page = edit(opened, draft_id)
        page.locator("#editor-view").select_option(label="Diagram")

        page.locator("#editor-canvas .entry.dmn-icon-decision").click()
        page.locator("#editor-canvas .djs-container").click(position={"x": 500, "y": 60})
        page.keyboard.type("Waived")
        page.keyboard.press("Control+Enter")
        page.keyboard.press("Control+s")
        expect(page.locator("#editor-state")).to_contain_text("Saved")

        assert b'name="Waived"' in reading.draft(draft_id).content

    def test_leads_from_a_problem_to_its_row(self, opened: windows.Open, start: Start) -> None:
        page = edit(opened, start(WATER))
        page.locator("#editor-view").select_option(label="Table: Water tier 1")
        cell(page, 2, 2).wait_for()
        retype(page, cell(page, 2, 4), "round half up(")
        page.locator("#editor-view").select_option(label="Diagram")

        page.locator("#editor-found button").first.click()

        expect(page.locator("#editor-view option:checked")).to_have_text("Table: Water tier 1")
        expect(page.locator("#editor-why")).to_contain_text("Why rule 2 is there")

    def test_writes_the_source_and_words_of_a_new_rule(
        self, opened: windows.Open, start: Start
    ) -> None:
        draft_id = start(LATE_CHARGE)
        page = edit(opened, draft_id)
        page.locator("#editor-canvas .add-rule-add").first.click()
        retype(page, cell(page, 2, 2), "> 60")
        retype(page, cell(page, 1, 2), "[1..60]")
        retype(page, cell(page, 2, 3), "> 0")
        retype(page, cell(page, 2, 4), "round half up(0.20 * past_due, 2)")
        expect(page.locator("#editor-found")).to_contain_text("rule 2: no citation")

        page.get_by_label("Source (ordinance, section)").fill("Ordinance 31, section 2")
        page.get_by_label("In words, Spanish").fill("20 % después de 60 días")
        expect(page.locator("#editor-found")).not_to_contain_text("no citation")
        page.keyboard.press("Control+s")
        expect(page.locator("#editor-state")).to_contain_text("Saved")

        rule = reading.tables(draft_id).model.definitions.decisions[0].expression.rules[1]  # type: ignore[union-attr]
        assert [each.text for each in rule.inputs] == ["> 60", "> 0"]
        assert rule.annotations == {
            "citation": "Ordinance 31, section 2",
            "text_en": "",
            "text_es": "20 % después de 60 días",
        }

    def test_leaves_a_cell_with_escape_and_keeps_the_keys_of_the_page_out(
        self, opened: windows.Open, start: Start
    ) -> None:
        page = edit(opened, start(LATE_CHARGE))
        cell(page, 1, 2).click()

        page.keyboard.press("Escape")

        expect(page.locator("#editor-canvas")).to_be_focused()
        page.keyboard.press("/")
        expect(page.locator("#editor-canvas")).to_be_focused()

    def test_warns_who_leaves_with_changes_and_only_them(
        self, opened: windows.Open, start: Start
    ) -> None:
        page = edit(opened, start(LATE_CHARGE))
        asked: list[str] = []

        def stay(dialog: playwright.Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)

        retype(page, cell(page, 1, 2), "> 3")
        page.get_by_role("link", name="All tables").click()
        expect(page.locator("#editor")).to_be_visible()
        assert asked == ["beforeunload"]

        page.keyboard.press("Control+s")
        expect(page.locator("#editor-state")).to_contain_text("Saved")
        page.get_by_role("link", name="All tables").click()
        page.wait_for_url("**/tables/")


class TestTwoPeople:
    def test_see_who_saved_and_lose_nothing(
        self, opened: windows.Open, start: Start, tmp_path: pathlib.Path
    ) -> None:
        draft_id = start(LATE_CHARGE)
        page = edit(opened, draft_id)
        retype(page, cell(page, 1, 4), "round half up(0.16 * past_due, 2)")
        before = reading.draft(draft_id)
        drafts.save_draft(
            version_id=draft_id,
            content=before.content.replace(b"0.10", b"0.17"),
            based_on_sha256=before.sha256,
            by=OTHER,
            at=timezone.now(),
        )

        page.keyboard.press("Control+s")

        said = page.get_by_role("alert")
        expect(said).to_contain_text(f"({OTHER}) saved this draft")
        page.get_by_role("button", name="See the difference").click()
        expect(said.locator("td").first).to_have_text("round half up(0.16 * past_due, 2)")
        expect(said.locator("td").nth(1)).to_have_text("round half up(0.17 * past_due, 2)")
        assert accessible(page) == []
        with page.expect_download() as downloading:
            page.get_by_role("button", name="Download my copy").click()
        copy = tmp_path / "mine.dmn"
        downloading.value.save_as(copy)
        assert b"0.16 * past_due" in copy.read_bytes()
        assert b"0.17 * past_due" in reading.draft(draft_id).content

        page.get_by_role("button", name="Save mine on top").click()

        expect(page.locator("#editor-state")).to_contain_text("Saved")
        assert b"0.16 * past_due" in reading.draft(draft_id).content


class TestAnEndedSession:
    def test_costs_no_change(self, opened: windows.Open, start: Start) -> None:
        draft_id = start(LATE_CHARGE)
        page = edit(opened, draft_id)
        retype(page, cell(page, 1, 2), "> 3")
        cookies = page.context.cookies()
        page.context.clear_cookies()

        page.keyboard.press("Control+s")
        expect(page.get_by_role("alert")).to_contain_text("Nothing is lost here")

        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.keyboard.press("Control+s")
        expect(page.locator("#editor-state")).to_contain_text("Saved")
        assert b"&gt; 3" in reading.draft(draft_id).content


def accessible(page: Page) -> list[str]:
    # What dmn-js draws is left out, by name: its tables and drawing are its makers' to mend.
    found = axe.Axe().run(
        page, context={"exclude": [["#editor-canvas"]]}, options=test_accessibility.RULES
    )
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


class TestThePage:
    def test_is_accessible_and_shows_the_mark_of_its_makers(
        self, opened: windows.Open, start: Start
    ) -> None:
        page = edit(opened, start(LATE_CHARGE))
        cell(page, 1, 2).click()
        assert accessible(page) == []

        for view in ("Table: Late charge", "Diagram"):
            page.locator("#editor-view").select_option(label=view)
            mark = page.locator("#editor-canvas a[href*='bpmn.io']:visible").first
            expect(mark).to_be_in_viewport(ratio=1)
            box = mark.bounding_box()
            assert box is not None
            middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
            # Nothing covers it.
            above = "([x, y]) => document.elementFromPoint(x, y).closest('a').href"
            assert "bpmn.io" in page.evaluate(above, middle)
        assert accessible(page) == []

    def test_on_a_telephone_is_there_to_read(self, opened: windows.Open, start: Start) -> None:
        page = opened("/", as_whom="projects coordinator", size=windows.TELEPHONE)
        page.goto(f"/tables/{start(WATER)}/edit/")

        expect(page.get_by_text("The editor wants a larger screen")).to_be_visible()
        expect(page.locator("#editor")).to_be_hidden()
        expect(page.locator("#reading")).to_contain_text("Water tier 1")
        assert page.evaluate("document.documentElement.scrollWidth") <= windows.TELEPHONE["width"]
        assert accessible(page) == []

    def test_without_scripts_is_there_to_read(self, opened: windows.Open, start: Start) -> None:
        page = opened("/", as_whom="projects coordinator", script=False)
        page.goto(f"/tables/{start(LATE_CHARGE)}/edit/")

        expect(page.locator("noscript p")).to_be_visible()
        expect(page.locator("noscript p")).to_contain_text("The editor needs JavaScript")
        expect(page.locator("#reading")).to_contain_text("round half up(0.10 * past_due, 2)")

    def test_speaks_spanish(self, opened: windows.Open, start: Start) -> None:
        page = edit(opened, start(LATE_CHARGE), language="es")

        expect(count(page)).to_have_text("Ningún problema. 5 de 5 casos salen bien.")
        expect(page.locator("#editor-canvas")).to_contain_text("Política de aciertos")
        expect(page.locator("#editor-canvas")).to_contain_text(re.compile("Cuando"))
