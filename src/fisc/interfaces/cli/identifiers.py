"""`fisc identifiers`: following the key that parties' numbers are sealed under."""

from __future__ import annotations

import json
import pathlib
from typing import Annotated, Final

import typer
from django.conf import settings

from fisc.domain.party_identifiers import operations as identifiers
from fisc.interfaces.cli import city, exit_codes
from fisc.plumbing import sealed_values, transactions

app = typer.Typer(no_args_is_help=True, help="Numbers of parties, and the keys they are sealed by.")

_A_PIECE: Final = 500


@app.callback()
def _nouns() -> None:
    """Keep the verbs apart, also while there are few."""


@app.command("new-key")
def new_key(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> int:
    """Follow the key by a new one, and seal every number anew under it. Back the file up after."""
    version = sealed_values.follow(home=pathlib.Path(settings.FISC_HOME))
    return _sealed_anew(version=version, as_json=as_json)


@app.command("seal-anew")
def seal_anew(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> int:
    """Seal what an older key closed under the newest; after a key was added by hand, or a stop."""
    version = sealed_values.ring(home=pathlib.Path(settings.FISC_HOME)).newest
    return _sealed_anew(version=version, as_json=as_json)


def _sealed_anew(*, version: int, as_json: bool) -> int:
    count = 0
    with city.opened():
        while True:
            with transactions.started(by="sealing numbers anew"):
                done = identifiers.seal_anew(limit=_A_PIECE)
            if not done:
                break
            count += done
    if as_json:
        typer.echo(json.dumps({"key_version": version, "sealed_anew": count}))
    else:
        typer.echo(
            f"{count:,} numbers were sealed anew under version {version} of the key. Back up "
            f"{sealed_values.FILE_NAME} with the database now."
        )
    return exit_codes.DONE
