"""Every page is closed to strangers, and to people whose group has no permission for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django import http, urls
from django.test import Client

from fisc.interfaces.web import doors, middleware
from fisc.plumbing.users import permissions
from tests.factories import users as people

OPEN_TO_ALL = {"sign_in", "sign_out", "unlock", "language", "public_license"}
SAMPLES = {"int": "1", "str": "x", "slug": "x", "day": "2026-03-02", "month": "2026-03"}
PART = re.compile(r"<(?:(\w+):)?\w+>")


def patterns(
    resolver: urls.URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, urls.URLPattern]]:
    for each in (resolver or urls.get_resolver("fisc.interfaces.web.urls")).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, urls.URLResolver):
            yield from patterns(each, route)
        else:
            yield PART.sub(lambda part: SAMPLES[part[1] or "str"], f"/{route}"), each


PAGES = list(patterns())
CLOSED = [(address, page) for address, page in PAGES if page.name not in OPEN_TO_ALL]


def ids(pages: list[tuple[str, urls.URLPattern]]) -> list[str]:
    return [page.name or address for address, page in pages]


class TestEveryView:
    @pytest.mark.parametrize(("address", "page"), PAGES, ids=ids(PAGES))
    def test_is_a_door(self, address: str, page: urls.URLPattern) -> None:
        permission = getattr(page.callback, doors.MARK, None)

        assert permission is not None, f"{address} says not who may pass"
        assert permission in permissions.WORDS or page.name in OPEN_TO_ALL

    @pytest.mark.django_db
    @pytest.mark.parametrize(("address", "page"), CLOSED, ids=ids(CLOSED))
    def test_sends_a_stranger_to_sign_in(self, address: str, page: urls.URLPattern) -> None:
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 302, page.name
            assert answer["Location"].startswith("/sign-in/")

    @pytest.mark.django_db
    @pytest.mark.parametrize(("address", "page"), CLOSED, ids=ids(CLOSED))
    def test_refuses_someone_without_its_permission(
        self, address: str, page: urls.URLPattern
    ) -> None:
        browser = people.browser_of(people.person("nobody"))

        for answer in (browser.get(address), browser.post(address)):
            assert answer.status_code == 403, page.name


class TestAViewWithoutADoor:
    def test_is_refused(self) -> None:
        def forgotten(request: http.HttpRequest) -> http.HttpResponse:
            return http.HttpResponse("secret")

        closed = middleware.ClosedByDefault(lambda request: http.HttpResponse())

        assert closed.refuses(forgotten)
        assert not closed.refuses(doors.open_to_all(lambda request: http.HttpResponse()))


class TestAPartial:
    @pytest.mark.django_db
    def test_moves_the_whole_page_to_sign_in(self) -> None:
        answer = Client().get(
            "/work/",
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/work/?a=1"},
        )

        assert answer.status_code == 401
        assert answer["HX-Redirect"] == "/sign-in/?next=%2Fwork%2F"
