"""`fisc tables` on a city's database: an ordinance, from draft to force and back."""

from __future__ import annotations

import datetime
import json
import pathlib
from typing import Any

import pytest

from fisc.interfaces.cli import exit_codes, main
from tests import databases
from tests.factories import table_people, tables

LONG_AGO = datetime.datetime(2020, 1, 5, tzinfo=datetime.UTC)


@pytest.fixture
def at_the_terminal(
    city_database: databases.CityDatabase, monkeypatch: pytest.MonkeyPatch
) -> databases.CityDatabase:
    monkeypatch.setenv("DATABASE_URL", city_database.app)
    return city_database


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main.run(["tables", *arguments, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out or "{}") | {"error": said.err}


@pytest.mark.usefixtures("at_the_terminal")
class TestLifecycle:
    def test_an_ordinance_from_draft_to_force_and_back(
        self, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
    ) -> None:
        table_people.office()
        tables.approved_late_charge(
            "0.10", approved_at=LONG_AGO, effective_from=datetime.date(2020, 1, 1)
        )
        file, sheet, out = (tmp_path / name for name in ("new.dmn", "new.csv", "out.csv"))
        file.write_bytes(tables.late_charge_file("0.15"))
        sheet.write_bytes(table_people.SHEET % b"15.00")
        said = ("--reason", "The council raised it")

        _, draft = ran(
            capsys, "draft", "Late charge", "--from", "2199-07-01", "--as", "rosa",
            "--citation", "Ordinance 31", *said,
        )  # fmt: skip
        version = str(draft["version"])
        code, _ = ran(capsys, "cases", version, "--import", str(sheet), "--as", "rosa")
        assert code == exit_codes.ERROR  # The rate is the old one still: a case fails.
        code, saved = ran(
            capsys, "save", version, str(file), "--based-on", draft["sha256"], "--as", "rosa"
        )
        assert (code, saved["passed"]) == (exit_codes.DONE, 2)
        _, shown = ran(capsys, "cases", version, "--export", str(out))
        assert out.read_bytes() == sheet.read_bytes()
        ran(capsys, "put-in-test", version, "--as", "rosa")
        code, refused = ran(capsys, "approve", version, "--as", "rosa", *said)
        assert code == exit_codes.ERROR
        assert "another must approve it" in refused["error"]
        _, approved = ran(
            capsys, "approve", version, "--as", "martin", "--sha256", shown["sha256"], *said
        )
        _, listed = ran(capsys, "books")
        assert approved["status"] == "approved"
        assert listed["books"][0]["coming"] == [draft["version"]]
        _, back = ran(capsys, "rollback", version, "--as", "martin", "--reason", "Vetoed")
        _, done = ran(capsys, "history", version)

        assert back["status"] == "superseded"
        assert [(each["who"], each["verb"]) for each in done["acts"]][:3] == [
            ("Martin Okafor", "rolled back"),
            ("Martin Okafor", "approved"),
            ("Rosa Alvarez", "put in test"),
        ]
