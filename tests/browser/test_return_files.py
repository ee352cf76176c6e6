"""A file of returns handed in, checked, taken in; a held return set right, without a mouse."""

from __future__ import annotations

import contextlib
import datetime

import pytest
from django.db import connection

from fisc.domain.tax_returns.queries import return_files as queries
from fisc.processes.return_files import operations
from tests import databases
from tests.browser import test_tax_returns, windows
from tests.factories import return_files, tax_pages

CAME = datetime.date(tax_pages.YEAR, 2, 15)


@pytest.fixture
def accounts(city_copy: databases.CityDatabase) -> list[tax_pages.TaxAccount]:
    """Two accounts that filed nothing yet."""
    assert city_copy.name
    with contextlib.closing(connection):
        return [tax_pages.restaurant() for _ in range(2)]


def taken(file_id: int) -> queries.FileSeen:
    """Do what a worker does with the job."""
    with contextlib.closing(connection):
        return operations.take_kept_file(file_id, city="c", who="a worker", crew_size=1).file


@test_tax_returns.SIZES
def test_a_file_goes_in_and_its_held_return_is_set_right(
    opened: windows.Open, accounts: list[tax_pages.TaxAccount], size: dict[str, int]
) -> None:
    good, bad = accounts
    content = return_files.as_csv(
        [(good.number, "5000.00"), (bad.number, "-5.00"), (1234567890, "3.00")],
        starts_on=tax_pages.FIRST,
        received_on=CAME,
    )
    page = opened("/returns/files/", as_whom=test_tax_returns.CLERK, size=size)
    broken = content.replace(b"TRAILER,3", b"TRAILER,4")
    page.get_by_label("File of returns").set_input_files(
        {"name": "broken.csv", "mimeType": "text/csv", "buffer": broken}
    )
    page.get_by_role("button", name="Read the file").click()
    page.get_by_text("nothing of it was kept").wait_for()
    test_tax_returns.look(page, "file-refused")
    page.get_by_label("File of returns").set_input_files(
        {"name": "january.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check its returns first").click()
    page.get_by_text("There is no account 1234567890.").wait_for()
    test_tax_returns.look(page, "file-checked")
    file_id = int(page.url.split("?")[0].rstrip("/").rpartition("/")[2])
    page.get_by_role("button", name="Take it in").click()
    page.get_by_text("It is being taken in.").wait_for()
    assert taken(file_id).held == 2
    page.get_by_role("heading", name="Held: to be set right and filed").wait_for()
    test_tax_returns.look(page, "file-held")
    page.get_by_role("button", name="Español").click()
    page.get_by_role("heading", name="Retenidas: por corregir y presentar").wait_for()
    test_tax_returns.look(page, "file-held-es")
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="4", exact=True).click()
    page.get_by_role("heading", name="Whose return is it").wait_for()
    test_tax_returns.look(page, "held-nobodys")
    page.go_back()
    page.get_by_role("link", name="3", exact=True).click()
    page.get_by_role("heading", name="to be set right").wait_for()
    test_tax_returns.look(page, "held")
    page.get_by_label("Line 1, gross receipts").fill("5.00")
    page.keyboard.press("Control+Enter")

    page.get_by_text("The return is filed.").wait_for()
    page.goto(page.url.split("/returns/")[0] + "/returns/files/")
    page.get_by_role("link", name="january.csv").first.wait_for()
    test_tax_returns.look(page, "files")
