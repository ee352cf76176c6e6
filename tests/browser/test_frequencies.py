"""How often accounts file: the yearly review, and the year and season of an account."""

from __future__ import annotations

import contextlib

import pytest
from django.db import connection

from fisc.plumbing.users import choices
from tests import databases
from tests.browser import windows
from tests.browser.test_tax_returns import look
from tests.factories import frequency_reviews, tax_pages

SUPERVISOR = choices.GroupName.SUPERVISOR.value
SIZES = pytest.mark.parametrize(
    "size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"]
)


@pytest.fixture
def reviewed(city_copy: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account that a review would have file every month."""
    assert city_copy.name
    # The browser's driver has a context of its own in this thread, and so had this connection.
    with contextlib.closing(connection):
        return frequency_reviews.reviewed()[0]


@pytest.fixture
def yearly(city_copy: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account that files once a year."""
    assert city_copy.name
    with contextlib.closing(connection):
        return frequency_reviews.owes_much()


@SIZES
class TestAReview:
    def test_is_explained_and_decided(
        self, opened: windows.Open, reviewed: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        page = opened("/filing-frequencies/", as_whom=SUPERVISOR, size=size)
        row = page.locator("tr", has_text=str(reviewed.number))
        row.locator("a.why").click()
        page.locator(".explained").first.wait_for()
        look(page, "frequencies")
        row.locator("summary", has_text="Decide").click()
        row.get_by_label("Why", exact=True).fill("as the code has it")
        row.get_by_role("button", name="Approve").click()

        page.get_by_text("Approved. The account files so from that day.").wait_for()
        page.get_by_role("button", name="Español").click()
        page.get_by_role("heading", name="Con qué frecuencia declaran las cuentas").wait_for()
        look(page, "frequencies-es")

    def test_an_account_has_a_year_of_its_own_and_a_period_cut_short(
        self, opened: windows.Open, yearly: tax_pages.TaxAccount, size: dict[str, int]
    ) -> None:
        page = opened(yearly.address, as_whom=SUPERVISOR, size=size)
        page.locator("summary", has_text="Set how often it files").click()
        page.get_by_label("Files", exact=True).select_option("quarterly")
        page.get_by_label("From the first day of a period").fill(f"{tax_pages.YEAR + 1}-05-01")
        page.get_by_label("Its year begins in").select_option("2")
        page.get_by_label("Cut the period that runs short").check()
        look(page, "frequency-set")
        page.get_by_role("button", name="Set it").click()

        page.get_by_text("The filing frequency is set.").wait_for()
        page.get_by_text("year from Feb").wait_for()
        look(page, "fiscal-year")
