"""What a workbook that came back would change in the file it was made from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fisc.dmn.differences import comparing, findings
from fisc.dmn.editing import applying, edits, outline
from fisc.dmn.model import Place
from fisc.dmn.xml import reader
from fisc.dmn.xml.problems import ModelIsRefused, Problem
from fisc.domain.rule_tables.calculations.workbooks import layout, packages, reading, tables


@dataclass(frozen=True, slots=True)
class Proposed:
    """A file as it would be, each difference from what it is, or all that is wrong.

    With a problem the file is the one given and there are no differences: nothing is half taken.
    """

    content: bytes
    differences: tuple[findings.Difference, ...] = ()
    problems: tuple[Problem, ...] = ()


def proposed(content: bytes, workbook: bytes, *, imported: Iterable[bytes] = ()) -> Proposed:
    """Read a workbook against the file it was made from; change nothing.

    Raises UnreadableXml when the file itself cannot be edited.
    """
    read = outline.read(content)
    try:
        sheets = reading.sheets(workbook)
    except packages.WorkbookIsRefused as refused:
        return Proposed(content, problems=(refused.problem,))
    work = _Work(read, sheets, hashlib.sha256(content).hexdigest())
    changes = work.changes()
    if work.problems:
        return Proposed(content, problems=tuple(work.problems))
    return compared(content, changes, imported=imported)


def compared(
    content: bytes, changes: Iterable[edits.Edit], *, imported: Iterable[bytes] = ()
) -> Proposed:
    """Apply edits to a file and say what they change, or what is wrong with the result."""
    others = tuple(imported)
    before = reader.read(content, imported=others, is_strict=False)
    try:
        after = applying.spliced(content, changes)
        read = reader.read(after, imported=others)
    except (ModelIsRefused, applying.EditsAreRefused) as refused:
        return Proposed(content, problems=refused.problems)
    return Proposed(after, differences=comparing.between(before, read))


class _Work:
    """Finds the sheets a workbook must have and reads each."""

    def __init__(
        self, read: outline.Outline, sheets: dict[str, reading.Sheet], sha256: str
    ) -> None:
        self.read = read
        self.sheets = sheets
        self.sha256 = sha256
        self.problems: list[Problem] = []

    def changes(self) -> list[edits.Edit]:
        """Return the edits that the sheets ask for; look at `problems` first."""
        about = self._about()
        if self.problems:
            return []
        found: list[edits.Edit] = []
        expected = {layout.ABOUT}
        by_key = {layout.key(table.address): table for table in self.read.tables}
        for name, key in about.items():
            expected.add(name)
            sheet = self._sheet(name)
            if sheet is not None:
                found += tables.changes(by_key[key], sheet)
        if self.constants:
            expected.add(self.constants)
            sheet = self._sheet(self.constants)
            if sheet is not None:
                found += _constants(self.read, sheet)
        for name, sheet in self.sheets.items():
            if name not in expected:
                words = "This sheet was not in the workbook. Take it out, or put its name back."
                self.problems.append(Problem(Place(f"sheet “{name}”"), words))
            else:
                self.problems += sheet.all_problems()
        return found

    def _about(self) -> dict[str, str]:
        """Read which file the workbook is a copy of, and which sheet is which table."""
        place = Place("the workbook")
        sheet = self.sheets.get(layout.ABOUT)
        rows = [[*row, "", ""] for row in sheet.rows] if sheet else []
        said = {row[0]: row[1] for row in rows[:6]}
        self.constants = said.get("constants", "")
        if said.get("format") != layout.FORMAT:
            words = "It does not come from Fisc. Take the workbook of this version and edit that."
            self.problems.append(Problem(place, words))
            return {}
        if said.get("sha256") != self.sha256:
            self.problems.append(
                Problem(
                    place,
                    "It was made from another version than the one it is put on "
                    f"({said.get('sha256', '')[:12]}, not {self.sha256[:12]}). Take a new workbook "
                    "of this version and make the changes there.",
                )
            )
            return {}
        about = {row[0]: row[1] for row in rows[6:] if row[0]}
        wanted = sorted(layout.key(table.address) for table in self.read.tables)
        if sorted(about.values()) != wanted or bool(self.constants) != bool(self.read.formulas):
            words = "Its hidden sheet was changed. Take a new workbook of this version."
            self.problems.append(Problem(place, words))
        return about

    def _sheet(self, name: str) -> reading.Sheet | None:
        sheet = self.sheets.get(name)
        if sheet is None:
            words = "This sheet is missing, or has another name. To delete a table, use the editor."
            self.problems.append(Problem(Place(f"sheet “{name}”"), words))
        return sheet


def _constants(read: outline.Outline, sheet: reading.Sheet) -> Iterator[edits.Edit]:
    formulas = {layout.key(each.address): each for each in read.formulas}
    seen: Counter[str] = Counter()
    for row in range(layout.FIRST_CONSTANT, len(sheet.rows)):
        texts = [sheet.text(row, column) for column in range(len(sheet.rows[row]))]
        if not any(texts):
            continue
        key = sheet.text(row, layout.KEY)
        seen[key] += 1
        if key not in formulas:
            sheet.problem(row, layout.KEY, "This row was not in the workbook. Take it out.")
        elif seen[key] > 1:
            sheet.problem(row, layout.KEY, "This constant stands here twice. Take one out.")
        elif any(texts[layout.DESCRIPTION + 1 :]):
            sheet.problem(row, layout.DESCRIPTION + 1, "Nothing is read to the right of here.")
        else:
            yield from _constant(read, formulas[key], sheet, row)
    for key in formulas:
        if not seen[key]:
            sheet.problem(0, 0, f"The row of “{key}” is missing. Put it back.")


def _constant(
    read: outline.Outline, formula: outline.Formula, sheet: reading.Sheet, row: int
) -> Iterator[edits.Edit]:
    text = sheet.text(row, layout.VALUE)
    if text != layout.plain(formula.text):
        yield edits.SetFormula(formula=formula.address, text=text)
    if formula.address.number == 1:
        said = sheet.text(row, layout.DESCRIPTION)
        if said != layout.plain(read.element(formula.address.element).description):
            yield edits.SetDescription(element=formula.address.element, text=said)
    elif sheet.text(row, layout.DESCRIPTION):
        words = "The description of a decision stands beside its first formula."
        sheet.problem(row, layout.DESCRIPTION, words)
