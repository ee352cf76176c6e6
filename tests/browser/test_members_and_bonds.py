"""Whom a tax account files for, returns by location, and bonds, at a desk and by telephone."""

from __future__ import annotations

import contextlib

import pytest
from django.db import connection

from fisc.domain.tax_returns.operations import consolidating
from fisc.plumbing.users import choices
from tests import databases
from tests.browser import windows
from tests.browser.test_tax_returns import look
from tests.factories import tax_pages

SUPERVISOR = choices.GroupName.SUPERVISOR.value
SIZES = pytest.mark.parametrize(
    "size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"]
)


@pytest.fixture
def filer(city_copy: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account that files for a store."""
    assert city_copy.name
    # The browser's driver has a context of its own in this thread, and so had this connection.
    with contextlib.closing(connection):
        made = tax_pages.restaurant()
        consolidating.join(
            account_id=made.account_id,
            of=consolidating.Joining(code="012", name="Store on 4th", starts_on=tax_pages.FIRST),
            by=tax_pages.by(),
        )
        return made


@SIZES
class TestFiledTogether:
    def test_joins_is_keyed_by_location_and_shown(
        self, opened: windows.Open, filer: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        page = opened(f"{filer.address}members/", as_whom=SUPERVISOR, size=size)
        page.locator("summary", has_text="File for a location").click()
        page.get_by_label("Code of the location").fill("034")
        page.get_by_label("Name or address").fill("Store on 9th")
        page.get_by_label("Filed for from").fill(tax_pages.FIRST.isoformat())
        look(page, "members-join")
        page.get_by_role("button", name="File for it").click()
        page.get_by_text("The account files for it from that day.").wait_for()

        page.goto(filer.entry(1))
        page.get_by_label("Line 2, gross receipts").fill("1000")
        page.get_by_label("Line 2, location 012, gross receipts").fill("600")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        # From one location to the next without a mouse.
        assert page.evaluate("document.activeElement.name") == "atgross-2-2"
        page.keyboard.type("400")
        page.get_by_label("Received on").fill(f"{tax_pages.YEAR}-02-15")
        look(page, "entry-by-location")
        page.keyboard.press("Control+Enter")
        page.get_by_role("heading", name="By location").wait_for()
        look(page, "return-by-location")
        page.goto(f"{filer.address}members/")
        page.get_by_role("button", name="Español").click()
        page.get_by_role("heading", name="Declara por").wait_for()
        look(page, "members-es")


@SIZES
class TestBonds:
    def test_are_recorded_and_cancelled(
        self, opened: windows.Open, filer: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        page = opened(f"{filer.address}bonds/", as_whom=SUPERVISOR, size=size)
        page.locator("summary", has_text="Record a bond").click()
        page.get_by_label("Surety").fill("Saguaro Surety")
        page.get_by_label("Number of the bond").fill("B-77")
        page.get_by_label("Amount").fill("2,000.00")
        page.locator("table a.why").first.click()
        page.locator("#why-bond-11 .explained").wait_for()
        look(page, "bond-record")
        page.get_by_role("button", name="Record the bond").click()

        page.get_by_text("The bond is recorded.").wait_for()
        page.locator("summary", has_text="Cancel").click()
        page.get_by_role("button", name="Español").click()
        page.get_by_role("heading", name="Fianzas", exact=True).wait_for()
        look(page, "bonds-es")
