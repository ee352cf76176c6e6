"""From an ordinance to a bill: a rate is raised, its cases mended, approved, billed, explained."""

from __future__ import annotations

import datetime
import pathlib
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from playwright import sync_api as playwright
from playwright.sync_api import expect
from pytest_django import plugin

from fisc.domain.utilities import models
from fisc.processes.daily_runs import operations as daily_runs
from tests.browser import city, windows

BEFORE, AFTER = "20.57", "21.57"
# 11.7 thousand gallons above the fiftieth, at $20.57 and at $21.57.
CASES = ("into the last block", "a three-quarter-inch meter, into the last block")
AMOUNT_AFTER = "252.37"
EDGE = "five-eighths of an inch, a gallon above 50 thousand"


@pytest.fixture
def books(address: str, django_db_blocker: plugin.DjangoDbBlocker) -> Iterator[None]:
    """Let the test itself look into the city that the pages show, and run its days."""
    assert address
    with django_db_blocker.unblock():
        yield
        connection.close()


def started(page: playwright.Page) -> str:
    """Start a draft of the water charges for tomorrow on; returns its address."""
    row = page.get_by_role("row").filter(has_text="Water charges")
    row.get_by_role("link", name="Start a draft").click()
    page.get_by_label("In force from").fill(str(city.today() + datetime.timedelta(days=1)))
    page.get_by_label("Why").fill("Council raised the last block.")
    page.get_by_label("Law or source").fill("Ordinance 2026-41")
    page.get_by_role("button", name="Start the draft").click()
    expect(page.locator("h1")).to_contain_text("Water charges")
    return page.url


def raise_the_rate(page: playwright.Page, draft: str) -> None:
    page.goto(f"{draft}edit/?show=d_water_tier_6")
    expect(page.locator("#editor")).to_have_attribute("data-ready", "yes")
    cell = page.locator("#editor-canvas tbody tr:nth-child(1) > td:nth-child(4)")
    expect(cell).to_contain_text(BEFORE)
    text = cell.inner_text().strip().replace(BEFORE, AFTER)
    cell.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    expect(page.locator("#editor-count")).to_contain_text("cases")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)


def mend(page: playwright.Page, draft: str, *, case: str) -> None:
    page.goto(f"{draft}cases/")
    page.get_by_role("link", name=f"Change the case {case}", exact=True).click()
    page.get_by_label("Water tier 6").fill(AMOUNT_AFTER)
    page.get_by_role("button", name="Keep and run").click()
    expect(page.locator(".say").first).to_be_visible()


def billed_after() -> models.Bill:
    """Run the next day on which a cycle is billed; returns a bill of it with water on it."""
    following = models.CycleDay.objects.filter(bill_day__gt=city.today() + datetime.timedelta(1))
    day = following.earliest("bill_day").bill_day
    at = datetime.datetime.combine(day, datetime.time(20), tzinfo=datetime.UTC)
    daily_runs.run_day(
        posting_day=day,
        at=at,
        city=pathlib.Path(settings.FISC_CITY).name,
        who="the browser tests",
        crew_size=1,
    )
    return models.Bill.objects.filter(bill_day=day).earliest("number")


def lose_a_case_and_write_it_again(page: playwright.Page, draft: str) -> None:
    """Without the case at the edge of the block nobody would notice another edge."""
    page.get_by_role("link", name=f"Change the case {EDGE}", exact=True).click()
    page.get_by_role("button", name="Take this case off").click()
    page.goto(f"{draft}checks/")
    expect(page.get_by_text("no case would notice").first).to_be_visible()
    page.goto(f"{draft}cases/edit/")
    page.get_by_label("What the case shows").fill(EDGE)
    for label, value in (("days in part", "30"), ("days in period", "30")):
        page.get_by_label(label).fill(value)
    page.get_by_label("inside city").select_option("true")
    page.get_by_label("meter size").select_option("5/8")
    page.get_by_label(re.compile("^period usage")).fill("50.001")
    page.get_by_label("Water tier 6").fill("0.02")
    page.get_by_role("button", name="Keep and run").click()
    page.goto(f"{draft}checks/")
    expect(page.get_by_text("no case would notice")).to_have_count(0)


def put_in_force(page: playwright.Page, draft: str, *, other: playwright.Page) -> None:
    """Put the draft in test; another person approves it."""
    page.goto(draft)
    page.get_by_role("button", name="Put in test").click()
    expect(page.get_by_text("in test", exact=True).first).to_be_visible()
    other.goto(draft)
    other.get_by_label("What you looked at").fill("The ordinance, the changes and the cases.")
    other.get_by_role("button", name="Approve", exact=True).click()
    expect(other.get_by_text("approved", exact=True).first).to_be_visible()


def versions_behind(page: playwright.Page, bill: models.Bill) -> set[str]:
    """Return the versions of the water charges that a bill's lines name, each found equal."""
    page.goto(f"/bills/{bill.number}/")
    found: set[str] = set()
    for link in page.locator(".bill-lines a.why[aria-controls]").all():
        text = page.request.get(link.get_attribute("href") or "").text()
        assert "recomputed just now: equal" in text
        found.update(re.findall(r"Water charges, (version \d+)", text))
    return found


@pytest.mark.usefixtures("books")
def test_a_rate_is_raised_from_the_ordinance_to_the_bill(opened: windows.Open) -> None:
    page = opened("/tables/", as_whom="projects coordinator")
    draft = started(page)
    raise_the_rate(page, draft)

    # Two cases that the old rate made no longer come out; worked out again, they do.
    page.goto(f"{draft}cases/")
    expect(page.get_by_text("240.67", exact=False).first).to_be_visible()
    expect(page.get_by_text("differs", exact=True)).to_have_count(len(CASES))
    for case in CASES:
        mend(page, draft, case=case)
    page.goto(f"{draft}cases/")
    expect(page.get_by_text("differs", exact=True)).to_have_count(0)

    page_of_another = opened("/", as_whom="supervisor")
    lose_a_case_and_write_it_again(page, draft)
    put_in_force(page, draft, other=page_of_another)

    after = billed_after()
    before = models.Bill.objects.filter(
        account_id=after.account_id, bill_day__lt=after.bill_day
    ).latest("bill_day")
    assert "version 2" in versions_behind(page_of_another, before)
    assert "version 3" in versions_behind(page_of_another, after)
