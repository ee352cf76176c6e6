"""How many statements the pages of returns take, however long the history is."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client, utils
from django.utils import timezone

from fisc.domain.tax_returns.operations import batches, filing, registering
from fisc.domain.tax_returns.queries import batches as batch_queries
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing.users import queries as users
from tests import databases
from tests.browser import city
from tests.factories import tax_pages
from tests.factories.tax_pages import YEAR

# Statements that a page may take, its session and the action log's row among them.
BOUNDS = {
    "/accounts/{account}/tax/": 24,
    "/accounts/{account}/tax/{day}/owed/why/": 18,
    "/accounts/{account}/returns/": 16,
    "/accounts/{account}/returns/{day}/": 23,
    "/returns/{id}/": 31,
    "/returns/{id}/lines/1/tax/why/": 12,
    "/returns/{id}/totals/net_due/why/": 12,
    "/returns/{id}/penalty/penalty/{late}/why/": 18,
    "/returns/{id}/interest/{late}/why/": 18,
    "/returns/": 8,
    "/accounts/{account}/waivers/": 26,
    "/accounts/{account}/payoff/": 30,
    "/returns/files/": 22,
    "/delinquent/": 14,
    "/returns/batches/": 12,
    "/returns/batches/{batch}/": 14,
    "/returns/batches/{batch}/{account}/{day}/": 27,
}
FILING = 50


@pytest.fixture
def lived_in(lived_in_city: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account with returns in time, late, amended, zero and missing."""
    assert lived_in_city.name
    return tax_pages.lived_in()


def counted(browser: Client, address: str, sent: dict[str, str] | None = None) -> int:
    """Return how many statements a page takes, or filing what was sent."""
    with utils.CaptureQueriesContext(connection) as asked:
        connection.force_debug_cursor = True
        answer = browser.get(address) if sent is None else browser.post(address, sent)
    assert answer.status_code in (200, 302), address
    return len(asked.captured_queries)


def batch_of(many: int) -> int:
    """Open a batch and key some returns into it."""
    user_id = users.user_id(username=city.SIGN_INS["coordinator"][0])
    by = registering.By(user_id=user_id, at=timezone.now(), why="")
    controls = batch_queries.Controls(count=many, net_cents=1)
    batch_id = batches.open_batch(words="Box 1", controls=controls, by=by)
    for _ in range(many):
        came = tax_pages.came(tax_pages.restaurant(), 1, day=15, gross=1_000_00)
        batches.key_return(came, batch_id=batch_id, by=by)
    return batch_id


class TestAPage:
    @pytest.mark.parametrize("page", BOUNDS)
    def test_takes_a_bounded_number_of_statements(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount, page: str
    ) -> None:
        day = datetime.date(YEAR, 4, 1)
        (kept,) = queries.versions_of(lived_in.account_id, starts_on=day)
        address = page.format(
            account=lived_in.number,
            day=day,
            id=kept.return_id,
            late=f"{YEAR}-12-15",
            batch=batch_of(3),
        )
        supervisor.get(address)

        assert 0 < counted(supervisor, address) <= BOUNDS[page]


class TestFiling:
    def test_takes_as_many_statements_after_many_returns(
        self, supervisor: Client, lived_in_city: databases.CityDatabase
    ) -> None:
        assert lived_in_city.name
        sent = {
            "received_on": f"{timezone.localdate()}", "do": "file", "amends": "",
            "region-1": "MS", "class-1": "11", "gross-1": "5,000.00",
            "code-1-1": "503", "amount-1-1": "250",
        }  # fmt: skip
        young, old = tax_pages.restaurant(), tax_pages.restaurant()
        for month in range(2, 12):
            filing.file_return(
                tax_pages.came(old, month, day=15, gross=1_000_00),
                by=tax_pages.by(),
                posting_day=timezone.localdate(),
            )
        counted(supervisor, young.entry(2), sent)

        first = counted(supervisor, young.entry(1), sent)
        later = counted(supervisor, old.entry(1), sent)

        assert later <= first <= FILING
