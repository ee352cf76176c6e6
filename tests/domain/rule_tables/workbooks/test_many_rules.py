"""Many rules in one workbook: work is counted, since time says little on a busy machine."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from fisc.dmn.feel import parser
from fisc.domain.rule_tables.calculations.workbooks import layout, proposing
from tests.domain.rule_tables.workbooks import books

# Calls of Python functions for each rule that a workbook adds: 562 when counted, 634 before.
MOST_CALLS_A_RULE = 600


def with_rules(count: int) -> bytes:
    """The workbook of the file with as many rules more."""
    sheets = books.rows_of(books.workbook())
    rows = sheets[books.SHEET]
    new = [["", f"[{20 + n}..{21 + n})", f"{n}.75", "Ordinance 14", ""] for n in range(count)]
    sheets[books.SHEET] = [*rows[: layout.FIRST_RULE], *rows[layout.FIRST_RULE :], *new]
    return books.written(sheets)


def calls_for(count: int) -> int:
    """How many functions are called to propose a workbook with so many rules more."""
    workbook, calls = with_rules(count), 0

    def counting(frame: Any, event: str, arg: Any) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(counting)
    try:
        found = proposing.proposed(books.CONTENT, workbook)
    finally:
        sys.setprofile(None)
    assert len(found.differences) == count
    return calls


class TestManyRules:
    def test_each_take_the_same_work(self) -> None:
        calls_for(10)
        few, more, most = (calls_for(count) for count in (100, 300, 900))

        first, then = (more - few) / 200, (most - more) / 600
        assert then < 1.1 * first
        assert then < MOST_CALLS_A_RULE

    def test_are_each_parsed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        parsed: list[str] = []
        for name in ("expression", "unary_tests"):
            _count(name, parsed, monkeypatch)

        proposing.proposed(books.CONTENT, with_rules(50))

        assert parsed.count("[60..61)") == 1
        assert parsed.count("40.75") == 1


def _count(name: str, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(parser, name)

    def counted(text: str, *rest: Any) -> Any:
        parsed.append(text)
        return real(text, *rest)

    monkeypatch.setattr(parser, name, counted)
