from __future__ import annotations

import os
import pathlib
import stat
import subprocess

import psycopg
import pytest

from fisc.plumbing.postgres import cluster, places, server
from tests.plumbing.postgres import clients


class TestLease:
    def test_serves_the_application_and_the_owner(self, home: pathlib.Path) -> None:
        with server.lease(home=home) as addresses:
            with psycopg.connect(addresses.app) as connection:
                serving = connection.execute("select current_user").fetchone()
            with psycopg.connect(addresses.migrate, options="-c role=fisc_owner") as connection:
                owning = connection.execute("select current_user").fetchone()

        assert (serving, owning) == (("fisc_app",), ("fisc_owner",))

    def test_keeps_checksums_and_listens_to_no_network(self, home: pathlib.Path) -> None:
        with server.lease(home=home) as addresses, psycopg.connect(addresses.app) as connection:
            found = connection.execute(
                "select current_setting('data_checksums'), current_setting('listen_addresses'),"
                " current_setting('fsync'), current_setting('password_encryption')"
            ).fetchone()

        assert found == ("on", "", "on", "scram-sha-256")

    def test_refuses_a_wrong_password(self, home: pathlib.Path) -> None:
        with server.lease(home=home) as addresses:
            wrong = psycopg.conninfo.make_conninfo(addresses.app, password="wrong")

            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(wrong)

    def test_closes_its_folders_to_others(self, place: places.Place) -> None:
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in (place.data, place.socket, place.passwords)
        }

        assert modes == {"data": 0o700, "socket": 0o700, "passwords.json": 0o600}

    def test_never_runs_the_server_as_root(self, home: pathlib.Path, place: places.Place) -> None:
        with server.lease(home=home):
            running = pathlib.Path(f"/proc/{clients.server_number(place)}")

            assert running.stat().st_uid != 0

    def test_says_what_it_waits_for(self, empty_home: pathlib.Path) -> None:
        said: list[str] = []

        with server.lease(home=empty_home, say=said.append):
            pass

        assert said[-1] in {"The database is being made.", "The database is starting."}


class TestPlaces:
    def test_a_home_too_deep_for_a_socket_still_serves(self, empty_home: pathlib.Path) -> None:
        deep = empty_home / ("d" * 60) / ("e" * 60)

        with server.lease(home=deep) as addresses, psycopg.connect(addresses.app) as connection:
            assert connection.execute("select 1").fetchone() == (1,)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps the data for another user")
    def test_a_home_closed_to_the_server_s_user_is_left_closed(
        self, empty_home: pathlib.Path
    ) -> None:
        empty_home.chmod(0o700)

        with server.lease(home=empty_home):
            kept = places.open_place(home=empty_home).kept

        assert stat.S_IMODE(empty_home.stat().st_mode) == 0o700
        assert kept.parent == places.SYSTEM_FOLDER

    def test_data_that_disappeared_is_not_replaced_by_an_empty_city(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        place.data.rename(place.data.with_name("taken_away"))

        with pytest.raises(server.CannotStart, match="no longer there"), server.lease(home=home):
            pass

    def test_a_socket_folder_that_somebody_opened_is_refused(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        place.socket.chmod(0o777)

        with pytest.raises(server.CannotStart, match="nobody else"), server.lease(home=home):
            pass

    def test_an_interrupted_making_is_begun_again(self, empty_home: pathlib.Path) -> None:
        place = places.open_place(home=empty_home)
        places.make_folders(place)
        (place.kept / "data.making" / "base").mkdir(parents=True)

        with server.lease(home=empty_home) as addresses:
            psycopg.connect(addresses.app).close()


class TestRefusals:
    @pytest.mark.parametrize("setting", cluster.MUST_BE_ON)
    def test_a_server_that_would_lose_data_is_not_started(
        self, home: pathlib.Path, place: places.Place, setting: str
    ) -> None:
        with (place.data / "postgresql.auto.conf").open("a") as file:
            file.write(f"{setting} = off\n")

        with pytest.raises(server.CannotStart, match=f"{setting} = off"), server.lease(home=home):
            pass

    def test_data_of_another_version_is_not_opened(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        (place.data / "PG_VERSION").write_text("14\n")

        with pytest.raises(server.CannotStart, match="made by PostgreSQL 14"):
            server.lease(home=home).__enter__()

    def test_programs_that_are_not_there_are_named(
        self, home: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FISC_PG_BIN", str(home))

        with pytest.raises(server.CannotStart, match="FISC_PG_BIN"), server.lease(home=home):
            pass

    def test_a_full_disk_is_named(self, empty_home: pathlib.Path) -> None:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=16m,mode=755", "none", empty_home],
            check=False,
            capture_output=True,
            text=True,
        )
        if mounted.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        try:
            with (
                pytest.raises(server.CannotStart, match=r"is full .* Make room"),
                server.lease(home=empty_home),
            ):
                pass
        finally:
            subprocess.run(["umount", "--lazy", empty_home], check=True)

    def test_a_server_in_use_is_not_discarded(self, home: pathlib.Path) -> None:
        with server.lease(home=home), pytest.raises(server.ServerIsInUse):
            server.discard(home=home)
