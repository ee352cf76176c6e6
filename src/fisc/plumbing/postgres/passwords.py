"""The generated passwords of one server, and the addresses they make."""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import urllib.parse

from fisc.plumbing.postgres import places

SUPERUSER = "postgres"
ROLES = (SUPERUSER, "fisc_migrate", "fisc_app")
DATABASE = "fisc"


@dataclasses.dataclass(frozen=True)
class Addresses:
    """How to reach the database: to serve, and to change its tables.

    `migrate` is empty where a real server's address for changing tables was not given.
    """

    app: str
    migrate: str


def make_once(place: places.Place) -> None:
    """Write the passwords before the server exists, so that no start can lose them."""
    if place.passwords.exists():
        return
    made = {role: secrets.token_urlsafe(24) for role in ROLES}
    making = place.passwords.with_suffix(".making")
    making.unlink(missing_ok=True)
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(file.fileno())
    making.rename(place.passwords)


def read(place: places.Place) -> dict[str, str]:
    """Return the password of each role."""
    found: dict[str, str] = json.loads(place.passwords.read_text())
    return found


def addresses(place: places.Place) -> Addresses:
    """Return the addresses of the city's database on this server."""
    return Addresses(
        app=address(place, role="fisc_app"), migrate=address(place, role="fisc_migrate")
    )


def address(place: places.Place, *, role: str, database: str = DATABASE) -> str:
    """Return the address of one database for one role, its socket folder named in it."""
    folder = urllib.parse.quote(str(place.socket), safe="")
    password = urllib.parse.quote(read(place)[role], safe="")
    return f"postgresql://{role}:{password}@/{database}?host={folder}"
