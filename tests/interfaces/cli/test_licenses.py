"""`fisc licenses`: what a day does to licenses, asked at the terminal."""

from __future__ import annotations

import pytest

from fisc.interfaces.cli import exit_codes, main
from fisc.plumbing.runs import queries as runs
from tests import databases
from tests.domain.tax_returns.conftest import tax_city, tax_template

__all__ = ("tax_city", "tax_template")


@pytest.fixture
def at_the_terminal(
    tax_city: databases.CityDatabase, monkeypatch: pytest.MonkeyPatch
) -> databases.CityDatabase:
    monkeypatch.setenv("DATABASE_URL", tax_city.app)
    return tax_city


@pytest.mark.usefixtures("at_the_terminal")
class TestRenew:
    def test_a_day_to_come_is_refused_before_anything_is_kept(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run(["licenses", "renew", "--day", "2199-12-20"])

        assert code != exit_codes.DONE
        assert "still to come" in capsys.readouterr().err
        assert not runs.latest_runs(kind="renewals")
