"""`fisc day` as somebody at a terminal, or a scheduler, meets it."""

from __future__ import annotations

import json

import pytest

from fisc.domain.work_items import queries as work_items
from fisc.interfaces.cli import exit_codes, main
from fisc.processes.daily_runs import invariants, reading
from tests.processes.conftest import SmallCity

AS_OF = "2026-03-20T16:00:00"


@pytest.fixture
def at_the_terminal(small_city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> SmallCity:
    monkeypatch.setenv("DATABASE_URL", small_city.database.app)
    return small_city


def day(*arguments: str, city: SmallCity) -> int:
    return main.run(["day", *arguments, "--date", city.day.isoformat()])


class TestRun:
    def test_a_broken_proof_is_code_four(
        self,
        at_the_terminal: SmallCity,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        broken = invariants.Invariant(1, "books", "words", (lambda _: ["out by 1 cent"],))
        monkeypatch.setattr(invariants, "INVARIANTS", (broken,))

        code = day("run", "--as-of", AS_OF, "--workers", "1", city=at_the_terminal)

        assert code == exit_codes.CONTROL_TOTALS_DIFFER
        assert "out by 1 cent" in capsys.readouterr().err

    def test_resumes_and_says_what_waits_for_a_person(
        self, at_the_terminal: SmallCity, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = day("run", "--resume", "--as-of", AS_OF, "--workers", "1", city=at_the_terminal)

        said = capsys.readouterr()
        assert code == exit_codes.DONE_WITH_EXCEPTIONS
        assert "1 for a person" in said.out
        # No terminal: a line a step, no bars.
        assert "Prove the invariants and seals: done" in said.err
        assert "\x1b" not in said.err

    def test_has_nothing_left_to_resume(
        self, at_the_terminal: SmallCity, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = day("run", "--resume", city=at_the_terminal)

        assert code == exit_codes.ERROR
        assert "Nothing is left to resume" in capsys.readouterr().err

    def test_of_a_day_that_is_done_says_what_waits_for_the_next(
        self, at_the_terminal: SmallCity, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (reading.in_tray() / "late.CSV").write_text("meter,read_date,reading\n")

        day("run", "--as-of", AS_OF, city=at_the_terminal)

        assert "1 file of reads waits unread" in capsys.readouterr().err

    def test_a_day_to_come_is_an_error_in_words(
        self, at_the_terminal: SmallCity, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run(["day", "run", "--date", "2026-03-21", "--as-of", AS_OF])

        assert code == exit_codes.ERROR
        assert "yet to come" in capsys.readouterr().err


class TestStatus:
    def test_of_a_day_without_a_run_says_how_to_begin(
        self, at_the_terminal: SmallCity, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = day("status", city=at_the_terminal)

        assert code == exit_codes.ERROR
        assert f"fisc day run --date {at_the_terminal.day}" in capsys.readouterr().err

    def test_is_one_json_object(
        self, at_the_terminal: SmallCity, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = sum(work_items.counts().values())
        day("run", "--as-of", AS_OF, "--workers", "1", "--json", city=at_the_terminal)
        capsys.readouterr()

        code = day("status", "--json", city=at_the_terminal)

        said = json.loads(capsys.readouterr().out)
        issue = next(step for step in said["steps"] if step["name"] == "issue")
        assert (code, said["status"]) == (exit_codes.DONE, "done")
        assert said["exceptions"] == sum(work_items.counts().values()) - before
        assert issue["after"]["bill_cents"] == issue["result"]["total_cents"]

    def test_the_checklist_is_printed(
        self, at_the_terminal: SmallCity, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = day("check", city=at_the_terminal)

        assert code == exit_codes.DONE
        assert "Every book has a version" in capsys.readouterr().out


class TestSign:
    def test_nothing_waits(
        self, at_the_terminal: SmallCity, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = day("sign", "--as", "supervisor", "--why", "compared", city=at_the_terminal)

        assert code == exit_codes.ERROR
        assert "No day run" in capsys.readouterr().err
