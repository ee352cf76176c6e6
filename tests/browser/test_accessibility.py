"""axe finds nothing on any page, at a desk and on a telephone (WCAG 2.2 AA)."""

from __future__ import annotations

import pytest
from axe_playwright_python import sync_playwright as axe
from playwright import sync_api as playwright

from tests.browser import pages, windows

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def findings(page: playwright.Page) -> list[str]:
    found = axe.Axe().run(page, options=RULES).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("name", pages.NAMES)
class TestPage:
    def test_is_accessible_at_a_desk_and_quiet(self, opened: windows.Open, name: str) -> None:
        page = opened("/")
        said: list[str] = []
        page.on("console", lambda word: said.append(word.text) if word.type == "error" else None)
        page.goto(pages.path(page, name))

        assert findings(page) == []
        # A page that is not there is told of by the browser itself.
        assert [words for words in said if "404" not in words] == []

    def test_is_accessible_on_a_telephone_and_fits(self, opened: windows.Open, name: str) -> None:
        page = opened("/", size=windows.TELEPHONE)
        page.goto(pages.path(page, name))

        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= windows.TELEPHONE["width"]


class TestAnOpenExplanation:
    @pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
    def test_is_accessible_in_its_place(self, opened: windows.Open, size: dict[str, int]) -> None:
        page = opened("/", size=size)
        page.goto(pages.a_bill(page))
        page.locator(".bill-lines a.why").first.click()
        page.locator("#why-1 .explained").wait_for()

        assert findings(page) == []


class TestATillWithABasket:
    def test_is_accessible(self, opened: windows.Open) -> None:
        page = opened("/", as_whom="cashier")
        account = pages.an_account(page).strip("/").rpartition("/")[2]
        page.goto("/till/")
        if page.get_by_label("Drawer", exact=True).count():
            page.get_by_label("Drawer", exact=True).fill("5")
            page.get_by_label("Float in the drawer").fill("100")
            page.get_by_role("button", name="Open the till").click()
        page.locator("#id_scanned").fill(account)
        page.locator("#id_scanned").press("Enter")
        page.get_by_role("button", name="Take out").wait_for()

        assert findings(page) == []
