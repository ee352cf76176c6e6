"""An application in the browser: from a business to an issued license, or to no license."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from fisc.domain.licensing.queries import applications, licenses, waiting
from fisc.plumbing.users import choices
from tests.factories import license_pages as pages

pytestmark = pytest.mark.usefixtures("lived_in_city")


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def start(browser: Client, business_id: int, **told: str) -> int:
    """Fill the form in as it stands, and send it."""
    address = f"/businesses/{business_id}/apply/"
    form = browser.get(address).context["form"]
    given = {
        **{name: form[name].value() or "" for name in form.fields},
        "license_type": "pool_hall",
        **told,
    }
    given.pop("began_unlicensed")
    answer = browser.post(address, given)
    assert answer.status_code == 302, answer.content.decode()
    again = browser.post(address, given)
    assert again["Location"] == answer["Location"], "asked twice, it is one application"
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def post(browser: Client, address: str, **told: str) -> None:
    answer = browser.post(address, told)
    assert answer.status_code == 302, answer.content.decode()


class TestFromABusinessToALicense:
    def test_takes_its_steps_in_order(self) -> None:
        clerk, inspector = pages.browser(), pages.browser()
        business_id = pages.business()
        assert "It has applied for nothing yet" in text(
            clerk, f"/businesses/{business_id}/licenses/"
        )
        number = start(clerk, business_id)
        address = f"/applications/{number}/"

        shown = clerk.get(address)
        assert shown.context["next"] == "tell"
        assert len(shown.context["problems"]) > 1, "all that is missing is said at once"
        told = dict.fromkeys(shown.context["tell"].fields, "Billiards") | {"units": "4"}
        post(clerk, f"{address}tell/", **told)
        assert clerk.get(address).context["next"] == "complete"
        post(clerk, f"{address}complete/")
        self._sign(inspector, number)

        quoted = clerk.get(address).context["fee"]
        post(clerk, f"{address}charge/")
        shown = clerk.get(address)
        assert shown.context["next"] == "pay"
        assert shown.context["fee"].total_cents == quoted.total_cents > 0
        assert f'name="scanned" value="{shown.context["account_number"]}"' in (
            shown.content.decode()
        )
        for line in (*quoted.lines, *shown.context["fee"].lines):
            assert "Why?" in text(clerk, line.why)
        pages.paid(number)
        assert clerk.get(address).context["next"] == "issue"
        post(clerk, f"{address}issue/")

        license_id = licenses.of_application(number)
        assert f'href="/licenses/{license_id}/"' in text(clerk, address)
        assert f'href="/licenses/{license_id}/"' in text(
            clerk, f"/businesses/{business_id}/licenses/"
        )

    def _sign(self, inspector: Client, number: int) -> None:
        """Approve on each department's board, step after step."""
        while left := [
            each
            for each in applications.standing_sign_offs(number)
            if each.due_on is not None and not each.outcome
        ]:
            for each in left:
                board = text(inspector, f"/sign-offs/?department={each.department.code}")
                assert f'href="/sign-offs/{each.sign_off_id}/"' in board
                post(inspector, f"/sign-offs/{each.sign_off_id}/", outcome="approved", why="")


class TestAnApplication:
    def test_says_everything_that_is_missing(self) -> None:
        number, browser = pages.started("mechanical_rides"), pages.browser()
        address = f"/applications/{number}/"

        answer = browser.post(f"{address}complete/")

        assert answer.status_code == 422
        page = answer.content.decode()
        assert "is not answered" in page
        assert "is not attached" in page
        for code, _words in browser.get(address).context["attach"].fields["attachment"].choices:
            post(
                browser,
                f"{address}attach/",
                attachment=code,
                reference="scan 12",
                received_on=f"{timezone.localdate()}",
            )
        assert "is not attached" not in text(browser, address)

    def test_needs_a_license_account_first(self) -> None:
        business_id = pages.business(has_account=False)

        page = text(pages.browser(), f"/businesses/{business_id}/apply/")

        assert "has no license account yet" in page
        assert f'href="/businesses/{business_id}/add/account/"' in page

    def test_is_not_begun_before_it_is_asked_for(self) -> None:
        browser, business_id = pages.browser(), pages.business()
        address = f"/businesses/{business_id}/apply/"
        form = browser.get(address).context["form"]

        answer = browser.post(
            address,
            {
                "key": form["key"].value(),
                "license_type": "pool_hall",
                "received_on": f"{timezone.localdate()}",
                "begins_on": "2020-01-01",
            },
        )

        assert answer.status_code == 422
        assert "before it was asked for" in answer.content.decode()

    def test_is_not_there(self) -> None:
        browser = pages.browser()
        for address in ("/applications/987654321/", "/sign-offs/987654321/"):
            assert browser.get(address).status_code == 404

    def test_may_not_be_charged_twice(self) -> None:
        number, browser = pages.completed(), pages.browser()
        post(browser, f"/applications/{number}/charge/")

        again = browser.post(f"/applications/{number}/charge/")

        assert again.status_code == 422
        assert "was charged before" in again.content.decode()

    def test_keeps_an_insurance(self) -> None:
        number, browser = pages.started("mechanical_rides"), pages.browser()
        shown = browser.get(f"/applications/{number}/").context
        kinds = shown["coverage"].fields["kind"].choices
        assert kinds, "rides ask for an insurance"

        post(
            browser,
            f"/applications/{number}/coverage/",
            kind=kinds[0][0],
            number="P-77",
            amount="1,000,000.00",
            starts_on="2026-01-01",
            last_day="2099-12-31",
        )

        page = text(browser, f"/applications/{number}/")
        assert "P-77" in page
        assert "$1,000,000.00" in page


