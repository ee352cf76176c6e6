"""A business is entered without a mouse, and its page grows; at a desk and by telephone."""

from __future__ import annotations

import os
import pathlib

import pytest
from playwright import sync_api as playwright

from fisc.plumbing.users import choices
from tests.browser import test_accessibility, windows

CLERK = choices.GroupName.ACCOUNT_COORDINATOR.value


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    assert test_accessibility.findings(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"business-{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def enter(page: playwright.Page, name: str, *, number: str) -> None:
    """Fill the form from the first field on, by label, and leave it unsent."""
    page.goto("/businesses/")
    page.keyboard.press("n")
    page.get_by_label("Name", exact=True).wait_for()
    assert page.evaluate("document.activeElement.name") == "name"
    page.keyboard.type(name)
    page.get_by_label("House number").fill("1200")
    page.get_by_label("Street").fill("Copper Road")
    page.get_by_label("City").fill("Mesquite Springs")
    page.get_by_label("State").fill("FL")
    page.get_by_label("ZIP code").fill("00001")
    page.get_by_label("Kind of number").select_option("EIN")
    page.get_by_label("Number", exact=True).fill(number)


@pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
def test_a_business_is_entered_and_its_page_grows(
    opened: windows.Open, size: dict[str, int]
) -> None:
    page = opened("/businesses/", as_whom=CLERK, size=size)
    wide = size is windows.DESK
    name, number = ("Sierra Bakery LLC", "12-3456789") if wide else ("Luna Florist", "23-4567891")
    look(page, "1-none")
    enter(page, name, number="12")
    page.keyboard.press("Enter")
    page.get_by_text("An EIN has 9 digits").wait_for()
    look(page, "2-wrong")

    enter(page, name, number=number)
    page.keyboard.press("Enter")
    if not wide:
        # The place is that of the business that the test at the desk entered.
        page.get_by_label("is another").first.wait_for()
        look(page, "3-alike")
        page.get_by_label("is another").first.check()
        page.get_by_role("button", name="Enter the business").press("Enter")
    page.get_by_text("The business is entered.").wait_for()
    look(page, "4-entered")

    page.keyboard.press("o")
    page.get_by_label("Name").fill("Ana Ruiz")
    page.get_by_label("Percent held").fill("60")
    page.get_by_label("Controls the business").check()
    look(page, "5-owner")
    page.get_by_label("Percent held").press("Enter")
    page.get_by_text("The owner is added.").wait_for()
    look(page, "6-owned")

    for key, tab in (("2", "accounts"), ("3", "papers"), ("4", "history")):
        page.keyboard.press(key)
        page.wait_for_url(f"**/{tab}/")
        look(page, f"7-{tab}")


def test_who_types_sees_what_it_looks_like_at_once(opened: windows.Open) -> None:
    page = opened("/businesses/", as_whom=CLERK, size=windows.DESK)
    enter(page, "Quartz Optics", number="45-6789012")
    page.keyboard.press("Enter")
    page.locator('[name="are_others"]').first.wait_for()
    for box in page.locator('[name="are_others"]').all():
        box.check()
    page.get_by_role("button", name="Enter the business").press("Enter")
    page.get_by_text("The business is entered.").wait_for()

    page.goto("/businesses/add/")
    page.get_by_label("Name", exact=True).fill("The Quarts Optix Co.")
    page.keyboard.press("Tab")

    page.get_by_text("Known already:").wait_for()
    assert page.get_by_role("link", name="Quartz Optics").count() == 1
    look(page, "8-typing")


def test_the_pages_speak_spanish(opened: windows.Open) -> None:
    page = opened("/businesses/", as_whom=CLERK, size=windows.DESK)
    page.get_by_role("button", name="Español").click()
    page.get_by_role("heading", name="Negocios").wait_for()
    look(page, "9-es")
    page.goto("/businesses/add/")
    look(page, "9-es-add")
    assert "Registrar un negocio" in page.content()
