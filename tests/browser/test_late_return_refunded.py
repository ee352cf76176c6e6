"""A late return is keyed, explained, paid, amended downward, and the difference refunded."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re

import pytest
from django.db import connection
from playwright import sync_api as playwright
from playwright.sync_api import expect

from fisc.plumbing.users import choices
from tests import databases
from tests.browser import test_accessibility, test_walks, windows
from tests.factories import tax_pages

CLERK = choices.GroupName.ACCOUNT_COORDINATOR.value
CASHIER = choices.GroupName.CASHIER.value
APPROVERS = ("supervisor", "controller")
SIZES = {"desk": windows.DESK, "telephone": windows.TELEPHONE}
MONEY = re.compile(r"\$([\d,]+\.\d\d)")


@pytest.fixture
def owing(city_copy: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account that owes one return, long past due."""
    assert city_copy.name
    # The browser's driver has a context of its own in this thread, and so had this connection.
    with contextlib.closing(connection):
        return tax_pages.one_month()


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    width = page.evaluate("document.documentElement.clientWidth")
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"late-{name}-{width}.png", full_page=True)
    assert test_accessibility.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def cents(words: str) -> int:
    """Return the first amount of some words."""
    found = MONEY.search(words)
    assert found is not None, words
    return int(found[1].replace(",", "").replace(".", ""))


def charged(page: playwright.Page) -> int:
    """Return what the return's page says is open of the period."""
    row = page.locator("section[aria-labelledby=posted] tfoot").first
    return cents(row.inner_text())


def file(page: playwright.Page, gross: str, *, why: str = "") -> None:
    """Key the restaurant's receipts into the open form and file them."""
    page.get_by_label("Line 1, gross receipts").fill(gross)
    page.get_by_label("Line 1, gross receipts").press("Enter")
    page.locator("#figures table").first.wait_for()
    if why:
        page.get_by_label("Why it is amended").fill(why)
    page.keyboard.press("Control+Enter")
    page.get_by_text("The return is filed").wait_for()


def explained(page: playwright.Page, name: str) -> None:
    """Open the explanation of a figure of what the return costs."""
    section = page.locator("section[aria-labelledby=cost]")
    section.get_by_role("link", name=f"Why? {name}").press("Enter")
    expect(section.locator(".explained").first).to_contain_text("recomputed just now: equal")


def carry_and_offer(page: playwright.Page) -> None:
    """Carry the credits forward, and have them offered again."""
    page.get_by_label("Why", exact=True).fill("Asked to keep it for February.")
    page.get_by_role("button", name="Carry forward").click()
    page.get_by_text("Carried forward. They settle").wait_for()
    look(page, "5-carried")
    page.get_by_label("Why they are offered again").fill("They want it back after all.")
    page.get_by_role("button", name="Offer them again").click()
    page.get_by_text("The credits are offered again.").wait_for()


def paid(till: playwright.Page, owing: tax_pages.TaxAccount, *, cents: int) -> None:
    """Take a check for what is owed at the till."""
    till.goto("/till/")
    test_walks.open_drawer(till, "9")
    till.goto(f"/accounts/{owing.number}/")
    till.keyboard.press("t")
    till.wait_for_url("**/till/")
    till.get_by_label("Check", exact=True).fill(f"{cents / 100:.2f}")
    till.get_by_label("Check: number").fill("2040")
    look(till, "2-till")
    till.get_by_role("button", name="Take the payment").click()
    expect(till.locator(".say--good")).to_contain_text(f"${cents / 100:,.2f}")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_from_a_late_return_to_its_refund(
    opened: windows.Open, owing: tax_pages.TaxAccount, size: dict[str, int]
) -> None:
    page = opened(owing.entry(1), as_whom=CLERK, size=size)
    file(page, "100000")
    explained(page, "Late payment penalty")
    explained(page, "Interest")
    look(page, "1-filed")
    address, owed = page.url, charged(page)
    # Tax of 1.8 percent, and more for coming so late.
    assert owed > 180_000

    paid(opened(f"/accounts/{owing.number}/", as_whom=CASHIER, size=size), owing, cents=owed)

    page.goto(address)
    look(page, "3-paid")
    page.keyboard.press("a")
    page.get_by_role("heading", name="Amend").wait_for()
    file(page, "20000", why="A sale was counted five times.")
    # Four fifths of the tax, and with it of all that its lateness cost, are the account's.
    credit = f"${owed * 4 / 5 / 100:,.2f}"
    expect(page.locator("section[aria-labelledby=cost] tfoot")).to_contain_text(credit)
    expect(page.locator("section[aria-labelledby=posted] tfoot")).to_contain_text(credit)
    look(page, "4-amended")

    page.goto(f"/accounts/{owing.number}/refund/")
    look(page, "5-refund")
    carry_and_offer(page)
    page.get_by_label("Why", exact=True).fill("The return was amended downward after it was paid.")
    page.get_by_role("button", name="What would happen?").click()
    plan = page.locator("section[aria-labelledby=plan]")
    expect(plan.locator(".till-total")).to_have_text(credit)
    look(page, "6-plan")
    page.get_by_role("button", name="Prepare the requisition").click()
    page.get_by_text("The requisition is prepared").wait_for()
    requisition = page.url
    look(page, "7-prepared")

    for who in APPROVERS:
        approving = opened("/", as_whom=who, size=size)
        approving.goto(requisition)
        approving.get_by_role("button", name="Approve").click()
        approving.locator(".say--good").wait_for()
        look(approving, f"8-{who}")

    page.goto(f"/accounts/{owing.number}/")
    expect(page.locator(".figures dd").first).to_contain_text("$0.00")
    look(page, "9-done")
