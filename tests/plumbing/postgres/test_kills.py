"""Whatever is killed, what was acknowledged is there at the next start."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess

import psycopg
import pytest

from fisc.plumbing.postgres import places, server
from tests.plumbing.postgres import clients

pytestmark = pytest.mark.faults


def words_kept(home: pathlib.Path) -> list[str]:
    with server.lease(home=home) as addresses, psycopg.connect(addresses.app) as connection:
        return [word for (word,) in connection.execute("select word from kept order by word")]


def leased_client(home: pathlib.Path) -> clients.Client:
    client = clients.Client(home)
    client.hear("leased")
    return client


class TestLastLease:
    def test_two_clients_share_one_server(self, home: pathlib.Path, place: places.Place) -> None:
        first = leased_client(home)
        number = clients.server_number(place)
        second = leased_client(home)

        first.end()

        second.write("still served")
        assert clients.server_number(place) == number
        second.end()

    def test_the_server_stops_with_it(self, home: pathlib.Path, place: places.Place) -> None:
        client = leased_client(home)
        ending = os.pidfd_open(clients.server_number(place))

        client.end()

        clients.wait_for_end(ending)

    def test_the_server_stops_when_its_holder_is_killed(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        client = leased_client(home)
        client.write("acknowledged")
        ending = os.pidfd_open(clients.server_number(place))

        client.kill()

        clients.wait_for_end(ending)
        assert words_kept(home) == ["acknowledged"]

    def test_a_client_that_comes_while_it_stops_is_served(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        for turn in range(5):
            client = leased_client(home)
            client.write(f"turn {turn}")
            client.end()

        assert len(words_kept(home)) == 5


class TestKilled:
    def test_server(self, home: pathlib.Path, place: places.Place) -> None:
        client = leased_client(home)
        client.write("before")

        clients.kill(clients.server_number(place))

        assert words_kept(home) == ["before"]
        client.kill()

    def test_supervisor_takes_its_server_along_and_is_replaced(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        client = leased_client(home)
        client.write("before")
        number = clients.server_number(place)
        ending = os.pidfd_open(number)

        clients.kill(clients.supervisor_number(place))

        clients.wait_for_end(ending)
        assert words_kept(home) == ["before"]
        client.kill()

    def test_supervisor_is_replaced_for_the_client_that_remains(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        with server.lease(home=home) as addresses:
            ending = os.pidfd_open(clients.server_number(place))

            clients.kill(clients.supervisor_number(place))
            clients.wait_for_end(ending)
            with server.lease(home=home):
                pass

            with psycopg.connect(addresses.app) as connection:
                assert connection.execute("select 1").fetchone() == (1,)

    def test_all_at_once(self, home: pathlib.Path, place: places.Place) -> None:
        client = leased_client(home)
        for turn in range(20):
            client.write(f"word {turn:02}")
        numbers = [clients.supervisor_number(place), clients.server_number(place)]
        ending = [os.pidfd_open(number) for number in numbers]

        for number in numbers:
            os.kill(number, signal.SIGKILL)
        client.kill()

        for handle in ending:
            clients.wait_for_end(handle)
        assert words_kept(home) == [f"word {turn:02}" for turn in range(20)]

    def test_supervisor_while_it_makes_the_data(self, empty_home: pathlib.Path) -> None:
        for _ in range(3):
            client = clients.Client(empty_home)
            clients.kill(clients.wait_for_supervisor(empty_home))
            client.kill()

        with server.lease(home=empty_home) as addresses:
            psycopg.connect(addresses.app).close()

    def test_server_again_and_again(self, home: pathlib.Path, place: places.Place) -> None:
        with server.lease(home=home):
            for turn in range(5):
                client = leased_client(home)
                client.write(f"turn {turn}")
                clients.kill(clients.server_number(place))
                client.kill()

        assert len(words_kept(home)) == 5


class TestNumbersLeftBehind:
    def test_a_zombie_is_not_taken_for_a_server(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        client = leased_client(home)
        client.write("before")
        numbers = [clients.supervisor_number(place), clients.server_number(place)]
        ending = [os.pidfd_open(number) for number in numbers]
        for number in numbers:
            os.kill(number, signal.SIGKILL)
        for handle in ending:
            clients.wait_for_end(handle)
        client.kill()

        with clients.zombie() as number:
            clients.rename_server(place, number)
            assert words_kept(home) == ["before"]

    def test_a_stranger_with_an_old_number_is_left_alone(
        self, home: pathlib.Path, place: places.Place
    ) -> None:
        client = leased_client(home)
        client.write("before")
        numbers = [clients.supervisor_number(place), clients.server_number(place)]
        ending = [os.pidfd_open(number) for number in numbers]
        for number in numbers:
            os.kill(number, signal.SIGKILL)
        for handle in ending:
            clients.wait_for_end(handle)
        client.kill()

        with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as stranger:
            clients.rename_server(place, stranger.pid)

            assert words_kept(home) == ["before"]
            assert stranger.poll() is None
