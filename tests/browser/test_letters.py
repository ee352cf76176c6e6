"""Letters of the day's run printed and mailed; the rooms of the band under their words."""

from __future__ import annotations

import pytest
from playwright import sync_api as playwright

from tests.browser import test_accessibility, windows

SIZES = pytest.mark.parametrize(
    "size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"]
)


class TestLetters:
    def test_are_printed_as_one_file_and_mailed_once(self, opened: windows.Open) -> None:
        page = opened("/letters/")
        page.get_by_role("button", name="Print").first.press("Enter")
        page.get_by_text("open the file below and send it to the printer").wait_for()

        file = page.get_by_role("link", name="(PDF)").first.get_attribute("href")
        assert file is not None
        answer = page.request.get(file)
        assert answer.body().startswith(b"%PDF")
        assert test_accessibility.findings(page) == []

        page.get_by_role("button", name="Mark as mailed").first.press("Enter")
        page.get_by_text("The letters are noted as mailed.").wait_for()
        assert page.get_by_role("button", name="Mark as mailed").count() == 0

        page.set_viewport_size(
            playwright.ViewportSize(
                width=windows.TELEPHONE["width"], height=windows.TELEPHONE["height"]
            )
        )
        assert test_accessibility.findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= windows.TELEPHONE["width"]


class TestRooms:
    def test_stand_in_one_line_at_a_desk(self, opened: windows.Open) -> None:
        for language in ("en", "es"):
            page = opened("/", language=language)
            page.locator(f'html[lang="{language}"]').wait_for()

            assert page.locator(".band").bounding_box()["height"] < 60  # type: ignore[index]

    @SIZES
    def test_open_by_key_and_are_closed_by_escape(
        self, opened: windows.Open, size: dict[str, int]
    ) -> None:
        page = opened("/", size=size)
        word = page.locator("summary", has_text="Taxes")
        word.press("Enter")
        page.get_by_role("link", name="Delinquent").wait_for()
        assert test_accessibility.findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

        # One is open at a time.
        page.locator("summary", has_text="Licensing").press("Enter")
        page.get_by_role("link", name="Renewals").wait_for()
        assert not page.get_by_role("link", name="Delinquent").is_visible()
        page.keyboard.press("Escape")
        assert not page.get_by_role("link", name="Renewals").is_visible()

    def test_need_no_script(self, opened: windows.Open) -> None:
        page = opened("/", script=False)

        page.locator("summary", has_text="Taxes").click()
        page.get_by_role("link", name="Delinquent").click()

        page.get_by_role("heading", name="Delinquent tax accounts").wait_for()
