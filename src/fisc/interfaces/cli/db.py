"""`fisc db`: the database under the city."""

from __future__ import annotations

import os
import subprocess
from typing import Annotated

import typer
from django.db import connection

from fisc.interfaces.cli import city
from fisc.plumbing import database, migrations
from fisc.plumbing.postgres import binaries

app = typer.Typer(no_args_is_help=True, help="The database under the city.")


@app.command()
def migrate() -> None:
    """Bring the tables to the form that this version needs."""
    with city.leased() as addresses:
        migrations.migrate(address=addresses.migrate, tell=typer.echo)


@app.command()
def status() -> None:
    """Say which server it is, where its data is, and what is missing."""
    with city.leased(), connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version'), current_database(), current_user,"
            " pg_size_pretty(pg_database_size(current_database()))"
        )
        version, name, role, size = cursor.fetchone()
        typer.echo(f"PostgreSQL {version}, database {name} ({size}), serving as {role}")
        typer.echo(f"Reached at {connection.settings_dict['HOST'] or 'the default place'}")
        missing = migrations.unapplied()
        typer.echo(f"Changes missing: {', '.join(missing) if missing else 'none'}")


@app.command()
def shell(
    *,
    as_owner: Annotated[
        bool, typer.Option("--as-owner", help="Sign in as the owner of the tables.")
    ] = False,
) -> None:
    """Open psql on the city's database."""
    with city.leased() as addresses:
        address = addresses.migrate if as_owner else addresses.app
        role = {"PGOPTIONS": f"-c role={database.OWNER}"} if as_owner else {}
        ended = subprocess.run(
            [binaries.program("psql"), address], check=False, env={**os.environ, **role}
        )
    raise typer.Exit(ended.returncode)
