"""The page of a return: its figures explained, its versions, and what it costs on a day."""

from __future__ import annotations

import pytest
from django.test import Client

from fisc.domain.tax_returns.queries import returns as queries
from tests import databases
from tests.factories import tax_pages


@pytest.fixture
def lived_in(lived_in_city: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account with returns in time, late, amended, zero and missing."""
    assert lived_in_city.name
    return tax_pages.lived_in()


def of(made: tax_pages.TaxAccount, month: int) -> tuple[queries.Kept, ...]:
    day = tax_pages.FIRST.replace(month=month)
    return queries.versions_of(made.account_id, starts_on=day)


class TestAReturn:
    def test_has_a_why_beside_every_figure(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        page = supervisor.get(f"/returns/{of(lived_in, 4)[0].return_id}/")

        figures = [
            *(each for line in page.context["lines"] for each in line.figures),
            *page.context["totals"],
            *page.context["cost"].figures,
        ]
        # Of the line and of the return, the accounting credit too; and what lateness costs.
        assert len(figures) == 3 + 4 + 4
        for each in figures:
            answer = supervisor.get(each.why, headers={"HX-Request": "true"}).content.decode()
            assert "recomputed just now: equal" in answer, each.why

    def test_costs_more_the_later_it_is_paid(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        address = f"/returns/{of(lived_in, 4)[0].return_id}/"
        costs = [
            supervisor.get(address, {"on": f"{tax_pages.YEAR}-{day}"}).context["cost"].total_cents
            for day in ("05-20", "08-15", "11-15")
        ]

        # 9,000.00 less 450.00 at 1.8%: 153.90, late from 20 May.
        assert costs[0] == 15_390
        assert costs[0] < costs[1] < costs[2]

    def test_says_when_nothing_is_late_on_a_day(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        address = f"/returns/{of(lived_in, 4)[0].return_id}/"

        early = supervisor.get(address, {"on": f"{tax_pages.YEAR}-05-01"})
        odd = supervisor.get(address, {"on": "x"})

        assert (early.status_code, odd.status_code) == (422, 422)
        assert "nothing is late" in early.content.decode()
        assert "Enter a valid date" in odd.content.decode()

    def test_shows_its_versions_side_by_side(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        first, second = of(lived_in, 6)

        page = supervisor.get(f"/returns/{first.return_id}/")

        assert "Version 2 is in force" in page.content.decode()
        gross = page.context["compared"][0]
        assert [each.cents for each in gross.cells] == [0, 2_000_00]
        assert gross.cells[1].has_changed
        assert second.version == 2

    def test_that_is_not_there_is_said(self, supervisor: Client) -> None:
        answer = supervisor.get("/returns/987654321/")

        assert answer.status_code == 404

    @pytest.mark.parametrize("rest", ["lines/9/tax/why/", "lines/1/nonsense/why/",
                                      "totals/nonsense/why/"])  # fmt: skip
    def test_explains_no_figure_that_is_not_there(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount, rest: str
    ) -> None:
        answer = supervisor.get(f"/returns/{of(lived_in, 4)[0].return_id}/{rest}")

        assert answer.status_code == 404

    def test_is_confidential(self, cashier: Client, lived_in: tax_pages.TaxAccount) -> None:
        assert cashier.get(f"/returns/{of(lived_in, 4)[0].return_id}/").status_code == 403
