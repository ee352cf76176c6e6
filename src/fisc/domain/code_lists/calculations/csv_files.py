"""Code lists and calendars as a city writes them: CSV with a line of names."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OWN_COLUMNS = ("code", "label_en", "label_es", "starts_on", "ends_before", "citation")
CALENDAR_COLUMNS = ("day", "label_en", "label_es", "citation")


class FileIsWrong(ValueError):
    """A city's file cannot be read; the words say which line and why."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One line of a code list."""

    code: str
    label_en: str
    label_es: str
    starts_on: datetime.date
    ends_before: datetime.date | None
    citation: str
    # Every other column that is filled in: `true` and `false` as such, whole numbers as numbers.
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClosedDayRow:
    """One day that an office is closed."""

    day: datetime.date
    label_en: str
    label_es: str
    citation: str


def read_codes(content: bytes, *, name: str) -> list[CodeRow]:
    """Read a code list. Raises FileIsWrong naming every line at fault."""
    rows, problems, seen = [], [], set()
    for number, line in _lines(content, name=name, columns=OWN_COLUMNS):
        try:
            row = _code_row(line)
        except ValueError as problem:
            problems.append(f"line {number}: {problem}")
            continue
        if row.code in seen:
            problems.append(f"line {number}: code {row.code} is there twice")
        seen.add(row.code)
        rows.append(row)
    if problems:
        raise FileIsWrong(f"{name}: {'; '.join(problems)}.")
    return rows


def read_closed_days(content: bytes, *, name: str) -> list[ClosedDayRow]:
    """Read a calendar's closed days. Raises FileIsWrong naming every line at fault."""
    rows, problems = [], []
    for number, line in _lines(content, name=name, columns=CALENDAR_COLUMNS):
        try:
            day = datetime.date.fromisoformat(line["day"])
            texts = [_filled(line, each) for each in CALENDAR_COLUMNS[1:]]
        except ValueError as problem:
            problems.append(f"line {number}: {problem}")
            continue
        rows.append(ClosedDayRow(day, *texts))
    if problems:
        raise FileIsWrong(f"{name}: {'; '.join(problems)}.")
    return rows


def _lines(
    content: bytes, *, name: str, columns: tuple[str, ...]
) -> list[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise FileIsWrong(f"{name} is not UTF-8 text: byte {problem.start}.") from problem
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    names = reader.fieldnames or []
    if missing := [each for each in columns if each not in names]:
        raise FileIsWrong(f"{name} has no column {', '.join(missing)}.")
    lines = []
    try:
        for line in reader:
            if None in line or None in line.values():
                raise FileIsWrong(f"{name}, line {reader.line_num}: not {len(names)} columns.")
            lines.append((reader.line_num, line))
    except csv.Error as problem:
        raise FileIsWrong(f"{name}, line {reader.line_num}: {problem}.") from problem
    return lines


def _code_row(line: Mapping[str, str]) -> CodeRow:
    others = {name: text for name, text in line.items() if name not in OWN_COLUMNS and text}
    return CodeRow(
        code=_filled(line, "code"),
        label_en=_filled(line, "label_en"),
        label_es=_filled(line, "label_es"),
        starts_on=datetime.date.fromisoformat(line["starts_on"]),
        ends_before=_day_or_none(line["ends_before"]),
        citation=_filled(line, "citation"),
        attributes={name: _attribute(text) for name, text in others.items()},
    )


def _filled(line: Mapping[str, str], name: str) -> str:
    if not line[name].strip():
        raise FileIsWrong(f"no {name}")
    return line[name].strip()


def _day_or_none(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text.strip() else None


def _attribute(text: str) -> str | int | bool:
    if text in {"true", "false"}:
        return text == "true"
    plain = text.removeprefix("-")
    # A leading zero is a code, such as 0101, and no number.
    if plain.isdecimal() and (plain == "0" or not plain.startswith("0")):
        return int(text)
    return text
