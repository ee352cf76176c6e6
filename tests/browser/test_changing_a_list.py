"""A list is changed from the resolution to its day: by form and file, cases, approval, back."""

from __future__ import annotations

import datetime
import pathlib

import pytest
from playwright import sync_api as playwright
from playwright.sync_api import expect

from tests.browser import city, test_accessibility, windows


def looked_at(page: playwright.Page, name: str) -> None:
    """A page is accessible and fits, at a desk and on a telephone."""
    for size in (windows.DESK, windows.TELEPHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert test_accessibility.findings(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    page.set_viewport_size(windows.DESK)  # type: ignore[arg-type]


def started(page: playwright.Page) -> str:
    page.goto("/tables/")
    page.get_by_role("link", name="Code lists").click()
    page.get_by_role("link", name="Start a draft tender kind").click()
    looked_at(page, "start")
    page.get_by_label("In force from").fill(str(city.today() + datetime.timedelta(days=1)))
    page.get_by_label("Why").fill("The council lowered what cards take.")
    page.get_by_label("Law or source").fill("Resolution 2026-9")
    page.get_by_role("button", name="Start the draft").click()
    expect(page.locator("h1")).to_contain_text("tender kind, change")
    return page.url


def changed_by_form(page: playwright.Page, draft: str) -> None:
    page.goto(draft)
    page.get_by_role("link", name="Edit card").click()
    page.get_by_label("at most cents").fill("ten")
    page.get_by_role("button", name="Show what this changes").click()
    expect(page.get_by_text("“ten” is no whole number")).to_be_visible()
    looked_at(page, "row-wrong")
    page.get_by_label("at most cents").fill("5000000")
    page.get_by_role("button", name="Show what this changes").click()
    expect(page.get_by_text("card (Card), at most cents")).to_be_visible()
    looked_at(page, "proposal")
    page.get_by_role("button", name="Keep these changes").click()
    expect(page.get_by_text("The changes are kept.")).to_be_visible()


def changed_by_file(page: playwright.Page, draft: str, folder: pathlib.Path) -> None:
    out = page.request.get(f"{draft}csv/").body()
    file = folder / "tender_kind.csv"
    file.write_bytes(out.replace(b",101300,true", b",999999,perhaps"))
    page.goto(f"{draft}bring-in/")
    looked_at(page, "bring-in")
    page.get_by_label("File (CSV or xlsx)").set_input_files(file)
    page.get_by_role("button", name="Show what this changes").click()
    expect(page.get_by_role("alert")).to_contain_text("has no code “999999”")
    expect(page.get_by_role("alert")).to_contain_text("“perhaps” is no true or false")
    looked_at(page, "mistakes")
    file.write_bytes(out.replace(b"Money order,", b"Postal money order,"))
    page.goto(f"{draft}bring-in/")
    page.get_by_label("File (CSV or xlsx)").set_input_files(file)
    page.get_by_role("button", name="Show what this changes").click()
    expect(page.get_by_text("label in English")).to_be_visible()
    page.get_by_role("button", name="Keep these changes").click()


def test_a_list_is_changed_approved_and_rolled_back(
    opened: windows.Open, tmp_path: pathlib.Path
) -> None:
    page = opened("/", as_whom="projects coordinator")
    draft = started(page)
    changed_by_form(page, draft)
    changed_by_file(page, draft, tmp_path)
    looked_at(page, "draft")
    page.get_by_role("link", name="What it touches").click()
    looked_at(page, "effects")
    page.goto(draft)
    page.get_by_role("button", name="Put it in test").click()
    expect(page.get_by_text("in test", exact=True).first).to_be_visible()
    expect(page.get_by_text("No book in force on its days")).to_be_visible()

    other = opened("/", as_whom="supervisor")
    other.goto(draft)
    looked_at(other, "in-test")
    other.get_by_label("What you looked at").fill("The resolution and every cell.")
    other.get_by_role("button", name="Approve", exact=True).click()
    expect(other.get_by_text("approved", exact=True).first).to_be_visible()
    other.goto("/lists/of/tender kind/")
    expect(other.get_by_role("link", name="Edition 2")).to_be_visible()
    looked_at(other, "list-with-editions")
    other.get_by_role("link", name="Edition 2").click()
    looked_at(other, "edition")
    other.goto("/lists/")
    expect(other.get_by_role("row").filter(has_text="tender kind")).to_contain_text("Edition 2")
    looked_at(other, "lists")
    other.goto(draft)
    other.get_by_label("Why").fill("Vetoed")
    other.get_by_role("button", name="Roll it back").click()
    expect(other.get_by_text("Rolled back from now on.")).to_be_visible()
    looked_at(other, "rolled-back")


@pytest.mark.parametrize("place", ["/lists/", "/lists/of/charge/"])
def test_pages_are_read_in_spanish(opened: windows.Open, place: str) -> None:
    page = opened("/", as_whom="projects coordinator")
    page.goto(place)

    page.get_by_role("button", name="Español").click()

    expect(page.locator("h1")).to_contain_text("ista")
    assert test_accessibility.findings(page) == []
