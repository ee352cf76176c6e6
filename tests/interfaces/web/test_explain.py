"""“Why?” beside amounts: in its place, on a page of its own, in two languages, and as a letter."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions
from tests.browser import city
from tests.interfaces.web import test_work as work

WHY = re.compile(r'<a class="why" href="([^"]+)" aria-expanded="false" aria-controls="([^"]+)"')
IN_PLACE = {"HX-Request": "true"}
QUOTED = (
    "/quote/?rate_class=residential&inside_city=on&starts_on=2026-10-01"
    "&ends_before=2026-11-01&water=8.5&water_size=5/8&phase=single"
)


def only(sql: str) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[int, ...] | None = cursor.fetchone()
    assert row is not None, sql
    return row


@pytest.fixture
def account(supervisor: Client) -> int:
    """The number of an account that owes something."""
    del supervisor
    (number,) = only(
        "select account.number from accounts_account account join receivables_openitem open"
        " on open.account_id = account.subledger_id and open.open_cents > 0 and open.kind = 1"
        " order by account.number limit 1"
    )
    return number


def whys(browser: Client, address: str) -> list[str]:
    """Return where every “Why?” of a page leads, having seen that each opens in its place."""
    page = browser.get(address).content.decode()
    found = WHY.findall(page)
    panels = [panel for _, panel in found]
    assert len(set(panels)) == len(panels), "two explanations share a place"
    for panel in panels:
        assert f'id="{panel}"' in page
    return [href.replace("&amp;", "&") for href, _ in found]


class TestEveryWhy:
    @pytest.mark.parametrize("tab", ["", "bills/", "payments/", "history/"])
    def test_of_an_account_explains_and_is_equal(
        self, supervisor: Client, account: int, tab: str
    ) -> None:
        for address in whys(supervisor, f"/accounts/{account}/{tab}"):
            answer = supervisor.get(address, headers=IN_PLACE).content.decode()

            assert "<html" not in answer, address
            assert "recomputed just now: equal" in answer, address

    def test_of_a_bill_explains_and_is_equal(self, supervisor: Client) -> None:
        (number,) = only("select number from utilities_bill order by line_count desc, id limit 1")

        addresses = whys(supervisor, f"/bills/{number}/")

        assert {f"/bills/{number}/why/", f"/bills/{number}/due/why/"} <= set(addresses)
        for address in addresses:
            answer = supervisor.get(address).content.decode()
            assert "<html" in answer
            assert "recomputed just now: equal" in answer, address

    def test_of_a_quote_explains_and_is_equal(self, supervisor: Client) -> None:
        addresses = whys(supervisor, QUOTED)

        assert len(addresses) > 3
        for address in addresses:
            answer = supervisor.get(address, headers=IN_PLACE).content.decode()
            assert "recomputed just now: equal" in answer, address


class TestAPageOfItsOwn:
    def test_leads_back_to_the_account_that_it_is_about(
        self, supervisor: Client, account: int
    ) -> None:
        (address,) = [
            each for each in whys(supervisor, f"/accounts/{account}/") if "/items/" in each
        ][:1]

        page = supervisor.get(address).content.decode()

        assert f'href="/accounts/{account}/"' in page

    def test_reads_in_spanish(self, supervisor: Client) -> None:
        (number,) = only("select number from utilities_bill order by id limit 1")
        supervisor.post("/language/", {"language": "es", "next": "/"})

        page = supervisor.get(f"/bills/{number}/lines/1/why/").content.decode()

        assert "recalculado ahora: igual" in page
        assert "De dónde vino" in page

    @pytest.mark.parametrize(
        "address",
        ["/items/1/why/", "/late-charges/1/why/", "/payments/1/1/why/", "/reads/1/why/"],
    )
    def test_of_nothing_says_that_there_is_nothing(self, supervisor: Client, address: str) -> None:
        answer = supervisor.get(address.replace("/1/", "/987654321/"))

        assert answer.status_code == 404


class TestAWorkItem:
    def test_of_a_held_bill_names_the_row_that_holds_it(self, supervisor: Client) -> None:
        item = work.held_item()
        page = work.taken(item, supervisor)
        assert whys(supervisor, page) == [f"{page}why/"]

        why = supervisor.get(f"{page}why/", headers=IN_PLACE).content.decode()

        assert "is held: more than twice the bill before" in why
        assert "recomputed just now: equal" in why

    def test_about_a_doubtful_read_names_the_row(self, supervisor: Client) -> None:
        place = work.places()[0]
        item = work.read_item(place, reading=place.reading + 8765)

        why = supervisor.get(f"/work/{item.id}/why/", headers=IN_PLACE).content.decode()

        assert "more than twice the usual use" in why
        assert "recomputed just now: equal" in why

    def test_that_no_table_decided_has_no_explanation(self, supervisor: Client) -> None:
        with transactions.started():
            work_items.raise_items(
                items=[
                    work_items.NewItem(
                        kind="run",
                        reason="a till was not closed",
                        cause_key="till 7 left open",
                        subject_kind="till",
                        subject_id=7,
                        due_on=city.today(),
                        detail={},
                    )
                ],
                at=timezone.now(),
            )
        (item_id,) = only("select id from work_items_workitem where cause_key = 'till 7 left open'")

        assert supervisor.get(f"/work/{item_id}/why/").status_code == 404


class TestTheLetter:
    def test_is_a_pdf_that_explains_every_line(self, supervisor: Client) -> None:
        (number,) = only("select number from utilities_bill order by id limit 1")

        answer = supervisor.get(f"/bills/{number}/explanation/")

        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert supervisor.get("/bills/12345678901/explanation/").status_code == 404
