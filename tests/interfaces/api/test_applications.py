"""An application by programs: entered, told of, charged; issued only when nothing is in the way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.utils import timezone

from fisc.plumbing.users import choices
from tests.interfaces.api.conftest import KeyOf

COORDINATOR = choices.GroupName.ACCOUNT_COORDINATOR
PLACE = {
    "house_number": "12",
    "street": "North Oak Street",
    "city": "Mesquite Springs",
    "state": "FL",
    "zip": "00001",
}


def post(address: str, sent: object, *, key: str, headers: Mapping[str, str]) -> Any:
    return Client().post(
        f"/api{address}",
        json.dumps(sent),
        content_type="application/json",
        headers={**headers, "Idempotency-Key": key},
    )


def business(name: str, headers: Mapping[str, str]) -> Any:
    sent = {"name": name, "began_on": "2026-01-05", "place": {**PLACE, "house_number": name[-2:]}}
    return post("/businesses", sent, key=f"business {name}", headers=headers)


def application(business_id: int, headers: Mapping[str, str], *, key: str) -> Any:
    sent = {
        "license_type": "auction_house",
        "business_id": business_id,
        "begins_on": f"{timezone.localdate()}",
    }
    return post("/applications", sent, key=key, headers=headers)


class TestBusinesses:
    def test_one_is_entered_found_and_shown(self, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)

        entered = business("Saguaro Sales 17", headers)

        assert entered.status_code == 200, entered.content
        found = Client().get("/api/businesses?text=saguaro", headers=headers).json()
        assert [each["business_id"] for each in found] == [entered.json()["business_id"]]

    def test_a_look_alike_is_refused_until_it_is_said_to_be_another(self, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        first = business("Ocotillo Trading 18", headers).json()["business_id"]
        sent = {"name": "Ocotillo Trading 18", "began_on": "2026-01-05", "place": PLACE}

        refused = post("/businesses", sent, key="another one", headers=headers)
        taken = post(
            "/businesses", {**sent, "are_others": [first]}, key="is another", headers=headers
        )

        assert (refused.status_code, refused.json()["type"]) == (422, "looks-like-another")
        assert taken.status_code == 200


class TestApplications:
    def test_what_is_missing_is_said_until_it_is_told(self, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        business_id = business("Cholla Auctions 19", headers).json()["business_id"]

        started = application(business_id, headers, key="one application")
        again = application(business_id, headers, key="one application")
        number = started.json()["application_id"]
        refused = post(f"/applications/{number}/complete", {}, key="too early", headers=headers)

        assert again.json()["application_id"] == number
        assert started.json()["status"] == "started"
        assert refused.status_code == 422
        assert refused.json()["type"] == "not-complete"
        assert refused.json()["problems"] == started.json()["missing"]
        assert started.json()["missing"]

    def test_nothing_is_issued_while_something_is_in_the_way(self, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        business_id = business("Palo Verde Auctions 20", headers).json()["business_id"]
        number = application(business_id, headers, key="an application").json()["application_id"]

        answer = post(f"/applications/{number}/issue", {}, key="issue it now", headers=headers)

        assert (answer.status_code, answer.json()["type"]) == (422, "cannot-be-issued")
        assert answer.json()["problems"]

    def test_an_unknown_type_is_refused_in_words(self, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)
        business_id = business("Mesa Auctions 21", headers).json()["business_id"]
        sent = {"license_type": "zoo", "business_id": business_id, "begins_on": "2199-01-01"}

        answer = post("/applications", sent, key="a zoo of ours", headers=headers)

        assert answer.status_code == 422
        assert "zoo" in answer.json()["problems"][0]


class TestLicenses:
    def test_are_listed_whole_by_type_or_by_status(self, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)

        for asked in ("", "?license_type=auction_house", "?status=active", "?before_id=5"):
            answer = Client().get(f"/api/licenses{asked}", headers=headers)
            assert (answer.status_code, answer.json()) == (200, []), asked

    def test_what_is_no_code_is_refused(self, key_of: KeyOf) -> None:
        headers = key_of(COORDINATOR)

        for asked in ("?license_type=zoo", f"?status={'x' * 101}", "?license_type=a%00"):
            answer = Client().get(f"/api/licenses{asked}", headers=headers)
            assert answer.status_code in (404, 422), asked
