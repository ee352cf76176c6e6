"""A state's new rates: from its file to a table that agrees with it, at a desk and by telephone."""

from __future__ import annotations

import datetime
import os
import pathlib

import pytest
from django.db import connection
from playwright import sync_api as playwright
from pytest_django import plugin

from fisc.domain.rule_tables.operations import drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.plumbing.users import choices
from tests.browser import city, test_accessibility, windows
from tests.factories import look_ups

AT = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
RATES = look_ups.rates(1_200)
NEW = [*((place, "0.0999" if place == "00007" else rate) for place, rate in RATES[3:]),
       ("77777", "0.0825")]  # fmt: skip


@pytest.fixture
def draft_id(address: str, django_db_blocker: plugin.DjangoDbBlocker) -> int:
    """A draft with so many rates that it needs their file."""
    assert address
    who, _ = city.SIGN_INS[choices.GroupName.PROJECTS_COORDINATOR.value]
    with django_db_blocker.unblock():
        version_id = look_ups.draft(*RATES, at=AT, effective_from=datetime.date(2099, 1, 1), by=who)
        drafts.import_cases(
            version_id=version_id,
            content=look_ups.CASES.replace(b"00001,0.0601", b"00005,0.0605"),
            based_on_sha256=reading.draft(version_id).case_sheet_sha256,
            by=who,
            at=AT,
        )
        connection.close()
    return version_id


@pytest.fixture
def of_last_time(draft_id: int, django_db_blocker: plugin.DjangoDbBlocker) -> None:
    """A version that governs, taken from the file of last time."""
    assert draft_id
    with django_db_blocker.unblock():
        if not look_ups.is_governed():
            look_ups.approved(*RATES, at=AT, name="rates-2026-01.csv")
        connection.close()


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    assert test_accessibility.findings(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"sources-{name}-{width}.png", full_page=True)


@pytest.mark.usefixtures("of_last_time")
@pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
def test_a_file_is_given_its_rows_are_taken_and_the_table_agrees(
    opened: windows.Open, draft_id: int, size: dict[str, int]
) -> None:
    page = opened("/", as_whom=choices.GroupName.PROJECTS_COORDINATOR.value, size=size)
    page.goto(f"/tables/{draft_id}/sources/")
    look(page, "1-wanted")
    page.get_by_role("link", name=look_ups.DECISION, exact=True).click()
    page.get_by_label("Source file (CSV)").set_input_files(
        {"name": "rates-2026-04.csv", "mimeType": "text/csv", "buffer": look_ups.csv(*NEW)}
    )
    page.get_by_role("button", name="Keep this file").click()
    page.get_by_text("It is not its source rates-2026-04.csv").wait_for()
    look(page, "2-differs")
    page.get_by_role("link", name="Take the rows of this file").click()
    page.get_by_role("button", name="Keep these changes").wait_for()
    look(page, "3-changes")
    page.get_by_role("button", name="Keep these changes").click()
    page.get_by_text("It agrees with its source rates-2026-04.csv: 1,198 rows").wait_for()
    page.get_by_text("Since last time (rates-2026-01.csv)").click()
    look(page, "4-agrees")
    page.goto(f"/tables/{draft_id}/checks/")
    page.get_by_text("It agrees with its source rates-2026-04.csv").wait_for()
    look(page, "5-checks")
