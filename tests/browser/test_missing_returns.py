"""Missing returns, assessments, waivers and pay-off letters, at a desk and by telephone."""

from __future__ import annotations

import contextlib

import pytest
from django.db import connection
from django.utils import timezone

from fisc.domain.tax_returns import choices as tax_choices
from fisc.domain.tax_returns.operations import assessing, waiving
from fisc.domain.tax_returns.queries import missing
from fisc.plumbing.users import choices
from tests import databases
from tests.browser import windows
from tests.browser.test_tax_returns import look
from tests.factories import missing_returns, tax_pages

SUPERVISOR = choices.GroupName.SUPERVISOR.value
SIZES = pytest.mark.parametrize(
    "size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"]
)


@pytest.fixture
def lived_in(city_copy: databases.CityDatabase) -> tuple[tax_pages.TaxAccount, int]:
    """An account with missing returns, one estimated, and a waiver asked for by another."""
    assert city_copy.name
    # The browser's driver has a context of its own in this thread, and so had this connection.
    with contextlib.closing(connection):
        made = tax_pages.lived_in()
        missing_returns.found(made.account_id)
        another = missing_returns.another()
        first = missing.still_missing(account_id=made.account_id)[0]
        number = assessing.propose(
            nonfiling_id=first.nonfiling_id, on=timezone.localdate(), by=another
        )
        asked = waiving.Asked(
            account_id=made.account_id,
            part=tax_choices.Part.PENALTY,
            reason="DISASTER",
            starts_on=missing_returns.penalized(made.account_id),
            cents=1,
        )
        waiving.ask(asked, on=timezone.localdate(), by=another)
        return made, number


@SIZES
class TestMissingReturns:
    def test_are_estimated_and_decided(
        self,
        opened: windows.Open,
        lived_in: tuple[tax_pages.TaxAccount, int],
        size: dict[str, int],
    ) -> None:
        page = opened("/non-filers/", as_whom=SUPERVISOR, size=size)
        look(page, "missing")
        page.goto(f"/assessments/{lived_in[1]}/")
        page.locator("main a.why", has_text="Estimated tax").click()
        page.locator("#why-tax .explained").wait_for()
        look(page, "assessment")
        page.get_by_label("Why", exact=True).fill("no answer to two notices")
        page.get_by_role("button", name="Approve and charge").click()

        page.get_by_text("It is charged to the account.").wait_for()
        look(page, "assessment-approved")


@SIZES
class TestWaivers:
    def test_are_asked_for_and_granted(
        self,
        opened: windows.Open,
        lived_in: tuple[tax_pages.TaxAccount, int],
        size: dict[str, int],
    ) -> None:
        page = opened("/waivers/", as_whom=SUPERVISOR, size=size)
        look(page, "waivers-waiting")
        page.goto(f"/accounts/{lived_in[0].number}/waivers/")
        look(page, "waivers")
        page.locator("details summary", has_text="Decide").click()
        page.locator("details").get_by_label("Why").fill("a flood")
        page.get_by_role("button", name="Grant").click()

        page.get_by_text("It is off what the account owes.").wait_for()
        page.get_by_role("button", name="Español").click()
        page.get_by_role("heading", name="Solicitar una condonación").wait_for()
        look(page, "waivers-es")


@SIZES
class TestAPayOffLetter:
    def test_shows_what_pays_it_off(
        self,
        opened: windows.Open,
        lived_in: tuple[tax_pages.TaxAccount, int],
        size: dict[str, int],
    ) -> None:
        page = opened(f"/accounts/{lived_in[0].number}/payoff/", as_whom=SUPERVISOR, size=size)
        page.get_by_role("button", name="What pays it off?").click()
        page.get_by_role("button", name="Make the letter").wait_for()

        look(page, "payoff")
