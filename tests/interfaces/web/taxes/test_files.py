"""Files of returns on pages: refused with every error, checked, taken in, held ones set right."""

from __future__ import annotations

import datetime

import pytest
from django.core.files import uploadedfile
from django.db import connection
from django.test import Client, utils
from django.utils import timezone

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.queries import held, return_files, returns
from fisc.domain.work_items import queries as work
from fisc.processes.return_files import operations
from tests import databases
from tests.factories import return_files as files
from tests.factories import tax_pages

FIRST = tax_pages.FIRST
CAME = datetime.date(tax_pages.YEAR, 2, 15)

pytestmark = pytest.mark.usefixtures("lived_in_city")


def sent(browser: Client, content: bytes, *, name: str = "january.csv") -> int:
    """Hand a file in and return the number of its page."""
    answer = browser.post(
        "/returns/files/", {"file": uploadedfile.SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 302, answer.context["errors"]
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def of(*some: tuple[int, str]) -> bytes:
    return files.as_csv(some, starts_on=FIRST, received_on=CAME)


def taken(file_id: int) -> return_files.FileSeen:
    return operations.take_kept_file(file_id, city="c", who="a worker", crew_size=1).file


class TestHandingIn:
    def test_a_file_that_cannot_be_read_is_refused_with_every_error(
        self, supervisor: Client
    ) -> None:
        content = of((1, "12x"), (2, "5")).replace(b"\n2,", b"\ntwo,")

        answer = supervisor.post(
            "/returns/files/", {"file": uploadedfile.SimpleUploadedFile("bad.csv", content)}
        )

        assert answer.status_code == 422
        said = answer.content.decode()
        assert "12x" in said
        assert "two" in said
        assert models.ReturnFile.objects.filter(name="bad.csv").count() == 0

    def test_the_same_bytes_lead_to_the_file_that_came(self, supervisor: Client) -> None:
        made = tax_pages.restaurant()
        content = of((made.number, "77.00"))

        assert sent(supervisor, content) == sent(supervisor, content, name="again.csv")


class TestAFile:
    def test_is_checked_then_taken_in_and_its_held_return_set_right(
        self, supervisor: Client
    ) -> None:
        good, bad = tax_pages.restaurant(), tax_pages.restaurant()
        file_id = sent(supervisor, of((good.number, "5000.00"), (bad.number, "-5.00")))
        address = f"/returns/files/{file_id}/"

        checked = supervisor.post(address)
        assert checked.context["checked"].taken == 1
        assert "below zero" in checked.content.decode()
        assert models.TaxReturn.objects.filter(account_id=good.account_id).count() == 0

        supervisor.post(f"{address}take/")
        seen = taken(file_id)
        assert (seen.taken, seen.held, seen.waiting) == (1, 1, 0)
        (item,) = supervisor.get(address).context["held"]
        page = supervisor.get(f"/returns/held/{item['item_id']}/")
        assert page.context["sheet"].grid.rows[0].gross.text == "-5.00"
        assert page.context["sheet"].wrong_count == 1
        assert (
            f"/returns/held/{item['item_id']}/"
            in supervisor.get(f"/work/{item['item_id']}/").content.decode()
        )

        filed = supervisor.post(
            f"/returns/held/{item['item_id']}/",
            {"received_on": f"{CAME}", "region-1": "MS", "class-1": "11", "gross-1": "5.00",
             "amends": "", "do": "file"},
        )  # fmt: skip

        (kept,) = returns.versions_of(bad.account_id, starts_on=FIRST)
        assert filed["Location"] == f"/returns/{kept.return_id}/"
        assert work.item(item_id=item["item_id"]).status == "done"
        assert supervisor.get(address).context["held"] == []
        assert supervisor.get(f"/returns/held/{item['item_id']}/").status_code == 200

    def test_of_an_account_that_is_not_there_is_opened_where_somebody_says(
        self, supervisor: Client
    ) -> None:
        made = tax_pages.restaurant()
        file_id = sent(supervisor, of((1234567890, "9.00")))
        (found,) = held.of_cause(taken(file_id).cause_key)
        address = f"/returns/held/{found.item.item_id}/"

        unknown = supervisor.get(address)
        there = supervisor.get(address, {"account": f"{made.number}", "period": f"{FIRST}"})

        assert "There is no account 1234567890." in unknown.content.decode()
        assert there.context["grid"].rows[0].gross.text == "9.00"

    def test_is_listed_with_totals(self, supervisor: Client) -> None:
        sent(supervisor, of((tax_pages.restaurant().number, "11.00")))

        page = supervisor.get("/returns/files/")

        assert page.context["totals"]["return_count"] >= 1

    def test_of_no_number_is_not_there(self, supervisor: Client) -> None:
        assert supervisor.get("/returns/files/999999/").status_code == 404
        assert supervisor.get("/returns/held/999999/").status_code == 404

    def test_opens_for_nobody_who_may_not_key(self, cashier: Client) -> None:
        assert cashier.get("/returns/files/").status_code == 403


class TestHoldingForLater:
    def test_what_was_keyed_comes_back_as_it_stood(self, supervisor: Client) -> None:
        made = tax_pages.restaurant()
        sent_in = {
            "received_on": f"{CAME}", "amends": "", "region-1": "MS", "class-1": "11",
            "gross-1": "12x", "code-1-1": "503", "amount-1-1": "4", "do": "hold",
        }  # fmt: skip

        answer = supervisor.post(made.entry(1), sent_in)

        assert answer.status_code == 302
        (item,) = work.of_subject(kind="return", subject_kind="account", subject_id=made.account_id)
        assert item.due_on == timezone.localdate()
        page = supervisor.get(f"/returns/held/{item.item_id}/")
        row = page.context["grid"].rows[0]
        assert (row.gross.text, row.pairs[0].amount.text) == ("12x", "4")
        assert accounts.names(account_ids=[made.account_id])[made.account_id][0] == made.number


def test_bounds(supervisor: Client, lived_in_city: databases.CityDatabase) -> None:
    """A file's page takes as many statements however many of its returns are held."""
    assert lived_in_city.name
    counts = []
    for many in (1, 12):
        some = [(tax_pages.restaurant().number, "-1.00") for _ in range(many)]
        file_id = sent(supervisor, of(*some))
        taken(file_id)
        with utils.CaptureQueriesContext(connection) as asked:
            connection.force_debug_cursor = True
            supervisor.get(f"/returns/files/{file_id}/")
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1] <= 16
