"""`fisc tables diff` and `fisc tables workbook`."""

from __future__ import annotations

import datetime
import io
import json
import pathlib

import pytest
import python_calamine
import xlsxwriter
from django.conf import settings

from fisc.domain.rule_tables.operations import city as operations
from fisc.domain.rule_tables.queries import versions as queries
from fisc.interfaces.cli import exit_codes, main
from tests import databases

AT = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
TABLES = pathlib.Path(settings.FISC_CITY) / "tables"
EARLIER, LATER = (TABLES / f"utilities.water_charges.{year}-10-01.dmn" for year in (2024, 2025))


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main.run(["tables", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


class TestDiff:
    def test_says_each_cell_in_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, out, _ = ran(capsys, "diff", EARLIER, LATER)

        assert code == exit_codes.DONE
        assert (
            "“Water base charge”, rule 1, result: “round half up(36.96 * days_in_part / Days "
            "counted, 2)” is now “round half up(40.95 * days_in_part / Days counted, 2)” "
            "(36.96 → 40.95, 10.8 % more)."
        ) in out.splitlines()

    def test_says_it_in_spanish(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, out, _ = ran(capsys, "diff", EARLIER, LATER, "--language", "es")

        assert "regla 1, resultado" in out

    def test_json_has_the_finding_beside_the_words(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, out, _ = ran(capsys, "diff", EARLIER, LATER, "--json")

        found = json.loads(out)["differences"]
        assert found[1]["part"] == "result"
        assert found[1]["constants"] == [{"before": "36.96", "after": "40.95"}]

    def test_the_same_file_does_not_differ(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert ran(capsys, "diff", LATER, LATER)[:2] == (exit_codes.DONE, "Nothing differs.\n")

    def test_what_is_neither_file_nor_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, _, err = ran(capsys, "diff", LATER, "water.dmn")

        assert code == exit_codes.ERROR
        assert "There is no file water.dmn" in err

    def test_a_language_without_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, _, err = ran(capsys, "diff", EARLIER, LATER, "--language", "fr")

        assert code == exit_codes.ERROR
        assert "English and in Spanish" in err or "en and es" in err


class TestWorkbook:
    def test_out_edited_and_in_again(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        book, after = tmp_path / "water.xlsx", tmp_path / "water.dmn"
        assert ran(capsys, "workbook", LATER, "--to", book)[0] == exit_codes.DONE
        _write_again(book, before="25% for service outside the city", after="a surcharge")

        code, out, _ = ran(capsys, "workbook", LATER, "--from", book, "--write", after)

        assert code == exit_codes.DONE
        assert out.splitlines()[0] == (
            "“Water surcharge”, rule 1, note “text_en”: “25% for service outside the city” "
            "is now “a surcharge”."
        )
        assert after.read_bytes() == LATER.read_bytes().replace(
            b"25% for service outside the city", b"a surcharge"
        )

    def test_a_workbook_of_another_version_writes_nothing(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        book, after = tmp_path / "water.xlsx", tmp_path / "water.dmn"
        ran(capsys, "workbook", EARLIER, "--to", book)

        code, _, err = ran(capsys, "workbook", LATER, "--from", book, "--write", after)
        _, out, _ = ran(capsys, "workbook", LATER, "--from", book, "--json")

        assert code == exit_codes.ERROR
        assert "made from another version" in err
        assert not after.exists()
        assert json.loads(out)["problems"][0]["place"] == "the workbook"

    def test_asks_which_way(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, _, err = ran(capsys, "workbook", LATER)

        assert code == exit_codes.ERROR
        assert "--to FILE.xlsx" in err


def _write_again(path: pathlib.Path, *, before: str, after: str) -> None:
    """Save the workbook as a spreadsheet would, with one text changed."""
    read = python_calamine.load_workbook(io.BytesIO(path.read_bytes()))
    made = xlsxwriter.Workbook(path)
    for name in read.sheet_names:
        sheet = made.add_worksheet(name)
        rows = read.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                sheet.write_string(row, column, after if value == before else str(value))
    made.close()


def test_two_versions_of_the_city_are_compared_by_id(
    city_database: databases.CityDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    operations.import_city(path=pathlib.Path(settings.FISC_CITY), at=AT)
    ids = [
        each.version_id
        for each in queries.versions()
        if each.decision_point == "utilities.water_charges"
    ]
    monkeypatch.setenv("DATABASE_URL", city_database.app)

    code, out, _ = ran(capsys, "diff", *ids)
    unknown, _, err = ran(capsys, "diff", LATER, 10**9)

    assert (code, len(out.splitlines())) == (exit_codes.DONE, 85)
    assert unknown == exit_codes.ERROR
    assert "no version 1000000000" in err
