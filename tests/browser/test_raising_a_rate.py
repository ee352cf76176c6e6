"""From an ordinance to a bill: a rate is raised, mended, studied, approved, billed, explained.

With FISC_SCREENSHOTS set to a folder, what a person sees at each stage is kept there.
"""

from __future__ import annotations

import datetime
import os
import pathlib
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from playwright import sync_api as playwright
from playwright.sync_api import expect
from pytest_django import plugin

from fisc.domain.rule_tables.queries import approving, studies
from fisc.domain.utilities import models
from fisc.processes.daily_runs import operations as daily_runs
from tests.browser import city, windows

# The last block of a two-inch meter, which some of the city use.
TABLE, ROW = "d_water_tier_3", 4
BEFORE, AFTER = "15.03", "16.03"
# 19 thousand gallons above the twenty-fifth, at $16.03; a quarter on top, outside the city.
CASE = "two inches"
AMOUNT_BEFORE = "285.57"
AMOUNTS_AFTER = {"Water tier 3": "304.57", "Water surcharge": "212.20"}
EDGE = "five-eighths of an inch, a gallon above 50 thousand"


@pytest.fixture
def books(address: str, django_db_blocker: plugin.DjangoDbBlocker) -> Iterator[None]:
    """Let the test itself look into the city that the pages show, and run its days."""
    assert address
    with django_db_blocker.unblock():
        yield
        connection.close()


def look(page: playwright.Page, name: str) -> None:
    """Keep what a person sees now, at a desk and on a telephone, where somebody wants to look."""
    folder = os.environ.get("FISC_SCREENSHOTS", "")
    if not folder:
        return
    for size, where in ((windows.DESK, "desk"), (windows.TELEPHONE, "telephone")):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.screenshot(path=pathlib.Path(folder) / f"{name}-{where}.png", full_page=True)
    desk = windows.DESK
    page.set_viewport_size({"width": desk["width"], "height": desk["height"]})


def id_in(address: str) -> int:
    return int(re.findall(r"/(\d+)/", address)[-1])


def started(page: playwright.Page) -> str:
    """Start a draft of the water charges for tomorrow on; returns its address."""
    row = page.get_by_role("row").filter(has_text="Water charges")
    row.get_by_role("link", name="Start a draft").click()
    page.get_by_label("In force from").fill(str(city.today() + datetime.timedelta(days=1)))
    page.get_by_label("Why").fill("Council raised the last block of two-inch meters.")
    page.get_by_label("Law or source").fill("Ordinance 2026-41")
    page.get_by_role("button", name="Start the draft").click()
    expect(page.locator("h1")).to_contain_text("Water charges")
    return page.url


def raise_the_rate(page: playwright.Page, draft: str) -> None:
    page.goto(f"{draft}edit/?show={TABLE}")
    expect(page.locator("#editor")).to_have_attribute("data-ready", "yes")
    cell = page.locator(f"#editor-canvas tbody tr:nth-child({ROW}) > td:nth-child(4)")
    expect(cell).to_contain_text(BEFORE)
    text = cell.inner_text().strip().replace(BEFORE, AFTER)
    cell.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    # The words and the law that stand on a bill change with the rate.
    for label in ("In words, English", "In words, Spanish", "Source (ordinance, section)"):
        words = page.get_by_label(label)
        said = words.input_value().replace(BEFORE, AFTER)
        words.fill("Ordinance 2026-41" if label.startswith("Source") else said)
        words.press("Tab")
    expect(page.locator("#editor-count")).to_contain_text("cases")
    look(page, "2-editor")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)


def mend(page: playwright.Page, draft: str) -> None:
    page.goto(f"{draft}cases/")
    page.get_by_role("link", name=f"Change the case {CASE}", exact=True).click()
    for label, amount in AMOUNTS_AFTER.items():
        page.get_by_label(label).fill(amount)
    page.get_by_role("button", name="Keep and run").click()
    expect(page.locator(".say").first).to_be_visible()


def billed_before(study_id: int) -> models.Bill:
    """The last bill of the account whose bill the study says changes most."""
    found = studies.study(study_id)
    assert found.result is not None
    account_id = found.result["largest"][0]["account_id"]
    return models.Bill.objects.filter(account_id=account_id).latest("bill_day")


def billed_after(before: models.Bill) -> models.Bill:
    """Run the next day on which the account's cycle is billed; returns its bill."""
    following = models.CycleDay.objects.filter(
        cycle_id=before.cycle_id, bill_day__gt=city.today() + datetime.timedelta(1)
    )
    day = following.earliest("bill_day").bill_day
    at = datetime.datetime.combine(day, datetime.time(20), tzinfo=datetime.UTC)
    daily_runs.run_day(
        posting_day=day,
        at=at,
        city=pathlib.Path(settings.FISC_CITY).name,
        who="the browser tests",
        crew_size=1,
    )
    return models.Bill.objects.get(bill_day=day, account_id=before.account_id)