class TestSigningOff:
    def test_refuses_with_a_reason_and_is_asked_again(self) -> None:
        number, browser = pages.completed(), pages.browser()
        asked = next(each for each in applications.sign_offs(number) if each.due_on)
        address = f"/sign-offs/{asked.sign_off_id}/"

        without = browser.post(address, {"outcome": "refused", "why": ""})
        assert without.status_code == 422
        assert "Say why" in without.content.decode()
        post(browser, address, outcome="refused", why="The exit is blocked.")
        assert browser.post(address, {"outcome": "approved", "why": ""}).status_code == 422
        assert "The exit is blocked." in text(browser, f"/applications/{number}/")
        post(browser, f"/applications/{number}/sign-offs/{asked.sign_off_id}/again/")

        last = applications.standing_sign_offs(number)[0]
        assert (last.attempt, last.outcome) == (2, "")

    def test_is_not_ones_own_work(self) -> None:
        browser = pages.browser()
        number = start(browser, pages.business(), units="4")
        pages.bring(number)
        post(browser, f"/applications/{number}/complete/")
        asked = next(each for each in applications.sign_offs(number) if each.due_on)

        answer = browser.post(f"/sign-offs/{asked.sign_off_id}/", {"outcome": "approved"})

        assert answer.status_code == 422
        assert "You took this application in" in answer.content.decode()

    def test_pages_through_what_waits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(waiting, "PAGE", 2)
        made = [pages.completed() for _ in range(3)]
        browser, seen = pages.browser(), []
        address = "/sign-offs/?department=zoning"
        while address:
            shown = browser.get(address).context
            seen += [each.application_id for each, _words, _late in shown["rows"]]
            after = shown["after"]
            address = f"/sign-offs/?department=zoning&after={after}" if after else ""

        assert set(made) <= set(seen)
        assert len(seen) == len(set(seen)) == waiting.counts()["zoning"]

    @pytest.mark.parametrize("asked", ["department=x", "department=zoning&after=x"])
    def test_refuses_what_is_no_board(self, asked: str) -> None:
        assert pages.browser().get(f"/sign-offs/?{asked}").status_code == 404


class TestEndingWithoutALicense:
    def test_is_denied_appealed_and_decided_by_another(self) -> None:
        number = pages.completed()
        denier, other = pages.browser(), pages.browser()
        address = f"/applications/{number}/"

        assert denier.post(f"{address}deny/", {"deny-why": ""}).status_code == 422
        post(denier, f"{address}deny/", **{"deny-why": "Zoning forbids it."})
        assert "may appeal through" in text(denier, address)
        post(denier, f"{address}appeal/", **{"appeal-why": "It was rezoned."})
        mine = denier.post(f"{address}decide/", {"decide-why": "No.", "decide-decision": "upheld"})
        assert mine.status_code == 422
        assert "another person decides its appeal" in mine.content.decode()
        post(other, f"{address}decide/", **{"decide-why": "So it was.",
                                            "decide-decision": "granted"})  # fmt: skip

        assert applications.application(number).status == "complete"

    def test_is_withdrawn(self) -> None:
        number, browser = pages.completed(), pages.browser()

        post(browser, f"/applications/{number}/withdraw/", **{"withdraw-why": ""})

        assert re.search("took it back", text(browser, f"/applications/{number}/"))

    def test_is_opened_again_to_correct_it(self) -> None:
        number, browser = pages.completed(), pages.browser()

        post(browser, f"/applications/{number}/reopen/", **{"reopen-why": "Wrong count."})

        assert applications.application(number).status == "started"

    def test_is_not_for_who_only_reads(self) -> None:
        number = pages.completed()
        auditor = pages.browser(choices.GroupName.AUDITOR)

        page = text(auditor, f"/applications/{number}/")

        assert "/deny/" not in page
        assert "/charge/" not in page
        assert auditor.post(f"/applications/{number}/charge/").status_code == 403


class TestTheList:
    def test_is_by_type_and_state_and_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(applications, "PAGE", 2)
        made = [pages.started("auction_house") for _ in range(3)]
        browser = pages.browser()

        first = browser.get("/applications/?type=auction_house&state=started").context
        then = browser.get(
            f"/applications/?type=auction_house&state=started&before={first['before']}"
        ).context

        listed = [row[0].application_id for row in (*first["rows"], *then["rows"])]
        assert listed[:3] == made[::-1]

    @pytest.mark.parametrize("asked", ["type=x", "state=x", "before=x"])
    def test_refuses_what_is_no_list(self, asked: str) -> None:
        assert pages.browser().get(f"/applications/?{asked}").status_code == 404
