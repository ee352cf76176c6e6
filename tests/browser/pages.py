"""Every page by name, and the way to it from the board."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from playwright import sync_api as playwright

from tests.browser import city

Way = Callable[[playwright.Page], str]


def first_link(page: playwright.Page, starts: str) -> str:
    """Return where the first link of the page goes whose address begins like this."""
    link = page.locator(f'main a[href^="{starts}"]').first
    address = link.get_attribute("href")
    assert address is not None
    return address


def an_account(page: playwright.Page) -> str:
    page.goto(f"/search/?q={city.STREET}")
    return first_link(page, "/accounts/")


def a_bill(page: playwright.Page) -> str:
    page.goto(an_account(page) + "bills/")
    return first_link(page, "/bills/")


def a_why(page: playwright.Page, listed: str) -> str:
    page.goto(listed)
    address = page.locator("main section a.why").first.get_attribute("href")
    assert address is not None
    return address


def a_table(page: playwright.Page) -> str:
    page.goto("/tables/")
    return first_link(page, "/tables/")


def at(address: str) -> Way:
    return lambda page: address


WAYS: Mapping[str, Way] = {
    "board": at("/"),
    "search": at(f"/search/?q={city.STREET}"),
    "search-nothing": at("/search/?q=zzzzzz"),
    "search-empty": at("/search/"),
    "account": an_account,
    "account-bills": lambda page: an_account(page) + "bills/",
    "account-payments": lambda page: an_account(page) + "payments/",
    "account-services": lambda page: an_account(page) + "services/",
    "account-history": lambda page: an_account(page) + "history/",
    "bill": a_bill,
    "why": lambda page: a_bill(page) + "lines/1/why/",
    "why-total": lambda page: a_bill(page) + "why/",
    "why-due": lambda page: a_bill(page) + "due/why/",
    "why-balance": lambda page: an_account(page) + "balance/why/",
    "why-payment": lambda page: a_why(page, an_account(page) + "payments/"),
    "why-quoted": at(
        "/quote/lines/3/why/?rate_class=residential&inside_city=on&starts_on=2026-10-01"
        "&ends_before=2026-11-01&water=8.5&water_size=5/8&phase=single"
    ),
    "cancel": lambda page: a_bill(page) + "cancel/",
    "quote": at("/quote/"),
    "businesses": at("/businesses/"),
    "business-add": at("/businesses/add/"),
    "license-fee": at("/licenses/fee/"),
    "license-fee-answered": at(
        "/licenses/fee/?license_type=peddler&issued_on=2026-05-31&began_unlicensed=on"
    ),
    "why-license-fee": at(
        "/licenses/fee/license_fee/why/?license_type=peddler&issued_on=2026-05-31"
    ),
    "renewals": at("/renewals/"),
    "letters": at("/letters/"),
    "refunds": at("/requisitions/"),
    "missing-returns": at("/non-filers/"),
    "waivers-waiting": at("/waivers/"),
    "runs": at("/runs/"),
    "run": lambda page: f"/runs/{city.today()}/",
    "run-before": lambda page: f"/runs/{city.today() + datetime.timedelta(days=1)}/",
    "work": at("/work/"),
    "till-open": at("/till/"),
    "receipts": at("/receipts/"),
    "tables": at("/tables/"),
    "table": a_table,
    "lists": at("/lists/"),
    "list": at("/lists/of/charge/"),
    "list-code": at("/lists/of/charge/code/?code=water"),
    "keys": at("/keys/"),
    "nothing": at("/accounts/1/"),
}
NAMES = sorted(WAYS)


def path(page: playwright.Page, name: str) -> str:
    """Return the address of a page; the window may move on the way."""
    return WAYS[name](page)
