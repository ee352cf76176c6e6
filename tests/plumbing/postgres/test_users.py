"""The embedded server works for root and for an ordinary user."""

from __future__ import annotations

import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator

import pytest

from fisc.plumbing.postgres import places, server, unix_user
from tests.plumbing.postgres import clients

NAME = "fisc-test-user"


@pytest.fixture(scope="module")
def ordinary_user() -> Iterator[unix_user.UnixUser]:
    """Somebody who is not root, made for these tests and removed after them."""
    if os.geteuid() != 0:
        pytest.skip("only root can make another user; the other tests ran as an ordinary one")
    useradd = shutil.which("useradd")
    if useradd is None:
        pytest.skip("no useradd on this machine")
    subprocess.run([useradd, "--system", "--user-group", NAME], check=False, capture_output=True)
    entry = pwd.getpwnam(NAME)
    yield unix_user.UnixUser(NAME, entry.pw_uid, entry.pw_gid)
    subprocess.run(["userdel", NAME], check=False, capture_output=True)


@pytest.fixture
def home_of_user(ordinary_user: unix_user.UnixUser) -> Iterator[pathlib.Path]:
    with tempfile.TemporaryDirectory(prefix="fisc-user-") as folder:
        os.chown(folder, ordinary_user.uid, ordinary_user.gid)
        yield pathlib.Path(folder)


def reachable_python(user: unix_user.UnixUser) -> str:
    """Return a Python of our version that the user may run with our packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = pathlib.Path(sysconfig.get_path("purelib"))
    for found in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        real = pathlib.Path(found).resolve()
        if real.exists() and unix_user.can_pass(user, real) and unix_user.can_pass(user, packages):
            return found
    pytest.skip("the Python of these tests lies where an ordinary user may not go")


class TestOrdinaryUser:
    def test_keeps_a_server_of_its_own(
        self, ordinary_user: unix_user.UnixUser, home_of_user: pathlib.Path
    ) -> None:
        source = pathlib.Path(server.__file__).parents[3]
        packages = sysconfig.get_path("purelib")
        client = clients.Client(
            home_of_user,
            user=ordinary_user.uid,
            python=reachable_python(ordinary_user),
            environment={"PYTHONPATH": f"{source}:{packages}", "FISC_PG_MEMORY_MB": "256"},
        )
        client.hear("leased")
        kept = home_of_user / "postgres" / "server"
        number = int((kept / "data" / "postmaster.pid").read_text().splitlines()[0])
        owner = pathlib.Path(f"/proc/{number}").stat().st_uid
        ending = os.pidfd_open(number)

        client.end()

        clients.wait_for_end(ending)
        assert owner == ordinary_user.uid

    def test_does_not_open_the_server_of_another(
        self, ordinary_user: unix_user.UnixUser, home_of_user: pathlib.Path
    ) -> None:
        notes = home_of_user / "postgres"
        notes.mkdir()
        os.chown(notes, ordinary_user.uid, ordinary_user.gid)

        with pytest.raises(places.HomeCannotBeUsed, match="belongs to the user"):
            places.open_place(home=home_of_user)


class TestCanPass:
    def test_needs_every_folder_above_to_be_open(self, ordinary_user: unix_user.UnixUser) -> None:
        with tempfile.TemporaryDirectory(prefix="fisc-user-") as folder:
            inner = pathlib.Path(folder) / "inner"
            inner.mkdir(mode=0o755)

            closed = unix_user.can_pass(ordinary_user, inner)
            pathlib.Path(folder).chmod(0o711)
            opened = unix_user.can_pass(ordinary_user, inner)

        assert (closed, opened) == (False, True)
