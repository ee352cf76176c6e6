"""Filling a database with the demonstration city."""

from __future__ import annotations

import datetime
import pathlib

from fisc.plumbing.runs import engine
from fisc.processes.demonstration import staff


def fill(
    *,
    city: pathlib.Path,
    accounts: int,
    today: datetime.date,
    at: datetime.datetime,
    watch: engine.Watch,
) -> None:
    """Make the people, accounts and history that are not there yet."""
    staff.make(at=at)
