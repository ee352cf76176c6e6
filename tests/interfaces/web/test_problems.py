"""What is left of an error of ours: a reference for the person, and the same in the log."""

from __future__ import annotations

import logging
import pathlib
import re

import pytest
from django.db import IntegrityError
from django.test import Client

from fisc.plumbing import problem_log

REFERENCE = re.compile(r"<strong>([0-9A-F]{4}-[0-9A-F]{4})</strong>")


def log_file() -> pathlib.Path:
    (handler,) = [
        each for each in logging.getLogger().handlers if isinstance(each, problem_log.File)
    ]
    return pathlib.Path(handler.baseFilename)


class TestAnErrorOfOurs:
    def test_is_found_by_the_reference_on_its_page_and_quotes_nobody(
        self, supervisor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def breaks(**_: object) -> None:
            raise IntegrityError("Key (name)=(Jane Roe) already exists.") from ValueError("Roe")

        monkeypatch.setattr("fisc.domain.cashiering.queries.till_of", breaks)
        supervisor.raise_request_exception = False

        answer = supervisor.get("/till/?q=Roe")

        shown = REFERENCE.findall(answer.content.decode())
        assert answer.status_code == 500
        assert len(set(shown)) == 1
        logged = log_file().read_text(encoding="utf-8")
        entry = logged[logged.index(f"reference {shown[0]}") :]
        assert re.search(r"GET /till/, person \d+\]", entry)
        assert "IntegrityError" in entry
        assert "ValueError" in entry
        assert "test_problems.py" in entry
        assert "Roe" not in entry
        # What stands on standard error is written in the same way.
        assert all(
            isinstance(each.formatter, problem_log.Formatter)
            for each in logging.getLogger().handlers
            if type(each) is logging.StreamHandler
        )


class TestTheFile:
    def test_is_begun_anew_when_full_and_shared_by_processes(self, tmp_path: pathlib.Path) -> None:
        path = tmp_path / "log" / "fisc.log"
        first, second = (problem_log.File(path=path) for _ in range(2))
        for handler in (first, second):
            handler.maxBytes = 300
        record = logging.LogRecord("fisc", logging.ERROR, "", 0, "x" * 100, None, None)

        for turn in range(6):
            (first if turn % 2 else second).emit(record)

        lines = [
            line
            for file in (tmp_path / "log").glob("fisc.log*")
            for line in file.read_text().splitlines()
        ]
        assert len(lines) == 6
        assert path.stat().st_size <= 300
        first.close()
        second.close()
