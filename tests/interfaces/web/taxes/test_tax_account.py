"""The tax tab of an account: its periods at a glance, what it is registered for, its returns."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from fisc.domain.accounts import choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.queries import registrations
from tests import databases
from tests.factories import tax_pages, tax_returns
from tests.factories.tax_pages import YEAR


@pytest.fixture
def lived_in(lived_in_city: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account with returns in time, late, amended, zero and missing."""
    assert lived_in_city.name
    return tax_pages.lived_in()


class TestTheStrip:
    def test_says_of_every_period_what_became_of_its_return(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        page = supervisor.get(lived_in.address)

        year = next(each for each in page.context["strip"] if each.year == YEAR)
        said = [each.words for each in year.cells]
        assert said == ["filed"] * 3 + ["late", "filed", "amended"] + ["missing"] * 6
        assert [(each.month, each.months) for each in year.cells] == [(n, 1) for n in range(1, 13)]

    def test_leads_to_the_return_or_to_where_it_is_keyed(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        page = supervisor.get(lived_in.address)

        year = next(each for each in page.context["strip"] if each.year == YEAR)
        assert year.cells[0].address.startswith("/returns/")
        assert year.cells[6].address == lived_in.entry(7)
        coming = page.context["strip"][0].cells[-1]
        assert (coming.words, coming.address) == ("not due", "")

    def test_of_an_account_that_files_nothing_says_what_to_do(self, supervisor: Client) -> None:
        page = supervisor.get(tax_pages.new().address)

        assert page.status_code == 200
        assert "No return is owed" in page.content.decode()

    def test_has_no_page_for_an_account_of_another_kind(self, supervisor: Client) -> None:
        account_id = tax_returns.account(kind=choices.AccountKind.LICENSE)
        number, _name = accounts.names(account_ids=[account_id])[account_id]

        assert supervisor.get(f"/accounts/{number}/tax/").status_code == 404

    def test_offers_nothing_that_is_metered(self, supervisor: Client) -> None:
        number = tax_pages.new().number

        page = supervisor.get(f"/accounts/{number}/").content.decode()

        assert f"/accounts/{number}/payments/" in page
        for address in ("bills", "services"):
            assert f"/accounts/{number}/{address}/" not in page
        assert "No metered usage" not in page

    def test_is_closed_to_a_cashier(self, cashier: Client) -> None:
        assert cashier.get(tax_pages.new().address).status_code == 403


class TestRegistering:
    def test_adds_a_class_and_ends_it(self, supervisor: Client) -> None:
        made = tax_pages.new()
        added = supervisor.post(
            f"{made.address}register/",
            {
                "register-region": "MS",
                "register-business_class": "11",
                "register-starts_on": "2026-01-01",
            },
        )
        (one,) = registrations.registrations(made.account_id)
        named = f"end-{one.registration_id}"
        ended = supervisor.post(
            f"{made.address}registrations/{one.registration_id}/end/",
            {f"{named}-last_day": "2026-06-30", f"{named}-why": "the shop closed"},
        )

        (after,) = registrations.registrations(made.account_id)
        assert (added.status_code, ended.status_code) == (302, 302)
        assert after.days.ends_before == datetime.date(2026, 7, 1)

    def test_says_all_that_is_wrong_on_the_page(self, supervisor: Client) -> None:
        made = tax_pages.restaurant()
        answer = supervisor.post(
            f"{made.address}register/",
            {
                "register-region": "MS",
                "register-business_class": "11",
                "register-starts_on": f"{YEAR}-06-01",
            },
        )
        odd = supervisor.post(
            f"{made.address}frequency/",
            {"frequency-frequency": "quarterly", "frequency-from_day": f"{YEAR}-02-01"},
        )

        assert answer.status_code == odd.status_code == 422
        assert "registered for class 11 in region MS on a part of" in answer.content.decode()
        assert f"No period that is quarterly begins on {YEAR}-02-01" in odd.content.decode()

    def test_ends_all_at_once_and_names_the_final_return(self, supervisor: Client) -> None:
        made = tax_pages.restaurant()
        address = f"{made.address}end/"
        sent = {"end-all-last_day": f"{YEAR}-05-20", "end-all-why": "sold"}

        nothing = supervisor.post(address, {"end-all-last_day": ""})
        done = supervisor.post(address, sent)
        page = supervisor.get(made.address)
        again = supervisor.post(address, sent)

        assert nothing.status_code == 422
        assert done.status_code == 302
        assert page.context["final"].starts_on == datetime.date(YEAR, 5, 1)
        assert "is the final return" in page.content.decode()
        assert "final return" in supervisor.get(made.entry(5)).content.decode()
        assert again.status_code == 422
        assert "nothing that goes on" in again.content.decode()

    def test_ends_no_registration_of_another_account(self, supervisor: Client) -> None:
        other = registrations.registrations(tax_pages.restaurant().account_id)[0]

        answer = supervisor.post(
            f"{tax_pages.new().address}registrations/{other.registration_id}/end/", {}
        )

        assert answer.status_code == 404

    def test_sets_how_often_it_files(self, supervisor: Client) -> None:
        made = tax_pages.new()

        supervisor.post(
            f"{made.address}frequency/",
            {
                "frequency-frequency": "quarterly",
                "frequency-from_day": "2026-01-01",
                "frequency-seasonal_months": ["4", "5"],
            },
        )

        (term,) = registrations.terms(made.account_id)
        assert (term.frequency, term.seasonal_months) == ("quarterly", (4, 5))
