"""Everything that is wrong with a city's form files, at once: each with its file and its place.

What a clerk would only meet when a return is filed is found here before the city is brought in.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import itertools
import pathlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fisc.domain.tax_returns.calculations import forms

COLUMNS = ("file", "sha256", "author", "approver", "approved_at", "reason", "citation")
APPROVALS = "approvals.csv"
#: The letters that a filer of a return on a form may be sent.
LETTERS = ("return_correction.typ",)
Lists = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where: `place` is empty for a whole file. What does not stop is to look at."""

    file: str
    place: str
    words: str
    stops: bool = True

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.words}"


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    content: bytes
    given: Mapping[str, Any]


def problems(city: pathlib.Path, *, lists: Lists) -> tuple[Problem, ...]:
    """Return everything wrong with the forms of a city's folder; `lists` are its codes by list.

    None where the city declares no forms.
    """
    folder = city / "forms"
    names = sorted(each.name for each in folder.glob("*.toml"))
    files, found = _parsed(folder, names)
    for each in files:
        _, said = forms.looked_at(each.given, name=each.name)
        found += [_placed(each.name, words) for words in dict.fromkeys(said)]
        found += _unknown_codes(each, lists)
        found += _not_translated(each)
        found += _wrong_name(each)
    found += _versions(files)
    if names:
        found += _signatures(folder, names)
        found += [
            Problem(f"letters/{each}", "", "the letter is not there; filers on forms are sent it.")
            for each in LETTERS
            if not (city / "letters" / each).is_file()
        ]
    return tuple(found)


def _parsed(folder: pathlib.Path, names: Sequence[str]) -> tuple[list[_File], list[Problem]]:
    files, found = [], []
    for name in names:
        content = (folder / name).read_bytes()
        try:
            files.append(_File(name, content, forms.parsed(content, name=name)))
        except forms.FormIsWrong as problem:
            found.append(_placed(name, str(problem)))
    return files, found


def _placed(name: str, said: str) -> Problem:
    where, _, words = said.partition(": ")
    return Problem(name, where.removeprefix(name).removeprefix(", "), words)


def _unknown_codes(file: _File, lists: Lists) -> Iterator[Problem]:
    """Find codes that no list of the city has."""

    def unknown(key: str, of: Mapping[str, Any], *, listed: str, place: str = "") -> list[Problem]:
        given = of.get(key)
        codes = given if isinstance(given, list) else [] if given is None else [given]
        wrong = [str(each) for each in codes if str(each) not in lists.get(listed, ())]
        words = f"the list “{listed}” has no {', no '.join(wrong)}."
        return [Problem(file.name, place, words)] if wrong else []

    yield from unknown("code", file.given, listed="return form")
    yield from unknown("frequencies", file.given, listed="filing frequency")
    for section in forms.tables_of(file.given, "sections"):
        place = f"section {section.get('key', '?')}"
        yield from unknown("regions", section, listed="tax region", place=place)
        yield from unknown("classes", section, listed="business class", place=place)


def _labels(given: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give each place that has names, with what is there."""
    yield "", given
    for section in forms.tables_of(given, "sections"):
        at = f"section {section.get('key', '?')}"
        yield at, section
        for column in forms.tables_of(section, "columns"):
            yield f"{at}, column {column.get('key', '?')}", column
    for box in forms.tables_of(given, "boxes"):
        yield f"box {box.get('key', '?')}", box


def _not_translated(file: _File) -> Iterator[Problem]:
    """Find labels whose Spanish is their English: some words are the same, so it does not stop."""
    for place, of in _labels(file.given):
        names = of.get("names")
        if isinstance(names, dict) and names.get("en") and names.get("en") == names.get("es"):
            words = f"“{names['en']}” is the same in English and Spanish. Was it translated?"
            yield Problem(file.name, place, words, stops=False)


def _wrong_name(file: _File) -> Iterator[Problem]:
    code, day = file.given.get("code"), file.given.get("valid_from")
    wanted = f"{code}.{day}.toml"
    if isinstance(code, str) and isinstance(day, datetime.date) and file.name != wanted:
        yield Problem(file.name, "", f"a form is named by code and first day: {wanted}.")


def _versions(files: Sequence[_File]) -> Iterator[Problem]:
    """Find versions of one form that overlap, and days between them that none has."""
    dated = sorted(
        (str(each.given.get("code")), each.given["valid_from"], each.name, each)
        for each in files
        if isinstance(each.given.get("valid_from"), datetime.date)
    )
    for (code, first, name, file), (other_code, then, other, _) in itertools.pairwise(dated):
        if code != other_code:
            continue
        before = file.given.get("valid_before")
        ends = before if isinstance(before, datetime.date) else None
        if ends is None or ends > then or first == then:
            words = (
                f"the form “{code}” has another version from {then} in {other}. Give this one that "
                "day as valid_before."
            )
            yield Problem(name, "valid_before", words)
        elif ends < then:
            words = (
                f"periods that begin from {ends} and before {then} have no version of the form "
                f"“{code}”: the next one is {other}."
            )
            yield Problem(name, "valid_before", words)


def _signatures(folder: pathlib.Path, names: Sequence[str]) -> Iterator[Problem]:
    path = folder / APPROVALS
    if not path.is_file():
        yield Problem(APPROVALS, "", "no form is signed: the file is not there.")
        return
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        yield Problem(APPROVALS, "", f"the columns are {','.join(COLUMNS)}.")
        return
    signed = {}
    for number, row in enumerate(rows, start=2):
        place = f"line {number}"
        if row["file"] not in names:
            yield Problem(APPROVALS, place, f"there is no form {row['file']}.")
        elif not row["approver"] or row["approver"] == row["author"]:
            yield Problem(APPROVALS, place, f"{row['file']} is signed by nobody but its author.")
        else:
            signed[row["file"]] = row["sha256"]
    for name in names:
        sha256 = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if signed.get(name) != sha256:
            words = f"it is not signed as it is: have somebody else sign {sha256} in {APPROVALS}."
            yield Problem(name, "", words)
