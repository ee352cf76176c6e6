"""A file of another system: what was refused of it, and taken out by another person."""

from __future__ import annotations

import contextlib
import os
import pathlib

import pytest
from django.db import connection
from playwright import sync_api as playwright
from pytest_django import plugin

from fisc.plumbing.users import choices
from fisc.plumbing.users import queries as users
from fisc.processes.conversion.licenses import operations, queries, totals
from tests import databases
from tests.browser import city, test_accessibility, windows
from tests.factories import old_licenses
from tests.factories.tax_returns import AT

MAKER = choices.GroupName.PROJECTS_COORDINATOR.value
OTHER = choices.GroupName.SUPERVISOR.value


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    assert test_accessibility.findings(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"moved-{name}-{width}.png", full_page=True)


def brought(number: str) -> int:
    """Have the maker bring in two licenses, beside two rows that cannot be taken."""
    changes = (
        {"LIC_NO": f"{number}-1", "OWNER_NAME": f"Agave Lamps {number}", "DBA": "", "FEIN": ""},
        {"LIC_NO": f"{number}-2", "OWNER_NAME": f"Sotol Frames {number}", "DBA": "", "FEIN": ""},
        {"LIC_NO": f"{number}-3", "LIC_TYPE": "DRAGON", "UNITS": "ten", "STREET": ""},
        {"LIC_NO": f"{number}-4", "EXPIRES": "31.12.2026"},
    )
    plan = queries.plan(
        old_licenses.file(*changes),
        file_name=f"licenses_{number}.csv",
        of=queries.mapping(old_licenses.MAPPING),
        day=city.today(),
    )
    by = operations.By(
        user_id=users.user_id(username=city.SIGN_INS[MAKER][0]), at=AT, why="moving in"
    )
    return operations.bring_in(
        plan, said=totals.Said(), leaves_out_refused=True, on=city.today(), by=by
    ).batch_id


@pytest.mark.parametrize("size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"])
def test_a_file_is_read_by_its_maker_and_taken_out_by_another(
    opened: windows.Open,
    city_copy: databases.CityDatabase,
    django_db_blocker: plugin.DjangoDbBlocker,
    size: dict[str, int],
) -> None:
    assert city_copy.name
    with django_db_blocker.unblock(), contextlib.closing(connection):
        number = brought(f"77-{size['width']}")
    page = opened("/conversions/", as_whom=MAKER, size=size)
    look(page, "1-list")
    page.get_by_role("link", name=f"licenses_77-{size['width']}.csv").click()
    page.get_by_text("Another person takes it out.").wait_for()
    assert page.get_by_text("has no license type in the mapping").count() == 1
    look(page, "2-file")

    page = opened(f"/conversions/{number}/", as_whom=OTHER, size=size)
    page.get_by_role("button", name="Español").click()
    page.goto(f"/conversions/{number}/")
    page.get_by_text("no tiene tipo de licencia en la correspondencia").first.wait_for()
    look(page, "3-spanish")
    page.get_by_role("button", name="English").click()
    page.goto(f"/conversions/{number}/")
    page.get_by_label("Why").fill("a wrong file")
    page.get_by_role("button", name="Take the whole file out").press("Enter")
    page.get_by_text("The file is out again, as if it had not come.").wait_for()
    look(page, "4-undone")
