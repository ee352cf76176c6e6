"""Interest of a refund with its reason, and a waiver that is ended, at a desk and by telephone."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime

import pytest
from django.db import connection
from django.utils import timezone

from fisc.basics import periods
from fisc.domain.accounts import queries as accounts
from fisc.domain.disbursements.operations import preparing
from fisc.domain.disbursements.queries import credits
from fisc.domain.tax_returns import choices as tax_choices
from fisc.domain.tax_returns.operations import registering, waiving
from fisc.plumbing.users import choices
from tests import databases
from tests.browser import windows
from tests.browser.test_tax_returns import look
from tests.factories import missing_returns, refunds, tax_returns

SUPERVISOR = choices.GroupName.SUPERVISOR.value
SIZES = pytest.mark.parametrize(
    "size", [windows.DESK, windows.TELEPHONE], ids=["desk", "telephone"]
)


@pytest.fixture
def asked(city_copy: databases.CityDatabase) -> tuple[int, int, int]:
    """The numbers of a tax account, of its requisition with interest, and of its waiver.

    2,000.00 came and were claimed 300 days ago, and 100.00 more came; a penalty is waived for what
    is due from today.
    """
    assert city_copy.name
    today, by = timezone.localdate(), missing_returns.another()
    with contextlib.closing(connection):
        account_id = tax_returns.account()
        month = periods.Period(starts_on=today.replace(day=1))
        registering.register(
            account_id=account_id, region="MS", business_class="11", days=month, by=by
        )
        registering.set_frequency(
            account_id=account_id, frequency="monthly", from_day=month.starts_on, by=by
        )
        ago = today - datetime.timedelta(days=300)
        tax_returns.paid(account_id, 200_000, on=ago, posted=today)
        (credit,) = credits.open_credits(account_ids=[account_id])
        made = preparing.prepare(
            key=f"interest/{account_id}",
            asked=dataclasses.replace(
                refunds.asked([(credit.item_id, credit.open_cents)]), claimed_on=ago
            ),
            on=today,
            by_id=by.user_id or 0,
            at=timezone.now(),
        )
        tax_returns.paid(account_id, 10_000, on=ago, posted=today)
        waiver = waiving.ask(
            waiving.Asked(
                account_id=account_id, part=tax_choices.Part.PENALTY, reason="DISASTER",
                due_from=today,
            ),
            on=today,
            by=by,
        )  # fmt: skip
        number, _name = accounts.names(account_ids=[account_id])[account_id]
    return number, made.number, waiver


@SIZES
class TestInterest:
    def test_of_a_refund_says_why(
        self, opened: windows.Open, asked: tuple[int, int, int], size: dict[str, int]
    ) -> None:
        page = opened(f"/requisitions/{asked[1]}/", as_whom=SUPERVISOR, size=size)
        page.get_by_role("heading", name="Interest on what is given back").wait_for()
        page.locator("a.why[aria-controls=why-interest-1]").press("Enter")
        page.locator("#why-interest-1 .explained").wait_for()
        look(page, "interest")

        assert "four months later" in page.locator("#why-interest-1").inner_text()
        assert "Portland" in page.locator("#why-interest-1").inner_text()

    def test_is_asked_for_with_the_day_of_the_letter(
        self, opened: windows.Open, asked: tuple[int, int, int], size: dict[str, int]
    ) -> None:
        page = opened(f"/accounts/{asked[0]}/refund/", as_whom=SUPERVISOR, size=size)
        page.goto(f"/accounts/{asked[0]}/refund/")
        ago = timezone.localdate() - datetime.timedelta(days=300)
        page.locator("input[name=claimed_on]").fill(f"{ago}")
        page.locator("textarea[name=why]").fill("By letter of the holder.")
        page.locator("textarea[name=why]").blur()
        page.keyboard.press("w")
        # 1% of 100.00 for each of six months begun.
        page.get_by_text("$106.00").first.wait_for()
        look(page, "interest-planned")

        assert "$6.00" in page.locator("section[aria-labelledby=plan]").inner_text()


@SIZES
class TestEnding:
    def test_a_waiver_is_ended_where_it_was_granted(
        self, opened: windows.Open, asked: tuple[int, int, int], size: dict[str, int]
    ) -> None:
        account, _, waiver = asked
        page = opened(f"/accounts/{account}/waivers/", as_whom=SUPERVISOR, size=size)
        page.goto(f"/accounts/{account}/waivers/")
        page.get_by_text("Decide", exact=False).first.click()
        page.locator(f"input[name=decide-{waiver}-why]").fill("The river rose.")
        page.get_by_role("button", name="Grant").click()
        page.locator(".say--good").wait_for()
        page.get_by_text("End it", exact=False).first.click()
        look(page, "waiver-to-end")
        day = timezone.localdate() + datetime.timedelta(days=20)
        page.locator(f"input[name=end-{waiver}-due_before]").fill(f"{day}")
        page.locator(f"input[name=end-{waiver}-why]").fill("The river fell.")
        page.get_by_role("button", name="End it").click()
        page.locator(".say--good").wait_for()
        look(page, "waiver-ended")

        assert "The river fell." in page.content()
