"""Tax accounts set up, and what pays them off, asked for by programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns import models
from fisc.plumbing.users import choices
from tests.factories import tax_returns
from tests.interfaces.api.conftest import KeyOf

COORDINATOR = choices.GroupName.ACCOUNT_COORDINATOR
RESTAURANT = {"region": "MS", "business_class": "11", "first_day": "2026-01-01"}
MONTHLY = {"frequency": "monthly", "from_day": "2026-01-01"}


@pytest.fixture
def number(api_city: object) -> int:
    """The number of a tax account that is registered for nothing yet."""
    assert api_city
    return accounts.account(account_id=tax_returns.account(), as_of=timezone.localdate()).number


def post(address: str, sent: object, *, key: str, headers: Mapping[str, str]) -> Any:
    return Client().post(
        f"/api/{address}",
        json.dumps(sent),
        content_type="application/json",
        headers={**headers, "Idempotency-Key": key},
    )


def set_up(number: int, headers: Mapping[str, str]) -> None:
    for what, sent in (("registrations", RESTAURANT), ("frequencies", MONTHLY)):
        answer = post(f"tax-accounts/{number}/{what}", sent, key=f"for {what}", headers=headers)
        assert answer.status_code == 200, answer.content


class TestSettingUp:
    def test_asked_twice_it_is_registered_once(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        for _ in range(2):
            answer = post(
                f"tax-accounts/{number}/registrations", RESTAURANT, key="sent twice",
                headers=headers,
            )  # fmt: skip
            assert answer.status_code == 200, answer.content

        answer = post(
            f"tax-accounts/{number}/frequencies", MONTHLY, key="every month", headers=headers
        )

        found = Client().get(f"/api/tax-accounts/{number}", headers=headers).json()
        assert found == answer.json()
        assert found["registrations"] == [{**RESTAURANT, "last_day": None}]
        (term,) = found["frequencies"]
        assert (term["frequency"], term["seasonal_months"]) == ("monthly", [])

    def test_what_cannot_be_is_said_in_words(self, number: int, key_of: KeyOf) -> None:
        wrong = {**RESTAURANT, "business_class": "no such class"}

        answer = post(
            f"tax-accounts/{number}/registrations", wrong, key="of no class",
            headers=key_of(COORDINATOR),
        )  # fmt: skip

        assert (answer.status_code, answer.json()["type"]) == (422, "cannot-be-registered")
        assert "no such class" in answer.json()["problems"][0]

    def test_nobody_without_the_permission_may(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(choices.GroupName.CASHIER)

        assert Client().get(f"/api/tax-accounts/{number}", headers=headers).status_code == 403
        answer = post(
            f"tax-accounts/{number}/frequencies", MONTHLY, key="may not do it", headers=headers
        )
        assert answer.status_code == 403


class TestAPayoff:
    def test_is_promised_once_for_a_key(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        set_up(number, headers)
        filed = {
            "starts_on": "2026-07-01",
            "received_on": "2026-09-30",
            "lines": [{"region": "MS", "business_class": "11", "gross_cents": 500_000}],
        }
        came = post(f"tax-accounts/{number}/returns", filed, key="july late", headers=headers)
        assert came.status_code == 200, came.content
        asked = {"periods": ["2026-07-01"], "good_through": f"{timezone.localdate()}"}

        first, second = (
            post(f"tax-accounts/{number}/payoffs", asked, key="one letter", headers=headers)
            for _ in range(2)
        )

        assert first.status_code == 200, first.content
        assert second.json() == first.json()
        # 1.8 percent of 5,000.00, and something for coming late.
        assert first.json()["total_cents"] > 9_000
        account_id = accounts.account_id(number=number)
        assert models.Payoff.objects.filter(account_id=account_id).count() == 1

    def test_of_a_period_without_a_return_is_refused(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        set_up(number, headers)
        asked = {"periods": ["2026-05-01"], "good_through": f"{timezone.localdate()}"}

        answer = post(f"tax-accounts/{number}/payoffs", asked, key="no return", headers=headers)

        assert (answer.status_code, answer.json()["type"]) == (422, "cannot-promise")
