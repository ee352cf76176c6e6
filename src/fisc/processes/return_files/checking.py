"""A dry run of a file of returns: filed as it would be, part by part, and undone again."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.calculations import many
from fisc.domain.tax_returns.operations import filing_in_bulk, holding, return_files
from fisc.plumbing import transactions


class _Undone(Exception):
    """Undoes a part that was filed to see what becomes of it."""


@dataclass(slots=True)
class Checked:
    """What filing a file would find; nothing of it was kept. Money is whole cents."""

    returns: int = 0
    taken: int = 0
    again: int = 0
    tax_due_cents: int = 0
    held: list[filing_in_bulk.Held] = field(default_factory=list)

    @property
    def held_in_order(self) -> Sequence[filing_in_bulk.Held]:
        """What would be held, in the order of the file."""
        return sorted(self.held, key=lambda each: each.place)


def check(
    of: many.Returns, *, posting_day: datetime.date, at: datetime.datetime, user_id: int | None
) -> Checked:
    """Say what would become of every return of a file, by the very path that files them.

    The parts are those of the file itself, so that what one return changes for another of its
    account is seen. Raises what filing_in_bulk.file_many raises.
    """
    by = filing_in_bulk.By(user_id=user_id, at=at, why="a dry run")
    return _checked((part for _, _, part in return_files.parts(of)), posting_day, by)


def check_kept(
    file_id: int, *, posting_day: datetime.date, at: datetime.datetime, user_id: int | None
) -> Checked:
    """As `check`, of what waits of a file that was kept. Raises many_packs.PackIsDamaged too."""
    by = filing_in_bulk.By(user_id=user_id, at=at, why="a dry run")
    return _checked(return_files.waiting_parts(file_id), posting_day, by)


def _checked(
    parts: Iterable[many.Returns], posting_day: datetime.date, by: filing_in_bulk.By
) -> Checked:
    found = Checked()
    with code_lists.at_one_generation():
        for part in parts:
            with (
                contextlib.suppress(_Undone),
                transactions.started(by="checking a file of returns"),
            ):
                filed = holding.filed_or_held(part, by=by, posting_day=posting_day)
                raise _Undone
            found.returns += len(part)
            found.taken += filed.taken
            found.again += filed.again
            found.tax_due_cents += filed.tax_due_cents
            found.held += filed.held
    return found
