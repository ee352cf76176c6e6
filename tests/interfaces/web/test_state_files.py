"""The pages of the state's files: what came, the cash, and who is on one side only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import http
from django.core.files import uploadedfile
from django.db import connection
from django.test import Client, utils
from pytest_django import plugin

from fisc.domain.state_collections.queries import files as queries
from fisc.plumbing.action_log import models as log
from fisc.plumbing.postgres import passwords
from fisc.plumbing.users import choices
from fisc.plumbing.users import queries as people
from tests import databases
from tests.domain.tax_returns.conftest import tax_template
from tests.factories import state_files, users

__all__ = ("tax_template",)

MONTH = "/state/2026-07/"
BOUNDS = {
    "/state/": 10,
    MONTH: 16,
    "/state/files/1/": 14,
    "/state/filers/unregistered/": 18,
    "/state/filers/not-in-files/": 16,
    f"{MONTH}earlier/?format=csv": 12,
    f"{MONTH}differences/?format=csv": 12,
}


def text(answer: object) -> str:
    """What a file that was sent says."""
    assert isinstance(answer, http.StreamingHttpResponse)
    return bytes(answer.getvalue()).decode()


@pytest.fixture(scope="module")
def filled(
    database_server: passwords.Addresses,
    tax_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[databases.CityDatabase]:
    """A copy of the city with two months of the state's files, and two people."""
    home = tmp_path_factory.mktemp("home")
    with (
        django_db_blocker.unblock(),
        utils.override_settings(FISC_HOME=home),
        databases.clone(addresses=database_server, template=tax_template) as copy,
    ):
        state_files.filled()
        users.person("super", choices.GroupName.SUPERVISOR)
        users.person("vera", choices.GroupName.AUDITOR)
        yield copy


@pytest.fixture
def supervisor(filled: databases.CityDatabase) -> Client:
    assert filled.name
    return users.browser_of(people.user_id(username="super"))


@pytest.fixture
def auditor(filled: databases.CityDatabase) -> Client:
    assert filled.name
    return users.browser_of(people.user_id(username="vera"))


def sent(client: Client, content: str | bytes, *, kind: str = "distribution") -> Any:
    """Hand a file in on the page."""
    given = content.encode() if isinstance(content, str) else content
    return client.post(
        "/state/",
        {
            "kind": kind,
            "month": "2026-07",
            "file": uploadedfile.SimpleUploadedFile("august.csv", given),
        },
    )


@pytest.mark.parametrize("page", BOUNDS)
def test_a_page_takes_a_bounded_number_of_statements(supervisor: Client, page: str) -> None:
    supervisor.get(page)

    with utils.CaptureQueriesContext(connection) as asked:
        connection.force_debug_cursor = True
        answer = supervisor.get(page)

    assert answer.status_code == 200, getattr(answer, "content", b"").decode()
    statements = [each["sql"] for each in asked.captured_queries]
    assert 0 < len(statements) <= BOUNDS[page], "\n".join(each[:120] for each in statements)


