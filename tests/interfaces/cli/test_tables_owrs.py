"""`fisc tables import-owrs`, `check-owrs` and `test-owrs`, without a database."""

from __future__ import annotations

import json
import pathlib

import pytest

from fisc.interfaces.cli import exit_codes, main
from tests.factories import published_rates as rates


@pytest.fixture
def file(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "files" / "invented.owrs"
    path.parent.mkdir()
    path.write_text(rates.text_of(HOME="bill: 2*usage_ccf"), encoding="utf-8")
    return path


class TestImportAndTest:
    def test_writes_a_book_and_runs_its_cases(
        self, file: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "out"

        code = main.run(["tables", "import-owrs", str(file), "--to", str(out), "--json"])
        said = json.loads(capsys.readouterr().out)
        tested = main.run(["tables", "test-owrs", str(out), "--json"])

        assert (code, tested) == (exit_codes.DONE, exit_codes.DONE)
        assert said["classes"] == ["HOME"]
        assert json.loads(capsys.readouterr().out) == {
            "passed": said["cases"],
            "failed": 0,
            "failures": [],
        }

    def test_a_refused_file_is_an_error_in_plain_words(
        self, file: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file.write_text(rates.text_of(HOME="bill: sqrt(2)"), encoding="utf-8")

        code = main.run(["tables", "import-owrs", str(file), "--to", str(tmp_path / "out")])

        assert code == exit_codes.ERROR
        assert "invented.owrs: class HOME, field bill: “sqrt(…)”" in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


class TestCheck:
    def folder(self, file: pathlib.Path, bill: str) -> pathlib.Path:
        case = {"file": file.name, "class": "HOME", "inputs": {"usage_ccf": "3"}, "bill": bill}
        (file.parent.parent / "cases.jsonl").write_text(json.dumps(case), encoding="utf-8")
        return file.parent.parent

    def test_prints_how_many_agree(
        self, file: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run(["tables", "check-owrs", str(self.folder(file, "6")), "--json"])

        found = json.loads(capsys.readouterr().out)
        assert code == exit_codes.DONE
        assert [found[each] for each in ("bills", "agree", "differ", "refused")] == [1, 1, 0, 0]

    def test_names_each_difference_in_words(
        self, file: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run(["tables", "check-owrs", str(self.folder(file, "7"))])

        out = capsys.readouterr().out
        assert code == exit_codes.ERROR
        assert "invented.owrs, HOME, usage_ccf 3: bill is 7, computed 6" in out
        assert out.splitlines()[-1].startswith("1 bills: 0 agree, 1 differ, 0 refused")
