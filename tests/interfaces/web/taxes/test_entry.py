"""Keying a return: everything wrong in its cell, figures as typed, filed once, amended whole."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from fisc.domain.tax_returns.operations import filing
from fisc.domain.tax_returns.queries import returns as queries
from tests import databases
from tests.factories import tax_pages

LINE = {"region-1": "MS", "class-1": "11", "gross-1": "5,000.00"}
SENT = {"received_on": f"{tax_pages.YEAR}-08-15", "amends": ""}


@pytest.fixture
def made(lived_in_city: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account that files for a restaurant and a shop, and filed nothing."""
    assert lived_in_city.name
    return tax_pages.restaurant()


def wrong_in(page: str) -> dict[str, str]:
    """Return what is said beside each cell that is wrong."""
    found = re.findall(r'class="wrong" id="wrong-([^"]+)">([^<]*)<', page)
    return {name: " ".join(words.split()) for name, words in found}


class TestThePeriod:
    def test_is_the_oldest_that_is_owed(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        filing.file_return(
            tax_pages.came(made, 1, day=15, gross=100_00),
            by=tax_pages.by(),
            posting_day=timezone.localdate(),
        )

        chosen = supervisor.get("/returns/", {"account": made.number})
        oldest = supervisor.get(chosen["Location"])

        assert chosen["Location"] == f"/accounts/{made.number}/returns/"
        assert oldest["Location"] == made.entry(2)

    def test_that_is_not_owed_is_not_there(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        for day in ("2019-01-01", f"{tax_pages.YEAR}-07-02", f"{tax_pages.YEAR + 3}-01-01"):
            answer = supervisor.get(f"/accounts/{made.number}/returns/{day}/")

            assert answer.status_code == 404

    def test_of_a_number_that_no_account_has_is_said(self, supervisor: Client) -> None:
        answer = supervisor.get("/returns/", {"account": "123"})

        assert answer.status_code == 422


class TestComputing:
    def test_begins_with_a_line_for_each_class(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        grid = supervisor.get(made.entry(7)).context["grid"]

        assert [(row.region.text, row.business_class.text) for row in grid.rows] == [
            ("MS", "11"),
            ("MS", "17"),
        ]
        assert [row.gross.is_first for row in grid.rows] == [True, False]

    def test_shows_the_figures_and_keeps_nothing(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        keyed = {**LINE, "code-1-1": "503", "amount-1-1": "250", "class-2": "17", "gross-2": "1000"}
        page = supervisor.post(
            made.entry(7),
            {**SENT, **keyed, "region-2": "MS", "do": "compute"},
            headers={"HX-Request": "true"},
        )

        assert page.status_code == 200
        assert "<html" not in page.content.decode()
        rows = page.context["grid"].rows
        assert [row.figures.tax_cents for row in rows] == [8_550, 1_500]
        assert page.context["sheet"].totals[0].cents == 10_050
        assert queries.versions_of(made.account_id, starts_on=tax_pages.FIRST) == ()

    def test_is_what_filing_keeps(self, supervisor: Client, made: tax_pages.TaxAccount) -> None:
        keyed = {**SENT, **LINE, "excess_tax": "4.50"}
        shown = supervisor.post(made.entry(7), {**keyed, "do": "compute"}).context["sheet"].totals

        answer = supervisor.post(made.entry(7), {**keyed, "do": "file"})

        kept = queries.one(int(answer["Location"].strip("/").rpartition("/")[2]))
        assert [each.cents for each in shown] == [
            kept.total_tax_cents,
            kept.tax_due_cents,
            kept.net_due_cents,
        ]

    def test_adds_a_line_and_a_deduction_without_a_script(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        line = supervisor.post(made.entry(7), {**SENT, **LINE, "do": "line"}).context["grid"]
        pair = supervisor.post(made.entry(7), {**SENT, **LINE, "do": "deduction-1"}).context["grid"]

        assert [row.region.text for row in line.rows] == ["MS", "MS"]
        assert line.rows[1].business_class.is_first
        assert len(pair.rows[0].pairs) == 2


class TestWhatIsWrong:
    def test_is_said_all_at_once_each_in_its_cell(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        page = supervisor.post(
            made.entry(7),
            {
                "received_on": f"{tax_pages.YEAR}-07-15",
                "region-1": "XX", "class-1": "11", "gross-1": "-5",
                "region-2": "MS", "class-2": "99", "gross-2": "12x",
                "region-3": "MS", "class-3": "17", "gross-3": "10",
                "code-3-1": "998", "amount-3-1": "1", "code-3-2": "503",
                "credit_carried": "99,999,999,999",
                "do": "file",
            },
        )  # fmt: skip

        assert page.status_code == 422
        said = wrong_in(page.content.decode())
        assert set(said) == {
            "received_on", "region-1", "gross-1", "class-2", "gross-2",
            "code-3-1", "amount-3-2", "credit_carried",
        }  # fmt: skip
        assert "is no amount" in said["gross-2"]
        assert said["gross-1"].startswith("Gross receipts is below zero")
        assert "no deduction code “998”" in said["code-3-1"]

    def test_stays_in_the_cells_as_it_was_keyed(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        page = supervisor.post(made.entry(7), {**SENT, **LINE, "gross-1": "1e9", "do": "file"})

        assert page.context["grid"].rows[0].gross.text == "1e9"

    def test_is_an_empty_form_unless_it_is_a_zero_return(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        empty = {**SENT, "region-1": "MS", "class-1": "11", "gross-1": ""}

        refused = supervisor.post(made.entry(7), {**empty, "do": "file"})
        keyed = supervisor.post(made.entry(7), {**SENT, **LINE, "do": "zero"})
        filed = supervisor.post(made.entry(7), {**empty, "do": "zero"}, follow=True)

        assert (refused.status_code, keyed.status_code) == (422, 422)
        assert "Nothing is keyed" in refused.content.decode()
        assert "zero return" in filed.content.decode()

    def test_is_more_lines_than_can_be_keyed(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        many = {f"gross-{number}": "1" for number in range(1, 100)}

        page = supervisor.post(made.entry(7), {**SENT, **many, "do": "file"})

        assert page.status_code == 422
        assert "Send it as a file" in page.content.decode()

    @pytest.mark.parametrize("day", ["", "x", "2019-02-30", "9999-12-31"])
    def test_is_a_day_that_cannot_be(
        self, supervisor: Client, made: tax_pages.TaxAccount, day: str
    ) -> None:
        page = supervisor.post(made.entry(7), {**SENT, **LINE, "received_on": day, "do": "file"})

        assert set(wrong_in(page.content.decode())) == {"received_on"}


class TestADuplicate:
    def test_shows_the_other_and_keeps_what_was_keyed(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        supervisor.post(made.entry(7), {**SENT, **LINE, "do": "file"})

        other = supervisor.post(made.entry(7), {**SENT, **LINE, "gross-1": "7", "do": "file"})

        (kept,) = queries.versions_of(
            made.account_id, starts_on=datetime.date(tax_pages.YEAR, 7, 1)
        )
        assert other.status_code == 422
        assert f"/returns/{kept.return_id}/" in other.content.decode()
        assert "$5,000.00" in other.content.decode()
        assert other.context["grid"].rows[0].gross.text == "7"

    def test_becomes_an_amendment_when_that_is_said(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        supervisor.post(made.entry(7), {**SENT, **LINE, "do": "file"})
        again = {**SENT, **LINE, "gross-1": "7", "do": "amend"}

        unsaid = supervisor.post(made.entry(7), again)
        filed = supervisor.post(made.entry(7), {**again, "why": "wrong gross"}, follow=True)

        assert set(wrong_in(unsaid.content.decode())) == {"why"}
        assert "version 2" in filed.content.decode()


class TestAmending:
    def test_shows_the_version_before_beside_what_is_keyed(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        first = filing.file_return(
            tax_pages.came(made, 7, day=15, gross=5_000_00),
            by=tax_pages.by(),
            posting_day=timezone.localdate(),
        )

        begun = supervisor.get(made.entry(7))
        page = supervisor.post(
            made.entry(7),
            {**SENT, **LINE, "gross-1": "6000", "amends": f"{first.return_id}", "do": "compute"},
        )

        row = begun.context["grid"].rows[0]
        assert (row.gross.text, row.pairs[0].code.text) == ("5000.00", "503")
        assert page.context["grid"].rows[0].gross.was == "$5,000.00"
        due = page.context["sheet"].totals[1]
        assert (due.was_cents, due.difference_cents) == (8_550, 10_800 - 8_550)

    def test_of_a_version_that_another_replaced_meanwhile_shows_that(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        first = filing.file_return(
            tax_pages.came(made, 7, day=15, gross=5_000_00),
            by=tax_pages.by(),
            posting_day=timezone.localdate(),
        )
        again = {**SENT, **LINE, "amends": f"{first.return_id}", "why": "x", "do": "file"}
        supervisor.post(made.entry(7), again)

        page = supervisor.post(made.entry(7), {**again, "gross-1": "9"})

        assert page.status_code == 422
        assert "Version 2" in page.content.decode()


class TestTheForm:
    def test_is_named_and_keeps_what_a_line_says_beyond_receipts_when_it_is_amended(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        first = supervisor.post(
            made.entry(7), {**SENT, **LINE, "tax-1": "on", "land-1": "500", "do": "file"}
        )
        kept = queries.one(int(first["Location"].strip("/").rpartition("/")[2]))
        page = supervisor.get(made.entry(7))
        (row, *_others) = page.context["grid"].rows

        assert kept.form == "city"
        assert page.context["sheet"].form_words == "City return"
        assert kept.filing.lines[0].includes_tax
        assert kept.filing.lines[0].land_cents == 500_00
        assert kept.taxes_included_cents[0] > 0
        assert row.includes_tax
        assert [(each.cell.name, each.cell.text) for each in row.asked] == [("land-1", "500.00")]

    def test_units_that_are_no_number_and_land_without_tax_are_said_in_their_cells(
        self, supervisor: Client, made: tax_pages.TaxAccount
    ) -> None:
        units = supervisor.post(made.entry(7), {**SENT, **LINE, "units-1": "1.2345", "do": "file"})
        land = supervisor.post(made.entry(7), {**SENT, **LINE, "land-1": "1", "do": "file"})

        assert set(wrong_in(units.content.decode())) == {"units-1"}
        assert set(wrong_in(land.content.decode())) == {"land-1"}
