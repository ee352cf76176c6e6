"""The state's files taken in, their cash explained, and who is on one side only."""

from __future__ import annotations

import datetime
import os
import pathlib
import re

import pytest
from playwright import sync_api as playwright

from fisc.plumbing.users import choices
from tests.browser import city, test_accessibility, windows

SUPERVISOR = choices.GroupName.SUPERVISOR.value
ENTER = re.compile("Enter the business.*Rio Verde Outfitters")
# What the demonstration's last month of files is of.
LAST = (city.today().replace(day=1) - datetime.timedelta(days=32)).replace(day=1)
SHARE = (
    "license,business_name,period_start,city_share\n"
    "20577340,Ocotillo Hardware,2026-07-01,1353.16\n"
    "{number},Rio Verde Outfitters,2026-07-01,106.50\n"
    "20577340,Ocotillo Hardware,2026-05-01,-12.00\n"
    "TRAILER,3,1447.66,\n"
)


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    assert test_accessibility.findings(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"state-{name}-{width}.png", full_page=True)


def hand_in(page: playwright.Page, content: str) -> None:
    page.get_by_label("The file holds").select_option("distribution")
    page.get_by_label("Month", exact=True).fill(f"{city.today():%Y-%m}")
    page.get_by_label("The state's file", exact=True).set_input_files(
        {"name": "share.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Take the file in").click()


@pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
class TestStateFiles:
    def test_a_file_is_refused_taken_in_and_its_cash_explained(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        content = SHARE.format(number=30000000 + size["width"])
        page = opened("/state/", as_whom=SUPERVISOR, size=size)
        page.get_by_role("link", name=f"{LAST:%B %Y}").wait_for()
        look(page, "1-board")
        hand_in(page, content.replace("106.50", "106.5").replace("TRAILER,3", "TRAILER,4"))
        page.get_by_text("nothing of it was kept").wait_for()
        assert page.locator(".say--bad li").count() == 3
        look(page, "2-refused")

        hand_in(page, content)
        page.get_by_text("The file is taken in.").wait_for()
        page.get_by_label("What the bank had").fill("1,432.66")
        page.get_by_label("Day of the deposit").fill(f"{city.today():%Y-%m-%d}")
        # The days up to today are closed.
        tomorrow = city.today() + datetime.timedelta(days=1)
        page.get_by_label("Posting day").fill(f"{tomorrow:%Y-%m-%d}")
        page.get_by_label("Line 1: amount").fill("-12.00")
        page.get_by_label("Line 1: why").fill("Fee of the state")
        page.get_by_role("button", name="Post the cash").click()
        page.get_by_text("and -3.00 is left").wait_for()
        look(page, "3-not-explained")
        page.get_by_label("Line 2: amount").fill("-3.00")
        page.get_by_label("Line 2: why").fill("Fee of the bank for the wire")
        page.get_by_role("button", name="Post the cash").press("Enter")
        page.get_by_text("The cash is posted.").wait_for()
        look(page, "4-file")

        page.goto(f"/state/{city.today():%Y-%m}/")
        page.get_by_text("Fee of the bank for the wire").first.wait_for()
        look(page, "5-month")

    def test_a_month_of_the_demonstration_says_what_does_not_agree(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        page = opened(f"/state/{LAST:%Y-%m}/", as_whom=SUPERVISOR, size=size)
        page.get_by_text("cash is not entered").wait_for()
        page.get_by_role("row").filter(has_text="Rio Verde").first.wait_for()
        look(page, "6-demonstration")
        page.goto("/state/")
        page.get_by_role("button", name="Español").click()
        page.goto(f"/state/{LAST:%Y-%m}/")
        page.get_by_role("heading", name="Movimientos de períodos anteriores").wait_for()
        look(page, "7-spanish")
        page.get_by_role("button", name="English").click()

    def test_a_stranger_is_entered_from_its_line_or_given_to_the_queue(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        page = opened("/state/filers/unregistered/", as_whom=SUPERVISOR, size=size)
        page.get_by_role("link", name=ENTER).first.wait_for()
        look(page, "8-strangers")
        page.get_by_role("checkbox").first.press("Space")
        page.get_by_role("button", name="Make work items of what is chosen").press("Enter")
        page.get_by_text("1 work item was made.").wait_for()
        page.get_by_role("link", name=ENTER).first.click()
        assert page.get_by_label("Name", exact=True).input_value() == "Rio Verde Outfitters"
        page.goto("/state/filers/not-in-files/")
        page.get_by_role("heading", name="on one side only").wait_for()
        look(page, "9-silent")
