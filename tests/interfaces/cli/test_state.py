"""`fisc state`: the state's files in, their cash, and what does not agree, at the terminal."""

from __future__ import annotations

import json
import pathlib

import pytest

from fisc.interfaces.cli import exit_codes, main
from fisc.plumbing.users import choices
from tests import databases
from tests.domain.state_collections.test_files import HEADING
from tests.domain.tax_returns.conftest import tax_city, tax_template
from tests.factories import tax_returns, users

__all__ = ("tax_city", "tax_template")


@pytest.fixture
def at_the_terminal(
    tax_city: databases.CityDatabase, monkeypatch: pytest.MonkeyPatch, settings: object
) -> databases.CityDatabase:
    monkeypatch.setenv("DATABASE_URL", tax_city.app)
    settings.FISC_CITY = tax_returns.CITY  # type: ignore[attr-defined]
    return tax_city


@pytest.mark.usefixtures("at_the_terminal")
class TestState:
    def test_a_file_comes_in_once_and_its_cash_is_entered(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        users.person("super", choices.GroupName.SUPERVISOR)
        share = tmp_path / "share.csv"
        share.write_text(HEADING + "1001,Desert Grill,2026-06-01,10\nTRAILER,1,10,\n")
        take = ["state", "take", str(share), "--kind", "distribution", "--month", "2026-07",
                "--as", "super"]  # fmt: skip
        enter = ["state", "cash", "1", "--amount", "9.75", "--on", "2026-08-20",
                 "--date", "2026-08-20", "--as", "super"]  # fmt: skip

        assert main.run(take) == exit_codes.DONE
        assert main.run(take) != exit_codes.DONE
        assert main.run(enter) != exit_codes.DONE
        said = capsys.readouterr()
        assert "File 1: 1 rows, $10.00." in said.out
        assert "Nothing was done again" in said.err
        assert "say what explains the difference of -0.25" in said.err
        assert main.run([*enter, "--why", "fee"]) == exit_codes.DONE
        capsys.readouterr()
        assert main.run(["state", "list", "--json"]) == exit_codes.DONE
        (listed,) = json.loads(capsys.readouterr().out)
        assert (listed["total_cents"], listed["cash_cents"], listed["why"]) == (1000, 975, "fee")
        assert main.run(["state", "list"]) == exit_codes.DONE
        assert "2026-07  distribution" in capsys.readouterr().out

    def test_everything_wrong_with_a_file_is_said(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        users.person("super2", choices.GroupName.SUPERVISOR)
        share = tmp_path / "share.csv"
        share.write_text(HEADING + "1001,Desert Grill,July,ten\n")

        code = main.run(["state", "take", str(share), "--kind", "distribution", "--month",
                         "2026-07", "--as", "super2"])  # fmt: skip

        said = capsys.readouterr().err
        assert code != exit_codes.DONE
        assert "line 2: “July”" in said
        assert "line 2: “ten”" in said
        assert "cut short" in said
        assert "Traceback" not in said
