"""A refund from the account's page to its payment, by two people, without a mouse."""

from __future__ import annotations

import datetime
import os
import pathlib

import pytest
from django.db import connection
from django.utils import timezone
from playwright import sync_api as playwright

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.plumbing.users import choices
from tests import databases
from tests.browser import test_accessibility, windows
from tests.factories import money, refunds

SIZES = {"desk": windows.DESK, "telephone": windows.TELEPHONE}
COORDINATOR = choices.GroupName.ACCOUNT_COORDINATOR.value
SUPERVISOR = choices.GroupName.SUPERVISOR.value


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    assert test_accessibility.findings(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"refund-{name}-{width}.png", full_page=True)


@pytest.fixture
def with_credit(city_copy: databases.CityDatabase) -> int:
    """The number of a tax account with a credit, whose holder owes for water."""
    assert city_copy.name
    party_id = refunds.party()
    account_id = refunds.account(party_id)
    water = refunds.account(party_id, account_choices.AccountKind.UTILITY)
    today = timezone.localdate()
    money.charge(water, "water", 12_000, due_on=today - datetime.timedelta(days=40), day=today)
    money.pay({account_id: 50_000}, day=today, at=timezone.now())
    number, _name = accounts.names(account_ids=[account_id])[account_id]
    # The driver's event loop has a connection of its own, which nobody else would close.
    connection.close()
    return number


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_refund_is_asked_for_approved_and_paid(
    opened: windows.Open, with_credit: int, size: dict[str, int], language: str
) -> None:
    page = opened(f"/accounts/{with_credit}/", as_whom=COORDINATOR, size=size, language=language)
    page.goto(f"/accounts/{with_credit}/")
    look(page, f"1-account-{language}")
    page.keyboard.press("f")
    page.locator("textarea[name=why]").fill("By letter of the holder.")
    page.locator("textarea[name=why]").blur()
    page.keyboard.press("w")
    page.get_by_text("$380.00").first.wait_for()
    look(page, f"2-plan-{language}")
    page.keyboard.press("e")
    page.locator(".say--good").wait_for()
    address = page.url.partition("/requisitions/")[2]
    look(page, f"3-prepared-{language}")

    page = opened("/", as_whom=SUPERVISOR, size=size, language=language)
    page.goto("/")
    look(page, f"4-board-{language}")
    page.goto("/requisitions/")
    look(page, f"5-list-{language}")
    page.goto(f"/requisitions/{address}")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("y")
    page.locator("#why-paid .explained").wait_for()
    page.locator(".why-row").first.evaluate("row => row.previousElementSibling.scrollIntoView()")
    page.locator("a.why[aria-controls=why-debt-1]").press("Enter")
    page.locator("#why-debt-1 .explained").wait_for()
    look(page, f"6-decide-{language}")
    page.locator("button[data-key=a]").press("Enter")
    page.locator("button[data-key=m]").wait_for()
    page.locator("input[name=reference]").fill("check 1001")
    page.locator("input[name=reference]").press("Enter")
    page.locator(".mark--good").first.wait_for()
    look(page, f"7-paid-{language}")
