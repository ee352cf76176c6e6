"""`fisc api-keys`: keys with which programs act as someone."""

from __future__ import annotations

import datetime
from typing import Annotated

import rich.console
import typer
from django.utils import timezone

from fisc.interfaces.cli import city, exit_codes
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.users import operations
from fisc.plumbing.users import queries as users

app = typer.Typer(no_args_is_help=True, help="Keys for programs: make, list, revoke.")
console = rich.console.Console(soft_wrap=True, highlight=False)

By = Annotated[str, typer.Option(help="The username of who does this.")]


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="Which program will use it.")],
    *,
    acts_as: Annotated[str, typer.Option(help="The username as whom the program acts.")],
    until: Annotated[
        datetime.datetime, typer.Option(formats=["%Y-%m-%d"], help="The day it ends before.")
    ],
    by: By,
) -> int:
    """Make a key and print it, once: only a hash of it is kept."""
    with city.opened(), transactions.started(by="making a key"):
        at, maker = timezone.now(), users.user_id(username=by)
        key = operations.make_api_key(
            user_id=users.user_id(username=acts_as),
            name=name,
            at=at,
            ends_at=timezone.make_aware(until),
        )
        _log("make api key", maker, detail={"name": name, "acts_as": acts_as}, at=at)
    console.print(key, markup=False)
    return exit_codes.DONE


@app.command(name="list")
def list_all() -> int:
    """List the keys: which program, as whom, until when."""
    with city.opened():
        for each in users.api_keys():
            state = "revoked" if each.revoked_at else f"until {each.ends_at:%Y-%m-%d}"
            console.print(f"{each.key_id}: {each.name}, as {each.username}, {state}", markup=False)
    return exit_codes.DONE


@app.command()
def revoke(
    key_id: Annotated[int, typer.Argument(help="Its number, as `list` shows it.")], *, by: By
) -> int:
    """Have a key open nothing any more."""
    with city.opened(), transactions.started(by="revoking a key"):
        at, person = timezone.now(), users.user_id(username=by)
        operations.revoke_api_key(key_id=key_id, at=at)
        _log("revoke api key", person, detail={"key_id": key_id}, at=at)
    console.print(f"Key {key_id} opens nothing any more.", markup=False)
    return exit_codes.DONE


def _log(verb: str, user_id: int, *, detail: dict[str, object], at: datetime.datetime) -> None:
    action_log.record(
        user_id=user_id,
        verb=verb,
        subject_kind="api key",
        subject_id=None,
        why="",
        detail=detail,
        at=at,
    )
