"""The sizes of window that the pages are made for."""

from __future__ import annotations

from collections.abc import Callable

from playwright import sync_api as playwright

DESK = {"width": 1366, "height": 768}
TELEPHONE = {"width": 390, "height": 844}

# Opens a window, signed in, at a page; the fixture `opened` gives it.
Open = Callable[..., playwright.Page]
