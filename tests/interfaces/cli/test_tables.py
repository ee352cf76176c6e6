"""`fisc tables` without a database: the kit, the points, a city's tables and their cases."""

from __future__ import annotations

import json
import pathlib
import shutil
from typing import Any

import pytest
from django.conf import settings

from fisc.interfaces.cli import exit_codes, main
from tests import shared_facts


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main.run(["tables", *arguments])
    return code, capsys.readouterr().out


def ran_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code, out = ran(capsys, *arguments, "--json")
    return code, json.loads(out)


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the demonstration city to spoil."""
    return pathlib.Path(shutil.copytree(settings.FISC_CITY, tmp_path / "city"))


class TestTck:
    def test_counts_the_cases_of_the_kit(self, capsys: pytest.CaptureFixture[str]) -> None:
        folder = shared_facts.path_of("tck/compliance-level-2")

        code, out = ran(capsys, "tck", str(folder))
        _, report = ran_json(capsys, "tck", str(folder))

        assert (code, out.splitlines()[-1]) == (exit_codes.DONE, "116 passed, 0 failed")
        assert report == {"passed": 116, "failed": 0, "failures": []}

    def test_a_folder_without_cases_is_an_error_in_plain_words(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run(["tables", "tck", str(tmp_path)])

        assert code == exit_codes.ERROR
        assert "holds no files named" in capsys.readouterr().err


class TestPoints:
    def test_lists_what_subjects_ask(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, points = ran_json(capsys, "points")

        assert points["utilities.late_charge"]["inputs"]["past_due"] == "money"
        assert points["payments.allocation_order"]["outputs"] == {"Priority": "priority"}


def unnoticed(report: dict[str, Any]) -> list[dict[str, Any]]:
    kind = "change no case would notice"
    return [
        found for file in report["files"] for found in file["findings"] if found["kind"] == kind
    ]


def of_late_charges(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in unnoticed(report) if each["words"].startswith("“Late charge”")]


class TestCheckAndTest:
    def test_the_demonstration_city_is_in_order(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, report = ran_json(capsys, "test")

        assert (code, report["failed"]) == (exit_codes.DONE, 0)
        assert report["passed"] > 50

    def test_a_changed_table_names_the_hash_to_sign(
        self, copy: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = copy / "tables" / "utilities.late_charge.2020-01-01.dmn"
        file.write_bytes(file.read_bytes() + b"\n")

        code, report = ran_json(capsys, "check", str(copy))

        (found,) = [each for each in report["files"] if each["problems"]]
        assert code == exit_codes.ERROR
        assert found["problems"] == [
            f"not the file that was signed; have it signed again, sha-256 {found['sha256']}"
        ]

    def test_a_wrong_form_is_an_error_with_file_and_place(
        self, copy: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        form = copy / "forms" / "city.2020-01-01.toml"
        form.write_text(form.read_text(encoding="utf-8").replace("city.tax", "city.net"), "utf-8")

        code, report = ran_json(capsys, "check", str(copy))

        assert code == exit_codes.ERROR
        assert [(each["file"], each["place"]) for each in report["forms"] if each["stops"]] == [
            ("city.2020-01-01.toml", "box tax_total"),
            ("city.2020-01-01.toml", ""),
        ]

    def test_a_wrong_case_shows_both_amounts(
        self, copy: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sheet = copy / "cases" / "utilities.late_charge.2020-01-01.csv"
        sheet.write_text(sheet.read_text().replace("12.35", "12.34"))

        code, report = ran_json(capsys, "test", str(copy))

        assert code == exit_codes.ERROR
        (failure,) = report["failures"]
        assert failure.endswith("a day late: Late charge is 12.35, expected 12.34")

    def test_a_change_no_case_notices_is_shown_until_it_is_accepted(
        self, copy: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sheet = copy / "cases" / "utilities.late_charge.2020-01-01.csv"
        kept = [line for line in sheet.read_text().splitlines() if "half a dollar" not in line]
        sheet.write_text("\n".join([*kept, ""]))

        (shown,) = of_late_charges(ran_json(capsys, "check", str(copy))[1])
        accepted = f"key,reason\n{shown['key']},nobody owes so little\n"
        (copy / "accepted.csv").write_text(accepted)
        code, report = ran_json(capsys, "check", str(copy))

        assert code == exit_codes.DONE
        assert shown["words"].startswith("“Late charge”, rule 1: 0 could be 1 in “> 0”")
        assert shown["example"]["past_due"] == "0.01"
        assert of_late_charges(report)[0]["accepted"] == "nobody owes so little"

    def test_a_folder_that_is_no_city_says_what_it_lacks(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run(["tables", "check", str(tmp_path)])

        assert code == exit_codes.ERROR
        assert "has no city.toml and no approvals.csv" in capsys.readouterr().err
