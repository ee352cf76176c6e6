"""`fisc tables diff` and `fisc tables workbook`: what changed, and changes by spreadsheet."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import rich.console
import typer
from django.utils import timezone

from fisc.dmn.differences import comparing, findings, wording
from fisc.dmn.xml import reader
from fisc.dmn.xml.problems import Problem
from fisc.domain.rule_tables.calculations.workbooks import proposing, writing
from fisc.domain.rule_tables.queries import drafts
from fisc.domain.rule_tables.queries import versions as queries
from fisc.interfaces.cli import city, exit_codes

console = rich.console.Console(soft_wrap=True, highlight=False)
errors = rich.console.Console(stderr=True, soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Language = Annotated[str, typer.Option("--language", help="en or es.")]
Imported = Annotated[
    list[pathlib.Path] | None,
    typer.Option("--imported", help="A file that the tables import; may be given again."),
]


class NoSuchFile(Exception):
    """There is no file of that name, and it is no number of a version."""


class WhichWay(Exception):
    """A workbook is written or read, one at a time."""


def diff(
    before: Annotated[str, typer.Argument(help="A .dmn file, or the id of a version.")],
    after: Annotated[str, typer.Argument(help="A .dmn file, or the id of a version.")],
    *,
    imported: Imported = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> int:
    """Say what differs between two files or versions, cell by cell."""
    others = [path.read_bytes() for path in imported or ()]
    models = [
        reader.read(content, imported=[*theirs, *others])
        for content, theirs in _contents((before, after))
    ]
    found = comparing.between(*models)
    if as_json:
        _print_json({"differences": [_as_json(each, language) for each in found]})
    else:
        _show(found, language)
    return exit_codes.DONE


def workbook(
    file: Annotated[pathlib.Path, typer.Argument(help="A .dmn file.", exists=True)],
    *,
    to: Annotated[
        pathlib.Path | None, typer.Option("--to", help="Write its tables to this .xlsx file.")
    ] = None,
    edited: Annotated[
        pathlib.Path | None,
        typer.Option("--from", help="Show what this edited .xlsx file changes.", exists=True),
    ] = None,
    write: Annotated[
        pathlib.Path | None, typer.Option("--write", help="Write the changed tables to this file.")
    ] = None,
    imported: Imported = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> int:
    """Take the tables of a file out as a workbook, or read an edited workbook against the file."""
    if (to is None) == (edited is None) or (write is not None and edited is None):
        raise WhichWay("Give --to FILE.xlsx to write a workbook, or --from FILE.xlsx to read one.")
    content = file.read_bytes()
    if edited is not None:
        others = [path.read_bytes() for path in imported or ()]
        found = proposing.proposed(content, edited.read_bytes(), imported=others)
        return _proposed(found, write=write, language=language, as_json=as_json)
    assert to is not None, "asked above"
    made = writing.written(
        content, book=file.stem, file_name=file.name, at=timezone.now(), language=_known(language)
    )
    to.write_bytes(made)
    console.print(f"Its tables are in {to}. Give it back with --from.", markup=False)
    return exit_codes.DONE


def _proposed(
    found: proposing.Proposed, *, write: pathlib.Path | None, language: str, as_json: bool
) -> int:
    if as_json:
        _print_json(
            {
                "differences": [_as_json(each, language) for each in found.differences],
                "problems": [_problem(each) for each in found.problems],
            }
        )
    elif not found.problems:
        _show(found.differences, language)
    if found.problems:
        for each in found.problems:
            errors.print(str(each), markup=False, style="red")
        return exit_codes.ERROR
    if write is not None:
        write.write_bytes(found.content)
        if not as_json:
            console.print(f"Written to {write}.", markup=False)
    return exit_codes.DONE


def _contents(which: Sequence[str]) -> list[tuple[bytes, Sequence[bytes]]]:
    """The bytes of files, or of versions that the city's database has with what they import."""
    numbers = [each for each in which if not pathlib.Path(each).exists()]
    if unknown := [each for each in numbers if not (each.isascii() and each.isdecimal())]:
        raise NoSuchFile(
            f"There is no file {unknown[0]}, and it is no version either. "
            "`fisc tables diff` takes two files, two ids of versions, or one of each."
        )
    with city.opened() if numbers else contextlib.nullcontext():
        return [
            (queries.dmn(int(each)), drafts.imported_files(int(each)))
            if each in numbers
            else (pathlib.Path(each).read_bytes(), ())
            for each in which
        ]


def _known(language: str) -> str:
    if language not in wording.LANGUAGES:
        raise wording.NoSuchLanguage(f"The languages are {', '.join(wording.LANGUAGES)}.")
    return language


def _show(found: Iterable[findings.Difference], language: str) -> None:
    lines = [wording.words(each, language=language) for each in found]
    for line in lines or ["Nothing differs."]:
        console.print(line, markup=False)


def _as_json(each: findings.Difference, language: str) -> dict[str, Any]:
    return {"words": wording.words(each, language=language), **dataclasses.asdict(each)}


def _problem(each: Problem) -> dict[str, str]:
    return {"place": str(each.place), "words": each.words}


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
