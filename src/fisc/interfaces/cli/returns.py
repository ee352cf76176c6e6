"""`fisc returns`: files of tax returns, checked and taken in."""

from __future__ import annotations

import datetime
import getpass
import json
import pathlib
from collections.abc import Iterable, Sequence
from typing import Annotated

import rich.console
import typer
from django.conf import settings
from django.utils import timezone

from fisc.basics import money
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.calculations import return_layouts
from fisc.domain.tax_returns.operations import filing_in_bulk, return_files
from fisc.domain.tax_returns.queries import held as held_returns
from fisc.interfaces.cli import city, exit_codes, frequencies, progress
from fisc.plumbing.runs import engine
from fisc.processes.return_files import checking, operations, reading

app = typer.Typer(no_args_is_help=True, help="Files of tax returns; how often accounts file.")
app.command()(frequencies.review_frequency)
console = rich.console.Console(soft_wrap=True, highlight=False)

File = Annotated[
    pathlib.Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV or JSON file."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Date = Annotated[
    datetime.datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="The posting day; today if left out."),
]


@app.command()
def check(file: File, *, date: Date = None, as_json: AsJson = False) -> int:
    """Say everything that is wrong with a file and with each return of it. Nothing is kept."""
    with city.opened():
        posting_day = _day(date)
        try:
            read = _read(file, today=posting_day)
        except return_layouts.FileIsRefused as problem:
            return _say_refused(file, problem, as_json=as_json)
        found = checking.check(
            read.returns, posting_day=posting_day, at=timezone.now(), user_id=None
        )
        if as_json:
            typer.echo(json.dumps(_checked_object(found)))
        else:
            _say_checked(found, unit=return_layouts.unit(read.layout))
    return exit_codes.DONE_WITH_EXCEPTIONS if found.held else exit_codes.DONE


@app.command(name="file")
def file_returns(
    file: File,
    *,
    date: Date = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes; by default one a core.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Take a file in. Killed at any instant, the same command goes on; no return is taken twice."""
    with city.opened():
        posting_day = _day(date)
        try:
            read = _read(file, today=posting_day)
        except return_layouts.FileIsRefused as problem:
            return _say_refused(file, problem, as_json=as_json)
        arrived = return_files.Arrived(
            name=file.name,
            sha256=read.sha256,
            layout=read.layout,
            posting_day=posting_day,
            at=timezone.now(),
            user_id=None,
        )
        with progress.shown(quiet=as_json) as watch:
            try:
                outcome = operations.take_file(
                    read.returns,
                    arrived=arrived,
                    city=pathlib.Path(settings.FISC_CITY).name,
                    who=getpass.getuser(),
                    crew_size=workers,
                    watch=watch,
                )
            except engine.TotalsDiffer as problem:
                city.notes.print(str(problem), markup=False, style="red")
                return exit_codes.CONTROL_TOTALS_DIFFER
        _say_outcome(outcome, as_json=as_json)
    return exit_codes.DONE_WITH_EXCEPTIONS if outcome.file.held else exit_codes.DONE


def _day(asked: datetime.datetime | None) -> datetime.date:
    return asked.date() if asked is not None else timezone.localdate()


def _read(file: pathlib.Path, *, today: datetime.date) -> reading.Read:
    with file.open("rb") as content:
        return reading.read(content, name=file.name, today=today)


def _say_refused(
    file: pathlib.Path, problem: return_layouts.FileIsRefused, *, as_json: bool
) -> int:
    """Say every error of a file that cannot be read, a line each."""
    if as_json:
        typer.echo(json.dumps({"file": file.name, "errors": problem.errors, "more": problem.more}))
        return exit_codes.ERROR
    for each in problem.errors:
        console.print(each, markup=False)
    if problem.more:
        console.print(f"and {problem.more:,} more", markup=False)
    count = len(problem.errors) + problem.more
    console.print(
        f"{file.name} cannot be read: {_errors(count)}. Nothing of it was kept.", markup=False
    )
    return exit_codes.ERROR


def _errors(count: int) -> str:
    return "1 error" if count == 1 else f"{count:,} errors"


def _say_checked(found: checking.Checked, *, unit: str) -> None:
    _say_held(found.held_in_order, unit=unit)
    console.print(
        f"{found.returns:,} returns: {found.taken:,} can be filed with "
        f"${money.formatted(found.tax_due_cents)} of tax due, {found.again:,} are here already, "
        f"{len(found.held):,} would be held. Nothing was kept.",
        markup=False,
    )


def _say_held(held: Sequence[filing_in_bulk.Held], *, unit: str) -> None:
    numbers = _numbers(each.came.account_id for each in held)
    for each in held:
        console.print(
            f"{unit} {each.place}, account {numbers[each.came.account_id]}, period from "
            f"{each.came.starts_on}:",
            markup=False,
        )
        for words in [one.said("en") for one in each.problems] or [each.words]:
            console.print(f"  {words}", markup=False)


def _numbers(account_ids: Iterable[int]) -> dict[int, int]:
    """Return the numbers of accounts as the file has them; one below zero is of no account."""
    wanted = set(account_ids)
    known = accounts.names(account_ids=[each for each in wanted if each > 0])
    return {each: known[each][0] if each in known else -each for each in wanted}


def _checked_object(found: checking.Checked) -> dict[str, object]:
    numbers = _numbers(each.came.account_id for each in found.held)
    return {
        "returns": found.returns,
        "can_be_filed": found.taken,
        "here_already": found.again,
        "tax_due_cents": found.tax_due_cents,
        "held": [
            {
                "line": each.place,
                "account": numbers[each.came.account_id],
                "starts_on": each.came.starts_on.isoformat(),
                "problems": [one.said("en") for one in each.problems] or [each.words],
            }
            for each in found.held_in_order
        ],
    }


def _say_outcome(outcome: operations.Outcome, *, as_json: bool) -> None:
    file = outcome.file
    held = held_returns.of_cause(file.cause_key) if file.held else ()
    if as_json:
        said = {
            "file": file.name,
            "file_id": file.file_id,
            "came_before": outcome.came_before,
            "returns": file.return_count,
            "taken": file.taken,
            "here_already": file.again,
            "held": file.held,
            "waiting": file.waiting,
            "tax_due_cents": file.tax_due_cents,
        }
        typer.echo(json.dumps(said))
        return
    for each in held:
        console.print(str(each.item.detail["words"]), markup=False)
    if outcome.came_before:
        console.print("The same bytes came in before; nothing was done twice.", markup=False)
    console.print(
        f"{file.return_count:,} returns: {file.taken:,} filed with "
        f"${money.formatted(file.tax_due_cents)} of tax due, {file.again:,} were here already, "
        f"{file.held:,} held for a person.",
        markup=False,
    )