class TestTaking:
    def test_everything_wrong_with_a_file_is_said_at_once_in_two_languages(
        self, supervisor: Client
    ) -> None:
        wrong = state_files.DISTRIBUTION.replace("88.20", "88.2").replace("2026-06-01", "June")

        page = sent(supervisor, wrong)
        supervisor.post("/language/", {"language": "es"})
        spanish = sent(supervisor, wrong).content.decode()
        supervisor.post("/language/", {"language": "en"})

        assert page.status_code == 422
        found = re.findall(r"<li>(line .*?)</li>", page.content.decode())
        no_amount = "is no amount; write dollars, a point and cents, as 1234.50"
        assert found == [
            f"line 3: “88.2” in city_share {no_amount}",
            "line 5: “June” in period_start is no day written %Y-%m-%d",
            "line 7: it sums to “2725.70”, the rows to 2,637.50",
        ]
        assert "renglón 3: “88.2” en city_share no es un importe" in spanish
        assert "renglón 7: suma “2725.70”, las filas suman 2,637.50" in spanish

    def test_a_file_of_another_layout_or_encoding_is_refused_whole_with_what_to_do(
        self, supervisor: Client
    ) -> None:
        before = len(queries.files())

        other = sent(supervisor, state_files.DISTRIBUTION, kind="payments").content.decode()
        bytes_ = state_files.LICENSES.replace("Cafe", "Café").encode("latin-1")
        encoding = sent(supervisor, bytes_, kind="licenses").content.decode()

        assert "no column “paid”" in other
        assert "send it as the kind of file that it is" in other
        assert "is not utf-8; save the file so and send it again" in encoding
        assert len(queries.files()) == before

    def test_a_file_comes_in_once_and_may_be_taken_by_some(
        self, supervisor: Client, auditor: Client
    ) -> None:
        content = state_files.DISTRIBUTION.replace("20577340", "20577341")

        once = sent(supervisor, content)
        twice = sent(supervisor, content)

        assert once["Location"] == twice["Location"]
        page = supervisor.get(twice["Location"]).content.decode()
        assert "Nothing was done again" in page
        assert sent(auditor, content).status_code == 403
        assert 'type="file"' not in auditor.get("/state/").content.decode()

    def test_nothing_chosen_and_no_month_are_said_beside_the_fields(
        self, supervisor: Client
    ) -> None:
        answer = supervisor.post("/state/", {"kind": "returns", "month": "August"})

        assert answer.status_code == 422
        assert answer.content.decode().count('class="wrong"') == 2


class TestCash:
    @pytest.fixture
    def page(self, supervisor: Client) -> str:
        """A distribution file without cash."""
        number = len(queries.files())
        changed = state_files.DISTRIBUTION.replace("20411907", f"2041{number:04d}")
        return str(sent(supervisor, changed)["Location"])

    @staticmethod
    def entered(page: str, client: Client, **given: str) -> Any:
        form = client.get(page).content.decode()
        (key,) = re.findall(r'name="key" value="([^"]+)"', form)
        return client.post(
            page,
            {
                "key": key,
                "amount": "2,700.70",
                "deposited_on": "2026-09-22",
                "posting_day": "2026-09-22",
                **given,
            },
        )

    def test_a_difference_is_explained_line_by_line_and_posted_once(
        self, supervisor: Client, page: str
    ) -> None:
        refused = self.entered(page, supervisor, cents_1="-20.00", why_1="Fee of the state")
        assert refused.status_code == 422
        assert "a difference of -25.00, and -5.00 is left" in refused.content.decode()
        asked = {
            "cents_1": "-20.00", "why_1": "Fee of the state",
            "cents_2": "-5.00", "why_2": "Fee of the bank",
        }  # fmt: skip

        key = "state/once"
        first = self.entered(page, supervisor, key=key, **asked)
        again = self.entered_again(page, supervisor, key=key, **asked)

        assert first.status_code == again.status_code == 302
        shown = supervisor.get(page).content.decode()
        assert "Fee of the bank" in shown
        assert shown.count("\N{MINUS SIGN}$25.00") == 2
        assert 'name="amount"' not in shown

    def entered_again(self, page: str, client: Client, **given: str) -> Any:
        """Send the form that was already sent: its page has no form any more."""
        return client.post(
            page,
            {
                "amount": "2,700.70",
                "deposited_on": "2026-09-22",
                "posting_day": "2026-09-22",
                **given,
            },
        )

    def test_another_form_for_the_same_file_is_refused_in_words(
        self, supervisor: Client, page: str
    ) -> None:
        assert self.entered(page, supervisor, amount="2725.70").status_code == 302

        answer = self.entered_again(page, supervisor, amount="2725.70", key="state/other")

        assert answer.status_code == 422
        assert "was entered before. Nothing was posted." in answer.content.decode()

    def test_who_may_only_see_enters_nothing(self, auditor: Client, page: str) -> None:
        assert 'name="amount"' not in auditor.get(page).content.decode()
        assert self.entered_again(page, auditor, key="state/auditor").status_code == 403
        assert auditor.post("/state/files/99999/", {}).status_code == 403
        assert auditor.get("/state/files/99999/").status_code == 404


