"""A stack of returns keyed without a mouse, again by another, settled, balanced and posted."""

from __future__ import annotations

import contextlib
import urllib.parse

import pytest
from django.db import connection
from playwright import sync_api as playwright

from fisc.plumbing.users import choices
from tests import databases
from tests.browser import test_tax_returns, windows
from tests.factories import tax_pages

CLERK = choices.GroupName.ACCOUNT_COORDINATOR.value
OTHER = choices.GroupName.SUPERVISOR.value
look = test_tax_returns.look


@pytest.fixture
def accounts(city_copy: databases.CityDatabase) -> tuple[tax_pages.TaxAccount, ...]:
    """Two accounts that filed nothing."""
    assert city_copy.name
    with contextlib.closing(connection):
        return tax_pages.restaurant(), tax_pages.restaurant()


def keyed(page: playwright.Page, number: int, gross: str, remitted: str) -> None:
    """Key a return by keys alone, from the number on a batch's page."""
    page.get_by_label("Account", exact=True).wait_for()
    page.keyboard.type(f"{number}")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Key it into the batch").wait_for()
    page.get_by_label("Line 1, gross receipts").focus()
    page.keyboard.type(gross)
    page.get_by_label("Remitted with it").focus()
    page.keyboard.type(remitted)


@test_tax_returns.SIZES
class TestABatch:
    def test_is_keyed_twice_settled_and_posted(
        self,
        opened: windows.Open,
        accounts: tuple[tax_pages.TaxAccount, ...],
        size: dict[str, int],
    ) -> None:
        one, two = accounts
        page = opened("/returns/batches/", as_whom=CLERK, size=size)
        look(page, "batches-none")
        page.get_by_label("Batch", exact=True).fill("Monday's mail")
        page.get_by_label("Returns", exact=True).fill("2")
        page.get_by_label("Tax due").fill("5490.00")
        page.get_by_label("Remitted").fill("5490.00")
        page.get_by_role("button", name="Open the batch").press("Enter")
        page.get_by_role("heading", name="Balance").wait_for()

        keyed(page, one.number, "5000", "90")
        look(page, "batch-keying")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Keyed.", exact=True).wait_for()
        keyed(page, two.number, "300000", "5400")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Another person keys this one a second time.").wait_for()
        look(page, "batch-waiting")

        address = urllib.parse.urlsplit(page.url).path
        other = opened(address, as_whom=OTHER, size=size)
        other.get_by_role("link", name="Key it again").press("Enter")
        other.get_by_label("Line 1, gross receipts").fill("300009")
        other.get_by_label("Remitted with it").fill("5400")
        look(other, "batch-again")
        other.keyboard.press("Control+Enter")
        other.get_by_role("heading", name="What was keyed differently").wait_for()
        look(other, "batch-settle")
        other.get_by_label("300,000.00").check()
        other.get_by_role("button", name="This is what the paper says").press("Enter")
        other.get_by_role("button", name="Post the batch").wait_for()
        look(other, "batch-balanced")
        other.get_by_role("button", name="Español").click()
        other.get_by_role("button", name="Asentar el lote").wait_for()
        look(other, "batch-balanced-es")
        other.get_by_role("button", name="Asentar el lote").press("Enter")
        other.get_by_text("2 presentadas, 0 retenidas.").wait_for()
        look(other, "batch-posted-es")
        page.goto("/returns/batches/")
        page.get_by_text("posted", exact=True).first.wait_for()
        look(page, "batches")

    def test_shows_figures_as_filed_beside_what_they_come_to(
        self,
        opened: windows.Open,
        accounts: tuple[tax_pages.TaxAccount, ...],
        size: dict[str, int],
    ) -> None:
        page = opened(accounts[0].entry(1), as_whom=CLERK, size=size)
        page.get_by_label("Line 1, gross receipts").fill("5000")
        page.keyboard.press("F7")
        page.get_by_label("Line 1, as filed: Tax", exact=True).fill("95.00")
        page.get_by_label("Line 1, as filed: Total deductions").fill("700")
        page.keyboard.press("Enter")
        page.locator("#wrong-filed-1-deductions").wait_for()
        look(page, "as-filed-wrong")
        page.get_by_label("Line 1, as filed: Total deductions").fill("")
        page.keyboard.press("Enter")
        page.get_by_text("comes to $90.00: corrected, and a letter says so").first.wait_for()
        look(page, "as-filed")
