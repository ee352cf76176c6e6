"""`fisc distributions`: run, proved and listed at the terminal."""

from __future__ import annotations

import json

import pytest

from fisc.interfaces.cli import exit_codes, main
from fisc.plumbing.users import choices
from tests import databases
from tests.domain.tax_returns.conftest import tax_city, tax_template
from tests.factories import tax_figures, users

__all__ = ("tax_city", "tax_template")


@pytest.fixture
def at_the_terminal(
    tax_city: databases.CityDatabase, monkeypatch: pytest.MonkeyPatch
) -> databases.CityDatabase:
    monkeypatch.setenv("DATABASE_URL", tax_city.app)
    return tax_city


@pytest.mark.usefixtures("at_the_terminal")
class TestRun:
    def test_a_month_is_distributed_once_and_proved(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        users.person("rosa", choices.GroupName.SUPERVISOR)
        tax_figures.filed_and_paid(paid_on=tax_figures.RECEIVED)
        asked = ("distributions", "run", "--month", "2026-03", "--date", "2026-04-01")

        open_before = main.run(["distributions", "prove", "--month", "2026-03", "--json"])
        left = json.loads(capsys.readouterr().out)["outstanding_cents"]["2026-03"]
        first = main.run([*asked, "--as", "rosa", "--json"])
        (made,) = json.loads(capsys.readouterr().out)["distributions"]
        again = main.run([*asked, "--as", "rosa"])
        proved = main.run(["distributions", "prove", "--month", "2026-03"])
        said = capsys.readouterr().out

        assert open_before == exit_codes.CONTROL_TOTALS_DIFFER
        assert (first, again, proved) == (exit_codes.DONE,) * 3
        assert made["collected_cents"] == left > 0
        assert "Nothing was left" in said
        assert "What was distributed is what was collected." in said

    def test_a_month_that_is_not_over_is_refused_in_words(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = ("distributions", "run", "--month", "2026-03", "--date", "2026-03-31")

        code = main.run([*asked, "--as", "rosa"])

        assert code == exit_codes.ERROR
        assert "too early to distribute" in capsys.readouterr().err
