"""A real browser before a real server on a copy of a small demonstration city."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright import sync_api as playwright
from pytest_django import plugin

from fisc.plumbing.postgres import passwords
from tests import databases
from tests.browser import city, windows

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SECONDS_TO_START = 60

State = playwright.StorageState


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = pathlib.Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; without one these tests are skipped and say so."""
    names = (os.environ.get("FISC_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("There is no Chromium on this machine: install it, or name it in FISC_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def lived_in_template(
    database_server: passwords.Addresses, django_db_blocker: plugin.DjangoDbBlocker
) -> str:
    """A database with a small city that has some history; built once."""
    with django_db_blocker.unblock():
        return databases.build_template(
            addresses=database_server,
            kind="browser",
            fingerprint=city.fingerprint(),
            fill=city.fill,
        )


@pytest.fixture(scope="module")
def city_copy(
    chromium: str,
    database_server: passwords.Addresses,
    lived_in_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[databases.CityDatabase]:
    """A copy of the city, for one file of tests."""
    assert chromium
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=lived_in_template) as copy,
    ):
        yield copy


@pytest.fixture(scope="module")
def address(city_copy: databases.CityDatabase) -> Iterator[str]:
    """Where the pages are served, for one file of tests, on a copy of its own."""
    with _served(city_copy) as served:
        yield served


@pytest.fixture
def start_worker(city_copy: databases.CityDatabase) -> Iterator[Callable[[], None]]:
    """Start the job worker as `fisc serve` does, when a test wants it; it ends with the test."""
    with contextlib.ExitStack() as still_running:

        def start() -> None:
            process = subprocess.Popen(
                [sys.executable, "-m", "fisc.interfaces.jobs.worker"],
                env=_environment(city_copy),
            )
            still_running.callback(process.wait, timeout=30)
            still_running.callback(process.terminate)

        yield start


@contextlib.contextmanager
def _served(copy: databases.CityDatabase) -> Iterator[str]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "fisc.interfaces.web.wsgi:application",
            "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4",
            "--log-level", "warning", "--no-control-socket",
        ],
        env=_environment(copy),
    )  # fmt: skip
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _environment(copy: databases.CityDatabase) -> dict[str, str]:
    return {**copy.environment(), "FISC_CITY": str(settings.FISC_CITY)}


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < last:
        assert process.poll() is None, "the server ended before it answered"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="module")
def started_browser(chromium: str, address: str) -> Iterator[playwright.Browser]:
    """A browser for one file of tests, ended before any other test begins."""
    assert address
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as driver:
        # The driver keeps an event loop in this thread; Django's own work here stays synchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = driver.chromium.launch(executable_path=chromium, headless=True, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def signed_in(started_browser: playwright.Browser, address: str) -> Callable[[str], State]:
    """Give the cookies of somebody of a group, who signs in once for a file of tests."""
    kept: dict[str, State] = {}

    def state_of(as_whom: str) -> State:
        if as_whom not in kept:
            context = started_browser.new_context(base_url=address)
            page = context.new_page()
            page.goto("/sign-in/")
            page.get_by_label("Name to sign in with").fill(city.SIGN_INS[as_whom][0])
            page.get_by_label("Password").fill(city.SIGN_INS[as_whom][1])
            page.locator("main button[type=submit]").click()
            page.get_by_role("button", name="Sign out").wait_for()
            kept[as_whom] = context.storage_state()
            context.close()
        return kept[as_whom]

    return state_of


@pytest.fixture
def opened(
    started_browser: playwright.Browser, address: str, signed_in: Callable[[str], State]
) -> Iterator[windows.Open]:
    """Open a fresh window, signed in as someone of a group, at a page."""
    with contextlib.ExitStack() as still_open:

        def open_window(
            path: str = "/",
            *,
            as_whom: str = "supervisor",
            size: dict[str, int] | None = None,
            script: bool = True,
            language: str = "en",
        ) -> playwright.Page:
            context = started_browser.new_context(
                base_url=address,
                viewport=_viewport(size or windows.DESK),
                java_script_enabled=script,
                storage_state=signed_in(as_whom),
            )
            still_open.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(path)
            if language == "es":
                page.get_by_role("button", name="Español").click()
            return page

        yield open_window


def _viewport(size: dict[str, int]) -> playwright.ViewportSize:
    return playwright.ViewportSize(width=size["width"], height=size["height"])
