"""Batches on pages: counted, keyed one after another, keyed again by another, balanced, posted."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.queries import batches as queries
from fisc.domain.tax_returns.queries import returns
from fisc.plumbing.users import queries as users
from tests import databases
from tests.browser import city
from tests.factories import tax_pages
from tests.factories import users as people

CAME = f"{tax_pages.YEAR}-02-15"
# 5,000.00 of a restaurant's receipts at 1.8 percent: 90.00. 300,000.00: 5,400.00.
LITTLE = {"region-1": "MS", "class-1": "11", "gross-1": "5,000.00", "remitted": "90.00"}
MUCH = {"region-1": "MS", "class-1": "11", "gross-1": "300,000.00", "remitted": "5,400.00"}
SENT = {"received_on": CAME, "amends": "", "do": "file"}

pytestmark = pytest.mark.usefixtures("lived_in_city")


@pytest.fixture
def coordinator(lived_in_city: databases.CityDatabase) -> Client:
    """A browser of another person who keys returns."""
    assert lived_in_city.name
    username, _ = city.SIGN_INS["coordinator"]
    return people.browser_of(users.user_id(username=username))


def opened(browser: Client, **counted: str) -> int:
    answer = browser.post(
        "/returns/batches/", {"words": "Monday's mail", "key": uuid.uuid4().hex, **counted}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def key(browser: Client, batch_id: int, made: tax_pages.TaxAccount, said: dict[str, str]) -> int:
    """Key a return the way a clerk does: the number, the form, and back to the batch."""
    form = browser.get(f"/returns/batches/{batch_id}/", {"account": made.number})["Location"]
    answer = browser.post(form, {**SENT, **said})
    assert answer["Location"] == f"/returns/batches/{batch_id}/"
    return queries.batch(batch_id).returns[-1].keyed_id


class TestABatch:
    def test_is_keyed_balanced_and_posted(self, supervisor: Client) -> None:
        one, two = tax_pages.restaurant(), tax_pages.restaurant()
        batch_id = opened(supervisor, count="2", tax_cents="180.00", remitted_cents="180.00")
        address = f"/returns/batches/{batch_id}/"
        key(supervisor, batch_id, one, LITTLE)

        page = supervisor.get(address)
        assert [(each.name, each.difference) for _, each in page.context["totals"]] == [
            ("Returns", -1), ("Tax due", -90_00), ("Remitted", -90_00),
        ]  # fmt: skip
        assert page.context["can_post"] is False
        assert supervisor.post(f"{address}post/", follow=True).status_code == 200
        assert returns.versions_of(one.account_id, starts_on=tax_pages.FIRST) == ()

        key(supervisor, batch_id, two, LITTLE)
        assert supervisor.get(address).context["can_post"] is True
        supervisor.post(f"{address}post/")
        supervisor.post(f"{address}post/")

        done = supervisor.get(address)
        assert (done.context["filed"], done.context["held"]) == (2, 0)
        for made in (one, two):
            (kept,) = returns.versions_of(made.account_id, starts_on=tax_pages.FIRST)
            assert kept.tax_due_cents == 90_00

    def test_goes_on_to_the_next_period_of_the_account(self, supervisor: Client) -> None:
        made = tax_pages.restaurant()
        batch_id = opened(supervisor, count="2", net_cents="180.00")
        key(supervisor, batch_id, made, LITTLE)

        answer = supervisor.get(f"/returns/batches/{batch_id}/", {"account": made.number})

        assert answer["Location"].endswith(f"/{made.number}/{tax_pages.YEAR}-02-01/")

    def test_is_opened_once_however_often_it_is_sent(self, supervisor: Client) -> None:
        sent = {"words": "Box 2", "key": uuid.uuid4().hex, "count": "1", "net_cents": "1.00"}

        first, second = (supervisor.post("/returns/batches/", sent) for _ in range(2))

        assert first["Location"] == second["Location"]
        assert models.Batch.objects.filter(words="Box 2").count() == 1
        other = supervisor.post("/returns/batches/", {**sent, "count": "2"})
        assert other.status_code == 422

    def test_without_a_sum_is_refused(self, supervisor: Client) -> None:
        answer = supervisor.post("/returns/batches/", {"words": "a", "count": "1", "key": "k"})

        assert answer.status_code == 422
        assert "at least one sum" in answer.content.decode()

    def test_says_everything_wrong_with_a_return_and_keys_nothing(self, supervisor: Client) -> None:
        made = tax_pages.restaurant()
        batch_id = opened(supervisor, count="1", net_cents="90.00")
        form = supervisor.get(f"/returns/batches/{batch_id}/", {"account": made.number})["Location"]

        page = supervisor.post(
            form, {**SENT, "region-1": "XX", "class-1": "11", "gross-1": "-5", "remitted": "-1"}
        )

        assert page.status_code == 422
        for each in ("wrong-region-1", "wrong-gross-1", "wrong-remitted"):
            assert each in page.content.decode()
        assert queries.batch(batch_id).returns == []

    def test_has_a_return_once_and_lets_it_be_taken_out_with_a_word(
        self, supervisor: Client
    ) -> None:
        made = tax_pages.one_month()
        batch_id = opened(supervisor, count="1", net_cents="90.00")
        keyed_id = key(supervisor, batch_id, made, LITTLE)
        form = f"/returns/batches/{batch_id}/{made.number}/{tax_pages.FIRST}/"

        again = supervisor.post(form, {**SENT, **LITTLE})
        assert again.status_code == 422
        assert "is in the batch already" in again.content.decode()
        none = supervisor.get(f"/returns/batches/{batch_id}/", {"account": made.number})
        assert none.status_code == 422

        supervisor.post(f"/returns/keyed/{keyed_id}/take-out/", {"why": ""})
        assert len(queries.batch(batch_id).returns) == 1
        supervisor.post(f"/returns/keyed/{keyed_id}/take-out/", {"why": "another stack's"})
        assert queries.batch(batch_id).returns == []

    def test_has_its_totals_corrected_while_it_is_open(self, supervisor: Client) -> None:
        batch_id = opened(supervisor, count="1", net_cents="90.01", gross_cents="5000")
        key(supervisor, batch_id, tax_pages.restaurant(), LITTLE)
        right = {"count": "1", "net_cents": "90.00", "gross_cents": "5000.00"}

        supervisor.post(f"/returns/batches/{batch_id}/totals/", right)

        assert supervisor.get(f"/returns/batches/{batch_id}/").context["can_post"] is True
        wrong = supervisor.post(f"/returns/batches/{batch_id}/totals/", {"count": "0"})
        assert wrong.status_code == 422

    def test_holds_what_was_filed_meanwhile_and_posts_the_rest(self, supervisor: Client) -> None:
        one, two = tax_pages.restaurant(), tax_pages.restaurant()
        batch_id = opened(supervisor, count="2", net_cents="180.00")
        for made in (one, two):
            key(supervisor, batch_id, made, LITTLE)
        supervisor.post(one.entry(1), {**SENT, **LITTLE, "gross-1": "7"})

        supervisor.post(f"/returns/batches/{batch_id}/post/")

        page = supervisor.get(f"/returns/batches/{batch_id}/")
        assert (page.context["filed"], page.context["held"]) == (1, 1)
        (held,) = [each for each in queries.batch(batch_id).returns if each.item_id]
        mended = supervisor.get(f"/returns/held/{held.item_id}/")
        assert mended.context["grid"].rows[0].gross.text == "5000.00"
        assert f"/returns/batches/{batch_id}/" in mended.content.decode()

    def test_is_listed_by_where_it_stands(self, supervisor: Client) -> None:
        batch_id = opened(supervisor, count="1", net_cents="90.00")
        key(supervisor, batch_id, tax_pages.restaurant(), LITTLE)

        listed = {
            each.batch_id: mark.words
            for each, mark in supervisor.get("/returns/batches/").context["batches"]
        }

        assert listed[batch_id] == "balanced"

    def test_opens_for_nobody_who_may_not_key(self, cashier: Client) -> None:
        for each in ("", "1/"):
            assert cashier.get(f"/returns/batches/{each}").status_code == 403
        assert cashier.post("/returns/keyed/1/take-out/", {"why": "x"}).status_code == 403

    def test_of_no_number_is_not_there(self, supervisor: Client) -> None:
        for each in ("/returns/batches/999999/", "/returns/keyed/999999/again/",
                     "/returns/keyed/999999/settle/"):  # fmt: skip
            assert supervisor.get(each).status_code == 404


class TestTheSecondKeying:
    def waiting(self, browser: Client) -> tuple[int, int]:
        """Return a batch with a return of much money that another person keys again."""
        batch_id = opened(browser, count="1", net_cents="5,400.00")
        return batch_id, key(browser, batch_id, tax_pages.restaurant(), MUCH)

    def test_is_anothers_who_does_not_see_the_first(
        self, supervisor: Client, coordinator: Client
    ) -> None:
        batch_id, keyed_id = self.waiting(supervisor)
        address = f"/returns/keyed/{keyed_id}/again/"

        blank = coordinator.get(address)
        mine = supervisor.post(address, {**SENT, **MUCH})
        batch = coordinator.get(f"/returns/batches/{batch_id}/")

        assert blank.context["grid"].rows[0].gross.text == ""
        assert "300,000" not in blank.content.decode()
        assert batch.context["rows"][0].can_key_again
        assert mine.status_code == 422
        assert "Another person keys it" in mine.content.decode()
        coordinator.post(address, {**SENT, **MUCH})
        assert supervisor.get(f"/returns/batches/{batch_id}/").context["can_post"] is True

    def test_that_differs_shows_only_what_differs_and_is_settled_by_field(
        self, supervisor: Client, coordinator: Client
    ) -> None:
        batch_id, keyed_id = self.waiting(supervisor)
        other = {
            **MUCH, "gross-1": "300,009.00", "code-1-1": "503", "amount-1-1": "2.00",
            "remitted": "5,400.01",
        }  # fmt: skip
        answer = coordinator.post(f"/returns/keyed/{keyed_id}/again/", {**SENT, **other})
        address = f"/returns/keyed/{keyed_id}/settle/"
        assert answer["Location"] == address

        page = coordinator.get(address)
        assert [(row.first, row.second) for row in page.context["rows"]] == [
            ("5,400.00", "5,400.01"), ("300,000.00", "300,009.00"), ("nothing", "2.00"),
        ]  # fmt: skip
        unsaid = coordinator.post(address, {"field-1": "first", "field-2": "other",
                                            "other-2": "30x"})  # fmt: skip
        assert unsaid.status_code == 422
        assert [bool(row.wrong) for row in unsaid.context["rows"]] == [False, True, True]
        said = {"field-1": "second", "field-2": "other", "other-2": "300,000.50",
                "field-3": "first"}  # fmt: skip
        mine = supervisor.post(address, said)
        assert mine.status_code == 422

        coordinator.post(address, said)

        kept = queries.keyed(keyed_id)
        assert kept.is_settled
        assert (kept.gross_cents, kept.remitted_cents) == (300_000_50, 5_400_01)
        assert kept.came["lines"][0]["deductions"] == []
        assert queries.batch(batch_id).keyed.net_cents == kept.net_cents == 5_400_01

    def test_of_a_line_that_only_one_keyed_takes_it_out_or_in(
        self, supervisor: Client, coordinator: Client
    ) -> None:
        _, keyed_id = self.waiting(supervisor)
        two = {**MUCH, "region-2": "MS", "class-2": "17", "gross-2": "10.00", "code-2-1": "503",
               "amount-2-1": "1.00"}  # fmt: skip
        coordinator.post(f"/returns/keyed/{keyed_id}/again/", {**SENT, **two})
        address = f"/returns/keyed/{keyed_id}/settle/"
        rows = coordinator.get(address).context["rows"]
        assert [row.first for row in rows] == ["the line is not there", "nothing"]

        coordinator.post(address, {"field-1": "second", "field-2": "second"})

        lines = queries.keyed(keyed_id).came["lines"]
        assert [(each["business_class"], each["gross_cents"]) for each in lines] == [
            ("11", 300_000_00), ("17", 10_00),
        ]  # fmt: skip

    def test_says_what_the_tables_refuse_of_what_was_chosen(
        self, supervisor: Client, coordinator: Client
    ) -> None:
        _, keyed_id = self.waiting(supervisor)
        coordinator.post(
            f"/returns/keyed/{keyed_id}/again/", {**SENT, **MUCH, "gross-1": "300,001"}
        )

        page = coordinator.post(
            f"/returns/keyed/{keyed_id}/settle/", {"field-1": "other", "other-1": "-5"}
        )

        assert page.status_code == 422
        assert "below zero" in page.content.decode()
        assert not queries.keyed(keyed_id).is_settled
