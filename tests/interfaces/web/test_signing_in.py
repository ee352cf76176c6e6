"""Signing in and out, the lock of an idle session, the language."""

from __future__ import annotations

import pytest
from django.test import Client, utils

from fisc.interfaces.web import middleware
from fisc.plumbing.users import choices
from tests.factories import users as people

pytestmark = pytest.mark.django_db


class TestSigningIn:
    def test_goes_on_to_where_one_meant_to_go(self) -> None:
        people.person("casey", choices.GroupName.CASHIER)

        answer = Client().post(
            "/sign-in/",
            {"username": "casey", "password": people.PASSWORD, "next": "/keys/"},
        )

        assert answer.status_code == 302
        assert answer["Location"] == "/keys/"

    def test_never_sends_one_to_another_site(self) -> None:
        people.person("casey", choices.GroupName.CASHIER)

        answer = Client().post(
            "/sign-in/",
            {
                "username": "casey",
                "password": people.PASSWORD,
                "next": "https://elsewhere.example/",
            },
        )

        assert answer["Location"] == "/"

    def test_shows_the_form_again_when_the_password_is_wrong(self) -> None:
        people.person("casey", choices.GroupName.CASHIER)

        answer = Client().post("/sign-in/", {"username": "casey", "password": "wrong"})

        assert answer.status_code == 422
        assert "is wrong" in answer.content.decode()

    def test_closes_after_five_wrong_passwords(self) -> None:
        people.person("casey", choices.GroupName.CASHIER)
        browser = Client()
        for _ in range(5):
            browser.post("/sign-in/", {"username": "casey", "password": "wrong"})

        answer = browser.post("/sign-in/", {"username": "casey", "password": people.PASSWORD})

        assert answer.status_code == 429
        assert "quarter of an hour" in answer.content.decode()


class TestAnIdleSession:
    def test_is_locked_and_keeps_what_it_had(self) -> None:
        browser = people.browser_of(people.person("casey", choices.GroupName.CASHIER))
        session = browser.session
        session[middleware.SEEN] = 0
        session["basket"] = "kept"
        session.save()

        answer = browser.get("/keys/")

        assert answer["Location"] == "/unlock/?next=%2Fkeys%2F"
        assert browser.session["basket"] == "kept"

    def test_opens_with_the_password(self) -> None:
        browser = people.browser_of(people.person("casey", choices.GroupName.CASHIER))
        session = browser.session
        session[middleware.LOCKED] = True
        session.save()

        refused = browser.post("/unlock/", {"password": "wrong", "next": "/keys/"})
        opened = browser.post("/unlock/", {"password": people.PASSWORD, "next": "/keys/"})

        assert refused.status_code == 422
        assert opened["Location"] == "/keys/"
        assert browser.get("/keys/").status_code == 200

    @utils.override_settings(IDLE_LOCK_SECONDS=3600)
    def test_stays_open_while_it_is_used(self) -> None:
        browser = people.browser_of(people.person("casey", choices.GroupName.CASHIER))

        assert browser.get("/keys/").status_code == 200
        assert browser.get("/keys/").status_code == 200


class TestTheLanguage:
    def test_is_remembered_for_the_next_signing_in(self) -> None:
        browser = people.browser_of(people.person("casey", choices.GroupName.CASHIER))

        browser.post("/language/", {"language": "es", "next": "/keys/"})
        browser.post("/sign-out/")
        signed_in = Client()
        signed_in.post("/sign-in/", {"username": "casey", "password": people.PASSWORD})

        assert 'lang="es"' in signed_in.get("/keys/").content.decode()

    def test_must_be_one_there_is(self) -> None:
        browser = people.browser_of(people.person("casey", choices.GroupName.CASHIER))

        assert browser.post("/language/", {"language": "xx"}).status_code == 400


class TestEveryAnswer:
    def test_carries_the_content_policy(self) -> None:
        answer = Client().get("/sign-in/")

        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy

    def test_is_not_kept_by_a_browser_when_it_shows_the_citys_data(self) -> None:
        browser = people.browser_of(people.person("casey", choices.GroupName.CASHIER))

        assert "no-store" in browser.get("/keys/")["Cache-Control"]
