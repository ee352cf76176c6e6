"""Keys open what their person may do, and nothing else opens anything."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from fisc.interfaces.api import doors, urls
from fisc.plumbing.action_log import models as action_log
from fisc.plumbing.users import choices
from fisc.plumbing.users import operations as users
from tests.factories import users as people
from tests.interfaces.api.conftest import ENDS_AT, KeyOf

FEE = "/api/license-fee?license_type=auction_house&issued_on=2026-06-17"
NOW = datetime.datetime.now(tz=datetime.UTC)


class TestKeys:
    def test_without_a_key_nothing_opens(self, api_city: object) -> None:
        answer = Client().get(FEE)

        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert "fisc_" in answer.json()["problems"][0]

    def test_a_key_opens_what_its_person_may_do(self, key_of: KeyOf) -> None:
        answer = Client().get(FEE, headers=key_of(choices.GroupName.CASHIER))

        assert answer.status_code == 200
        assert answer.json()["total_cents"] == sum(
            each["amount_cents"] for each in answer.json()["lines"]
        )

    def test_a_key_does_not_open_more(self, key_of: KeyOf) -> None:
        cashier = key_of(choices.GroupName.CASHIER)

        answer = Client().get("/api/tax-accounts/1000000009/returns", headers=cashier)

        assert answer.status_code == 403
        assert answer.json()["type"] == "not-allowed"

    @pytest.mark.parametrize("state", ["ended", "revoked", "other secret", "no number"])
    def test_a_key_that_is_not_in_force_opens_nothing(self, state: str, api_city: object) -> None:
        user_id = people.person(f"keeper of the {state}", choices.GroupName.SUPERVISOR)
        ends_at = NOW - datetime.timedelta(days=1) if state == "ended" else ENDS_AT
        key = users.make_api_key(user_id=user_id, name="a test", at=people.MADE_AT, ends_at=ends_at)
        number = int(key.split("_")[1])
        if state == "revoked":
            users.revoke_api_key(key_id=number, at=NOW)
        if state == "other secret":
            key = f"fisc_{number}_another"
        if state == "no number":
            key = key.replace(str(number), "²", 1)

        answer = Client().get(FEE, headers={"Authorization": f"Bearer {key}"})

        assert answer.status_code == 401

    def test_a_key_cannot_end_before_it_is_made(self, api_city: object) -> None:
        with pytest.raises(users.KeyEndsTooSoon, match="to come"):
            users.make_api_key(user_id=1, name="a test", at=NOW, ends_at=NOW)

    def test_what_was_shown_is_kept(self, key_of: KeyOf) -> None:
        before = action_log.Action.objects.filter(subject_kind="business").count()

        answer = Client().get("/api/businesses/4711", headers=key_of(choices.GroupName.SUPERVISOR))

        assert answer.status_code == 404
        assert "4711" in answer.json()["problems"][0]
        assert action_log.Action.objects.filter(subject_kind="business").count() == before


class TestDescription:
    def test_it_is_openapi_3_1_for_every_key(self, key_of: KeyOf) -> None:
        auditor = key_of(choices.GroupName.AUDITOR)

        answer = Client().get("/api/openapi.json", headers=auditor)

        assert answer.json()["openapi"].startswith("3.1")
        assert Client().get("/api/openapi.json").status_code == 401

    def test_every_operation_asks_for_a_permission(self) -> None:
        asked = {
            (path, method): operation.auth_callbacks
            for _, router in urls.api._routers
            for path, view in router.path_operations.items()
            for operation in view.operations
            for method in operation.methods
        }
        own = {
            key: callback
            for key, (callback, *_) in asked.items()
            if isinstance(callback, doors.Opens)
        }

        assert asked.keys() == own.keys()
        assert {key for key, door in own.items() if door.permission == doors.ANY} == {
            ("/openapi.json", "GET")
        }
