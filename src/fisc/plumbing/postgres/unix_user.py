"""The unprivileged user that the server runs as when the caller is root."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import pwd
import shutil
import subprocess

NAME = "fisc"
# Used, in this order, where no user can be made: a minimal image without useradd.
ALREADY_THERE = ("postgres", "nobody")


class NoUnprivilegedUser(Exception):
    """PostgreSQL refuses to run as root, and no other user could be made or found."""


@dataclasses.dataclass(frozen=True)
class UnixUser:
    name: str
    uid: int
    gid: int


def for_the_server() -> UnixUser:
    """Return the user to run the server as, making it the first time.

    Raises NoUnprivilegedUser when there is none and none can be made.
    """
    if found := _found(NAME):
        return found
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        # A second process may make the user at the same moment; what counts is that it is there.
        subprocess.run(
            [
                *(useradd, "--system", "--user-group", "--no-create-home"),
                *("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME),
            ],
            check=False,
            capture_output=True,
        )
    for name in (NAME, *ALREADY_THERE):
        if found := _found(name):
            return found
    raise NoUnprivilegedUser(
        f"PostgreSQL does not run as root, and no user '{NAME}' could be made. "
        "Make an ordinary user and run as that user, or name a real server with DATABASE_URL."
    )


def can_pass(user: UnixUser, path: pathlib.Path) -> bool:
    """Tell whether a user may go into a folder, or reach a file, through all folders above."""
    folders = [path, *path.parents] if path.is_dir() else list(path.parents)
    return all(_may_enter(user, folder) for folder in folders)


def _may_enter(user: UnixUser, folder: pathlib.Path) -> bool:
    found = folder.stat()
    if found.st_uid == user.uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == user.gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)


def _found(name: str) -> UnixUser | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return UnixUser(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid != os.geteuid() else None
