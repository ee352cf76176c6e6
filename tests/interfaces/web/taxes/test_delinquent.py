"""The delinquency board on its page and as a file, and an account given to the queue from it."""

from __future__ import annotations

import pytest
from django.test import Client

from fisc.domain.tax_returns.operations import delinquents
from fisc.domain.work_items import queries as work
from tests import databases
from tests.factories import tax_pages


@pytest.fixture
def made(lived_in_city: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account with returns late, missing and owing."""
    assert lived_in_city.name
    return tax_pages.lived_in()


def test_who_is_behind_is_shown_and_taken_out(
    supervisor: Client, made: tax_pages.TaxAccount
) -> None:
    page = supervisor.get("/delinquent/", {"order": "missing"})
    file = supervisor.get("/delinquent/", {"format": "csv", "kind": "missing"})

    assert made.address in page.content.decode()
    assert page.context["board"].missing > 0
    content = b"".join(file)
    assert f"{made.number}".encode() in content


def test_an_account_is_given_to_the_queue_once(
    supervisor: Client, made: tax_pages.TaxAccount
) -> None:
    for _ in range(2):
        answer = supervisor.post(
            f"/delinquent/{made.number}/work/", {"kind": "owing", "order": "oldest", "page": "1"}
        )
        assert answer["Location"] == "/delinquent/?kind=owing&order=oldest&page=1"

    items = work.of_subject(
        kind=delinquents.KIND, subject_kind="account", subject_id=made.account_id
    )
    assert len(items) == 1
    assert supervisor.get(f"/work/{items[0].item_id}/").status_code == 200


@pytest.mark.parametrize("asked", ["kind=x", "order=-", "page=99999", "page=-1", "page=x"])
def test_odd_addresses_are_taken_for_the_usual(
    supervisor: Client, made: tax_pages.TaxAccount, asked: str
) -> None:
    assert made.number
    assert supervisor.get(f"/delinquent/?{asked}").status_code == 200


def test_it_opens_for_nobody_who_may_not_see_returns(cashier: Client) -> None:
    assert cashier.get("/delinquent/").status_code == 403
