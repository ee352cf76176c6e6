"""Removing the files of studies that nobody used for as long as the city keeps them.

A study's figures, its tables and the names of its slices are in the database and stay. Its slices
are copies of bills, gathered so that a study can be repeated to the cent; they are made again for
the next study. How many days they are kept is the row `study-files-kept` of the city's list
“table policy”; without such a row nothing is removed.
"""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator
from dataclasses import dataclass

from fisc.domain.rule_tables.queries import approving
from fisc.processes.rate_studies import snapshots

KEPT = "study-files-kept"
# An index first: a slice whose files are gone in part is found by none, and is gathered anew.
_KINDS = ("index/*.json", "index/*.writing", "*.json", "*.arrow", "*.writing")


@dataclass(frozen=True, slots=True)
class Swept:
    """What went, or would go; `days` is None where the city says nothing and all stays."""

    days: int | None
    files: int
    bytes: int


def sweep(*, today: datetime.date, at: datetime.datetime, is_dry_run: bool = False) -> Swept:
    """Remove the files that no study wrote or read for longer than the city keeps them."""
    days = approving.policy_days(KEPT, today)
    if days is None:
        return Swept(None, 0, 0)
    oldest = (at - datetime.timedelta(days=days)).timestamp()
    files = total = 0
    for path in _files():
        try:
            known = path.stat()
            if known.st_mtime >= oldest:
                continue
            if not is_dry_run:
                path.unlink()
        except FileNotFoundError:
            # Another worker was faster.
            continue
        files += 1
        total += known.st_size
    return Swept(days, files, total)


def _files() -> Iterator[pathlib.Path]:
    folder = snapshots.folder()
    for kind in _KINDS:
        yield from sorted(folder.glob(kind))
