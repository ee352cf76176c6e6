"""What a city's folder says of its tables: which file, adopted by whom, for which days."""

from __future__ import annotations

import csv
import datetime
import io
import pathlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from fisc.basics import periods


class CityIsWrong(ValueError):
    """A folder is no city, or its description does not fit its files."""


class ApprovalsAreWrong(ValueError):
    """The list of approvals cannot be read; the words say which line and why."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One line of approvals.csv: a city's own sign-off of one table file.

    The sha-256 is of the file that was signed; any change of it needs another signature.
    """

    file: str
    sha256: str
    book: str
    decision_point: str
    effective_from: datetime.date
    effective_before: datetime.date | None
    author: str
    approver: str
    approved_at: datetime.datetime
    reason: str
    citation: str

    @property
    def effective(self) -> periods.Period:
        """The days it is adopted for."""
        return periods.Period(starts_on=self.effective_from, ends_before=self.effective_before)


@dataclass(frozen=True, slots=True)
class CodeListFile:
    """A code list as a file; its name is the file's, with spaces."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar's closed days as a file, and what city.toml says of it."""

    name: str
    content: bytes
    closed_weekdays: tuple[int, ...]
    covers_from: datetime.date
    covers_before: datetime.date
    citation: str


@dataclass(frozen=True, slots=True)
class City:
    """Everything in a city's folder that this subject and code lists read."""

    code_lists: tuple[CodeListFile, ...]
    calendars: tuple[CalendarFile, ...]
    approvals: tuple[Approval, ...]


def read_city(folder: pathlib.Path) -> City:
    """Read a city's folder. Raises CityIsWrong, ApprovalsAreWrong."""
    described = folder / "city.toml"
    signed = folder / "approvals.csv"
    if missing := [path.name for path in (described, signed) if not path.exists()]:
        raise CityIsWrong(f"{folder} is no city: it has no {' and no '.join(missing)}.")
    try:
        about = tomllib.loads(described.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise CityIsWrong(f"{described.name} cannot be read: {problem}.") from problem
    return City(
        code_lists=tuple(
            CodeListFile(name=path.stem.replace("_", " "), content=path.read_bytes())
            for path in sorted((folder / "code_lists").glob("*.csv"))
        ),
        calendars=_calendars(folder, about.get("calendars", {})),
        approvals=read_approvals(signed.read_bytes()),
    )


def _calendars(folder: pathlib.Path, described: dict[str, Any]) -> tuple[CalendarFile, ...]:
    files = {path.stem: path for path in sorted((folder / "calendars").glob("*.csv"))}
    if set(files) != set(described):
        raise CityIsWrong(
            f"city.toml describes the calendars {', '.join(sorted(described)) or 'none'}, and "
            f"calendars/ has {', '.join(files) or 'none'}."
        )
    return tuple(
        CalendarFile(
            name=name,
            content=path.read_bytes(),
            closed_weekdays=tuple(described[name]["closed_weekdays"]),
            covers_from=described[name]["covers_from"],
            covers_before=described[name]["covers_before"],
            citation=described[name]["citation"],
        )
        for name, path in files.items()
    )


COLUMNS = tuple(field.name for field in fields(Approval))
MAY_BE_EMPTY = frozenset({"effective_before"})


def read_approvals(content: bytes) -> tuple[Approval, ...]:
    """Read approvals.csv. Raises ApprovalsAreWrong naming every line at fault."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ApprovalsAreWrong(f"approvals.csv is not CSV in UTF-8: {problem}.") from problem
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ApprovalsAreWrong(f"approvals.csv has the columns {','.join(COLUMNS)}, in order.")
    found, problems = [], []
    for number, line in enumerate(lines, start=2):
        try:
            found.append(_approval(line))
        except ValueError as problem:
            problems.append(f"line {number}: {problem}")
    if problems:
        raise ApprovalsAreWrong(f"approvals.csv: {'; '.join(problems)}.")
    return tuple(found)


def write_approvals(approvals: Iterable[Approval]) -> bytes:
    """Write approvals.csv as it is read."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in approvals:
        writer.writerow([_written(getattr(each, name)) for name in COLUMNS])
    return text.getvalue().encode("utf-8")


def _approval(line: dict[str, str]) -> Approval:
    if None in line or None in line.values():
        raise ApprovalsAreWrong(f"not {len(COLUMNS)} columns")
    if empty := [name for name in COLUMNS if not line[name].strip() and name not in MAY_BE_EMPTY]:
        raise ApprovalsAreWrong(f"nothing under {', '.join(empty)}")
    approved_at = datetime.datetime.fromisoformat(line["approved_at"])
    if approved_at.tzinfo is None:
        raise ApprovalsAreWrong(f"{approved_at} says no zone: write 2026-09-15T20:00:00Z")
    if line["author"] == line["approver"]:
        raise ApprovalsAreWrong(f"{line['file']} is approved by its author; another must sign it")
    effective_from = datetime.date.fromisoformat(line["effective_from"])
    before = line["effective_before"]
    effective_before = datetime.date.fromisoformat(before) if before else None
    if effective_before is not None and effective_before <= effective_from:
        raise ApprovalsAreWrong(f"{line['file']} would end before it starts")
    texts = {name: line[name] for name in COLUMNS}
    return Approval(
        **{
            **texts,
            "effective_from": effective_from,
            "effective_before": effective_before,
            "approved_at": approved_at,
        }  # type: ignore[arg-type]
    )


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        utc = value.astimezone(datetime.UTC)
        return utc.isoformat().replace("+00:00", "Z")
    return str(value)
