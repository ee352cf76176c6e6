"""Bonds of a tax account on their page."""

from __future__ import annotations

from django.test import Client

from fisc.domain.tax_returns.queries import bonds
from fisc.plumbing.users.choices import GroupName
from tests import databases
from tests.factories import tax_pages
from tests.factories import users as people
from tests.factories.tax_pages import YEAR


class TestBonds:
    def test_are_recorded_explained_and_cancelled(
        self, supervisor: Client, cashier: Client, lived_in_city: databases.CityDatabase
    ) -> None:
        assert lived_in_city.name
        auditor = people.browser_of(people.person("bonds", GroupName.AUDITOR))
        made = tax_pages.new()
        address = f"{made.address}bonds/"
        registration = {
            "register-region": "MS",
            "register-business_class": "15",
            "register-starts_on": f"{YEAR + 1}-01-02",
        }
        refused = supervisor.post(f"{made.address}register/", registration)
        assert refused.status_code == 422
        assert "Class 15 needs a bond of $2,000.00" in refused.content.decode()

        sent = {
            "bond-surety": "Saguaro Surety",
            "bond-number": "B-77",
            "bond-cents": "2,000.00",
            "bond-effective_on": f"{YEAR + 1}-01-01",
        }
        odd = supervisor.post(f"{address}record/", {**sent, "bond-last_day": f"{YEAR}-01-01"})
        done = supervisor.post(f"{address}record/", sent)
        again = supervisor.post(f"{address}record/", sent)
        assert (odd.status_code, done.status_code, again.status_code) == (422, 302, 422)
        assert supervisor.post(f"{made.address}register/", registration).status_code == 302
        page = supervisor.get(address).content.decode()
        assert "covered" in page
        why = supervisor.get(f"{address}15/why/")
        assert why.context["shown"].why.is_equal
        assert supervisor.get(f"{address}99/why/").status_code == 404

        (one,) = bonds.bonds(made.account_id)
        named = f"cancel-{one.bond_id}"
        cancelled = {f"{named}-last_day": f"{YEAR + 1}-02-01", f"{named}-why": "premium unpaid"}
        assert auditor.post(f"{address}{one.bond_id}/cancel/", cancelled).status_code == 403
        assert auditor.get(address).status_code == 200
        assert cashier.get(address).status_code == 403
        supervisor.post(f"{address}{one.bond_id}/cancel/", cancelled)

        after = supervisor.get(address).content.decode()
        assert "$2,000.00 lacks" in after
        assert "premium unpaid" in after
