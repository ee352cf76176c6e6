"""From a business to an issued license, its paper and its public page; at a desk, by telephone."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re

import pytest
from django.db import connection
from playwright import sync_api as playwright

from fisc.plumbing.users import choices
from tests import databases
from tests.browser import test_accessibility, test_walks, windows
from tests.factories import license_pages

CLERK = choices.GroupName.ACCOUNT_COORDINATOR.value
SUPERVISOR = choices.GroupName.SUPERVISOR.value
SIZES = {"desk": windows.DESK, "telephone": windows.TELEPHONE}


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    width = page.evaluate("document.documentElement.clientWidth")
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"license-{name}-{width}.png", full_page=True)
    assert test_accessibility.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture
def business(city_copy: databases.CityDatabase) -> int:
    """The number of a business with a license account and nothing else."""
    assert city_copy.name
    # The browser's driver has a context of its own in this thread, and so had this connection.
    with contextlib.closing(connection):
        return license_pages.business()


@pytest.fixture
def issued(city_copy: databases.CityDatabase) -> int:
    """The id of a license that is valid today."""
    assert city_copy.name
    with contextlib.closing(connection):
        return license_pages.issued().license_id


def _press(page: playwright.Page, key: str, done: str) -> None:
    page.keyboard.press(key)
    page.get_by_text(done).first.wait_for()


def _apply(page: playwright.Page, business: int) -> str:
    """Take an application in without a mouse, and return its address."""
    page.goto(f"/businesses/{business}/")
    page.keyboard.press("5")
    page.get_by_text("It has applied for nothing yet.").wait_for()
    look(page, "1-none")
    page.keyboard.press("n")
    page.get_by_label("License type").select_option("pool_hall")
    page.get_by_label("Units").fill("4")
    look(page, "2-start")
    page.get_by_label("Units").press("Enter")
    page.get_by_text("Still missing:").wait_for()
    look(page, "3-missing")
    for field in page.locator("main textarea[name^=answer-]").all():
        field.fill("Billiards and snacks")
    page.locator("main textarea[name^=answer-]").last.blur()
    _press(page, "k", "Kept.")
    for _ in range(page.locator(".mark--warn", has_text="missing").count()):
        page.keyboard.press("p")
        page.get_by_label("Where it is").fill("Scan 2026-114")
        page.get_by_label("Where it is").press("Enter")
        page.get_by_text("The paper is attached.").wait_for()
    look(page, "4-told")
    _press(page, "n", "The departments are asked.")
    return page.url


def _sign(page: playwright.Page, department: str, *, of: str, pictures: bool) -> None:
    """Approve what a business asks of a department; others of the city wait there too."""
    page.goto(f"/sign-offs/?department={department}")
    if pictures:
        look(page, f"6-board-{department}")
    page.get_by_role("row").filter(has_text=of).get_by_role("link").first.click()
    page.get_by_role("heading", name="Decide").wait_for()
    if pictures:
        look(page, f"7-decide-{department}")
    _press(page, "a", "Your department's word is kept.")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_business_comes_to_its_license(
    opened: windows.Open, business: int, size: dict[str, int]
) -> None:
    clerk = opened("/", as_whom=CLERK, size=size)
    address = _apply(clerk, business)
    look(clerk, "5-asked")
    name = clerk.locator("main h1").first.inner_text()

    other = opened("/", as_whom=SUPERVISOR, size=size)
    for department in ("zoning", "fire", "police", "health"):
        _sign(other, department, of=name, pictures=department in ("zoning", "fire"))

    clerk.goto(address)
    clerk.locator("a.why[aria-controls=why-application_fee]").first.press("Enter")
    clerk.locator("#why-application_fee .explained").wait_for()
    look(clerk, "8-quote")
    _press(clerk, "n", "The fee is charged and can be paid.")
    look(clerk, "9-charged")

    other.goto("/till/")
    test_walks.open_drawer(other, "9")
    other.goto(address)
    owed = other.locator("tfoot .number").last.inner_text().lstrip("$")
    other.keyboard.press("n")
    other.wait_for_url("**/till/")
    other.get_by_label("Cash", exact=True).fill(owed)
    other.get_by_role("button", name="Take the payment").click()
    other.locator(".say--good").wait_for()

    clerk.goto(address)
    look(clerk, "10-paid")
    _press(clerk, "n", "The license is issued.")
    look(clerk, "11-issued")
    clerk.keyboard.press("n")
    clerk.get_by_text("valid today").first.wait_for()
    look(clerk, "12-license")
    paper = clerk.request.get(clerk.url + "pdf/")
    assert paper.body().startswith(b"%PDF")
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        (pathlib.Path(folder) / "license.pdf").write_bytes(paper.body())

    public = clerk.locator('a[href^="/l/"]').get_attribute("href")
    assert public is not None
    _looked_at_by_anybody(clerk, public)
    clerk.goto("/licenses/")
    look(clerk, "14-licenses")
    clerk.goto("/applications/")
    look(clerk, "15-applications")


def _looked_at_by_anybody(page: playwright.Page, public: str) -> None:
    """Open the public page in a window in which nobody is signed in."""
    assert page.context.browser is not None
    origin = re.sub(r"(?<=\d)/.*", "", page.url)
    with contextlib.closing(
        page.context.browser.new_context(base_url=origin, viewport=page.viewport_size)
    ) as nobody:
        stranger = nobody.new_page()
        stranger.goto(public)
        stranger.get_by_text("Yes, it is valid today").wait_for()
        look(stranger, "13-public")
        stranger.get_by_role("button", name="Español").click()
        stranger.get_by_text("es válida").first.wait_for()
        look(stranger, "13-public-es")
        stranger.goto("/l/ABCDEFGHJKMNPQRSTUVW/")
        look(stranger, "13-public-unknown")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_reads_in_spanish(
    opened: windows.Open, issued: int, business: int, size: dict[str, int]
) -> None:
    page = opened("/", as_whom=SUPERVISOR, size=size, language="es")
    for name, address in (
        ("license", f"/licenses/{issued}/"),
        ("start", f"/businesses/{business}/apply/"),
        ("licenses", "/licenses/"),
        ("sign-offs", "/sign-offs/"),
    ):
        page.goto(address)
        page.locator("main h2").first.wait_for()
        look(page, f"es-{name}")
    page.goto(f"/licenses/{issued}/")
    page.locator("main ul.checks a").first.click()
    page.get_by_role("heading", name="¿Y ahora?").wait_for()
    look(page, "es-application")
