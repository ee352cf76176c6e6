"""What is looked at before a day's run begins. Only what can honestly be known is said."""

from __future__ import annotations

import dataclasses
import datetime
import os
import pathlib
import shutil
from collections.abc import Callable, Sequence

from django.conf import settings

from fisc.plumbing import database, migrations

# A run of the day before left this much behind at most; less than this is no place to begin.
FREE_BYTES_WANTED = 1 << 30


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing looked at: whether it holds, and whether the run may begin without it."""

    name: str
    holds: bool
    words: str
    is_needed: bool = True

    @property
    def blocks(self) -> bool:
        """Tell whether the run must not begin."""
        return self.is_needed and not self.holds


def checks(*, posting_day: datetime.date) -> Sequence[Check]:
    """Return every check in the order in which a person reads them."""
    return [look(posting_day) for _, look in CHECKS]


def _role(_: datetime.date) -> Check:
    try:
        database.refuse_owner()
    except database.ServingAsOwner as problem:
        return Check(name="Rights", holds=False, words=str(problem))
    return Check(name="Rights", holds=True, words="The program cannot change tables or walls.")


def _tables_of_this_version(_: datetime.date) -> Check:
    missing = migrations.unapplied()
    if missing:
        words = f"{len(missing)} changes are missing. Run: fisc db migrate"
        return Check(name="Database", holds=False, words=words)
    return Check(name="Database", holds=True, words="It is of this version.")


def _disk(_: datetime.date) -> Check:
    place = _existing(pathlib.Path(settings.FISC_HOME))
    free = shutil.disk_usage(place).free
    words = f"{free / (1 << 30):,.1f} GB free where Fisc keeps its files."
    if "DATABASE_URL" in os.environ:
        words += " The database's own disk is on its server; ask there."
    if free < FREE_BYTES_WANTED:
        words += " At least 1 GB is wanted: make room first."
    return Check(name="Disk", holds=free >= FREE_BYTES_WANTED, words=words)


def _existing(place: pathlib.Path) -> pathlib.Path:
    return place if place.exists() else _existing(place.parent)


CHECKS: Sequence[tuple[str, Callable[[datetime.date], Check]]] = (
    ("rights", _role),
    ("database", _tables_of_this_version),
    ("disk", _disk),
)
