"""Schedules of an audit: a return with what was found in the place of what was reported."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fisc.domain.tax_returns.calculations import returns

GROSS = "gross"
COLUMNS = ("period", "region", "class", "figure", "found", "note", "evidence")
ROWS_MAX = 10_000
_MONEY = re.compile(r"\d{1,3}(,\d{3})*(\.\d{1,2})?|\d+(\.\d{1,2})?")
_CENTS_MAX = 1_000_000_000_00


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A figure of a line: the gross receipts, or what is deducted under a code."""

    region: str
    business_class: str
    figure: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What was found of one figure of a period, in whole cents."""

    starts_on: datetime.date
    key: Key
    found_cents: int
    note: str = ""
    evidence: str = ""
    paper_id: int | None = None


class ScheduleIsWrong(Exception):
    """A schedule cannot be taken; `problems` has everything that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Codes:
    """What may be named: the periods of the case, and the codes of the city's lists."""

    periods: Collection[datetime.date]
    regions: Collection[str]
    business_classes: Collection[str]
    deductions: Collection[str]


def reported(filing: returns.Filing) -> dict[Key, int]:
    """Return every figure that a return has, in cents."""
    found = {}
    for line in filing.lines:
        found[Key(line.region, line.business_class, GROSS)] = line.gross_cents
        for each in line.deductions:
            found[Key(line.region, line.business_class, each.code)] = each.cents
    return found


def with_found(filing: returns.Filing, found: Mapping[Key, int]) -> returns.Filing:
    """Return a return as it would be with what was found; what was not looked at stays."""
    places = {(each.region, each.business_class): each for each in filing.lines}
    for key in sorted(found):
        place = (key.region, key.business_class)
        line = places.get(place) or returns.Line(
            region=key.region, business_class=key.business_class, gross_cents=0
        )
        if key.figure == GROSS:
            places[place] = replace(line, gross_cents=found[key])
        else:
            others = tuple(each for each in line.deductions if each.code != key.figure)
            more = (returns.Deduction(key.figure, found[key]),) if found[key] else ()
            places[place] = replace(line, deductions=(*others, *more))
    return replace(filing, lines=tuple(places.values()))


def wrong(entries: Iterable[Entry], *, codes: Codes, first_row: int = 1) -> list[str]:
    """Say everything that is wrong with entries, each with the row that it is in."""
    found, seen = [], set()
    for row, each in enumerate(entries, start=first_row):
        said = _wrong(each, codes=codes)
        if (each.starts_on, each.key) in seen:
            said.append("the same figure is in a row above")
        seen.add((each.starts_on, each.key))
        if said:
            found.append(f"Row {row}: {'; '.join(said)}.")
    return found


def _wrong(entry: Entry, *, codes: Codes) -> list[str]:
    key, said = entry.key, []
    if entry.starts_on not in codes.periods:
        said.append(f"the period from {entry.starts_on} is not under audit in this case")
    if key.region not in codes.regions:
        said.append(f"the list “tax region” has no “{key.region}”")
    if key.business_class not in codes.business_classes:
        said.append(f"the list “business class” has no “{key.business_class}”")
    if key.figure != GROSS and key.figure not in codes.deductions:
        said.append(
            f"the figure is “{GROSS}” or a code of the list “deduction code”, and “{key.figure}” "
            "is neither"
        )
    if not 0 <= entry.found_cents <= _CENTS_MAX:
        said.append("what was found is an amount from zero to $1,000,000,000.00")
    return said


def read(content: bytes, *, codes: Codes) -> list[Entry]:
    """Read a schedule from a CSV file. Raises ScheduleIsWrong with everything that is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ScheduleIsWrong(
            ["The file is not text in UTF-8. Save it as “CSV UTF-8” and send it again."]
        ) from problem
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise ScheduleIsWrong([f"The first row must name the columns {', '.join(COLUMNS)}."])
    entries: list[Entry] = []
    problems: list[str] = []
    for number, row in enumerate(rows, start=2):
        if number > ROWS_MAX:
            problems.append(f"A schedule has at most {ROWS_MAX} rows. Cut the file in two.")
            break
        entry = _entry(row, number=number, problems=problems)
        problems += wrong([entry], codes=codes, first_row=number) if entry else []
        if entry and any((entry.starts_on, entry.key) == (e.starts_on, e.key) for e in entries):
            problems.append(f"Row {number}: the same figure is in a row above.")
        entries += [entry] if entry else []
    if not entries and not problems:
        problems.append("The file has no row below the names of its columns.")
    if problems:
        raise ScheduleIsWrong(problems)
    return entries


def _entry(
    row: Mapping[str | None, str | list[str] | None], *, number: int, problems: list[str]
) -> Entry | None:
    cells = {name: value.strip() for name, value in row.items() if isinstance(value, str) and name}
    if None in row or len(cells) != len(COLUMNS):
        problems.append(f"Row {number}: it does not have {len(COLUMNS)} cells.")
        return None
    said = []
    try:
        starts_on = datetime.date.fromisoformat(cells["period"])
    except ValueError:
        said.append(f"the period is the day it begins, such as 2026-01-01, not “{cells['period']}”")
    if _MONEY.fullmatch(cells["found"]) is None:
        said.append(f"what was found is an amount such as 1250.00, not “{cells['found']}”")
    if said:
        problems.append(f"Row {number}: {'; '.join(said)}.")
        return None
    return Entry(
        starts_on=starts_on,
        key=Key(cells["region"], cells["class"], cells["figure"]),
        found_cents=int(Decimal(cells["found"].replace(",", "")) * 100),
        note=cells["note"],
        evidence=cells["evidence"][:200],
    )
