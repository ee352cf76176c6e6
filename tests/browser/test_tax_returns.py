"""Tax returns keyed without a mouse, seen at a glance and explained, at a desk and by telephone."""

from __future__ import annotations

import contextlib
import os
import pathlib

import pytest
from django.db import connection
from playwright import sync_api as playwright

from fisc.plumbing.users import choices
from tests import databases
from tests.browser import test_accessibility, windows
from tests.factories import tax_pages

CLERK = choices.GroupName.ACCOUNT_COORDINATOR.value
SIZES = pytest.mark.parametrize(
    "size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"]
)


@pytest.fixture
def lived_in(city_copy: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account with returns in time, late, amended, zero and missing."""
    assert city_copy.name
    # The browser's driver has a context of its own in this thread, and so had this connection.
    with contextlib.closing(connection):
        return tax_pages.lived_in()


@pytest.fixture
def unregistered(city_copy: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account of which nothing is known yet."""
    assert city_copy.name
    with contextlib.closing(connection):
        return tax_pages.new()


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    width = page.evaluate("document.documentElement.clientWidth")
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"tax-{name}-{width}.png", full_page=True)
    assert test_accessibility.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@SIZES
class TestTheTaxAccount:
    def test_shows_its_periods_in_english_and_spanish(
        self, opened: windows.Open, lived_in: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        page = opened(lived_in.address, as_whom=CLERK, size=size)
        page.get_by_role("heading", name="Periods").wait_for()
        look(page, "account")
        page.get_by_role("button", name="Español").click()

        page.get_by_role("heading", name="Períodos").wait_for()
        look(page, "account-es")

    def test_is_set_up_from_nothing(
        self, opened: windows.Open, unregistered: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        page = opened(unregistered.address, as_whom=CLERK, size=size)
        look(page, "empty")
        page.get_by_label("Business class").select_option("11")
        page.get_by_label("Registered from").fill(f"{tax_pages.FIRST}")
        page.get_by_role("button", name="Register", exact=True).click()
        page.get_by_text("The account is registered.").wait_for()
        page.get_by_label("From the first day of a period").fill(f"{tax_pages.FIRST}")
        page.get_by_label("Files", exact=True).select_option("quarterly")
        page.get_by_role("button", name="Set it").click()

        page.get_by_text("The filing frequency is set.").wait_for()
        assert page.get_by_role("main").get_by_text("missing").first.is_visible()
        look(page, "quarterly")


@SIZES
class TestKeyingAReturn:
    def test_takes_no_mouse(
        self, opened: windows.Open, lived_in: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        page = opened("/returns/", as_whom=CLERK, size=size)
        look(page, "choose")
        page.keyboard.type(f"{lived_in.number}")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=f"Return of Jul {tax_pages.YEAR}").wait_for()
        gross = page.get_by_label("Line 1, gross receipts")
        gross.focus()
        page.keyboard.type("5000")
        page.keyboard.press("Tab")
        page.keyboard.type("503")
        page.keyboard.press("Tab")
        page.keyboard.type("6000")
        page.keyboard.press("F4")
        page.get_by_label("Line 1, deduction 2, code").wait_for()
        page.keyboard.press("F2")
        page.get_by_label("Line 3, class").wait_for()
        page.keyboard.type("99")
        page.keyboard.press("Tab")
        page.keyboard.type("12x")
        page.keyboard.press("Enter")

        page.get_by_text("is no amount").wait_for()
        assert page.get_by_label("Line 1, gross receipts").input_value() == "5000"
        look(page, "wrong")
        page.get_by_label("Line 3, class").fill("")
        page.get_by_label("Line 3, gross receipts").fill("")
        page.get_by_label("Line 1, deduction 1, amount").fill("250")
        page.get_by_label("Line 1, deduction 1, amount").press("Enter")
        page.get_by_role("cell", name="$85.50").first.wait_for()
        look(page, "computed")
        page.keyboard.press("Control+Enter")

        page.get_by_text("The return is filed.").wait_for()
        page.get_by_role("heading", name=f"Return of Jul {tax_pages.YEAR}, version 1").wait_for()
        page.get_by_role("link", name="Why? Late payment penalty").press("Enter")
        page.locator("#why-late_payment .explained").wait_for()
        look(page, "filed")

    def test_amends_beside_the_version_before(
        self, opened: windows.Open, lived_in: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        page = opened(lived_in.entry(1), as_whom=CLERK, size=size)
        page.get_by_label("Line 1, gross receipts").fill("9000")
        page.get_by_label("Line 1, gross receipts").press("Enter")
        page.get_by_role("columnheader", name="Difference").wait_for()
        look(page, "amending")
        page.get_by_label("Why it is amended").fill("two days were left out")
        page.keyboard.press("Control+Enter")

        page.get_by_text("The return is filed as version 2.").wait_for()
        look(page, "amended")

    def test_shows_the_other_return_of_a_period(
        self, opened: windows.Open, lived_in: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        mine = opened(lived_in.entry(8), as_whom=CLERK, size=size)
        theirs = opened(lived_in.entry(8), as_whom=CLERK, size=size)
        theirs.get_by_label("Line 1, gross receipts").fill("100")
        theirs.keyboard.press("Control+Enter")
        theirs.get_by_text("The return is filed.").wait_for()
        mine.get_by_label("Line 1, gross receipts").fill("200")
        mine.keyboard.press("Control+Enter")

        mine.get_by_role("button", name="File it as an amendment of version 1").wait_for()
        look(mine, "duplicate")


class TestWithoutAScript:
    def test_a_return_is_computed_and_filed(
        self, opened: windows.Open, lived_in: tax_pages.TaxAccount
    ) -> None:
        page = opened(lived_in.entry(9), as_whom=CLERK, script=False)
        page.get_by_label("Line 1, gross receipts").fill("100")
        page.get_by_role("button", name="Compute Enter").click()
        page.get_by_role("cell", name="$1.80").first.wait_for()
        page.get_by_role("button", name="File the return").click()

        page.get_by_text("The return is filed.").wait_for()
