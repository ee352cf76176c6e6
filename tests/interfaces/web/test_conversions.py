"""The pages of files of another system: totals, refused rows, and the undoing by another person."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django import http
from django.db import IntegrityError, connection
from django.test import Client, utils
from pytest_django import plugin

from fisc.plumbing.postgres import passwords
from fisc.plumbing.users import choices
from fisc.plumbing.users import queries as people
from fisc.processes.conversion.licenses import operations, queries, totals
from tests import databases
from tests.domain.tax_returns.conftest import tax_template
from tests.factories import old_licenses, users
from tests.factories.tax_returns import AT

__all__ = ("tax_template",)

ON = datetime.date(2026, 10, 3)
BOUNDS = {"/conversions/": 10, "/conversions/1/": 12}


@pytest.fixture(scope="module")
def filled(
    database_server: passwords.Addresses,
    tax_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[databases.CityDatabase]:
    """A copy of the city with a file that one person brought in, and two who may undo it."""
    with (
        django_db_blocker.unblock(),
        utils.override_settings(FISC_HOME=tmp_path_factory.mktemp("home")),
        databases.clone(addresses=database_server, template=tax_template) as copy,
    ):
        maker = users.person("maker", choices.GroupName.PROJECTS_COORDINATOR)
        users.person("other", choices.GroupName.PROJECTS_COORDINATOR)
        users.person("clerk", choices.GroupName.ACCOUNT_COORDINATOR)
        brought(maker)
        yield copy


def brought(user_id: int, *, number: str = "98-0001") -> int:
    """Bring in one license, beside a row that cannot be taken, and return the file's number."""
    plan = queries.plan(
        old_licenses.file(
            {"LIC_NO": number, "OWNER_NAME": f"Owner of {number}", "DBA": "", "FEIN": ""},
            {"LIC_NO": f"{number}-x", "LIC_TYPE": "DRAGON", "UNITS": "ten"},
        ),
        file_name=f"{number}.csv",
        of=queries.mapping(old_licenses.MAPPING),
        day=ON,
    )
    by = operations.By(user_id=user_id, at=AT, why="moving in")
    done = operations.bring_in(plan, said=totals.Said(), leaves_out_refused=True, on=ON, by=by)
    return done.batch_id


def text(answer: object) -> str:
    """What a file that was sent says."""
    assert isinstance(answer, http.StreamingHttpResponse)
    return bytes(answer.getvalue()).decode()


def browser(name: str) -> Client:
    return users.browser_of(people.user_id(username=name))


@pytest.mark.usefixtures("filled")
class TestConversions:
    @pytest.mark.parametrize("page", BOUNDS)
    def test_a_page_takes_a_bounded_number_of_statements(self, page: str) -> None:
        client = browser("maker")
        client.get(page)

        with utils.CaptureQueriesContext(connection) as asked:
            connection.force_debug_cursor = True
            answer = client.get(page)

        assert answer.status_code == 200
        assert 0 < len(asked.captured_queries) <= BOUNDS[page]

    def test_refused_rows_say_every_reason_on_the_page_and_in_the_file(self) -> None:
        client = browser("maker")
        client.post("/language/", {"language": "es"})
        page = client.get("/conversions/1/").content.decode()
        client.post("/language/", {"language": "en"})
        answer = client.get("/conversions/1/?format=csv")

        assert "LIC_TYPE: “DRAGON” no tiene tipo de licencia en la correspondencia." in page
        content = text(answer)
        assert "3,98-0001-x,LIC_TYPE: “DRAGON” has no license type in the mapping." in content
        assert "UNITS: “ten” is no whole number" in content
        assert client.get("/conversions/99/").status_code == 404
        assert browser("clerk").get("/conversions/").status_code == 403

    def test_who_brought_a_file_in_does_not_take_it_out(self) -> None:
        maker = browser("maker")
        assert "Another person takes it out" in maker.get("/conversions/1/").content.decode()

        answer = maker.post("/conversions/1/", {"why": "a mistake"})

        assert answer.status_code == 422
        assert "Ask another person" in answer.content.decode()
        assert queries.brought_in(1).undone_at is None

    def test_the_database_says_so_too(self) -> None:
        maker = people.user_id(username="maker")
        for person in (maker, None):
            with (
                pytest.raises(IntegrityError, match="undone_by_another"),
                connection.cursor() as cursor,
            ):
                cursor.execute("select conversion_undo(1, %s, now(), 'a mistake')", [person])

    def test_another_takes_it_out_once_and_says_why(self) -> None:
        number = brought(people.user_id(username="maker"), number="98-0700")
        other = browser("other")

        nothing = other.post(f"/conversions/{number}/", {"why": " "})
        done = other.post(f"/conversions/{number}/", {"why": "a wrong file"}, follow=True)
        again = other.post(f"/conversions/{number}/", {"why": "a wrong file"})

        assert nothing.status_code == 422
        assert "as if it had not come" in done.content.decode()
        assert "a wrong file" in done.content.decode()
        assert again.status_code == 422
        assert "undone before" in again.content.decode()
        assert queries.licenses_of("98-0700") == ()
