"""Whom a tax account files for, and returns keyed by location."""

from __future__ import annotations

import datetime

from django.test import Client

from fisc.domain.tax_returns.operations import consolidating
from fisc.domain.tax_returns.queries import members, returns
from fisc.plumbing.users.choices import GroupName
from tests import databases
from tests.factories import tax_pages
from tests.factories import users as people
from tests.factories.tax_pages import FIRST, YEAR


def join(made: tax_pages.TaxAccount, code: str) -> None:
    consolidating.join(
        account_id=made.account_id,
        of=consolidating.Joining(code=code, name=f"Store {code}", starts_on=FIRST),
        by=tax_pages.by(),
    )


class TestMembers:
    def test_join_and_leave_on_the_page(self, supervisor: Client) -> None:
        made, business = tax_pages.restaurant(), tax_pages.restaurant()
        address = f"{made.address}members/"
        sent = {
            "join-code": " c-7 ",
            "join-name": "Cafe on 7th",
            "join-account": f"{business.number}",
            "join-starts_on": f"{YEAR}-02-01",
        }

        odd = supervisor.post(f"{address}join/", {**sent, "join-account": "12"})
        done = supervisor.post(f"{address}join/", sent)
        again = supervisor.post(f"{address}join/", sent)
        (one,) = members.consolidated(made.account_id).members
        named = f"leave-{one.member_id}"
        ended = supervisor.post(
            f"{address}{one.member_id}/end/",
            {f"{named}-last_day": f"{YEAR}-05-15", f"{named}-why": "sold"},
            follow=True,
        )

        assert (odd.status_code, done.status_code, again.status_code) == (422, 302, 422)
        assert one.code == "C-7"
        assert "on some of these days already" in again.content.decode()
        assert "the business owes one of its own for the days" in ended.content.decode()
        assert f"From {YEAR}" not in ended.content.decode()
        page = supervisor.get(f"{business.address}members/").content.decode()
        assert f"{made.number}</a>" in page
        assert "of a part of the period" in supervisor.get(business.entry(5)).content.decode()
        assert supervisor.get(business.entry(3)).status_code == 404

    def test_are_seen_and_changed_by_those_who_may(
        self, cashier: Client, lived_in_city: databases.CityDatabase
    ) -> None:
        assert lived_in_city.name
        auditor = people.browser_of(people.person("members", GroupName.AUDITOR))
        made = tax_pages.restaurant()

        assert cashier.get(f"{made.address}members/").status_code == 403
        assert auditor.get(f"{made.address}members/").status_code == 200
        assert auditor.post(f"{made.address}members/join/", {}).status_code == 403
        assert "File for a location" not in auditor.get(f"{made.address}members/").content.decode()

    def test_a_return_is_keyed_by_location_with_what_is_wrong_in_its_cell(
        self, supervisor: Client
    ) -> None:
        made = tax_pages.restaurant()
        join(made, "A")
        join(made, "B")
        form = supervisor.get(made.entry(1)).content.decode()
        assert "Line 1 by location" in form
        assert 'name="atgross-1-2"' in form
        sent = {
            "received_on": f"{YEAR}-02-15",
            "region-1": "MS",
            "class-1": "17",
            "gross-1": "10,000.00",
            "code-1-1": "503",
            "amount-1-1": "1,000.00",
            "at-1-1": "A",
            "atgross-1-1": "6,000.00",
            "atless-1-1": "1,000.00",
            "at-1-2": "B",
            "atgross-1-2": "4,001.01",
            "do": "file",
        }

        off = supervisor.post(made.entry(1), sent)
        odd = supervisor.post(made.entry(1), {**sent, "atgross-1-2": "-1", "atless-1-2": "x"})
        done = supervisor.post(made.entry(1), {**sent, "atgross-1-2": "4,000.00"}, follow=True)

        assert off.status_code == odd.status_code == 422
        assert "$10,001.01 in all. The line says $10,000.00; they may be $1.00 apart" in (
            off.content.decode()
        )
        cells = odd.context["grid"].rows[0].places[1]
        assert len(cells.gross.wrong) == len(cells.less.wrong) == 1
        (kept,) = returns.versions_of(made.account_id, starts_on=datetime.date(YEAR, 1, 1))
        assert [each.tax_cents for each in members.of_return(kept.return_id)] == [7_500, 6_000]
        page = done.content.decode()
        assert "Share of the tax" in page
        assert "$75.00" in page
        amending = supervisor.get(made.entry(1)).context["grid"].rows[0].places
        assert [each.gross.text for each in amending] == ["6000.00", "4000.00"]
        assert "$75.00" in supervisor.get(f"{made.address}members/").content.decode()
