"""`fisc tables source` and `fisc tables export`: a look-up from its file, and the file back."""

from __future__ import annotations

import datetime
import json
import pathlib
from typing import Any

import pytest

from fisc.interfaces.cli import exit_codes, main
from tests import databases
from tests.factories import look_ups, table_people

AT = datetime.datetime(2020, 1, 5, tzinfo=datetime.UTC)
RATES = look_ups.rates(4)


@pytest.fixture
def draft(city_database: databases.CityDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    """A draft of the look-up; returns its id."""
    monkeypatch.setenv("DATABASE_URL", city_database.app)
    table_people.office()
    return str(look_ups.draft(*RATES, at=AT, effective_from=datetime.date(2199, 1, 1)))


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main.run(["tables", *arguments, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out or "{}") | {"error": said.err}


def test_a_table_is_given_its_source_and_filled(
    draft: str, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "rates.csv"
    file.write_bytes(look_ups.csv(*RATES[:3], ("77777", "0.01")))
    asked = ("source", draft, look_ups.DECISION, str(file), "--as", "rosa")

    code, found = ran(capsys, *asked)
    assert code == exit_codes.ERROR
    assert found["reconciled"]["agrees"] is False
    assert any("only in the source: 77777, 0.01" in each for each in found["differences"])

    code, found = ran(capsys, *asked, "--columns", "Place,Rate", "--fill")
    assert (code, found["differences"]) == (exit_codes.DONE, [])
    assert found["reconciled"]["rows"] == 4
    assert main.run(["tables", *asked]) == exit_codes.DONE
    assert "agrees with its source rates.csv: 4 rows" in capsys.readouterr().out
    _, done = ran(capsys, "history", draft)
    assert [each["verb"] for each in done["acts"]][:2] == [
        "saved the draft",
        "gave a table its source",
    ]


def test_what_is_wrong_is_said_in_words(
    draft: str, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "rates.csv"
    for content, columns, words in (
        (b"Place,Rate\n\xff,1\n", "", "is not text in UTF-8"),
        (look_ups.csv(*RATES), "Place,Tax", "has no column “Tax”"),
        (look_ups.csv(*RATES), '"Place', "does not name columns between commas"),
        (b"x" * 50_000_000, "", "too large"),
    ):
        file.write_bytes(content)
        code, said = ran(
            capsys, "source", draft, look_ups.DECISION, str(file), "--as", "rosa",
            *(("--columns", columns) if columns else ()),
        )  # fmt: skip

        assert code == exit_codes.ERROR
        assert words in said["error"]
        assert "Traceback" not in said["error"]


def test_the_source_of_an_approved_version_is_exported(
    draft: str, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> None:
    assert draft
    look_ups.approved(*RATES, at=AT, name="january.csv")

    assert main.run(["tables", "export", str(tmp_path / "out")]) == exit_codes.DONE

    assert capsys.readouterr().err == ""
    assert (tmp_path / "out" / "sources.csv").read_text() == (
        'file,decision,source,columns\ntax_rates.dmn,Tax rate,january.csv,"Place,Rate"\n'
    )
    taken = (tmp_path / "out" / "sources" / "january.csv").read_bytes()
    assert taken == look_ups.csv(*RATES)
