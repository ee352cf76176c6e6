"""A license in the browser: its page, its paper, its lists, and what everybody may see of it."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client, utils
from django.utils import timezone

from fisc.domain.licensing.operations import changing
from fisc.domain.licensing.queries import licenses
from fisc.plumbing.users import choices
from tests.factories import license_pages as pages

pytestmark = pytest.mark.usefixtures("lived_in_city")


@pytest.fixture
def issued() -> licenses.License:
    return licenses.license_of(pages.issued().license_id)


def change(browser: Client, found: licenses.License, act: str, **told: str) -> int:
    prefix = {"hand-on": "hand"}.get(act, act)
    given = {"happens_on": f"{timezone.localdate()}", "why": "By letter.", **told}
    return browser.post(
        f"/licenses/{found.license_id}/{act}/",
        {f"{prefix}-{name}": value for name, value in given.items()},
    ).status_code


class TestALicense:
    def test_is_suspended_reinstated_revoked(self, issued: licenses.License) -> None:
        browser = pages.browser()
        address = f"/licenses/{issued.license_id}/"

        assert "valid today" in browser.get(address).content.decode()
        for act, status in (
            ("suspend", "suspended"),
            ("reinstate", "active"),
            ("revoke", "revoked"),
            ("reinstate", "active"),
            ("close", "closed"),
        ):
            assert change(browser, issued, act) == 302, act
            assert licenses.license_of(issued.license_id).status == status
        page = browser.get(address).content.decode()
        assert "not valid today" in page
        assert page.count("By letter.") == 5

    def test_needs_a_reason(self, issued: licenses.License) -> None:
        assert change(pages.browser(), issued, "suspend", why="") == 422

    def test_refuses_what_its_state_forbids(self, issued: licenses.License) -> None:
        assert change(pages.browser(), issued, "reinstate") == 422

    def test_is_not_changed_on_a_day_to_come(self, issued: licenses.License) -> None:
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)

        for act in ("suspend", "revoke", "close"):
            assert change(pages.browser(), issued, act, happens_on=f"{tomorrow}") == 422

        assert licenses.license_of(issued.license_id).status == "active"

    def test_is_suspended_by_few(self, issued: licenses.License) -> None:
        coordinator = pages.browser(choices.GroupName.ACCOUNT_COORDINATOR)

        assert change(coordinator, issued, "suspend") == 403

    def test_is_handed_on_once_the_seller_is_clear(self, issued: licenses.License) -> None:
        browser, buyer = pages.browser(), pages.business()

        assert change(browser, issued, "hand-on", to_business=f"{buyer}") == 422
        cleared = browser.post(f"/licenses/{issued.license_id}/clear/")
        assert cleared.status_code == 302
        assert change(browser, issued, "hand-on", to_business=f"{buyer}") == 302

        assert licenses.license_of(issued.license_id).business_id == buyer

    def test_is_renewed_where_it_may(self, issued: licenses.License) -> None:
        browser = pages.browser()
        address = f"/licenses/{issued.license_id}/renew/"
        told = {"renew-received_on": f"{timezone.localdate()}", "renew-units": "4"}

        answer = browser.post(address, told)

        assert answer.status_code == 302
        assert "Renewal" in browser.get(answer["Location"]).content.decode()
        assert browser.post(address, told).status_code == 422

    def test_is_listed_and_taken_out(self, issued: licenses.License) -> None:
        browser = pages.browser()
        page = browser.get("/licenses/?type=pool_hall&state=active").content.decode()
        taken = browser.get("/licenses/?type=pool_hall&format=csv")

        assert f'href="/licenses/{issued.license_id}/"' in page
        said = taken.getvalue().decode()
        assert f",{issued.number},{issued.business_name}," in said

    def test_is_not_there(self) -> None:
        for address in ("/licenses/987654321/", "/licenses/987654321/pdf/"):
            assert pages.browser().get(address).status_code == 404


class TestThePaper:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_is_the_same_bytes_until_something_happens(
        self, issued: licenses.License, language: str
    ) -> None:
        browser = pages.browser()
        browser.post("/language/", {"language": language, "next": "/"})
        address = f"/licenses/{issued.license_id}/pdf/"

        first, again = browser.get(address), browser.get(address)
        changing.suspend(issued.license_id, on=timezone.localdate(), by=pages.by())
        then = browser.get(address)

        assert first["Content-Type"] == "application/pdf"
        assert first.content.startswith(b"%PDF")
        assert b"pdfuaid" in first.content
        assert first.content == again.content != then.content


class TestThePublicPage:
    def test_tells_everybody_whether_it_is_valid(self, issued: licenses.License) -> None:
        answer = Client().get(f"/l/{issued.public_code.lower()}/")

        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Yes, it is valid today" in page
        assert issued.trade_name in page
        assert issued.business_name not in page
        assert "no-store" in answer["Cache-Control"]
        changing.suspend(issued.license_id, on=timezone.localdate(), by=pages.by())
        assert "It is suspended." in Client().get(f"/l/{issued.public_code}/").content.decode()

    def test_answers_an_unknown_code_in_the_same_words(self) -> None:
        for code in ("ABCDEFGHJKMNPQRSTUVW", "x", "x" * 300, "%00"):
            answer = Client().get(f"/l/{code}/")

            assert answer.status_code == 404, code
            assert "No, it is not valid today" in answer.content.decode()

    def test_takes_a_few_statements_whatever_happened(self, issued: licenses.License) -> None:
        address = f"/l/{issued.public_code}/"
        Client().get(address)
        counts = []
        for _ in range(2):
            with utils.CaptureQueriesContext(connection) as asked:
                connection.force_debug_cursor = True
                Client().get(address)
            counts.append(len(asked.captured_queries))
            for act in (changing.suspend, changing.reinstate):
                act(issued.license_id, on=timezone.localdate(), by=pages.by())

        assert counts[0] == counts[1] <= 6

    def test_is_not_valid_before_it_begins(self, issued: licenses.License) -> None:
        yesterday = issued.term.starts_on - datetime.timedelta(days=1)

        assert not licenses.validity(issued, day=yesterday).is_valid
