"""`fisc licenses`: the renewals of a day, and who is to hear of them."""

from __future__ import annotations

import datetime
import getpass
import json
import pathlib
from collections.abc import Mapping
from typing import Annotated

import rich.console
import typer
from django.conf import settings
from django.utils import timezone

from fisc.basics import money
from fisc.domain.licensing.queries import notices
from fisc.interfaces.cli import city, exit_codes, progress
from fisc.plumbing.runs import engine
from fisc.processes.daily_runs import renewing

app = typer.Typer(no_args_is_help=True, help="Licenses: renew those of a day, list who is due.")
console = rich.console.Console(soft_wrap=True, highlight=False)

Day = Annotated[
    datetime.datetime | None,
    typer.Option("--day", formats=["%Y-%m-%d"], help="The day; today if left out."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def renew(
    *,
    day: Day = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and keep nothing.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes; by default one a core.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Issue paid renewals, lapse terms that are over, tell holders; harmless twice."""
    with city.opened():
        on = _day(day)
        if dry_run:
            _show(notices.expected(on=on, known_at=timezone.now()), as_json=as_json)
            return exit_codes.DONE
        if on > timezone.localdate():
            raise typer.BadParameter(
                f"{on} is still to come, and what a day does to licenses cannot be taken back. "
                "Ask with --dry-run what it would do.",
                param_hint="--day",
            )
        with progress.shown(quiet=as_json) as watch:
            try:
                seen = renewing.run_renewals(
                    posting_day=on,
                    at=timezone.now(),
                    city=pathlib.Path(settings.FISC_CITY).name,
                    who=getpass.getuser(),
                    crew_size=workers,
                    watch=watch,
                )
            except engine.TotalsDiffer as problem:
                city.notes.print(str(problem), markup=False, style="red")
                return exit_codes.CONTROL_TOTALS_DIFFER
        _show({} if not seen.steps else seen.steps[0].result, as_json=as_json)
    return exit_codes.DONE


@app.command()
def due(
    *,
    day: Day = None,
    of: Annotated[
        str, typer.Option("--list", help="A list of the board: due, lapsed, without, or a step.")
    ] = notices.DUE,
    as_json: AsJson = False,
) -> int:
    """List who is to hear of a renewal on a day, or another list of the renewal board."""
    with city.opened():
        on = _day(day)
        rows = notices.listed(of, on=on, known_at=timezone.now(), limit=None)
        if as_json:
            typer.echo(json.dumps([_as_object(each) for each in rows], default=str))
            return exit_codes.DONE
        for each in rows:
            console.print(
                f"{each.license_type.code} {each.number}  {each.last_day}  {each.business_name}",
                markup=False,
            )
        console.print(f"{len(rows)} licenses on the list “{of}” of {on}.", markup=False)
    return exit_codes.DONE


def _as_object(row: notices.Row) -> dict[str, object]:
    return {
        "license_type": row.license_type.code,
        "number": row.number,
        "business": row.business_name,
        "status": row.status,
        "last_day": row.last_day,
        "told_on": row.told_on,
        "told_cents": row.total_cents,
    }


def _show(counted: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(dict(counted)))
        return
    for name, value in counted.items():
        words = name.removesuffix("_cents").replace("_", " ")
        said = f"${money.formatted(value)}" if name.endswith("_cents") else f"{value:,}"
        console.print(f"{words}: {said}", markup=False)
    if not counted:
        console.print("The city has no licenses.", markup=False)


def _day(asked: datetime.datetime | None) -> datetime.date:
    return asked.date() if asked is not None else timezone.localdate()
