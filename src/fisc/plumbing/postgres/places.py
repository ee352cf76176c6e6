"""Where one embedded server keeps its things."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import pathlib
import secrets
import stat
import tempfile

from fisc.plumbing.postgres import unix_user

# The kernel allows 108 bytes for a socket's path, the last of them a zero.
SOCKET_PATH_BYTES_MAX = 107
SOCKET_NAME = ".s.PGSQL.5432"
SYSTEM_FOLDER = pathlib.Path("/var/lib/fisc")


class HomeCannotBeUsed(Exception):
    """The folder named by FISC_HOME cannot hold an embedded server."""


class DataIsGone(Exception):
    """A server was made here once and its data folder has since disappeared."""


@dataclasses.dataclass(frozen=True)
class Place:
    """The folders and files of one server.

    `notes` belongs to whoever calls; `kept` belongs to the user that the server runs as.
    """

    notes: pathlib.Path
    kept: pathlib.Path
    server_user: unix_user.UnixUser | None

    @property
    def data(self) -> pathlib.Path:
        return self.kept / "data"

    @property
    def log(self) -> pathlib.Path:
        return self.kept / "log" / "server.log"

    @property
    def socket(self) -> pathlib.Path:
        beside = self.kept / "socket"
        if len(os.fsencode(beside / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX:
            return beside
        # The system's folder for temporary files is the shortest path that always exists.
        return pathlib.Path(tempfile.gettempdir()) / f"fisc-{_short_hash(self.kept)}"

    @property
    def lease_lock(self) -> pathlib.Path:
        return self.notes / "lease.lock"

    @property
    def start_lock(self) -> pathlib.Path:
        return self.notes / "start.lock"

    @property
    def supervisor_lock(self) -> pathlib.Path:
        return self.notes / "supervisor.lock"

    @property
    def alive_lock(self) -> pathlib.Path:
        return self.notes / "alive.lock"

    @property
    def state(self) -> pathlib.Path:
        return self.notes / "state.json"

    @property
    def passwords(self) -> pathlib.Path:
        return self.notes / "passwords.json"

    @property
    def initialized(self) -> pathlib.Path:
        return self.notes / "initialized"

    @property
    def supervisor_log(self) -> pathlib.Path:
        return self.notes / "supervisor.log"


def home_from_environment() -> pathlib.Path:
    """Return the folder that holds data, documents and secrets: FISC_HOME, or `var` here."""
    return pathlib.Path(os.environ.get("FISC_HOME", "var")).expanduser().resolve()


def open_place(*, home: pathlib.Path) -> Place:
    """Find the server's folders under a home, making them at the first call.

    Raises HomeCannotBeUsed when the home belongs to another user or cannot be written.
    """
    home = home.resolve()
    notes = home / "postgres"
    try:
        notes.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise HomeCannotBeUsed(
            f"The folder {home} cannot be written ({problem.strerror}). "
            "Name another with FISC_HOME."
        ) from problem
    owner = notes.stat().st_uid
    if owner != os.geteuid():
        raise HomeCannotBeUsed(
            f"The server in {home} belongs to the user with number {owner}. "
            "Run as that user, or name another folder with FISC_HOME."
        )
    server_user = unix_user.for_the_server() if os.geteuid() == 0 else None
    kept = _kept_folder(home=home, notes=notes, server_user=server_user)
    return Place(notes=notes, kept=kept, server_user=server_user)


def make_folders(place: Place) -> None:
    """Make the folders that the server writes, owned by its user and closed to others."""
    for folder in (place.kept, place.log.parent, place.socket):
        if not folder.is_symlink() and not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            if place.server_user is not None:
                os.chown(folder, place.server_user.uid, place.server_user.gid)
        _require_private(folder=folder, owner=_server_uid(place))


def _kept_folder(
    *, home: pathlib.Path, notes: pathlib.Path, server_user: unix_user.UnixUser | None
) -> pathlib.Path:
    """Choose once, and remember, where the data is: here, or where the server's user can go."""
    note = notes / "kept_in"
    if note.exists():
        return pathlib.Path(note.read_text().strip())
    kept = notes / "server"
    if server_user is None:
        notes.chmod(0o700)
    else:
        # Our own folder may be passed through; no folder above it is ever changed.
        notes.chmod(0o711)
        if not unix_user.can_pass(server_user, notes):
            kept = SYSTEM_FOLDER / f"{_short_hash(home)}-{secrets.token_hex(4)}"
            kept.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    making = notes / "kept_in.making"
    making.write_text(f"{kept}\n")
    making.rename(note)
    return kept


def _require_private(*, folder: pathlib.Path, owner: int) -> None:
    """Refuse a folder that somebody else made, or opened, in a place all may write."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise HomeCannotBeUsed(
            f"{folder} must be a folder of user number {owner} that nobody else may enter. "
            "Remove it, or name another place with FISC_HOME."
        )


def _server_uid(place: Place) -> int:
    return os.geteuid() if place.server_user is None else place.server_user.uid


def _short_hash(path: pathlib.Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
