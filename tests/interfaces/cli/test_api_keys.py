"""`fisc api-keys`: made, listed and revoked at the terminal."""

from __future__ import annotations

import pytest

from fisc.interfaces.cli import exit_codes, main
from fisc.plumbing.users import choices
from fisc.plumbing.users import queries as users
from tests import databases
from tests.factories import users as people

ARGUMENTS = ("make", "the portal", "--acts-as", "rosa", "--by", "rosa")


@pytest.fixture
def at_the_terminal(
    city_database: databases.CityDatabase, monkeypatch: pytest.MonkeyPatch
) -> databases.CityDatabase:
    monkeypatch.setenv("DATABASE_URL", city_database.app)
    return city_database


@pytest.mark.usefixtures("at_the_terminal")
class TestKeys:
    def test_a_key_is_made_listed_and_revoked(self, capsys: pytest.CaptureFixture[str]) -> None:
        people.person("rosa", choices.GroupName.SUPERVISOR)

        made = main.run(["api-keys", *ARGUMENTS, "--until", "2100-01-01"])
        key = capsys.readouterr().out.strip()
        assert made == exit_codes.DONE
        before = users.user_of_api_key(key, at=people.MADE_AT)
        number = key.split("_")[1]
        revoked = main.run(["api-keys", "revoke", number, "--by", "rosa"])
        main.run(["api-keys", "list"])

        assert revoked == exit_codes.DONE
        assert before is not None
        assert users.user_of_api_key(key, at=people.MADE_AT) is None
        assert f"{number}: the portal, as rosa, revoked" in capsys.readouterr().out
        assert key not in str(users.api_keys())

    def test_a_day_that_is_past_is_refused_in_words(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run(["api-keys", *ARGUMENTS, "--until", "2001-01-01"])

        assert code == exit_codes.ERROR
        assert "to come" in capsys.readouterr().err
