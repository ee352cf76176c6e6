"""Returns filed and read by programs: the same path as keyed ones, and once for a key."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fisc.basics import periods
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.operations import registering
from fisc.plumbing.action_log import models as action_log
from fisc.plumbing.users import choices
from tests.factories import tax_returns
from tests.interfaces.api.conftest import KeyOf

D = datetime.date
BY = registering.By(user_id=None, at=tax_returns.AT, why="a test")
COORDINATOR = choices.GroupName.ACCOUNT_COORDINATOR


@pytest.fixture
def number(api_city: object) -> int:
    """The number of an account that files for a restaurant every month of 2026."""
    account_id = tax_returns.account()
    registering.register(
        account_id=account_id,
        region="MS",
        business_class="11",
        days=periods.Period(starts_on=D(2026, 1, 1)),
        by=BY,
    )
    registering.set_frequency(
        account_id=account_id, frequency="monthly", from_day=D(2026, 1, 1), by=BY
    )
    return accounts.account(account_id=account_id, as_of=D(2026, 10, 1)).number


def body(**changed: object) -> dict[str, object]:
    return {
        "starts_on": "2026-07-01",
        "received_on": "2026-08-20",
        "lines": [{"region": "MS", "business_class": "11", "gross_cents": 500_000}],
        **changed,
    }


def post(number: int, sent: object, *, key: str, headers: Mapping[str, str]) -> Any:
    return Client().post(
        f"/api/tax-accounts/{number}/returns",
        json.dumps(sent),
        content_type="application/json",
        headers={**headers, "Idempotency-Key": key},
    )


class TestFile:
    def test_it_is_filed_and_read_again(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)

        answer = post(number, body(), key="the first one", headers=headers)

        assert answer.status_code == 200, answer.content
        filed = answer.json()
        assert (filed["version"], filed["is_on_time"]) == (1, True)
        again = Client().get(f"/api/returns/{filed['return_id']}", headers=headers).json()
        assert again == filed
        listed = Client().get(f"/api/tax-accounts/{number}/returns", headers=headers).json()
        assert {each["starts_on"]: each["return_id"] for each in listed}["2026-07-01"] == (
            filed["return_id"]
        )

    def test_asked_twice_with_one_key_it_is_filed_once(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)

        first = post(number, body(), key="sent twice", headers=headers)
        second = post(number, body(), key="sent twice", headers=headers)

        assert first.status_code == 200
        assert second.json() == first.json()

    def test_a_key_stands_for_one_content(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        post(number, body(), key="used before", headers=headers)

        answer = post(number, body(lines=[]), key="used before", headers=headers)

        assert answer.status_code == 422
        assert answer.json()["type"] == "key-used-for-other-content"

    def test_a_duplicate_with_another_key_shows_the_other(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        post(number, body(), key="one of two", headers=headers)

        answer = post(number, body(), key="two of two", headers=headers)

        assert (answer.status_code, answer.json()["type"]) == (422, "is-filed-already")

    def test_everything_wrong_is_said_and_the_key_is_free(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        wrong = [
            {
                "region": "MS",
                "business_class": "11",
                "gross_cents": 100,
                "deductions": [{"code": "503", "amount_cents": 200}],
            },
            {"region": "MS", "business_class": "15", "gross_cents": -5},
        ]

        refused = post(number, body(lines=wrong), key="corrected", headers=headers)
        taken = post(number, body(), key="corrected", headers=headers)

        assert (refused.status_code, len(refused.json()["problems"])) == (422, 3)
        for each in refused.json()["problems"]:
            # A sentence that says where: no object as the program has it.
            assert each.startswith("Line ")
            assert each.endswith(".")
        assert taken.status_code == 200

    def test_a_day_to_come_is_refused(self, number: int, key_of: KeyOf) -> None:
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        month = (tomorrow.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)

        answer = post(
            number,
            body(starts_on=f"{month}", received_on=f"{tomorrow}"),
            key="too early",
            headers=key_of(COORDINATOR),
        )

        assert (answer.status_code, answer.json()["type"]) == (422, "malformed")
        assert "still to come" in answer.json()["problems"][0]

    def test_who_read_it_is_kept(self, number: int, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        filed = post(number, body(), key="read later", headers=headers).json()
        seen = action_log.Action.objects.filter(verb="see", subject_id=filed["return_id"])
        before = seen.count()

        Client().get(f"/api/returns/{filed['return_id']}", headers=headers)

        assert seen.count() == before + 1

    def test_what_is_not_as_described_is_named(self, number: int, key_of: KeyOf) -> None:
        answer = post(
            number, body(received_on="soon"), key="malformed", headers=key_of(COORDINATOR)
        )

        assert (answer.status_code, answer.json()["type"]) == (422, "malformed")
        assert "received_on" in answer.json()["problems"][0]
