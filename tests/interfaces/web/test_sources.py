"""The pages on which a look-up table is given its source, compared with it, and filled from it."""

from __future__ import annotations

import datetime
import time
from urllib.parse import quote

import pytest
from django.core.files import uploadedfile
from django.db import connection
from django.test import Client, utils
from django.utils import timezone

from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import sources as queries
from fisc.plumbing.users import choices as groups
from fisc.plumbing.users import queries as users
from tests import databases
from tests.browser import city
from tests.factories import look_ups
from tests.factories import users as people

AUTHOR, _ = city.SIGN_INS[groups.GroupName.PROJECTS_COORDINATOR.value]
CASHIER, _ = city.SIGN_INS[groups.GroupName.CASHIER.value]
RATES = look_ups.rates(4)
TABLE = f"?decision={quote(look_ups.DECISION)}"


@pytest.fixture
def projects(lived_in_city: databases.CityDatabase) -> Client:
    """A browser in which the projects coordinator is signed in."""
    assert lived_in_city.name
    return people.browser_of(users.user_id(username=AUTHOR))


def drafted(*rows: tuple[str, str]) -> str:
    """A draft of the look-up; returns the address of its sources."""
    version_id = look_ups.draft(
        *rows,
        at=timezone.now(),
        effective_from=timezone.localdate() + datetime.timedelta(days=30),
        by=AUTHOR,
    )
    return f"/tables/{version_id}/sources/"


def version_of(at: str) -> int:
    return int(at.split("/")[2])


def given(browser: Client, at: str, content: bytes, *, name: str = "rates.csv") -> tuple[int, str]:
    answer = browser.post(
        f"{at}give/",
        {
            "decision": look_ups.DECISION,
            "file": uploadedfile.SimpleUploadedFile(name, content),
        },
        follow=True,
    )
    return answer.status_code, answer.content.decode()


class TestGivingAFile:
    def test_finds_its_columns_and_says_that_it_agrees(self, projects: Client) -> None:
        at = drafted(*RATES)
        assert "no source" not in projects.get(at).content.decode()

        status, page = given(projects, at, look_ups.csv(*RATES))

        assert status == 200
        assert "It agrees with its source rates.csv: 4 rows; totals" in page
        assert "Rate 0.2406" in page
        assert "<option selected>Place</option>" in page
        assert "rates.csv" in projects.get(at).content.decode()
        checks = projects.get(f"/tables/{version_of(at)}/checks/").content.decode()
        assert "It agrees with its source rates.csv" in checks

    def test_that_differs_is_shown_row_by_row(self, projects: Client) -> None:
        at = drafted(*RATES)

        _, page = given(projects, at, look_ups.csv(*RATES[:3], ("00003", "0.07")))

        assert "here 00003, 0.0603, in the source 00003, 0.07" in page
        assert (
            "in the source 00003, 0.07"
            in projects.get(f"/tables/{version_of(at)}/checks/").content.decode()
        )

    def test_with_other_names_asks_which_column_is_meant(self, projects: Client) -> None:
        at = drafted(*RATES)
        content = look_ups.csv(*RATES).replace(b"Place,Name,Rate", b"Code,Name,Percent")

        _, page = given(projects, at, content)
        assert page.count("Say which column of the file it is.") == 2

        answer = projects.post(
            f"{at}columns/",
            {"decision": look_ups.DECISION, "column_0": "Code", "column_1": "Percent"},
            follow=True,
        )
        assert "It agrees with its source" in answer.content.decode()
        refused = projects.post(
            f"{at}columns/",
            {"decision": look_ups.DECISION, "column_0": "Code", "column_1": "Elsewhere"},
        )
        assert refused.status_code == 422
        assert "has no column “Elsewhere”" in refused.content.decode()

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"\xff\xfeP\x00", "is not text in UTF-8"),
            ("Place,Rate\nCañon,1\n".encode("latin-1"), "line 2 has other letters"),
            (b"Place,Rate\n00001\x00,1\n", "control character"),
            (look_ups.csv(*RATES, RATES[0]), "lines 2 and 6 are both for “00000”"),
            (look_ups.csv(("", "1")), "has nothing under “Place”"),
            (b"", "The file is empty."),
            (b"PK\x03\x04", "control character"),
            (b"Place,Rate\n" + b"x" * 25_000_000, "too large"),
            (b"Place,Rate\n" + b"1\n" * 500_000, "and 499,980 more"),
        ],
    )
    def test_that_is_bad_is_refused_in_words_and_in_time(
        self, projects: Client, content: bytes, words: str
    ) -> None:
        at = drafted(*RATES)
        before = reading.draft(version_of(at))
        began = time.monotonic()

        status, page = given(projects, at, content)

        took = time.monotonic() - began
        assert status == 422
        assert words in page
        assert took < 5, took
        assert queries.of_version(version_of(at)) == {}
        assert reading.draft(version_of(at)) == before

    def test_of_fifty_megabytes_is_refused(self, projects: Client) -> None:
        at = drafted(*RATES)

        status, page = given(projects, at, b"Place,Rate\n" + b"x" * 50_000_000)

        assert status in {413, 422}
        assert "too large" in page or "larger than" in page
        assert queries.of_version(version_of(at)) == {}

    def test_can_be_taken_out_again_and_taken_away(self, projects: Client) -> None:
        at = drafted(*RATES)
        given(projects, at, look_ups.csv(*RATES), name="Tasas de enero.csv")

        taken = projects.get(f"{at}file/{TABLE}")
        assert b"".join(taken.streaming_content) == look_ups.csv(*RATES)  # type: ignore[attr-defined]
        projects.post(f"{at}leave/", {"decision": look_ups.DECISION})

        assert queries.of_version(version_of(at)) == {}
        assert projects.get(f"{at}file/{TABLE}").status_code == 404

    def test_is_not_for_a_cashier_nor_for_a_table_there_is_not(self, projects: Client) -> None:
        at = drafted(*RATES)
        cashier = people.browser_of(users.user_id(username=CASHIER))

        status, _ = given(cashier, at, look_ups.csv(*RATES))

        assert status == 403
        assert projects.get(f"{at}table/?decision=Nothing").status_code == 404
        assert projects.get(f"{at}rows/{TABLE}").status_code == 404


