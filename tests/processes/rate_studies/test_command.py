"""`fisc tables study` at the terminal."""

from __future__ import annotations

import json
import pathlib

import pytest

from fisc.interfaces.cli import exit_codes, main
from tests import databases
from tests.processes.rate_studies import conftest as cities


class TestStudyCommand:
    def test_studies_keeps_and_writes_down(
        self,
        city: databases.CityDatabase,
        billed: cities.Billed,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: pathlib.Path,
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", city.app)
        assert billed.again.total_cents
        version_id = cities.draft_of("Electric charges", change=(b"0.07191", b"0.08191"))
        book, paper = tmp_path / "study.xlsx", tmp_path / "study.pdf"
        asked = ["tables", "study", str(version_id), "--through", cities.DATA_DAY.isoformat()]

        code = main.run([*asked, "--json", "--xlsx", str(book), "--pdf", str(paper)])

        said = json.loads(capsys.readouterr().out)
        assert code == exit_codes.DONE
        assert said["version"] == version_id
        assert [each["difference_cents"] for each in said["largest"]] == [1128, 1016, 1015]
        assert book.read_bytes().startswith(b"PK")
        assert paper.read_bytes().startswith(b"%PDF")
        assert main.run(asked) == exit_codes.DONE
        shown = capsys.readouterr().out
        assert "3 change. 2 accounts pay more, 0 less, 1 the same." in shown
        assert said["result_sha256"] in shown

    def test_says_why_a_book_cannot_be_studied(
        self,
        city: databases.CityDatabase,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", city.app)

        code = main.run(["tables", "study", str(cities.draft_of("Due day"))])

        assert code != exit_codes.DONE
        assert "makes no amount of a bill" in capsys.readouterr().err
