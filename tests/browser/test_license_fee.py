"""What a license costs, asked from the keyboard, at a desk and by telephone."""

from __future__ import annotations

import os
import pathlib

import pytest
from playwright import sync_api as playwright

from fisc.plumbing.users import choices
from tests.browser import test_accessibility, windows


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    assert test_accessibility.findings(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"license-{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
def test_a_fee_is_asked_without_a_mouse_and_explained(
    opened: windows.Open, size: dict[str, int]
) -> None:
    page = opened("/licenses/fee/", as_whom=choices.GroupName.CASHIER.value, size=size)
    page.get_by_label("License type").select_option("pool_hall")
    page.get_by_label("Day of issue").fill("2026-05-31")
    page.get_by_label("Units").press("Enter")

    page.get_by_text("Say how many there are").wait_for()
    look(page, "1-missing")
    page.get_by_label("Units").fill("8")
    page.get_by_label("Units").press("Enter")

    page.get_by_text("$470.00").first.wait_for()
    page.get_by_role("link", name="Why? Fee for units").press("Enter")
    page.get_by_text("$40 a year for each pool table").first.wait_for()
    look(page, "2-why")
