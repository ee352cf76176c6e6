"""`fisc day`: a posting day's run."""

from __future__ import annotations

import datetime
import getpass
import json
import pathlib
from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils import timezone

from fisc.interfaces.cli import city, exit_codes, progress, summaries
from fisc.plumbing.runs import engine
from fisc.plumbing.runs import queries as runs
from fisc.plumbing.users import queries as users
from fisc.processes.daily_runs import checklist, operations, queries, reading

app = typer.Typer(no_args_is_help=True, help="A posting day's run: start, look, sign.")

Day = Annotated[
    datetime.datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="The posting day; today if left out."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def run(
    *,
    date: Day = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Only go on with a run that was begun.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes; by default one a core.")
    ] = None,
    at: Annotated[
        datetime.datetime | None,
        typer.Option(
            "--as-of", help="The instant (UTC) that the run's rows carry; now if left out."
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Run a day, or what is left of it. Killed at any instant, the same command goes on."""
    with city.opened():
        posting_day = _day(date)
        if resume:
            operations.refuse_nothing_to_resume(posting_day=posting_day)
        with progress.shown(quiet=as_json) as watch:
            try:
                outcome = operations.run_day(
                    posting_day=posting_day,
                    at=_instant(at),
                    city=pathlib.Path(settings.FISC_CITY).name,
                    who=getpass.getuser(),
                    crew_size=workers,
                    watch=watch,
                )
            except engine.TotalsDiffer as problem:
                city.notes.print(str(problem), markup=False, style="red")
                return exit_codes.CONTROL_TOTALS_DIFFER
        _show(outcome.run, exceptions=outcome.exceptions, as_json=as_json)
        if outcome.was_done_before:
            _say_what_waits(posting_day)
        return _exit_code(outcome)


@app.command()
def status(*, date: Day = None, as_json: AsJson = False) -> int:
    """Show a day's steps, control totals and exceptions."""
    with city.opened():
        seen = runs.run_of_day(posting_day=_day(date))
        _show(seen, exceptions=queries.open_exceptions(run=seen), as_json=as_json)
    return exit_codes.DONE


@app.command()
def check(*, date: Day = None) -> int:
    """Show the pre-run checklist of a day without running it."""
    with city.opened():
        found = checklist.checks(posting_day=_day(date), today=timezone.localdate())
        summaries.print_checklist(found)
    return exit_codes.ERROR if any(each.blocks for each in found) else exit_codes.DONE


@app.command()
def sign(
    *,
    username: Annotated[str, typer.Option("--as", help="Whose signature it is (user name).")],
    why: Annotated[str, typer.Option("--why", help="What was looked at.")],
    date: Day = None,
) -> int:
    """Sign a day's bill register, so that its bills may go out."""
    with city.opened():
        posting_day = _day(date)
        operations.sign_register(
            posting_day=posting_day,
            user_id=users.user_id(username=username),
            why=why,
            at=timezone.now(),
        )
        typer.echo(
            f"The bill register of {posting_day} is signed. "
            f"Go on with: fisc day run --date {posting_day}"
        )
    return exit_codes.DONE


def _say_what_waits(posting_day: datetime.date) -> None:
    """Say that a run that was done reads nothing more, where files came in since."""
    waiting = len(reading.waiting_files())
    if waiting:
        files = "1 file of reads waits" if waiting == 1 else f"{waiting} files of reads wait"
        city.notes.print(
            f"The run of {posting_day} is done. {files} unread in the in-tray for the next day's "
            "run.",
            markup=False,
        )


def _day(asked: datetime.datetime | None) -> datetime.date:
    return asked.date() if asked is not None else timezone.localdate()


def _instant(asked: datetime.datetime | None) -> datetime.datetime:
    return asked.replace(tzinfo=datetime.UTC) if asked is not None else timezone.now()


def _exit_code(outcome: operations.DayOutcome) -> int:
    if outcome.run.status == "done" and outcome.exceptions == 0:
        return exit_codes.DONE
    return exit_codes.DONE_WITH_EXCEPTIONS


def _show(seen: runs.RunSeen, *, exceptions: int, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_as_object(seen, exceptions=exceptions), default=str))
    else:
        summaries.print_run(seen, exceptions=exceptions)


def _as_object(seen: runs.RunSeen, *, exceptions: int) -> dict[str, Any]:
    return {
        "run": seen.run_id,
        "posting_day": seen.posting_day,
        "status": queries.status_now(seen),
        "message": seen.message,
        "instant": seen.instant.isoformat(),
        "exceptions": exceptions,
        "steps": [
            {
                "name": step.name,
                "status": step.status,
                "seconds": step.seconds,
                "chunks": step.chunks,
                "chunks_done": step.chunks_done,
                "before": dict(step.before),
                "after": dict(step.after),
                "result": dict(step.result),
                "message": step.message,
                "signed": step.signed_words,
            }
            for step in seen.steps
        ],
    }
