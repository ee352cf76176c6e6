"""`fisc tables sweep-studies`: the files of studies that nobody used for long."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer
from django.utils import timezone

from fisc.interfaces.cli import city, exit_codes
from fisc.processes.rate_studies import sweeping


def sweep_studies(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Remove the files of studies that were not used for as long as the city keeps them.

    The figures of every study stay. A job worker does the same once a night.
    """
    with city.opened():
        swept = sweeping.sweep(today=timezone.localdate(), at=timezone.now(), is_dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps({**dataclasses.asdict(swept), "dry_run": dry_run}))
    elif swept.days is None:
        typer.echo(
            f"The city's list “table policy” has no row “{sweeping.KEPT}”, so every file stays. "
            "Add one with its days and where they are from."
        )
    else:
        went = "would go" if dry_run else "went"
        typer.echo(
            f"{swept.files:,} files ({swept.bytes / 1e6:,.1f} MB) that no study used for "
            f"{swept.days} days {went}. The figures of all studies stay."
        )
    return exit_codes.DONE
