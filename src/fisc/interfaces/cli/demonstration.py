"""`fisc demonstration`: an invented city with two years of history, and today's run."""

from __future__ import annotations

import getpass
import pathlib
from collections.abc import Sequence
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone

from fisc.interfaces.cli import city, exit_codes, progress, summaries
from fisc.processes.daily_runs import operations as daily_runs
from fisc.processes.demonstration import operations, staff

ACCOUNTS = 5000


def command(
    *,
    accounts: Annotated[
        int, typer.Option("--accounts", min=20, help="How many accounts the city has.")
    ] = ACCOUNTS,
) -> int:
    """Fill the demonstration city and run today, without serving pages."""
    with city.opened():
        _print_sign_ins(fill(accounts=accounts))
    return exit_codes.DONE


def fill(*, accounts: int) -> Sequence[staff.SignIn]:
    """Bring the open database to a demonstration city with today's run done."""
    with progress.shown() as watch:
        found = operations.fill(
            wanted=operations.Wanted(
                city=pathlib.Path(settings.FISC_CITY),
                accounts=accounts,
                today=timezone.localdate(),
                at=timezone.now(),
            ),
            watch=watch,
        )
        outcome = daily_runs.run_day(
            posting_day=timezone.localdate(),
            at=timezone.now(),
            city=pathlib.Path(settings.FISC_CITY).name,
            who=getpass.getuser(),
            watch=watch,
        )
    if found != accounts:
        city.notes.print(
            f"The demonstration city has {found:,} accounts and keeps them. "
            f"For one of {accounts:,}, name another folder with FISC_HOME."
        )
    summaries.print_run(outcome.run, exceptions=outcome.exceptions)
    return staff.SIGN_INS


def _print_sign_ins(sign_ins: Sequence[staff.SignIn]) -> None:
    for sign_in in sign_ins:
        typer.echo(f"  {sign_in.username:<12} {sign_in.password:<18} {sign_in.words}")
