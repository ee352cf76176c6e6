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
    @pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
    def test_has_no_finding(self, opened: windows.Open, name: str, size: dict[str, int]) -> None:
        page = pages.go(opened, name, size=size)

        assert findings(page) == []

    def test_does_not_scroll_sideways_on_a_telephone(self, opened: windows.Open, name: str) -> None:
        page = pages.go(opened, name, size=windows.TELEPHONE)

        assert page.evaluate("document.documentElement.scrollWidth") <= windows.TELEPHONE["width"]

    def test_says_nothing_wrong_to_the_console(self, opened: windows.Open, name: str) -> None:
        said: list[str] = []
        page = opened("/")
        page.on("console", lambda word: said.append(word.text) if word.type == "error" else None)
        page.goto(pages.path(page, name))

        assert said == []
