"""Whatever is foreseeable is answered in a sentence; only what is broken answers 500."""

from __future__ import annotations

import re
from collections.abc import Callable

import psycopg
import pytest
from django import db, urls
from django.test import Client

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.calculations import blocks
from fisc.domain.rule_tables.queries import versions
from fisc.interfaces import refusing
from tests.browser import city
from tests.interfaces.web import test_doors

PART = re.compile(r"<(?:(\w+):)?\w+>")
NUMBERS = ("1", "9" * 18, "9" * 30)
ANSWERED = {200, 302, 400, 403, 404, 405, 409, 422}
BODIES: tuple[dict[str, str], ...] = (
    {},
    {"key": "", "name": "\u0661", "number": "9" * 30, "reason": "x", "why": "x" * 3000},
)
QUERY = {
    "account": "9" * 30, "q": "9" * 30, "after": "x", "before": "9" * 30, "page": "-1",
    "taken": "x", "day": "0001-01-01", "as_of": "9999-12-31", "format": "pdf", "version": "x",
}  # fmt: skip


def raising(problem: Exception) -> Callable[..., None]:
    def raises(*_: object, **__: object) -> None:
        raise problem

    return raises


def routes(resolver: urls.URLResolver | None = None, prefix: str = "") -> list[str]:
    found = []
    for each in (resolver or urls.get_resolver("fisc.interfaces.web.urls")).url_patterns:
        route = prefix + str(each.pattern)
        found += routes(each, route) if isinstance(each, urls.URLResolver) else [f"/{route}"]
    return found


ROUTES = [each for each in routes() if each not in {"/sign-out/", "/unlock/", "/sign-in/"}]


class TestAnErrorOfTheDomain:
    def test_becomes_a_page_with_its_words(
        self, supervisor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lacking = versions.NoVersionForDate("The book “Water” has no version. Approve one.")
        monkeypatch.setattr("fisc.domain.cashiering.queries.till_of", raising(lacking))

        answer = supervisor.get("/till/")

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "The book “Water” has no version. Approve one." in page
        assert "Nothing was changed" not in page
        assert "</html>" in page

    def test_says_that_others_hold_what_was_to_be_changed(
        self, supervisor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited = db.OperationalError("canceling statement due to lock timeout")
        waited.__cause__ = psycopg.errors.LockNotAvailable()
        monkeypatch.setattr("fisc.domain.cashiering.queries.till_of", raising(waited))

        answer = supervisor.get("/till/")

        assert answer.status_code == 503
        assert "Others are changing the same accounts" in answer.content.decode()

    def test_becomes_a_part_for_htmx_and_says_that_nothing_was_changed(
        self, supervisor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        missing = code_lists.NoSuchCodeList("There is no list “tender kind”. Bring it in.")
        monkeypatch.setattr("fisc.domain.cashiering.queries.till_of", raising(missing))

        answer = supervisor.post("/till/scan/", {"scanned": "1"}, headers={"HX-Request": "true"})

        part = answer.content.decode()
        assert answer.status_code == 404
        assert "There is no list “tender kind”. Bring it in." in part
        assert "Nothing was changed" in part
        assert "<html" not in part

    def test_is_given_to_a_script_as_json(
        self, supervisor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "fisc.domain.cashiering.queries.till_of", raising(versions.NoVersionForDate("Words."))
        )

        answer = supervisor.get("/till/", headers={"Accept": "application/json, text/html"})

        assert (answer.status_code, answer.json()) == (422, {"words": "Words."})

    def test_is_no_refusal_where_no_input_brings_it_about(self) -> None:
        assert not refusing.is_refusal(blocks.BlockIsDamaged("The block is damaged."))
        assert not refusing.is_refusal(AssertionError("ours"))
        assert not refusing.is_refusal(ValueError("a library's"))
        assert refusing.is_refusal(versions.NoVersionForDate("Approve one."))


class TestAQuote:
    def test_of_an_account_whose_table_ended_says_so_and_can_be_asked(
        self, supervisor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = supervisor.get(f"/search/?q={city.STREET}").content.decode()
        account = re.search(r'href="/accounts/(\d+)/"', found)
        assert account is not None
        lacking = versions.NoVersionForDate("The book “Winter” has no version. Approve one.")
        monkeypatch.setattr("fisc.domain.utilities.queries.rates.winter_of", raising(lacking))

        answer = supervisor.get("/quote/", {"account": account[1]})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "The book “Winter” has no version. Approve one." in page
        assert 'name="water"' in page

    def test_of_a_day_before_every_table_names_the_minute_and_no_more(
        self, supervisor: Client
    ) -> None:
        page = supervisor.get("/quote/").content.decode()
        chosen = {
            name: re.search(rf'name="{name}".*?<option value="([^"]+)"', page, re.DOTALL)
            for name in ("rate_class", "water_size", "phase")
        }
        asked = {name: each[1] for name, each in chosen.items() if each}

        answer = supervisor.get(
            "/quote/",
            {**asked, "water": "5", "starts_on": "1900-01-01", "ends_before": "1900-02-01"},
        )

        said = answer.content.decode()
        assert answer.status_code == 422
        assert "has no version for 1900-01-01" in said
        assert re.search(r"as known on \d{4}-\d\d-\d\d \d\d:\d\d UTC\. ", said)


def with_number(route: str, number: str) -> str:
    """Return an address of a route, with a number wherever one belongs."""
    samples = {**test_doors.SAMPLES, "int": number}
    return PART.sub(lambda part: samples[part[1] or "str"], route)


class TestEveryPage:
    """What anybody may type into an address or a form is never a fault."""

    @pytest.mark.parametrize("route", ROUTES)
    def test_answers_odd_numbers_and_fields(self, supervisor: Client, route: str) -> None:
        supervisor.raise_request_exception = False
        for number in NUMBERS:
            address = with_number(route, number)
            answers = [supervisor.get(address), supervisor.get(address, QUERY)]
            answers += [supervisor.post(address, body) for body in BODIES]

            assert {each.status_code for each in answers} <= ANSWERED
