"""The delinquency board, at a desk and by telephone."""

from __future__ import annotations

from tests.browser import test_tax_returns, windows
from tests.browser.test_tax_returns import lived_in
from tests.factories import tax_pages

__all__ = ["lived_in"]


@test_tax_returns.SIZES
def test_an_account_that_is_behind_is_given_to_the_queue(
    opened: windows.Open, lived_in: tax_pages.TaxAccount, size: dict[str, int]
) -> None:
    page = opened("/delinquent/", as_whom=test_tax_returns.CLERK, size=size)
    page.get_by_role("link", name=f"{lived_in.number}").first.wait_for()
    test_tax_returns.look(page, "delinquent")
    page.get_by_label("Show").select_option("missing")
    page.get_by_label("In the order").select_option("missing")
    page.get_by_role("button", name="Show").press("Enter")
    page.get_by_role("button", name=f"{lived_in.number}").press("Enter")

    page.get_by_text("is in the queue").wait_for()
    page.get_by_role("link", name="in work").first.wait_for()
    page.get_by_role("button", name="Español").click()
    page.get_by_role("heading", name="Cuentas de impuesto morosas").wait_for()
    test_tax_returns.look(page, "delinquent-es")