class TestMonth:
    def test_a_month_shows_earlier_periods_and_where_files_differ(self, supervisor: Client) -> None:
        page = supervisor.get(MONTH).content.decode()

        # Paid 1,300.00 of 1,353.16; the outfitters filed and did not pay.
        assert "$1,353.16" in page
        assert "20583326" in page
        earlier = text(supervisor.get(f"{MONTH}earlier/?format=csv"))
        assert "20411907,Saguaro Cafe,2026-05-01,88.20" in earlier
        assert "2026-07-01" not in earlier
        content = text(supervisor.get(f"{MONTH}differences/?format=csv"))
        assert "20583326,Rio Verde Outfitters,2026-07-01,106.50,,,0.00" in content
        assert supervisor.get("/state/2019-01/").status_code == 404
        assert supervisor.get("/state/2019-01/earlier/").status_code == 404

    def test_lists_leave_as_files_and_that_is_kept(self, supervisor: Client) -> None:
        months = text(supervisor.get("/state/?format=csv"))
        rows = text(supervisor.get("/state/files/1/?format=csv"))

        assert "2026-06-01,1,1,0.00,0.00,950.00,950.00,0.00,0,yes" in months
        assert "2,20411907,Saguaro Cafe,11" in rows
        assert log.Action.objects.filter(
            verb="see", subject_kind="state file", subject_id=1, detail__taken_as="csv"
        ).exists()


class TestFilers:
    def test_a_stranger_is_listed_with_whom_it_looks_like_and_is_entered_from_its_line(
        self, supervisor: Client
    ) -> None:
        page = supervisor.get("/state/filers/unregistered/").content.decode()

        for name in state_files.STRANGERS:
            assert name in page
        for number in state_files.KNOWN.values():
            assert number not in page
        assert state_files.ALIKE in page
        (place,) = re.findall(
            r'href="(/businesses/add/\?[^"]+)">Enter the business<span class="visually-hidden">'
            r": Rio Verde Outfitters",
            page,
        )
        assert "20583326" not in place
        form = supervisor.get(place.replace("&amp;", "&")).content.decode()
        assert 'value="Rio Verde Outfitters"' in form
        assert 'value="20583326"' in form
        assert 'value="Canal Road"' in form

    def test_what_is_no_place_of_a_file_prefills_nothing(self, supervisor: Client) -> None:
        for asked in ("?state_file=x&line=2", "?state_file=1&line=999999", "?state_file=²&line=1"):
            assert supervisor.get(f"/businesses/add/{asked}").status_code == 200

    def test_the_reverse_lists_who_is_in_no_file(self, supervisor: Client) -> None:
        page = supervisor.get("/state/filers/not-in-files/").content.decode()
        content = text(supervisor.get("/state/filers/not-in-files/?format=csv"))

        assert state_files.SILENT in page
        assert state_files.SILENT in content
        assert "Saguaro Cafe" not in content
        assert supervisor.get("/state/filers/nobody/").status_code == 404

    def test_who_is_ticked_becomes_a_work_item_once(self, supervisor: Client) -> None:
        listed = "/state/filers/not-in-files/"
        page = supervisor.get(listed).content.decode()
        choice = re.findall(r'name="chosen" value="([^"]+)"', page)[0]
        asked = {"chosen": [choice], "due_on": "2026-10-09"}

        none = supervisor.post(f"{listed}look/", {"due_on": "2026-10-09"})
        once = supervisor.post(f"{listed}look/", asked, follow=True).content.decode()
        twice = supervisor.post(f"{listed}look/", asked, follow=True).content.decode()

        assert none.status_code == 422
        assert "Nothing is chosen" in none.content.decode()
        assert "1 work item was made." in once
        assert "has work items already" in twice
        (item,) = re.findall(r'href="(/work/\d+/)"', twice)[:1]
        assert "in no file of the state" in supervisor.get(item).content.decode()

    def test_a_stranger_s_work_item_says_who_it_is(self, supervisor: Client) -> None:
        listed = "/state/filers/unregistered/"
        page = supervisor.get(listed).content.decode()
        choice = next(
            each
            for each in re.findall(r'name="chosen" value="([^"]+)"', page)
            if "20583326" in each
        )

        after = supervisor.post(
            f"{listed}look/", {"chosen": [choice], "due_on": "2026-10-09"}, follow=True
        ).content.decode()

        (item,) = re.findall(r'href="(/work/\d+/)"', after)[:1]
        shown = supervisor.get(item).content.decode()
        assert "Rio Verde Outfitters" in shown
        assert "not registered here" in shown
