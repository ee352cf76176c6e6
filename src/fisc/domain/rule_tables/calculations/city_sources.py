"""Which files a city's look-up tables were taken from: sources.csv, and the files in sources/."""

from __future__ import annotations

import csv
import io
import pathlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from fisc.dmn.checks import reconciliation, source_files
from fisc.dmn.xml import reader
from fisc.domain.rule_tables.calculations import checking, city_files, sources

MANIFEST, FOLDER = "sources.csv", "sources"

_NO_NAME = re.compile(r"[^\w .()+-]|^[. ]")


class SourcesAreWrong(ValueError):
    """sources.csv cannot be read, or does not fit the folder; every line at fault is named."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One line of sources.csv: of which table file, which decision was taken from which source.

    `columns` names the source's column for each condition and then each result, as a line of CSV.
    """

    file: str
    decision: str
    source: str
    columns: str


COLUMNS = tuple(each.name for each in fields(Line))


class Sources:
    """The sources of a city's folder, by table file."""

    def __init__(
        self, approvals: Sequence[city_files.Approval], given: Mapping[str, Sequence[sources.Given]]
    ) -> None:
        self._approvals = approvals
        self._given = given

    def of_file(self, file: str) -> tuple[sources.Given, ...]:
        """Return what a table file's tables were taken from."""
        return tuple(self._given.get(file, ()))

    def for_checks(self, approval: city_files.Approval) -> dict[str, reconciliation.Source]:
        """Return the same by decision, each with that of the book's file for the days before."""
        before = max(
            (
                each
                for each in self._approvals
                if each.decision_point == approval.decision_point
                and (each.effective_from, each.approved_at)
                < (approval.effective_from, approval.approved_at)
            ),
            key=lambda each: (each.effective_from, each.approved_at),
            default=None,
        )
        last = {} if before is None else {each.decision: each for each in self.of_file(before.file)}
        return {
            each.decision: each.source(last.get(each.decision))
            for each in self.of_file(approval.file)
        }


def read(folder: pathlib.Path, approvals: Sequence[city_files.Approval]) -> Sources:
    """Read a city's sources; it need have none. Raises SourcesAreWrong."""
    path = folder / MANIFEST
    there = {each.name for each in (folder / FOLDER).glob("*") if each.is_file()}
    lines = _lines(path.read_bytes()) if path.exists() else []
    if problems := [*_misfits(lines, approvals, there)]:
        raise SourcesAreWrong(f"{MANIFEST}: {'; '.join(problems)}.")
    given: dict[str, list[sources.Given]] = {}
    for _, each in lines:
        content = (folder / FOLDER / each.source).read_bytes()
        columns = sources.columns_in(each.columns)
        given.setdefault(each.file, []).append(
            sources.Given(each.decision, each.source, content, columns)
        )
    return Sources(approvals, given)


def written(kept: Iterable[tuple[str, sources.Given]]) -> dict[str, bytes]:
    """Return the files that say of table files what they were taken from, by path in the folder."""
    files: dict[str, bytes] = {}
    lines = []
    for file, given in kept:
        name = _name(given, files)
        files[f"{FOLDER}/{name}"] = given.content
        lines.append(Line(file, given.decision, name, sources.columns_as_text(given.columns)))
    if not lines:
        return {}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(each, name) for name in COLUMNS] for each in sorted(lines))
    return {MANIFEST: text.getvalue().encode(), **files}


def differing(
    content: bytes, wanted: Mapping[str, reconciliation.Source], *, imported: Iterable[bytes] = ()
) -> tuple[str, ...]:
    """Say how a file's tables differ from their sources; nothing where all agree.

    Raises fisc.dmn.xml.problems.ModelIsRefused.
    """
    if not wanted:
        return ()
    model = reader.read(content, imported=imported)
    found: list[str] = []
    for decision, source in wanted.items():
        try:
            table = sources.table_of(model, decision)
        except sources.NoSuchTable as problem:
            found.append(str(problem))
            continue
        found += [each.words for each in reconciliation.check(decision, table, source)[1]]
    return tuple(found)


# --- Inside --------------------------------------------------------------------------------------


def _lines(content: bytes) -> list[tuple[int, Line]]:
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        lines = list(rows)
    except (UnicodeDecodeError, csv.Error) as problem:
        raise SourcesAreWrong(f"{MANIFEST} is not CSV in UTF-8: {problem}.") from problem
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise SourcesAreWrong(f"{MANIFEST} has the columns {','.join(COLUMNS)}, in order.")
    wrong = [
        f"line {number}: not {len(COLUMNS)} columns"
        for number, each in enumerate(lines, start=2)
        if None in each or None in each.values()
    ]
    if wrong:
        raise SourcesAreWrong(f"{MANIFEST}: {'; '.join(wrong)}.")
    return [(number, Line(**each)) for number, each in enumerate(lines, start=2)]


def _misfits(
    lines: Sequence[tuple[int, Line]],
    approvals: Sequence[city_files.Approval],
    there: set[str],
) -> Iterator[str]:
    signed = {each.file for each in approvals}
    seen: set[tuple[str, str]] = set()
    for number, each in lines:
        if each.file not in signed:
            yield f"line {number}: no file {each.file} is in approvals.csv"
        if each.source not in there:
            yield f"line {number}: {FOLDER}/ has no file {each.source}"
        if (each.file, each.decision) in seen:
            yield f"line {number}: “{each.decision}” of {each.file} has two sources"
        try:
            sources.columns_in(each.columns)
        except source_files.SourceIsWrong as problem:
            yield f"line {number}: {str(problem).rstrip('.')}"
        seen.add((each.file, each.decision))
    for name in sorted(there - {each.source for _, each in lines}):
        yield f"{FOLDER}/{name} is in no line; say of which table it is the source"


def _name(given: sources.Given, taken: Mapping[str, bytes]) -> str:
    """A file's name in the folder; where another file has it, with a part of its hash."""
    name = _NO_NAME.sub("_", given.name) or "source.csv"
    if taken.get(f"{FOLDER}/{name}", given.content) == given.content:
        return name
    path = pathlib.PurePath(name)
    return f"{path.stem}.{checking.sha256(given.content)[:12]}{path.suffix}"
