"""Adopted for days past and rolled back: three days of knowing have three right answers."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import plugin

from fisc.domain.rule_tables.operations import approvals, evidence
from fisc.plumbing.users import choices
from tests.browser import city, windows
from tests.factories import table_people

# As in November 2026: adopted on the 20th for days from October 1, rolled back on the 25th.
ADOPTED, ASKED = 5, 40
FROM = 55


def ago(days: int) -> datetime.date:
    return city.today() - datetime.timedelta(days=days)


@pytest.fixture(scope="module")
def adopted(address: str, django_db_blocker: plugin.DjangoDbBlocker) -> int:
    """A late charge for days that had begun, approved five days ago by two people."""
    assert address
    at = timezone.now() - datetime.timedelta(days=ADOPTED)
    with django_db_blocker.unblock():
        table_people.office()
        version_id = table_people.in_test(at=at, effective_from=ago(FROM))
        approvals.approve(version_id=version_id, by="martin", reason="Worked out too", at=at)
        evidence.note_bills_seen(
            version_id=version_id,
            by="grace",
            at=at,
            bills=0,
            difference_cents=0,
            problem="",
            where="/tables/1/affected/",
        )
        approvals.approve(version_id=version_id, by="grace", reason="Worked out too", at=at)
        connection.close()
    return version_id


def in_force(page: Page, *, known: int) -> str:
    """Ask the list of books what governed a day, as known so many days ago."""
    page.goto("/tables/")
    page.get_by_text("Who knew what when").click()
    page.get_by_label("On the day").fill(ago(ASKED).isoformat())
    page.get_by_label("As known at the end of").fill(ago(known).isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Show today")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="What an account owes for paying late")
    return row.locator("td").nth(2).inner_text()


def test_a_day_of_october_is_asked_as_of_three_days_of_november(
    opened: windows.Open, adopted: int
) -> None:
    page = opened("/", as_whom=choices.GroupName.SUPERVISOR.value)
    page.goto(f"/tables/{adopted}/")
    page.get_by_label("Why").last.fill("The council vetoed it.")
    page.get_by_role("button", name="Roll it back").click()
    expect(page.get_by_text("superseded").first).to_be_visible()

    answers = [in_force(page, known=days) for days in (15, 3, 0)]

    assert [each.split(" since")[0] for each in answers] == ["Version 1", "Version 2", "Version 1"]


@pytest.mark.parametrize("wrong", ["day=soon", "day=9999-12-31&known_on=9999-12-31"])
def test_days_that_are_none_are_refused_in_words(opened: windows.Open, wrong: str) -> None:
    page = opened("/", as_whom=choices.GroupName.SUPERVISOR.value)

    answer = page.goto(f"/tables/?{wrong}")

    assert answer is not None
    assert answer.status == 422
    assert page.locator(".field--wrong, .field .error, [aria-invalid=true]").count() > 0
