"""Two clerks file one period at once: one return is kept, the other clerk sees it and amends."""

from __future__ import annotations

import concurrent.futures
import threading

import pytest
from django.db import connection
from django.test import Client

from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing.users import queries as users
from tests import databases
from tests.browser import city
from tests.factories import tax_pages
from tests.factories import users as people

SENT = {
    "received_on": f"{tax_pages.YEAR}-02-15", "amends": "", "region-1": "MS", "class-1": "11",
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("lived_in_city")


@pytest.fixture
def clerks(lived_in_city: databases.CityDatabase) -> dict[str, Client]:
    """Two browsers, of two people."""
    assert lived_in_city.name
    names = [city.SIGN_INS[each][0] for each in ("supervisor", "coordinator")]
    return {each: people.browser_of(users.user_id(username=each)) for each in names}


class TestTwoClerks:
    def test_keep_one_and_show_it_to_the_other_who_can_amend_it(
        self, clerks: dict[str, Client]
    ) -> None:
        made = tax_pages.restaurant()
        together = threading.Barrier(2)

        def file(username: str, gross: str) -> tuple[str, int, str]:
            try:
                together.wait(timeout=20)
                answer = clerks[username].post(
                    made.entry(1), {**SENT, "gross-1": gross, "do": "file"}
                )
                return username, answer.status_code, answer.content.decode()
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            found = sorted(
                pool.map(file, clerks, ("1,000.00", "2,000.00")), key=lambda each: each[1]
            )

        assert [status for _, status, _ in found] == [302, 422]
        (kept,) = queries.versions_of(made.account_id, starts_on=tax_pages.FIRST)
        (first, _, _), (second, _, page) = found
        user_id = users.user_id(username=first)
        assert f"entered by {users.names(user_ids={user_id})[user_id]}" in page
        assert f"/returns/{kept.return_id}/" in page
        assert "File it as an amendment of version 1" in page
        assert ("$18.00" in page) == (kept.tax_due_cents == 18_00)

        amended = clerks[second].post(
            made.entry(1),
            {**SENT, "gross-1": "3,000.00", "why": "counted again", "do": "amend"},
        )

        assert amended.status_code == 302
        versions = queries.versions_of(made.account_id, starts_on=tax_pages.FIRST)
        assert [each.tax_due_cents for each in versions] == [kept.tax_due_cents, 54_00]
