"""`fisc letters`: what waits to be printed, and printing all of it."""

from __future__ import annotations

import datetime
import json
import pathlib
import time
from collections.abc import Iterator
from typing import Annotated

import rich.console
import typer
from django.utils import timezone

from fisc.domain.documents import choices, operations, queries
from fisc.interfaces.cli import city, exit_codes
from fisc.processes.letters import printing

app = typer.Typer(no_args_is_help=True, help="Letters: list those that wait, print them.")
console = rich.console.Console(soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("list")
def list_(*, as_json: AsJson = False) -> int:
    """List how many letters wait to be printed, by day and kind."""
    with city.opened():
        days = queries.days(kinds=tuple(choices.LETTERS))
        if as_json:
            found = [
                {"day": each.written_on, "kind": _name(each.kind), "waiting": each.waiting}
                for each in days
            ]
            typer.echo(json.dumps(found, default=str))
            return exit_codes.DONE
        for each in days:
            console.print(f"{each.written_on}  {_name(each.kind)}  {each.waiting:,}", markup=False)
        if not days:
            console.print("No letter waits to be printed.", markup=False)
    return exit_codes.DONE


@app.command("print")
def print_(
    *,
    day: Annotated[
        datetime.datetime | None,
        typer.Option("--day", formats=["%Y-%m-%d"], help="Only letters of this day."),
    ] = None,
    into: Annotated[
        pathlib.Path | None,
        typer.Option("--into", help="Put the files into this folder as well, to be printed."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Print all letters that wait, file by file; each file is kept before the next is begun."""
    began, letters, files = time.monotonic(), 0, 0
    with city.opened():
        for batch_id, count in _printed(day.date() if day else None):
            letters, files = letters + count, files + 1
            if into is not None:
                into.mkdir(parents=True, exist_ok=True)
                (into / f"letters-{batch_id}.pdf").write_bytes(_content(batch_id))
            if not as_json:
                console.print(
                    f"File {batch_id}. Letters: {count}; in all {letters:,}.", markup=False
                )
    seconds = time.monotonic() - began
    said = {"letters": letters, "files": files, "seconds": round(seconds, 1)}
    if as_json:
        typer.echo(json.dumps(said))
    else:
        console.print(
            f"Letters: {letters:,}. Files: {files}. Seconds: {seconds:.0f}.", markup=False
        )
    return exit_codes.DONE


def _printed(day: datetime.date | None) -> Iterator[tuple[int, int]]:
    for each in queries.days(kinds=tuple(choices.LETTERS)):
        if day is not None and each.written_on != day:
            continue
        while True:
            try:
                made = printing.print_next(
                    kind=choices.Kind(each.kind),
                    written_on=each.written_on,
                    user_id=None,
                    at=timezone.now(),
                )
            except operations.NothingToPrint:
                break
            if made.batch_id is not None:
                yield made.batch_id, made.letters


def _content(batch_id: int) -> bytes:
    document = queries.document_of(
        kind=choices.Kind.PRINT_BATCH,
        subject_kind=choices.Subject.PRINT_BATCH,
        subject_id=batch_id,
    )
    assert document is not None, "a batch is kept with its document"
    return queries.content(sha256=document.sha256)


def _name(kind: int) -> str:
    return choices.Kind(kind).name.lower().replace("_", " ")
