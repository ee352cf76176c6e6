from __future__ import annotations

import psycopg
import pytest

from fisc.interfaces.cli import exit_codes, main
from fisc.plumbing import migrations


class TestRun:
    def test_prints_its_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        code = main.run(["--version"])

        assert (code, capsys.readouterr().out) == (exit_codes.DONE, "fisc 0.1.0\n")

    @pytest.mark.parametrize(
        "arguments", [["nonsense"], ["db", "nonsense"], ["db", "status", "--nonsense"], ["db"]]
    )
    def test_says_how_to_use_it(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run(arguments)

        assert code == exit_codes.USAGE
        assert "Traceback" not in capsys.readouterr().err

    def test_an_error_is_plain_words(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "mysql//nowhere")

        code = main.run(["db", "status"])

        assert code == exit_codes.ERROR
        assert capsys.readouterr().err.startswith("A database address looks like postgresql://")

    def test_an_error_shows_where_when_asked(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "mysql//nowhere")
        monkeypatch.setenv("FISC_DEBUG", "1")

        main.run(["db", "status"])

        assert "Traceback" in capsys.readouterr().err


class TestInPlainWords:
    def test_says_our_own_words_even_from_inside_another_error(self) -> None:
        outer = RuntimeError("wrapped")
        outer.__cause__ = migrations.NoMigratingAddress("Set the address.")

        assert main.in_plain_words(outer) == "Set the address."

    def test_names_a_full_disk(self) -> None:
        outer = RuntimeError("could not extend file")
        outer.__cause__ = psycopg.errors.DiskFull()

        assert "disk" in main.in_plain_words(outer)
        assert "nothing that was acknowledged is lost" in main.in_plain_words(outer)

    def test_admits_what_it_did_not_expect(self) -> None:
        said = main.in_plain_words(ValueError("seven"))

        assert said.startswith("Something went wrong that Fisc did not expect: ValueError: seven")
