"""Many returns in columns: what came, and parts of it. A row is a place in its table."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from fisc.domain.tax_returns.calculations import returns

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_NO_COLUMNS = ("lines", "deductions", "special")
_EPOCH = datetime.date(1970, 1, 1)


class ColumnsAreOdd(ValueError):
    """Columns of returns do not fit together; nothing can be said of any return."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Codes by their place in a dictionary: `texts[values[row]]`."""

    values: Numbers
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.values)

    def at(self, rows: Numbers) -> Coded:
        """Return some rows, with the same dictionary."""
        return Coded(self.values[rows], self.texts)

    def text(self, row: int) -> str:
        """Return the code of a row."""
        return self.texts[int(self.values[row])]

    def told(self, known: Mapping[str, int], *, none: int) -> Numbers:
        """Return what is known of each row's code, `none` where nothing is."""
        table = np.array([known.get(each, none) for each in self.texts] or [none], dtype=np.int64)
        found: Numbers = table[self.values]
        return found


def coded(codes: Sequence[str]) -> Coded:
    """Return a list of codes as places in a dictionary of the different ones."""
    place: dict[str, int] = {}
    values = np.fromiter(
        (place.setdefault(code, len(place)) for code in codes), dtype=np.int64, count=len(codes)
    )
    return Coded(values, tuple(place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines in the order of their returns; `of` is the row of the return."""

    of: Numbers
    region: Coded
    business_class: Coded
    gross_cents: Numbers

    def __len__(self) -> int:
        return len(self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deductions:
    """Deductions in the order of their lines; `of` is the row of the line."""

    of: Numbers
    code: Coded
    cents: Numbers

    def __len__(self) -> int:
        return len(self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """What a return says beyond columns: its form by code, figures as filed, its lines whole."""

    form: str
    as_filed: tuple[returns.Filed, ...]
    lines: tuple[returns.Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Returns as they came, in columns; money is whole cents, days count from 1970-01-01.

    `places` says where each stands in what came, for whoever asks. One that amends replaces the
    newest version that is here.
    """

    places: Numbers
    account_ids: Numbers
    starts_on: Numbers
    received_on: Numbers
    is_electronic: Flags
    is_amendment: Flags
    excess_tax_cents: Numbers
    credit_carried_cents: Numbers
    estimated_payments_cents: Numbers
    lines: Lines
    deductions: Deductions
    # By place: what columns have no room for; such returns are taken in one by one.
    special: Mapping[int, Special] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.account_ids)

    @property
    def is_special(self) -> Flags:
        """Tell which returns say more than columns hold."""
        return np.isin(self.places, list(self.special))

    def __post_init__(self) -> None:
        lengths = {
            each.name: len(getattr(self, each.name))
            for each in fields(self)
            if each.name not in _NO_COLUMNS
        }
        if len(set(lengths.values())) != 1:
            raise ColumnsAreOdd(f"The columns of returns differ in length: {lengths}.")
        for what, of, count in (
            ("line", self.lines.of, len(self)),
            ("deduction", self.deductions.of, len(self.lines)),
        ):
            if len(of) and (of[0] < 0 or of[-1] >= count or (np.diff(of) < 0).any()):
                raise ColumnsAreOdd(f"A {what} is of none of the {count} rows, or out of order.")

    def part(self, rows: Numbers) -> Returns:
        """Return some of the returns with their lines and deductions; `rows` ascend."""
        line_rows, line_of = _those_of(self.lines.of, rows, count=len(self))
        deduction_rows, deduction_of = _those_of(
            self.deductions.of, line_rows, count=len(self.lines)
        )
        lines, deductions = self.lines, self.deductions
        columns = {
            each.name: getattr(self, each.name)[rows]
            for each in fields(self)
            if each.name not in _NO_COLUMNS
        }
        return Returns(
            **columns,
            lines=Lines(
                of=line_of,
                region=lines.region.at(line_rows),
                business_class=lines.business_class.at(line_rows),
                gross_cents=lines.gross_cents[line_rows],
            ),
            deductions=Deductions(
                of=deduction_of,
                code=deductions.code.at(deduction_rows),
                cents=deductions.cents[deduction_rows],
            ),
            special=self._special_of(rows),
        )

    def _special_of(self, rows: Numbers) -> Mapping[int, Special]:
        if not self.special:
            return {}
        places = self.places[rows].tolist()
        return {each: self.special[each] for each in places if each in self.special}

    def lines_of(self, row: int) -> tuple[returns.Line, ...]:
        """Return the lines of one return."""
        if (said := self.special.get(int(self.places[row]))) is not None:
            return said.lines
        first, last = np.searchsorted(self.lines.of, [row, row + 1]).tolist()
        return tuple(self._line(line) for line in range(first, last))

    def _line(self, line: int) -> returns.Line:
        first, last = np.searchsorted(self.deductions.of, [line, line + 1]).tolist()
        return returns.Line(
            region=self.lines.region.text(line),
            business_class=self.lines.business_class.text(line),
            gross_cents=int(self.lines.gross_cents[line]),
            deductions=tuple(
                returns.Deduction(self.deductions.code.text(each), int(self.deductions.cents[each]))
                for each in range(first, last)
            ),
        )

    def rounds(self, filers: Numbers) -> list[Numbers]:
        """Return rows in rounds: the first return of each filer, then the second, and so on.

        `filers` has the filer's number of each row.
        """
        order = np.argsort(filers, kind="stable")
        ordered = filers[order]
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order)) - np.searchsorted(ordered, ordered)
        most = int(rank.max(initial=-1))
        return [np.flatnonzero(rank == nth) for nth in range(most + 1)]


def _those_of(of: Numbers, rows: Numbers, *, count: int) -> tuple[Numbers, Numbers]:
    """Return the rows that belong to some owners, and the new places of their owners."""
    place = np.full(count, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    moved = place[of]
    kept = np.flatnonzero(moved >= 0)
    return kept, moved[kept]


def day(number: int) -> datetime.date:
    """Return a day by its number from 1970-01-01."""
    return _EPOCH + datetime.timedelta(days=int(number))


def number_of(day: datetime.date) -> int:
    """Return the number of a day from 1970-01-01."""
    return (day - _EPOCH).days


def sums(of: Numbers, cents: Numbers, *, count: int) -> Numbers:
    """Return the sum of what belongs to each of `count` rows."""
    # Exact: bincount would add in floats.
    found = np.zeros(count, dtype=np.int64)
    np.add.at(found, of, cents)
    return found


def months_spanned(starts_on: Numbers, ends_before: Numbers) -> Numbers:
    """Return how many months each of some periods of whole months has."""
    first, end = (each.astype("datetime64[D]").astype("datetime64[M]") for each in (
        starts_on, ends_before
    ))  # fmt: skip
    found: Numbers = (end - first).astype(np.int64)
    return found
