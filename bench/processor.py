"""What the database's processes took of the processors, read from the machine."""

from __future__ import annotations

import os
import pathlib

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


def server_seconds() -> float:
    """Return the processor seconds of the server so far: living processes and ended ones.

    The server must be on this machine, its processes visible under /proc.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (backend,) = cursor.fetchone()
    postmaster = int(_fields(backend)[1])
    own = _fields(postmaster)
    # Fields 14 to 17 of proc(5): user and system time, its own and of its ended children.
    seconds = sum(int(own[place]) for place in (11, 12, 13, 14))
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            seconds += _of_child(int(entry.name), parent=postmaster)
    return seconds / _TICKS


def _of_child(process: int, *, parent: int) -> int:
    try:
        fields = _fields(process)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[11]) + int(fields[12]) if int(fields[1]) == parent else 0


def _fields(process: int) -> list[str]:
    """Return the fields of a process behind its name, its state first."""
    return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def backend_seconds(process: int) -> float:
    """Return the processor seconds of one process of the server, to the nanosecond."""
    on_processor, *_ = pathlib.Path(f"/proc/{process}/schedstat").read_text().split()
    return int(on_processor) / 1e9
