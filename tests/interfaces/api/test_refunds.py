"""Refunds prepared by one program's person and approved by another's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from fisc.domain.accounts import queries as accounts
from fisc.plumbing.users import choices
from tests.factories import refunds
from tests.interfaces.api.conftest import KeyOf
from tests.interfaces.api.test_tax_accounts import post

SUPERVISOR = choices.GroupName.SUPERVISOR


@pytest.fixture
def number(api_city: object) -> int:
    """The number of an account with a credit of 500.00."""
    assert api_city
    account_id = refunds.account(refunds.party())
    refunds.credit(account_id, 50_000)
    return accounts.account(account_id=account_id, as_of=timezone.localdate()).number


def asked(number: int, key_of: KeyOf) -> dict[str, object]:
    (credit,) = Client().get(f"/api/accounts/{number}/credits", headers=key_of(SUPERVISOR)).json()
    take = {"credit_item_id": credit["credit_item_id"], "cents": credit["open_cents"]}
    return {
        "takes": [take],
        "purpose": "tax_credit",
        "why": "It was paid twice.",
        "w9_on_file": True,
    }


class TestARequisition:
    def test_is_prepared_once_and_approved_by_another(self, number: int, key_of: KeyOf) -> None:
        preparer, approver = key_of(SUPERVISOR), key_of(SUPERVISOR)
        sent = asked(number, key_of)

        first, second = (
            post("requisitions", sent, key="back to them", headers=preparer) for _ in range(2)
        )

        assert first.status_code == 200, first.content
        assert second.json() == first.json()
        assert first.json()["paid_cents"] == 50_000
        address = f"requisitions/{first.json()['number']}"
        own = post(f"{address}/approve", {}, key="of my own", headers=preparer)
        assert (own.status_code, own.json()["type"]) == (422, "must-be-another")
        approved = post(f"{address}/approve", {}, key="of another", headers=approver)
        assert approved.status_code == 200, approved.content
        assert approved.json()["state"] == "approved"
        assert Client().get(f"/api/{address}", headers=preparer).json() == approved.json()

    def test_of_more_than_is_open_is_refused_in_words(self, number: int, key_of: KeyOf) -> None:
        sent = asked(number, key_of)
        sent["takes"][0]["cents"] = 50_001  # type: ignore[index]

        answer = post("requisitions", sent, key="too much", headers=key_of(SUPERVISOR))

        assert (answer.status_code, answer.json()["type"]) == (422, "cannot-be-prepared")
        assert "$500.00 open" in answer.json()["problems"][0]

    def test_that_is_not_there_is_not_found(self, api_city: object, key_of: KeyOf) -> None:
        assert api_city
        answer = Client().get("/api/requisitions/999999", headers=key_of(SUPERVISOR))

        assert answer.status_code == 404
