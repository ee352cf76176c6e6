"""What the table files of a city's folder import, by the days they are signed for."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fisc.basics import periods
from fisc.dmn.xml import problems
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import city_files, loading, shared


@dataclass(frozen=True, slots=True)
class Piece:
    """Days on which a file is computed with the same files that it imports."""

    days: periods.Period
    imported: tuple[bytes, ...]


class Folder:
    """A city's signed files, as their imports are looked up in them."""

    def __init__(self, folder: pathlib.Path, approvals: Sequence[city_files.Approval]) -> None:
        self._tables = folder / "tables"
        there = [each for each in approvals if (self._tables / each.file).exists()]
        # What was signed last governs the days that several are signed for.
        self._signed = sorted(there, key=lambda each: each.approved_at, reverse=True)

    def in_order(self) -> tuple[city_files.Approval, ...]:
        """Return the sign-offs in their order; of one instant, first what others import.

        Raises fisc.dmn.xml.problems.ModelIsRefused.
        """
        depths = {each.file: self._depth(each, ()) for each in self._signed}
        return tuple(sorted(self._signed, key=lambda each: (each.approved_at, depths[each.file])))

    def pieces(self, approval: city_files.Approval) -> tuple[Piece, ...]:
        """Cut the days of a file into those on which it imports the same files.

        Raises fisc.dmn.xml.problems.ModelIsRefused where one is not there.
        """
        content = self.content(approval)
        if not shared.wanted(content):
            return (Piece(approval.effective, ()),)
        changes = [
            day
            for each in self._signed
            if shared.is_shared(each.decision_point)
            for day in (each.effective_from, each.effective_before)
            if day is not None
        ]
        found: list[Piece] = []
        for part in approval.effective.cut(changes):
            files = self._imported(content, part.starts_on, ())
            imported = tuple(dict.fromkeys(files.values()))
            if not found or found[-1].imported != imported:
                found.append(Piece(part, imported))
        return tuple(found)

    def point(
        self,
        approval: city_files.Approval,
        points: Mapping[str, declarations.DecisionPoint],
        *,
        imported: Sequence[bytes],
    ) -> declarations.DecisionPoint | None:
        """Return the decision point that a file is of; a shared book's is read from the file."""
        name = approval.decision_point
        if shared.is_shared(name):
            return loading.shared_point(name, self.content(approval), imported=imported)
        return points.get(name)

    def points(self) -> dict[str, declarations.DecisionPoint]:
        """Return what each shared book declares of itself, as its file signed last says."""
        found: dict[str, declarations.DecisionPoint] = {}
        for each in self._signed:
            if shared.is_shared(each.decision_point) and each.decision_point not in found:
                try:
                    imported = self.pieces(each)[0].imported
                except problems.ModelIsRefused:
                    imported = ()
                if point := self.point(each, {}, imported=imported):
                    found[point.name] = point
        return found

    def content(self, approval: city_files.Approval) -> bytes:
        """Return the bytes of a table file."""
        return (self._tables / approval.file).read_bytes()

    # --- Inside ----------------------------------------------------------------------------------

    def _imported(
        self, content: bytes, day: datetime.date, above: tuple[str, ...]
    ) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for wanted in shared.wanted(content):
            signed = self._governing(wanted.book, day)
            if signed is None or wanted.book in above:
                why = (
                    f"No file of “{wanted.book}” in this folder is signed for {day}."
                    if signed is None
                    else f"“{wanted.book}” imports itself, directly or through others."
                )
                raise problems.ModelIsRefused([problems.Problem(wanted.place, why)])
            inner = self.content(signed)
            found |= {wanted.book: inner, **self._imported(inner, day, (*above, wanted.book))}
        return found

    def _governing(self, book: str, day: datetime.date) -> city_files.Approval | None:
        named = (each for each in self._signed if each.decision_point == book)
        return next((each for each in named if each.effective.holds(day)), None)

    def _depth(self, approval: city_files.Approval, above: tuple[str, ...]) -> int:
        wanted = {each.book for each in shared.wanted(self.content(approval))} - set(above)
        inner = [
            self._depth(each, (*above, each.decision_point))
            for each in self._signed
            if each.decision_point in wanted
        ]
        return 1 + max(inner, default=0) if wanted else 0
