"""A disk that fills up in the middle of a run: a clear error, and the same rows afterwards."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

import pytest
from pytest_django import plugin

from tests.faults import cities, comparison, drills

ACCOUNTS = 300
DISK_MB = 1200
LEFT_FREE = 4 << 20

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def small_disk() -> Iterator[pathlib.Path]:
    """A disk in memory of its own, where a server can be filled up without hurting anybody."""
    if "DATABASE_URL" in os.environ:
        pytest.skip("fills the disk of the server, so it needs the embedded one")
    if os.geteuid() != 0:
        pytest.skip("mounts a small disk, which needs root")
    # Not under pytest's own folder: the server's user may not pass through that.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fisc-disk-"))
    folder.chmod(0o755)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("mounts a small disk, which this machine does not allow")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def test_a_full_disk_stops_the_run_with_words_and_loses_nothing(
    small_disk: pathlib.Path, django_db_blocker: plugin.DjangoDbBlocker
) -> None:
    with (
        django_db_blocker.unblock(),
        cities.prepared(home=small_disk / "home", accounts=ACCOUNTS) as city,
    ):
        expected = drills.reference(city).found
        with drills.copied(city) as copy:
            ballast = fill_up(small_disk)
            process = drills.start_run(city, copy)
            said, wrong = process.communicate()
            ballast.unlink()
            drills.wait_until_answering(copy)

            drills.finish(city, copy)

            words = (said + wrong).decode()
            assert process.returncode == 1
            assert "disk" in words or "database" in words
            assert "Traceback" not in words
            assert comparison.differences(expected, comparison.contents(copy.app)) == []


def fill_up(disk: pathlib.Path) -> pathlib.Path:
    """Leave so little of a disk free that the run cannot be kept."""
    ballast = disk / "ballast"
    wanted = shutil.disk_usage(disk).free - LEFT_FREE
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, wanted)
    return ballast
