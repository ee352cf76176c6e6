"""`fisc tables` on a city's database: an ordinance, from draft to force and back."""

from __future__ import annotations

import datetime
import json
import pathlib
from typing import Any

import pytest

from fisc.interfaces.cli import exit_codes, main
from tests import databases
from tests.factories import shared_tables, table_people, tables

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


@pytest.mark.usefixtures("at_the_terminal")
class TestSharedTables:
    def test_a_shared_book_is_opened_written_approved_imported_and_taken_out(
        self, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
    ) -> None:
        table_people.office()
        names = ("fees.dmn", "fees.csv", "late.dmn", "late.csv")
        file, sheet, late, late_sheet = (tmp_path / name for name in names)
        file.write_bytes(shared_tables.fees_file("0.10"))
        sheet.write_bytes(shared_tables.fees_sheet("0.10"))
        late.write_bytes(shared_tables.late_charge_file())
        late_sheet.write_bytes(shared_tables.LATE_SHEET)

        code, _ = ran(capsys, "open-book", "Fees", "--point", shared_tables.FEES, "--as", "rosa")
        assert code == exit_codes.DONE
        ran(capsys, "open-book", "Late charge", "--point", tables.LATE_CHARGE, "--as", "rosa")
        _, again = ran(capsys, "open-book", "Other", "--point", shared_tables.FEES, "--as", "rosa")
        assert "serves shared.fees" in again["error"]
        self.in_force(capsys, "Fees", file, sheet)
        self.in_force(capsys, "Late charge", late, late_sheet)

        _, listed = ran(capsys, "books")
        by_name = {each["name"]: each for each in listed["books"]}
        assert by_name["Fees"]["imported_by"] == ["Late charge"]
        version = by_name["Late charge"]["coming"][0]
        code, same = ran(capsys, "diff", str(version), str(version))
        assert (code, same["differences"], same["error"]) == (exit_codes.DONE, [], "")
        main.run(["tables", "export", str(tmp_path / "city")])
        assert "2 tables written" in capsys.readouterr().out
        written = {path.name for path in (tmp_path / "city" / "tables").iterdir()}
        assert written == {"shared.fees.2199-07-01.dmn", "utilities.late_charge.2199-07-01.dmn"}

    def in_force(
        self,
        capsys: pytest.CaptureFixture[str],
        book: str,
        file: pathlib.Path,
        sheet: pathlib.Path,
    ) -> None:
        said = ("--reason", "As adopted")
        _, draft = ran(
            capsys, "draft", book, "--from", "2199-07-01", "--file", str(file), "--as", "rosa",
            "--citation", "Resolution 8", *said,
        )  # fmt: skip
        version = str(draft["version"])
        code, cased = ran(capsys, "cases", version, "--import", str(sheet), "--as", "rosa")
        assert (code, cased["error"]) == (exit_codes.DONE, "")
        code, tested = ran(capsys, "put-in-test", version, "--as", "rosa")
        assert (code, tested["error"]) == (exit_codes.DONE, "")
        _, approved = ran(capsys, "approve", version, "--as", "martin", *said)
        assert approved["status"] == "approved"
