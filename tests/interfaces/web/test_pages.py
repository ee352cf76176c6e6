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
    "/businesses/": 10,
    "/businesses/?q=saenz": 12,
    "/businesses/add/": 12,
    "/licenses/fee/": 12,
    "/licenses/fee/?license_type=auction_house&issued_on=2026-06-17": 14,
    "/licenses/fee/license_fee/why/?license_type=auction_house&issued_on=2026-06-17": 14,
    "/licenses/": 12,
    "/applications/": 12,
    "/sign-offs/": 14,
    "/renewals/": 24,
    "/requisitions/": 14,
    "/non-filers/": 14,
    "/waivers/": 14,
    "/runs/": 10,
    "/runs/{today}/": 16,
    "/work/": 10,
    "/till/": 12,
    "/receipts/": 10,
    "/tables/": 24,
    "/tables/{table}/": 14,
    "/lists/": 12,
    "/lists/of/tender%20kind/": 20,
    "/lists/of/tender%20kind/code/?code=cash": 16,
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


class TestAReceipt:
    @pytest.mark.parametrize("asked", ["{0}", "receipt {0}", "Recibo {0}", "receipt #{0}"])
    def test_is_found_by_its_number_as_it_is_spoken(self, supervisor: Client, asked: str) -> None:
        supervisor.post("/till/open/", {"name": "9", "float_cents": "100"})
        account = first(ACCOUNT, supervisor, f"/search/?q={city.STREET}")
        supervisor.post("/till/scan/", {"scanned": account})
        page = supervisor.get("/till/").content.decode()
        fields = dict(re.findall(r'name="(pays_\d+|key)"[^>]* value="([^"]*)"', page))
        form = {name: "1" if name != "key" else value for name, value in fields.items()}
        taken = supervisor.post(
            "/till/take/", {**form, "tender_cash": "1", **seen(page)}, follow=True
        )
        place = re.search(r'href="(/receipts/(\d+)/(\d+)/)"', taken.content.decode())
        assert place is not None

        answer = supervisor.get("/search/", {"q": asked.format(f"{place[2]}-{place[3]}")})

        assert answer["Location"] == place[1]

    @pytest.mark.parametrize("asked", ["receipt 1-99999999999999999999", "\u0661-\u0662", "9" * 30])
    def test_that_cannot_be_is_not_found(self, supervisor: Client, asked: str) -> None:
        assert supervisor.get("/search/", {"q": asked}).status_code == 200

    def test_that_is_void_says_so_on_the_accounts_pages(self, supervisor: Client) -> None:
        supervisor.post("/till/open/", {"name": "9", "float_cents": "100"})
        account = first(ACCOUNT, supervisor, f"/search/?q={city.STREET}")
        supervisor.post("/till/scan/", {"scanned": account})
        page = supervisor.get("/till/").content.decode()
        fields = dict(re.findall(r'name="(pays_\d+|key)"[^>]* value="([^"]*)"', page))
        form = {name: "2" if name != "key" else value for name, value in fields.items()}
        supervisor.post("/till/take/", {**form, "tender_cash": "2", **seen(page)})
        page = supervisor.get("/till/").content.decode()
        number = re.search(r'name="number" value="(\d+)"', page)
        reason = re.search(r'<option value="(\d+)"', page)
        assert number is not None
        assert reason is not None

        supervisor.post("/till/void/", {"number": number[1], "reason": reason[1]})

        history = supervisor.get(f"/accounts/{account}/history/").content.decode()
        payments = supervisor.get(f"/accounts/{account}/payments/").content.decode()
        assert "Receipt voided" in history
        assert "Payment returned" not in history
        assert 'mark--bad">void<' in payments


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

    def test_of_an_account_begins_with_its_terms_and_costs_what_its_bill_did(
        self, supervisor: Client
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select distinct on (account.number) account.number, bill.total_cents"
                " from utilities_bill bill join accounts_account account"
                " on account.subledger_id = bill.account_id"
                " where not exists ("
                "  select from utilities_bill_cancellation cancelled"
                "  where cancelled.bill_id = bill.id)"
                " order by account.number, bill.bill_day desc limit 12"
            )
            billed = cursor.fetchall()

        differ = []
        for number, total_cents in billed:
            begun = supervisor.get(f"/quote/?account={number}").context["form"].initial
            asked = {
                name: "on" if value is True else value
                for name, value in begun.items()
                if value is not None and value is not False
            }
            asked.setdefault("phase", "single")
            asked.setdefault("water_size", "5/8")
            answer = supervisor.get("/quote/", {"account": number, **asked}).context["answer"]
            if answer is None or answer.total_cents != total_cents:
                differ.append((number, total_cents, answer, asked))

        assert len(billed) == 12
        assert differ == []

    def test_reads_no_other_digits_than_amounts_do(self, supervisor: Client) -> None:
        answer = supervisor.get(
            "/quote/?rate_class=residential&starts_on=2026-10-01&ends_before=2026-11-01"
            "&water=\u0661\u0662&water_size=5/8&phase=single"
        )

        assert answer.status_code == 422
        assert "Enter a number." in answer.content.decode()

    def test_says_what_is_missing(self, supervisor: Client) -> None:
        answer = supervisor.get(
            "/quote/?rate_class=residential&starts_on=2026-10-01&ends_before=2026-11-01"
            "&water_size=5/8&phase=single"
        )

        assert answer.status_code == 422
        assert "Give the water or the electricity" in answer.content.decode()


