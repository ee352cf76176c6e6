"""`fisc serve`: the pages and the job worker, on a database brought to this version."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from fisc.interfaces.cli import children, city, demonstration, exit_codes
from fisc.plumbing import database, migrations
from fisc.plumbing.users import operations as users
from fisc.processes.demonstration import staff

WEB_PROCESSES = 2
WEB_THREADS = 4
SECONDS_TO_STOP = 10
SECONDS_BETWEEN_LOOKS = 0.1


class PortIsTaken(Exception):
    """Another program listens where the pages were to be."""


class ServerEnded(Exception):
    """A process of the server ended by itself."""


def command(
    *,
    with_demonstration: Annotated[
        bool,
        typer.Option("--demonstration", help="Fill a demonstration city first, if there is none."),
    ] = False,
    accounts: Annotated[
        int, typer.Option("--accounts", min=20, help="Accounts of the demonstration city.")
    ] = demonstration.ACCOUNTS,
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
) -> int:
    """Serve the pages until Ctrl-C."""
    refuse_taken_port(host=host, port=port)
    with city.leased() as addresses:
        if migrations.unapplied():
            city.notes.print("Bringing the database to this version.", style="dim")
            migrations.migrate(address=addresses.migrate)
        database.refuse_owner()
        users.make_groups()
        sign_ins = demonstration.fill(accounts=accounts) if with_demonstration else ()
        with _told_to_stop() as stop, _serving(host=host, port=port) as processes:
            _wait_until_answering(host=host, port=port, processes=processes)
            _print_address(host=host, port=port, sign_ins=sign_ins)
            _watch(processes, stop=stop)
    return exit_codes.DONE


def refuse_taken_port(*, host: str, port: int) -> None:
    """Make sure that the pages can be where they are wanted; raises PortIsTaken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as problem:
            raise PortIsTaken(
                f"Port {port} on {host} cannot be used ({problem.strerror}). Stop the program "
                f"that has it, or choose another: fisc serve --port {min(port + 1, 65535)}"
            ) from problem


@contextlib.contextmanager
def _serving(*, host: str, port: int) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """Run the web server and the job worker for a block, then end both."""
    pages = [
        sys.executable, "-m", "gunicorn", "fisc.interfaces.web.wsgi:application",
        "--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "--workers", str(WEB_PROCESSES), "--worker-class", "gthread",
        "--threads", str(WEB_THREADS), "--log-level", "warning",
        "--graceful-timeout", "5", "--no-control-socket",
    ]  # fmt: skip
    jobs = [sys.executable, "-m", "fisc.interfaces.jobs.worker"]
    processes = [children.started(pages), children.started(jobs)]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        _end(processes)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        try:
            process.wait(timeout=SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set, for a block."""
    stop = threading.Event()
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in wanted}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_until_answering(
    *, host: str, port: int, processes: Sequence[subprocess.Popen[bytes]]
) -> None:
    while True:
        _refuse_ended(processes)
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _watch(processes: Sequence[subprocess.Popen[bytes]], *, stop: threading.Event) -> None:
    while not stop.wait(1):
        _refuse_ended(processes)
    city.notes.print("Stopping.", style="dim")


def _refuse_ended(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is not None:
            arguments = process.args if isinstance(process.args, list) else [process.args]
            raise ServerEnded(
                f"{' '.join(map(str, arguments[1:4]))} ended with code {process.returncode}; "
                "what it said is above. Start again with: fisc serve"
            )


def _print_address(*, host: str, port: int, sign_ins: Sequence[staff.SignIn]) -> None:
    shown = f"[{host}]" if ":" in host else host
    for sign_in in sign_ins:
        typer.echo(f"  {sign_in.username:<12} {sign_in.password:<24} {sign_in.words}")
    typer.echo(f"Fisc is at http://{shown}:{port}/  (Ctrl-C stops it)")
    sys.stdout.flush()
