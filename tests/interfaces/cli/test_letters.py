"""`fisc letters`: what waits is listed, and all of it printed into a folder."""

from __future__ import annotations

import json
import pathlib

import pytest
from django.conf import settings

from fisc.interfaces.cli import exit_codes, main
from tests import databases
from tests.domain.tax_returns.conftest import tax_city, tax_template
from tests.processes.letters import test_letters as made

__all__ = ("tax_city", "tax_template")


@pytest.fixture(autouse=True)
def _at_the_terminal(
    tax_city: databases.CityDatabase, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", tax_city.app)
    monkeypatch.setattr(settings, "FISC_DOCUMENTS", tmp_path / "store")


class TestLetters:
    def test_are_listed_by_day_and_printed_once(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        license_id = made.merchant()
        for on in (made.NOTICE, made.REMINDER):
            made.told(license_id, on)
            made.write(made.account_of(license_id), on)
        into = tmp_path / "to print"

        assert main.run(["letters", "list", "--json"]) == exit_codes.DONE
        listed = json.loads(capsys.readouterr().out)
        assert [(each["day"], each["kind"], each["waiting"]) for each in listed] == [
            (f"{made.NOTICE}", "renewal notice", 1),
            (f"{made.REMINDER}", "renewal notice", 1),
        ]
        only = ["letters", "print", "--day", f"{made.NOTICE}", "--into", str(into)]
        assert main.run(only) == exit_codes.DONE
        assert "Letters: 1. Files: 1." in capsys.readouterr().out
        (file,) = into.iterdir()
        assert file.read_bytes().startswith(b"%PDF")
        assert main.run(["letters", "print", "--json"]) == exit_codes.DONE
        assert json.loads(capsys.readouterr().out)["letters"] == 1
        assert main.run(["letters", "list"]) == exit_codes.DONE
        assert "No letter waits to be printed." in capsys.readouterr().out
