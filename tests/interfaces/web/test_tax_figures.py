"""The pages of distributions and of the analysis of tax: what they show to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django import http
from django.db import connection
from django.test import Client, utils
from pytest_django import plugin

from fisc.domain.distributions.queries import distributions
from fisc.plumbing.postgres import passwords
from fisc.plumbing.users import choices, queries
from tests import databases
from tests.domain.tax_returns.conftest import tax_template
from tests.factories import tax_figures, users

__all__ = ("tax_template",)

SHOWN = "/tax-analysis/?year=2026"
MONTH = "/distributions/2026-03/"
BOUNDS = {
    SHOWN: 16,
    "/tax-analysis/?year=2026&by=place": 14,
    "/tax-analysis/?year=2026&by=area&timing=received&measure=gross": 16,
    "/tax-analysis/payers/?year=2026": 12,
    "/tax-analysis/given/": 12,
    "/tax-analysis/discovery/unregistered/": 14,
    "/tax-analysis/discovery/unlicensed/": 14,
    "/tax-analysis/discovery/drops/?year=2026": 14,
    "/tax-analysis/discovery/deductions/": 14,
    "/distributions/": 12,
    MONTH: 18,
    f"{MONTH}privilege_tax/lodging/tourism/why/": 22,
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
) -> Iterator[databases.CityDatabase]:
    """A copy of the city with returns, payments, a distribution, and two people."""
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=tax_template) as copy,
    ):
        tax_figures.filled()
        users.person("super", choices.GroupName.SUPERVISOR)
        users.person("outside", choices.GroupName.ANALYST)
        yield copy


@pytest.fixture
def supervisor(filled: databases.CityDatabase) -> Client:
    assert filled.name
    return users.browser_of(queries.user_id(username="super"))


@pytest.fixture
def outsider(filled: databases.CityDatabase) -> Client:
    """Somebody of another office, who sees the analysis and no returns."""
    assert filled.name
    return users.browser_of(queries.user_id(username="outside"))


@pytest.mark.parametrize("page", BOUNDS)
def test_a_page_takes_a_bounded_number_of_statements(supervisor: Client, page: str) -> None:
    supervisor.get(page)

    with utils.CaptureQueriesContext(connection) as asked:
        connection.force_debug_cursor = True
        answer = supervisor.get(page)

    assert answer.status_code == 200, answer.content.decode()
    statements = [each["sql"] for each in asked.captured_queries]
    assert 0 < len(statements) <= BOUNDS[page], "\n".join(each[:120] for each in statements)


class TestAnalysis:
    def test_who_may_see_returns_sees_every_figure(self, supervisor: Client) -> None:
        page = supervisor.get(SHOWN).content.decode()

        # The tax of the one park: 1.5% of $27,500.00.
        assert "$412.50" in page
        assert "kept back</span>" not in page

    def test_another_office_sees_neither_the_park_nor_what_would_give_it_away(
        self, outsider: Client
    ) -> None:
        page = outsider.get(SHOWN).content.decode()

        assert "$412.50" not in page
        assert "kept back</span>" in page
        assert "fewer than 3 filers" in page

    def test_another_office_cannot_ask_for_other_times_payers_or_distributions(
        self, outsider: Client
    ) -> None:
        assert outsider.get(f"{SHOWN}&timing=received").status_code == 422
        for closed in ("/tax-analysis/payers/", "/distributions/", MONTH):
            assert outsider.get(closed).status_code == 403

    def test_another_office_begins_with_the_analysis_and_is_led_nowhere_else(
        self, outsider: Client
    ) -> None:
        page = outsider.get("/", follow=True)

        assert page.redirect_chain == [("/tax-analysis/", 302)]
        rooms = re.findall(r'<ul class="rooms">(.*?)</ul>', page.content.decode(), re.DOTALL)
        assert re.findall(r'href="([^"]+)"', rooms[0]) == ["/tax-analysis/"]

    def test_what_another_office_gives_out_never_has_more_than_its_own_page(
        self, outsider: Client
    ) -> None:
        for recipient in ("city_office", "public"):
            given = {"year": "2026", "by": "class", "measure": "tax", "recipient": recipient,
                     "for_whom": "Council", "why": "the budget", "taken_as": "csv"}  # fmt: skip
            content = text(outsider.post("/tax-analysis/give/", given))
            # Amusement is one park's: neither its figures nor what total and others would leave.
            parks = [line for line in content.splitlines() if line.startswith("12 ")]
            assert parks
            for line in parks:
                quarter, figures, kept_back = line.split(",")[1], line.split(",")[2:6], line[-3:]
                empty = ["0", "0.00", "0.00", "0.00"]
                assert figures == empty or (set(figures) == {""} and kept_back == "yes"), quarter
        log = outsider.get("/tax-analysis/given/").content.decode()
        assert log.count("Council") == 2
        assert log.count("the budget") == 2

    def test_a_year_that_is_no_number_is_refused_in_words(self, supervisor: Client) -> None:
        for year in ("next", "99999999999", ""):
            assert supervisor.get("/tax-analysis/", {"year": year}).status_code == 422

    def test_figures_leave_without_what_the_recipient_may_not_have(
        self, supervisor: Client
    ) -> None:
        given = {"year": "2026", "by": "class", "measure": "tax", "recipient": "public",
                 "for_whom": "The Herald", "why": "request 12", "taken_as": "csv"}  # fmt: skip

        answer = supervisor.post("/tax-analysis/give/", given)
        content = text(answer)

        assert "412.50" not in content
        assert "Total,Q1," in content
        log = supervisor.get("/tax-analysis/given/").content.decode()
        assert "The Herald" in log
        assert "request 12" in log

    def test_nothing_leaves_without_a_reason(self, supervisor: Client) -> None:
        answer = supervisor.post("/tax-analysis/give/", {"year": "2026", "by": "class"})

        assert answer.status_code == 422
        assert "This field is required" in answer.content.decode()

    def test_payers_leave_as_a_file_for_who_may_see_returns(self, supervisor: Client) -> None:
        answer = supervisor.get("/tax-analysis/payers/?year=2026&format=csv")

        assert "27500.00,27500.00,412.50" in text(answer)


class TestDiscovery:
    def test_one_that_is_ticked_becomes_a_work_item_and_is_explained(
        self, supervisor: Client
    ) -> None:
        listed = "/tax-analysis/discovery/unlicensed/"
        page = supervisor.get(listed).content.decode()
        choice = re.findall(r'name="chosen" value="([^"]+)"', page)[0]
        subject, code = choice.split()

        sent = {"year": "2026", "chosen": [choice]}
        once = supervisor.post(f"{listed}look/", sent, follow=True).content.decode()
        twice = supervisor.post(f"{listed}look/", sent, follow=True).content.decode()
        why = supervisor.get(f"{listed}2026/{subject}/{code}/why/").content.decode()

        assert "1 work item was made." in once
        assert "has work items already" in twice
        assert f'value="{choice}"' not in once
        assert "Office policy of the demonstration city" in why
        (item,) = re.findall(r'href="(/work/\d+/)"', once)[:1]
        assert "without a license" in supervisor.get(item).content.decode()

    def test_nothing_ticked_and_what_is_not_listed_are_said(self, supervisor: Client) -> None:
        listed = "/tax-analysis/discovery/unlicensed/"

        none = supervisor.post(f"{listed}look/", {"year": "2026"}, follow=True)
        other = supervisor.post(
            f"{listed}look/", {"year": "2026", "chosen": ["99 17", "x", "² 17"]}, follow=True
        )

        assert "Nothing is chosen" in none.content.decode()
        assert "on the list no more" in other.content.decode()

    def test_a_list_leaves_as_a_file_and_is_closed_to_others(
        self, supervisor: Client, outsider: Client
    ) -> None:
        listed = "/tax-analysis/discovery/unlicensed/"

        assert "Desert Grill LLC,17," in text(supervisor.get(f"{listed}?format=csv"))
        assert outsider.get(listed).status_code == 403
        assert outsider.post(f"{listed}look/", {"year": "2026"}).status_code == 403
        assert supervisor.get("/tax-analysis/discovery/dragons/").status_code == 404
        assert supervisor.get(f"{listed}?year=ten").status_code == 422
        assert supervisor.get(f"{listed}2026/1/99/why/").status_code == 404


class TestDistributions:
    def test_a_month_shows_every_share_and_explains_it(self, supervisor: Client) -> None:
        page = supervisor.get(MONTH).content.decode()
        why = supervisor.get(f"{MONTH}privilege_tax/privilege/preserve_land/why/")

        found = distributions.of_month(tax_figures.MARCH)
        assert found.collected_cents == found.distributed_cents
        assert f"${found.collected_cents / 100:,.2f}" in page
        assert "1/5 to preserve land" in why.content.decode()
        assert "scottsdaleaz.gov/taxes" in why.content.decode()

    def test_the_report_is_a_pdf_and_the_list_a_file(self, supervisor: Client) -> None:
        report = supervisor.get(f"{MONTH}letter/")
        listed = supervisor.get(f"{MONTH}?format=csv")

        assert report.content.startswith(b"%PDF")
        assert "Preserve land" in text(listed)

    def test_a_month_without_a_distribution_is_not_there(self, supervisor: Client) -> None:
        assert supervisor.get("/distributions/2020-01/").status_code == 404
        assert supervisor.get(f"{MONTH}water/lodging/tourism/why/").status_code == 404

    def test_running_again_says_that_nothing_is_left(self, supervisor: Client) -> None:
        asked = {"month": "2026-03", "posting_day": "2026-04-01"}

        answer = supervisor.post("/distributions/run/", asked, follow=True)

        assert "Nothing was left to distribute" in answer.content.decode()

    def test_a_month_that_is_not_over_is_refused_beside_the_form(self, supervisor: Client) -> None:
        asked = {"month": "2026-04", "posting_day": "2026-04-01"}

        answer = supervisor.post("/distributions/run/", asked)

        assert answer.status_code == 422
        assert "too early to distribute" in answer.content.decode()
