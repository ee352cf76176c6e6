"""Making a server's data folder, its settings, its roles and its database."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
from typing import Any

import psycopg
from psycopg import sql

from fisc.plumbing.postgres import binaries, parents, passwords, places, sizes, stray

# Without these a crash may lose what was acknowledged, so a server without them is not used.
MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
NO_SPACE = "No space left on device"


class ServerWouldLoseData(Exception):
    """The server's settings would let a crash lose what was acknowledged."""


class CannotMakeServer(Exception):
    """PostgreSQL could not make its data folder."""


class DiskIsFull(Exception):
    """The disk under the data has no room left."""


def make_once(*, place: places.Place, programs: pathlib.Path) -> None:
    """Make the data folder, unless it is there; an interrupted making is begun again.

    Raises DataIsGone when a server was made here before and its data has disappeared.
    """
    if place.data.exists():
        place.initialized.touch()
        return
    if place.initialized.exists():
        raise places.DataIsGone(
            f"The data of the server was in {place.data} and is no longer there. Bring it back, "
            f"or remove {place.notes} to begin with an empty city."
        )
    making = place.data.with_name("data.making")
    stray.end_all(making)
    shutil.rmtree(making, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", prefix="fisc-", encoding="utf-8") as password_file:
        password_file.write(passwords.read(place)[passwords.SUPERUSER])
        password_file.flush()
        if place.server_user is not None:
            os.chown(password_file.name, place.server_user.uid, place.server_user.gid)
        made = run_program(
            place=place,
            command=[
                *(programs / "initdb", "-D", making, "-U", passwords.SUPERUSER),
                *("--pwfile", password_file.name, "--auth-local=scram-sha-256"),
                *("--auth-host=reject", "--data-checksums", "--encoding=UTF8"),
                *_locale(binaries.major_version(programs)),
            ],
        )
    if made.returncode != 0:
        raise _making_failed(place=place, said=made.stderr)
    making.rename(place.data)
    place.initialized.touch()


def settings(place: places.Place) -> list[str]:
    """Return the settings that belong to this machine and place, as words of a command.

    They are given with each start, not written into the data folder, so that root never writes
    to a file whose name the server's user controls.
    """
    chosen = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{place.socket}"',
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "100",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] %d ",
        "cluster_name": "fisc",
        "jit": "off",
        **sizes.settings(data=place.data),
    }
    return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]


def refuse_to_lose_data(*, place: places.Place, programs: pathlib.Path) -> None:
    """Refuse a server whose settings would let a crash lose what was acknowledged."""
    for name in MUST_BE_ON:
        asking: list[str | pathlib.Path] = [programs / "postgres", "-D", place.data, "-C", name]
        said = run_program(place=place, command=asking)
        if said.stdout.strip() == "off":
            raise ServerWouldLoseData(
                f"The server in {place.data} has {name} = off: a crash would lose payments that "
                f"were acknowledged. Remove that line from its postgresql.conf or "
                "postgresql.auto.conf."
            )


def prepare_roles(place: places.Place) -> None:
    """Make the three roles and the city's database, or bring them to their stated form."""
    address = passwords.address(place, role=passwords.SUPERUSER, database="postgres")
    known = passwords.read(place)
    with psycopg.connect(address, autocommit=True) as connection:
        for role, attributes in (
            # The owner makes copies of the city: the training city, and the tests' clones.
            ("fisc_owner", "nologin createdb"),
            ("fisc_migrate", "login noinherit"),
            ("fisc_app", "login"),
        ):
            _make_role(connection, role=role, attributes=attributes, password=known.get(role))
        connection.execute("grant fisc_owner to fisc_migrate")
        connection.execute("revoke connect on database postgres from public")
        connection.execute("grant connect on database postgres to fisc_migrate")
        found = connection.execute(
            "select from pg_database where datname = %s", [passwords.DATABASE]
        ).fetchone()
        if found is None:
            connection.execute(f"create database {passwords.DATABASE} owner fisc_owner")


def run_program(
    *, place: places.Place, command: list[str | pathlib.Path]
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's user, in a clean environment."""
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        preexec_fn=parents.end_with_parent(signal.SIGKILL),
        **as_server_user(place),
    )


def as_server_user(place: places.Place) -> dict[str, Any]:
    """Return what `subprocess` needs to start a program as the server's user."""
    # Settings of other servers (PGDATA, PGPORT) and of the caller's language stay out.
    clean = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
    if place.server_user is None:
        return {"env": clean}
    return {
        "env": clean,
        "user": place.server_user.uid,
        "group": place.server_user.gid,
        "extra_groups": [],
    }


def explain_failure(*, place: places.Place, said: str) -> Exception | None:
    """Turn what PostgreSQL said into an error with words of ours, where we know it."""
    if NO_SPACE not in said:
        return None
    free_mb = shutil.disk_usage(place.kept).free // sizes.MEBIBYTE
    return DiskIsFull(
        f"The disk that holds {place.kept} is full ({free_mb} MB free). Make room and start "
        "again; nothing that was acknowledged is lost."
    )


def _make_role(
    connection: psycopg.Connection[Any], *, role: str, attributes: str, password: str | None
) -> None:
    found = connection.execute("select from pg_roles where rolname = %s", [role]).fetchone()
    connection.execute(
        sql.SQL("{verb} role {role} {attributes} nosuperuser password {password}").format(
            verb=sql.SQL("create" if found is None else "alter"),
            role=sql.Identifier(role),
            attributes=sql.SQL(attributes),
            password=sql.Literal(password),
        )
    )


def _locale(major: int) -> list[str | pathlib.Path]:
    # Bytewise order on every machine, and still upper and lower case beyond ASCII.
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C", "--lc-ctype=C.UTF-8"]


def _making_failed(*, place: places.Place, said: str) -> Exception:
    return explain_failure(place=place, said=said) or CannotMakeServer(
        f"PostgreSQL could not make its data in {place.data}: {said.strip()}"
    )
