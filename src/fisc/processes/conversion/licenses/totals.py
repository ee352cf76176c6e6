"""Control totals of a file: what came is what was taken and what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics import money
from fisc.processes.conversion.licenses import sheets


class TotalsDiffer(Exception):
    """A file is not what its sender counted; says every difference."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a file has, and what of it was taken."""

    rows: int
    taken: int
    refused: int
    businesses: int
    units: int
    gross_receipts_cents: int
    by_type: tuple[tuple[str, int], ...]
    by_status: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the sender counted; None is not said."""

    rows: int | None = None
    units: int | None = None
    gross_receipts_cents: int | None = None


def totals(taken: Sequence[sheets.Row], *, row_count: int, refused: int, businesses: int) -> Totals:
    """Count what was taken; rows that were refused are counted and nothing more."""
    return Totals(
        rows=row_count,
        taken=len(taken),
        refused=refused,
        businesses=businesses,
        units=sum(row.units or 0 for row in taken),
        gross_receipts_cents=sum(row.gross_receipts_cents or 0 for row in taken),
        by_type=tuple(sorted(Counter(row.license_type for row in taken).items())),
        by_status=tuple(sorted(Counter(row.status for row in taken).items())),
    )


def require(found: Totals, *, said: Said) -> None:
    """Hold a file against what its sender counted. Raises TotalsDiffer.

    Units and receipts are those of the rows that are taken: with refused rows they cannot agree,
    which is what the sender should see.
    """
    wrong = []
    if said.rows is not None and said.rows != found.rows:
        wrong.append(f"the file has {found.rows} rows, the sender counted {said.rows}")
    if said.units is not None and said.units != found.units:
        wrong.append(f"{found.units} units were read, the sender counted {said.units}")
    if (
        said.gross_receipts_cents is not None
        and said.gross_receipts_cents != found.gross_receipts_cents
    ):
        wrong.append(
            f"${money.formatted(found.gross_receipts_cents)} of receipts were read, the sender "
            f"counted ${money.formatted(said.gross_receipts_cents)}"
        )
    if wrong:
        raise TotalsDiffer(f"The totals differ: {'; '.join(wrong)}. Ask the sender for the file.")
