"""What the filer worked out, keyed beside the facts: compared, corrected, refused in its cell."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files import uploadedfile
from django.test import Client

from fisc.domain.tax_returns.queries import held
from fisc.domain.tax_returns.queries import returns as queries
from fisc.domain.work_items import queries as work
from fisc.processes.return_files import operations
from tests import databases
from tests.factories import tax_pages
from tests.interfaces.web.taxes.test_entry import wrong_in

# 4,750.00 of a restaurant's receipts are taxable at 1.8 percent: 85.50.
KEYED = {
    "received_on": f"{tax_pages.YEAR}-08-15", "amends": "",
    "region-1": "MS", "class-1": "11", "gross-1": "5,000.00",
    "code-1-1": "503", "amount-1-1": "250.00",
}  # fmt: skip


@pytest.fixture
def made(lived_in_city: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account that files for a restaurant and a shop, and filed nothing."""
    assert lived_in_city.name
    return tax_pages.restaurant()


class TestFiguresAsFiled:
    def test_have_cells_when_they_are_asked_for(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        before = supervisor.get(made.entry(7)).context["grid"]
        grid = supervisor.post(made.entry(7), {**KEYED, "do": "figures"}).context["grid"]

        assert before.rows[0].filed_asked == []
        assert [each.cell.name for each in grid.rows[0].filed_asked] == [
            "filed-1-deductions", "filed-1-taxable", "filed-1-tax",
        ]  # fmt: skip
        assert [each.cell.name for each in grid.boxes_asked] == [
            "box-schedule", "box-tax_total", "box-total", "box-due",
        ]  # fmt: skip

    def test_that_differ_say_what_is_done_and_are_kept_so(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        keyed = {**KEYED, "filed-1-taxable": "4,750.90", "filed-1-tax": "95.50", "box-due": "95.50"}
        grid = supervisor.post(made.entry(7), {**keyed, "do": "compute"}).context["grid"]

        assert grid.rows[0].filed["taxable"].note == "comes to $4,750.00: let be"
        assert grid.rows[0].filed["tax"].note.startswith("comes to $85.50: corrected")
        assert grid.boxes["due"].note.startswith("comes to $85.50: corrected")

        answer = supervisor.post(made.entry(7), {**keyed, "do": "file"})

        kept = queries.one(int(answer["Location"].strip("/").rpartition("/")[2]))
        assert [(each.line, each.key, each.filed_cents) for each in kept.corrections] == [
            (1, "tax", 95_50), (None, "due", 95_50),
        ]  # fmt: skip

    def test_that_are_wrong_are_said_where_they_stand_with_all_else(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        answer = supervisor.post(
            made.entry(7),
            {
                **KEYED,
                "filed-1-deductions": "260.00",
                "filed-1-tax": "9x",
                "filed-1-Z9": "1.00",
                "box-due": "99,999,999,999,999.00",
                "excess_tax": "-1",
                "form": "state-city",
                "do": "file",
            },
        )

        assert answer.status_code == 422
        said = wrong_in(answer.content.decode())
        assert set(said) == {
            "filed-1-tax", "filed-1-deductions", "filed-1-Z9", "box-due", "excess_tax",
        }  # fmt: skip
        assert (
            queries.versions_of(made.account_id, starts_on=tax_pages.FIRST.replace(month=7)) == ()
        )

    def test_a_form_that_is_not_there_is_said_at_the_form(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        page = supervisor.post(made.entry(7), {**KEYED, "form": "old-one", "do": "file"})

        assert set(wrong_in(page.content.decode())) == {"form"}
        assert '<option value="old-one" selected>' in page.content.decode()

    def test_more_deductions_than_can_be_keyed_are_said_and_not_lost_in_silence(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        many = {f"code-1-{n}": "503" for n in range(1, 22)} | {
            f"amount-1-{n}": "1" for n in range(1, 22)
        }
        page = supervisor.post(made.entry(7), {**KEYED, **many, "do": "file"})

        assert page.status_code == 422
        assert "more than 20 deductions" in page.content.decode()


class TestCorrected:
    def test_is_said_on_the_page_of_the_return_and_in_a_letter_made_once(
        self, supervisor: Client, cashier: Client, made: tax_pages.TaxAccount
    ) -> None:
        keyed = {**KEYED, "filed-1-taxable": "4,750.90", "filed-1-tax": "95.50", "do": "file"}
        address = supervisor.post(made.entry(7), keyed)["Location"]

        page = supervisor.get(address)
        found = page.context["corrected"]
        assert [(each.words, each.filed_cents, each.computed_cents, each.done)
                for each in found.rows] == [
            ("Taxable amount", 4_750_90, 4_750_00, "let be"), ("Tax", 95_50, 85_50, "corrected"),
        ]  # fmt: skip
        assert found.wants_letter
        assert supervisor.get(f"{address}correction/pdf/").status_code == 404
        assert cashier.post(f"{address}correction/write/").status_code == 403

        for _ in range(2):
            supervisor.post(f"{address}correction/write/")

        letter = supervisor.get(f"{address}correction/pdf/")
        assert letter.content.startswith(b"%PDF")
        assert supervisor.get(address).context["corrected"].has_letter
        assert letter.content == supervisor.get(f"{address}correction/pdf/").content

    def test_is_not_there_where_nothing_was_worked_out(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        address = supervisor.post(made.entry(7), {**KEYED, "do": "file"})["Location"]

        assert supervisor.get(address).context["corrected"] is None
        wrong = supervisor.post(f"{address}correction/write/", follow=True)
        assert "No figure of version 1" in wrong.content.decode()


class TestAHeldReturn:
    def test_comes_back_with_all_its_figures_and_is_mended_without_keying_it_again(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        """Deductions written as 9,000.00 that come to 250.00 are refused by the table."""
        item_id = self.held(
            supervisor,
            account=made.number,
            form="city",
            as_filed=[{"key": "due", "amount": "85.50"}],
            lines=[
                {"region": "MS", "class": "11", "gross": "5000.00",
                 "deductions": [{"code": "503", "amount": "250.00"}],
                 "as_filed": [{"key": "deductions", "amount": "9000"},
                              {"key": "tax", "amount": "85.50"}]},
            ],
        )  # fmt: skip
        address = f"/returns/held/{item_id}/"

        page = supervisor.get(address)

        said = wrong_in(page.content.decode())
        assert list(said) == ["filed-1-deductions"]
        fields = cells_in(page.content.decode())
        assert {name: fields[name] for name in fields if name.startswith(("filed", "box"))} == {
            "filed-1-deductions": "9000.00", "filed-1-tax": "85.50", "box-due": "85.50",
        }  # fmt: skip
        assert '<option value="city" selected>' in page.content.decode()

        mended = {**fields, "form": "city", "filed-1-deductions": "250.00", "do": "file"}
        filed = supervisor.post(address, mended)

        kept = queries.one(int(filed["Location"].strip("/").rpartition("/")[2]))
        assert (kept.form, kept.tax_due_cents, kept.corrections) == ("city", 85_50, ())
        assert [each.key for each in kept.filing.lines[0].as_filed] == ["deductions", "tax"]
        assert work.item(item_id=item_id).status == "done"

    def test_on_a_form_of_another_time_names_the_form(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        item_id = self.held(
            supervisor,
            account=made.number,
            form="city-1990",
            lines=[{"region": "MS", "class": "11", "gross": "1"}],
        )

        page = supervisor.get(f"/returns/held/{item_id}/").content.decode()

        assert "city-1990" in wrong_in(page)["form"]

    def held(self, browser: Client, **said: object) -> int:
        """Hand in a file of one bad return, take it in, and return its work item."""
        one = {"period_start": f"{tax_pages.FIRST}", "received": f"{tax_pages.YEAR}-02-15", **said}
        content = json.dumps({"returns": [one], "count": 1}).encode()
        answer = browser.post(
            "/returns/files/", {"file": uploadedfile.SimpleUploadedFile("one.json", content)}
        )
        file_id = int(answer["Location"].rstrip("/").rpartition("/")[2])
        taken = operations.take_kept_file(file_id, city="c", who="a worker", crew_size=1).file
        (found,) = held.of_cause(taken.cause_key)
        return found.item.item_id


def cells_in(page: str) -> dict[str, str]:
    """Return what stands in the fields of a page's form that are written in."""
    tags = re.findall(r'<input class="box[^>]*>', page)
    named = [
        (re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)) for tag in tags
    ]
    return {name[1]: value[1] for name, value in named if name and value}