def seen(page: str) -> dict[str, str]:
    """Return the balances that a page says were seen, as its form sends them."""
    return dict(re.findall(r'type="hidden" form="take" name="(seen_\d+)" value="(-?\d+)"', page))


class TestTwoCashiersOnOneAccount:
    def test_are_told_and_an_advance_is_taken_only_when_it_is_ticked(
        self, supervisor: Client, cashier: Client, places: dict[str, str]
    ) -> None:
        forms = {}
        for browser, name in ((supervisor, "9"), (cashier, "5")):
            browser.post("/till/open/", {"name": name, "float_cents": "100"})
            browser.post("/till/scan/", {"scanned": places["account"]})
            page = browser.get("/till/").content.decode()
            field = re.search(r'name="(pays_\d+)"', page)
            key = re.search(r'name="key" value="([^"]+)"', page)
            assert field is not None
            assert key is not None
            forms[browser] = {
                "key": key[1], field[1]: "900.00", "tender_cash": "900", **seen(page),
            }  # fmt: skip
            named = field[1].replace("pays", "seen")

        first = supervisor.post("/till/take/", forms[supervisor])
        refused = cashier.post("/till/take/", forms[cashier])
        box = re.search(rf'type="checkbox" form="take" name="{named}" value="(-?\d+)"',
                        refused.content.decode())  # fmt: skip
        assert box is not None
        unticked = cashier.post(
            "/till/take/", {name: value for name, value in forms[cashier].items() if name != named}
        )
        ticked = cashier.post("/till/take/", {**forms[cashier], named: box[1]})

        assert first.status_code == 302
        assert (refused.status_code, unticked.status_code) == (422, 422)
        assert "Paid or charged elsewhere meanwhile" in refused.content.decode()
        assert 'type="checkbox" form="take"' in unticked.content.decode()
        assert ticked.status_code == 302


class TestAmountsBeyondReason:
    @pytest.mark.parametrize("typed", ["1" + "0" * 15, "9" * 17, "7259781033"])
    def test_are_refused_in_words_wherever_money_is_typed(
        self, supervisor: Client, places: dict[str, str], typed: str
    ) -> None:
        supervisor.post("/till/open/", {"name": "9", "float_cents": "100"})
        supervisor.post("/till/scan/", {"scanned": places["account"]})
        page = supervisor.get("/till/").content.decode()
        field = re.search(r'name="(pays_\d+)"', page)
        assert field is not None

        taken = supervisor.post(
            "/till/take/", {"key": "k", field[1]: "5", "tender_cash": typed, **seen(page)}
        )
        counted = supervisor.post("/till/close/", {"total_check": typed})

        for answer in (taken, counted):
            assert answer.status_code == 422
            assert "is more than can be entered here, $99,999,999.99" in answer.content.decode()


class TestAFormThatNamesNoAccount:
    @pytest.mark.parametrize("account", ["99999999", "9" * 20, "-1", "x", "١٢"])
    def test_is_answered_without_breaking(self, supervisor: Client, account: str) -> None:
        supervisor.post("/till/open/", {"name": "9", "float_cents": "100"})

        for address in ("/till/take/", "/till/figures/"):
            answer = supervisor.post(address, {"key": "k", f"pays_{account}": "5"})

            assert answer.status_code == 404


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
            "/till/take/",
            {"key": key[1], field[1]: "12.00", "tender_cash": "5", **seen(page)},
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
        form = {"key": key[1], field[1]: "3.00", "tender_cash": "5", **seen(page)}

        once = supervisor.post("/till/take/", form)
        again = supervisor.post("/till/take/", form)
        other = supervisor.post("/till/take/", {**form, "tender_cash": "6"})

        assert once["Location"] == again["Location"]
        assert other.status_code == 422
