"""`fisc returns review-frequency`: how often accounts file, reviewed once a year."""

from __future__ import annotations

import datetime
import getpass
import json
import pathlib
from typing import Annotated

import rich.console
import typer
from django.conf import settings
from django.utils import timezone

from fisc.domain.tax_returns.operations import reviewing
from fisc.interfaces.cli import city, exit_codes, progress
from fisc.plumbing.runs import engine
from fisc.processes.frequency_reviews import operations

console = rich.console.Console(soft_wrap=True, highlight=False)


def review_frequency(
    *,
    year: Annotated[int, typer.Option("--year", help="The year in which changes begin.")],
    date: Annotated[
        datetime.datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The posting day; today if left out."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes; by default one a core.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Propose how often accounts file. Killed at any instant, the same command goes on."""
    with city.opened():
        day = date.date() if date is not None else timezone.localdate()
        try:
            with progress.shown(quiet=as_json) as watch:
                outcome = operations.review(
                    year,
                    posting_day=day,
                    at=timezone.now(),
                    city=pathlib.Path(settings.FISC_CITY).name,
                    who=getpass.getuser(),
                    crew_size=workers,
                    watch=watch,
                )
        except reviewing.YearIsOver as problem:
            city.notes.print(str(problem), markup=False, style="red")
            return exit_codes.ERROR
        except engine.TotalsDiffer as problem:
            city.notes.print(str(problem), markup=False, style="red")
            return exit_codes.CONTROL_TOTALS_DIFFER
        _say(outcome, as_json=as_json)
    return exit_codes.DONE_WITH_EXCEPTIONS if outcome.counts["proposed"] else exit_codes.DONE


def _say(outcome: operations.Outcome, *, as_json: bool) -> None:
    counts, of = outcome.counts, outcome.review
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "year": of.year,
                    "posting_day": of.posting_day.isoformat(),
                    "came_before": outcome.came_before,
                    **counts,
                }
            )
        )
        return
    if outcome.came_before:
        console.print(
            f"{of.year} was reviewed on {of.posting_day}; nothing was done twice.", markup=False
        )
    console.print(
        f"Filing frequencies of {of.year}: {counts['proposed']:,} changes wait for a person, "
        f"{counts['automatic']:,} were set by the table, {counts['approved']:,} were approved, "
        f"{counts['rejected']:,} rejected.",
        markup=False,
    )
