"""Pages of a city with history: what they show, and how many statements each takes."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client, utils

from tests.browser import city

ACCOUNT = re.compile(r'href="/accounts/(\d+)/"')
BILL = re.compile(r'href="/bills/(\d+)/"')
TABLE = re.compile(r'href="/tables/(\d+)/"')

# Statements that a page may take, its session and the action log's row among them.
BOUNDS = {
    "/": 24,
    "/search/?q={street}": 10,
    "/accounts/{account}/": 22,
    "/accounts/{account}/bills/": 16,
    "/accounts/{account}/payments/": 56,
    "/accounts/{account}/services/": 20,
    "/accounts/{account}/history/": 18,
    "/bills/{bill}/": 16,
    "/bills/{bill}/lines/1/why/": 12,
    "/bills/{bill}/why/": 12,
    "/bills/{bill}/due/why/": 16,
    "/accounts/{account}/balance/why/": 14,
    "/accounts/{account}/past-due/why/": 14,
    "/bills/{bill}/cancel/": 16,
    "/quote/": 12,
    "/runs/": 10,
    "/runs/{today}/": 16,
    "/work/": 10,
    "/till/": 12,
    "/receipts/": 10,
    "/tables/": 24,
    "/tables/{table}/": 10,
    "/keys/": 8,
}


def first(pattern: re.Pattern[str], browser: Client, address: str) -> str:
    found = pattern.search(browser.get(address).content.decode())
    assert found is not None, address
    return found[1]


@pytest.fixture
def places(supervisor: Client) -> dict[str, str]:
    account = first(ACCOUNT, supervisor, f"/search/?q={city.STREET}")
    return {
        "street": city.STREET,
        "account": account,
        "bill": first(BILL, supervisor, f"/accounts/{account}/bills/"),
        "table": first(TABLE, supervisor, "/tables/"),
        "today": str(city.today()),
    }


class TestEveryPage:
    @pytest.mark.parametrize("page", BOUNDS)
    def test_takes_a_bounded_number_of_statements(
        self, supervisor: Client, places: dict[str, str], page: str
    ) -> None:
        address = page.format(**places)
        supervisor.get(address)

        with utils.CaptureQueriesContext(connection) as asked:
            connection.force_debug_cursor = True
            answer = supervisor.get(address)

        assert answer.status_code == 200
        statements = [each["sql"] for each in asked.captured_queries]
        assert 0 < len(statements) <= BOUNDS[page], "\n".join(each[:120] for each in statements)


class TestTheSearch:
    def test_opens_the_bill_that_an_exact_number_names(
        self, supervisor: Client, places: dict[str, str]
    ) -> None:
        answer = supervisor.get(f"/search/?q={places['bill']}")

        assert answer["Location"] == f"/bills/{places['bill']}/"

    def test_answers_a_partial_while_someone_types(
        self, supervisor: Client, places: dict[str, str]
    ) -> None:
        answer = supervisor.get(
            f"/search/?q={places['street']}", headers={"HX-Request": "true"}
        ).content.decode()

        assert "<html" not in answer
        assert "/accounts/" in answer

    def test_says_when_there_are_too_few_letters(self, supervisor: Client) -> None:
        answer = supervisor.get("/search/?q=ac", headers={"HX-Request": "true"})

        assert "three letters" in answer.content.decode()

    def test_finds_an_account_by_its_meter(self, supervisor: Client) -> None:
        answer = supervisor.get("/search/?q=W000000001")

        assert answer["Location"].startswith("/accounts/")


class TestABill:
    def test_is_given_as_the_same_bytes_twice(
        self, supervisor: Client, places: dict[str, str]
    ) -> None:
        first_time = supervisor.get(f"/bills/{places['bill']}/pdf/")
        second_time = supervisor.get(f"/bills/{places['bill']}/pdf/")

        assert first_time["Content-Type"] == "application/pdf"
        assert first_time.content == second_time.content

    def test_that_is_not_there_is_said_in_words(self, supervisor: Client) -> None:
        answer = supervisor.get("/bills/12345678901/")

        assert answer.status_code == 404
        assert "Nothing here" in answer.content.decode()


class TestWhatWasSeen:
    def test_is_in_the_action_log(self, supervisor: Client, places: dict[str, str]) -> None:
        supervisor.get(f"/accounts/{places['account']}/")

        with connection.cursor() as cursor:
            cursor.execute(
                "select verb, subject_kind, detail ->> 'page' from action_log_action"
                " where subject_id = %s order by id desc limit 1",
                [int(places["account"])],
            )
            row = cursor.fetchone()
        assert row == ("see", "account", f"/accounts/{places['account']}/")


class TestAQuote:
    def test_costs_what_the_same_usage_cost_on_the_tables(self, supervisor: Client) -> None:
        answer = supervisor.get(
            "/quote/?rate_class=residential&inside_city=on&starts_on=2026-10-01"
            "&ends_before=2026-11-01&water=8.5&water_size=5/8&phase=single"
        ).content.decode()

        assert "$40.95" in answer
        assert "for 31 days" in answer

    def test_says_what_is_missing(self, supervisor: Client) -> None:
        answer = supervisor.get(
            "/quote/?rate_class=residential&starts_on=2026-10-01&ends_before=2026-11-01"
            "&water_size=5/8&phase=single"
        )

        assert answer.status_code == 422
        assert "Give the water or the electricity" in answer.content.decode()


class TestTheTill:
    def test_refuses_too_little_money_in_words(
        self, supervisor: Client, places: dict[str, str]
    ) -> None:
        supervisor.post("/till/open/", {"name": "9", "float_cents": "100"})
        supervisor.post("/till/scan/", {"scanned": places["account"]})
        page = supervisor.get("/till/").content.decode()
        field = re.search(r'name="(pays_\d+)"', page)
        key = re.search(r'name="key" value="([^"]+)"', page)
        assert field is not None
        assert key is not None

        answer = supervisor.post(
            "/till/take/", {"key": key[1], field[1]: "12.00", "tender_cash": "5"}
        )

        assert answer.status_code == 422
        assert "$7.00 is still missing" in answer.content.decode()

    def test_gives_one_receipt_for_one_form_sent_again(
        self, supervisor: Client, places: dict[str, str]
    ) -> None:
        supervisor.post("/till/open/", {"name": "9", "float_cents": "100"})
        supervisor.post("/till/scan/", {"scanned": places["account"]})
        page = supervisor.get("/till/").content.decode()
        field = re.search(r'name="(pays_\d+)"', page)
        key = re.search(r'name="key" value="([^"]+)"', page)
        assert field is not None
        assert key is not None
        form = {"key": key[1], field[1]: "3.00", "tender_cash": "5"}

        once = supervisor.post("/till/take/", form)
        again = supervisor.post("/till/take/", form)
        other = supervisor.post("/till/take/", {**form, "tender_cash": "6"})

        assert once["Location"] == again["Location"]
        assert other.status_code == 422