def lose_a_case_and_write_it_again(page: playwright.Page, draft: str) -> None:
    """Without the case at the edge of the block nobody would notice another edge."""
    page.get_by_role("link", name=f"Change the case {EDGE}", exact=True).click()
    page.get_by_role("button", name="Take this case off").click()
    page.goto(f"{draft}checks/")
    expect(page.get_by_text("no case would notice").first).to_be_visible()
    look(page, "4-unnoticed")
    page.goto(f"{draft}cases/edit/")
    page.get_by_label("What the case shows").fill(EDGE)
    for label, value in (("days in part", "30"), ("days in period", "30")):
        page.get_by_label(label).fill(value)
    page.get_by_label("inside city").select_option("true")
    page.get_by_label("meter size").select_option("5/8")
    page.get_by_label(re.compile("^period usage")).fill("50.001")
    page.get_by_label("Water tier 6").fill("0.02")
    look(page, "4-case")
    page.get_by_role("button", name="Keep and run").click()
    page.goto(f"{draft}checks/")
    expect(page.get_by_text("no case would notice")).to_have_count(0)


def studied(page: playwright.Page, draft: str, *, start_worker: Callable[[], None]) -> int:
    """Ask for a study, watch the worker make it, and read it; returns its id."""
    page.goto(draft)
    page.get_by_role("link", name="Study it on every account").click()
    page.get_by_role("button", name="Start the study").click()
    expect(page.locator("#progress progress")).to_be_visible()
    look(page, "5-study-asked")
    start_worker()
    expect(page.get_by_role("heading", name="In short")).to_be_visible(timeout=60_000)
    look(page, "6-study")
    study_id = id_in(page.url)
    found = studies.study(study_id)
    assert found.result is not None
    assert found.result["changed_bills"] > 0
    expect(page.get_by_text(f"{found.result['changed_bills']:,} / ").first).to_be_visible()
    for kind, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert page.request.get(f"/studies/{study_id}/{kind}/").body().startswith(begins)
    return study_id


def put_in_force(
    page: playwright.Page, draft: str, *, other: playwright.Page, study_id: int
) -> None:
    """Put the draft in test; another person reads what changes, the study, the notice, approves."""
    page.goto(draft)
    page.get_by_role("button", name="Put in test").click()
    expect(page.get_by_text("in test", exact=True).first).to_be_visible()
    look(page, "7-in-test")
    other.goto(draft)
    expect(other.get_by_text(f"Study {study_id} of exactly this content")).to_be_visible()
    look(other, "8-to-approve")
    other.get_by_role("link", name="What changes, cell by cell").click()
    expect(other.get_by_text(AFTER).first).to_be_visible()
    look(other, "9-what-changes")
    other.goto(draft)
    other.get_by_role("link", name="Bills it would change").click()
    expect(other.get_by_text("Bills changed")).to_be_visible()
    look(other, "10-bills")
    other.goto(draft)
    assert other.request.get(f"{draft}notice/").body().startswith(b"%PDF")
    other.get_by_role("link", name="Read the study").click()
    expect(other.get_by_role("heading", name="In short")).to_be_visible()
    other.goto(draft)
    other.get_by_label("What you looked at").fill("The ordinance, the changes and the cases.")
    other.get_by_role("button", name="Approve", exact=True).click()
    expect(other.get_by_text("approved", exact=True).first).to_be_visible()
    look(other, "11-approved")
    (agreement,) = approving.agreed(id_in(draft))
    assert agreement.study_id == study_id


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
def test_a_rate_is_raised_from_the_ordinance_to_the_bill(
    opened: windows.Open, start_worker: Callable[[], None]
) -> None:
    page = opened("/tables/", as_whom="projects coordinator")
    look(page, "0-tables")
    draft = started(page)
    look(page, "1-draft")
    raise_the_rate(page, draft)

    # A case that the old rate made no longer comes out; worked out again, it does.
    page.goto(f"{draft}cases/")
    expect(page.get_by_text(AMOUNT_BEFORE, exact=False).first).to_be_visible()
    expect(page.get_by_text("differs", exact=True)).to_have_count(1)
    expect(page.get_by_role("link", name=CASE, exact=True).first).to_be_visible()
    look(page, "3-cases-differ")
    mend(page, draft)
    page.goto(f"{draft}cases/")
    expect(page.get_by_text("differs", exact=True)).to_have_count(0)

    page_of_another = opened("/", as_whom="supervisor")
    lose_a_case_and_write_it_again(page, draft)
    study_id = studied(page, draft, start_worker=start_worker)
    put_in_force(page, draft, other=page_of_another, study_id=study_id)

    before = billed_before(study_id)
    after = billed_after(before)
    assert "version 2" in versions_behind(page_of_another, before)
    look(page_of_another, "12-bill-before")
    assert "version 3" in versions_behind(page_of_another, after)
    look(page_of_another, "13-bill-after")
    page_of_another.locator(".bill-lines a.why[aria-controls]").first.click()
    expect(page_of_another.get_by_text("recomputed just now: equal").first).to_be_visible()
    look(page_of_another, "14-why")