class TestTakingTheRows:
    def test_shows_every_change_and_keeps_what_was_shown(self, projects: Client) -> None:
        at = drafted(*RATES)
        given(projects, at, look_ups.csv(*RATES[:2], ("=1+1", "0.07")))

        shown = projects.get(f"{at}rows/{TABLE}").content.decode()
        assert "=1+1" in shown
        assert "0.07" in shown
        draft = reading.draft(version_of(at))
        asked = {
            "decision": look_ups.DECISION,
            "based_on": draft.sha256,
            "source": queries.source(draft.version_id, look_ups.DECISION).sha256,
        }
        answer = projects.post(f"{at}rows/", asked, follow=True)

        assert "It agrees with its source rates.csv: 3 rows" in answer.content.decode()
        again = projects.post(f"{at}rows/", {**asked, "source": "another"})
        assert again.status_code == 422
        assert "another source file" in again.content.decode()

    def test_that_are_no_rows_of_such_a_table_says_each_line(self, projects: Client) -> None:
        at = drafted(*RATES)
        given(projects, at, look_ups.csv(("00000", "8,25"), ("00001", "=1+1")))

        answer = projects.get(f"{at}rows/{TABLE}")

        assert answer.status_code == 422
        page = answer.content.decode()
        assert "line 2: “8,25” under “Rate” is no number" in page
        assert "line 3: “=1+1”" in page

    def test_of_five_thousand_takes_seconds(self, projects: Client) -> None:
        before = look_ups.rates(5_000)
        at = drafted(*before[:4])
        given(projects, at, look_ups.csv(*before))
        began = time.monotonic()

        shown = projects.get(f"{at}rows/{TABLE}").content.decode()
        took = time.monotonic() - began
        answer = projects.post(
            f"{at}rows/",
            {
                "decision": look_ups.DECISION,
                "based_on": reading.draft(version_of(at)).sha256,
                "source": queries.source(version_of(at), look_ups.DECISION).sha256,
            },
            follow=True,
        )

        assert "The first 300 of 4,996 changes" in shown
        assert took < 10, took
        assert "5,000 rows; totals" in answer.content.decode()
        began = time.monotonic()
        checks = projects.get(f"/tables/{version_of(at)}/checks/").content.decode()
        took = time.monotonic() - began
        assert "5,000 rows; totals" in checks
        assert took < 20, took

    def test_of_very_many_says_to_use_the_command(self, projects: Client) -> None:
        at = drafted(*RATES)
        given(projects, at, look_ups.csv(*look_ups.rates(10_001)))

        answer = projects.get(f"{at}rows/{TABLE}")

        assert answer.status_code == 422
        assert "fisc tables source" in answer.content.decode()


class TestThePages:
    def test_say_what_to_do_with_very_many_rules(self, projects: Client) -> None:
        at = drafted(*look_ups.rates(1_001))

        assert "Too many rows for cases" in projects.get(at).content.decode()
        page = projects.get(f"{at}table/{TABLE}").content.decode()
        assert "This table has 1,001 rows, too many to write a case for each." in page
        checks = projects.get(f"/tables/{version_of(at)}/checks/").content.decode()
        assert "Give the file that they were taken from" in checks
        assert at in checks

    @pytest.mark.parametrize(("page", "most"), [("", 16), (f"table/{TABLE}", 24)])
    def test_take_a_bounded_number_of_statements(
        self, projects: Client, page: str, most: int
    ) -> None:
        at = drafted(*RATES)
        given(projects, at, look_ups.csv(*RATES))
        projects.get(f"{at}{page}")

        with utils.CaptureQueriesContext(connection) as asked:
            assert projects.get(f"{at}{page}").status_code == 200

        assert 0 < len(asked.captured_queries) <= most, len(asked.captured_queries)
