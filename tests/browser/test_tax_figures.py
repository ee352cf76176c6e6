"""The analysis of tax and the distributions, at a desk and by telephone."""

from __future__ import annotations

import datetime
import os
import pathlib

import pytest
from django.db import connection
from playwright import sync_api as playwright
from pytest_django import plugin

from fisc.plumbing.users import choices
from tests import databases
from tests.browser import city, test_accessibility, windows
from tests.factories import tax_figures

# The days up to today are closed.
PAID_ON = city.today() + datetime.timedelta(days=1)
MONTH = f"/distributions/{PAID_ON:%Y-%m}/"
SUPERVISOR = choices.GroupName.SUPERVISOR.value
ANALYST = choices.GroupName.ANALYST.value
# The tax of the one park: 1.5% of $27,500.00.
PARK = "412.50"


@pytest.fixture(scope="module", autouse=True)
def some_figures(
    city_copy: databases.CityDatabase, django_db_blocker: plugin.DjangoDbBlocker
) -> None:
    """Returns, payments and a distribution in the city that is walked through."""
    assert city_copy.name
    with django_db_blocker.unblock():
        tax_figures.filled(paid_on=PAID_ON)
        connection.close()


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    assert test_accessibility.findings(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"figures-{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
class TestFigures:
    def test_an_analysis_is_asked_from_the_keyboard_and_given_out(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        page = opened("/tax-analysis/", as_whom=SUPERVISOR, size=size)
        page.get_by_label("Year", exact=True).fill("2026")
        page.get_by_label("Year", exact=True).press("Enter")
        page.get_by_role("rowheader", name="17 Retail").wait_for()
        look(page, "1-analysis")

        page.get_by_label("Who receives it").select_option("public")
        page.get_by_label("Name of the person or office").fill("The Herald")
        page.get_by_label("Why", exact=True).fill("records request 12")
        with page.expect_download() as download:
            page.get_by_role("button", name="Take the file out").press("Enter")
        assert download.value.suggested_filename == "tax-2026-class.xlsx"

        page.goto("/tax-analysis/given/")
        page.get_by_text("The Herald").first.wait_for()
        look(page, "2-given")
        page.goto("/tax-analysis/payers/?year=2026")
        look(page, "3-payers")

    def test_a_share_of_a_month_is_explained_in_its_place(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        page = opened("/distributions/", as_whom=SUPERVISOR, size=size)
        look(page, "4-distributions")
        page.get_by_role("link", name=f"{PAID_ON:%B %Y}").first.press("Enter")
        page.get_by_role("link", name="Why? Preserve land").first.press("Enter")
        page.get_by_text("1/5 to preserve land").first.wait_for()
        look(page, "5-month")

    def test_what_is_worth_a_look_is_chosen_from_the_keyboard(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        page = opened("/tax-analysis/discovery/unlicensed/", as_whom=SUPERVISOR, size=size)
        look(page, "8-discovery")
        page.get_by_role("checkbox").first.press("Space")
        page.get_by_role("button", name="Make work items of what is chosen").press("Enter")
        page.get_by_text("1 work item was made.").wait_for()
        page.get_by_role("link", name="Why?").first.press("Enter")
        page.get_by_text("a license is expected").first.wait_for()
        look(page, "9-chosen")
        page.goto("/tax-analysis/discovery/drops/?year=2026")
        look(page, "10-drops")

    def test_in_spanish(self, opened: windows.Open, size: dict[str, int]) -> None:
        page = opened("/tax-analysis/?year=2026", as_whom=SUPERVISOR, size=size)
        page.get_by_role("button", name="Español").click()
        page.goto("/tax-analysis/?year=2026")
        page.get_by_role("heading", name="Análisis de impuestos").wait_for()
        look(page, "6-spanish")
        page.goto(MONTH)
        look(page, "7-spanish-month")


@pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
class TestAnotherOffice:
    def test_an_analyst_sees_many_together_and_takes_no_more_out(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        page = opened("/", as_whom=ANALYST, size=size)
        page.get_by_role("heading", name="Analysis of tax").wait_for()
        assert page.url.endswith("/tax-analysis/")
        page.goto("/tax-analysis/?year=2026")
        park = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="12 "))
        assert "kept back" in park.inner_text()
        # Nor does the total of what is shown leave the park's to be subtracted.
        others = page.locator("tbody tr").filter(has_not=park).filter(has_text="kept back")
        assert others.count() >= 1
        assert PARK not in page.content()
        look(page, "11-analyst")

        page.get_by_label("Who receives it").select_option("public")
        page.get_by_label("Name of the person or office").fill("City council")
        page.get_by_label("Why", exact=True).fill("budget hearing")
        page.get_by_label("As", exact=True).select_option("csv")
        with page.expect_download() as download:
            page.get_by_role("button", name="Take the file out").press("Enter")
        content = pathlib.Path(download.value.path()).read_text("utf-8-sig")
        assert PARK not in content
        for line in content.splitlines():
            if line.startswith("12 ") and ",Q1," in line:
                assert line.endswith(",Q1,,,,,yes")
                break
        else:
            raise AssertionError(content)

        page.goto("/tax-analysis/given/")
        page.get_by_text("budget hearing").first.wait_for()
        for closed in (
            "/tax-analysis/payers/",
            "/tax-analysis/discovery/drops/",
            "/distributions/",
        ):
            page.goto(closed)
            page.get_by_role("heading", name="You may not open this page").wait_for()

    def test_an_analyst_reads_it_in_spanish(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        page = opened("/tax-analysis/?year=2026", as_whom=ANALYST, size=size, language="es")
        page.goto("/tax-analysis/?year=2026")
        page.get_by_text("reservada").first.wait_for()
        look(page, "12-analyst-es")
        page.get_by_role("button", name="English").click()
