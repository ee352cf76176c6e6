"""Where two writings of one book differ, cell by cell, for two people who edited one draft."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterator

from fisc.dmn import model as dmn
from fisc.dmn.xml import reader
from fisc.interfaces.web.tables import sheets


@dataclasses.dataclass(frozen=True)
class Differing:
    """One cell, as each of two people wrote it; empty where one does not have it."""

    decision: str
    # 0 where it is no cell of a table.
    row: int
    head: str
    mine: str
    theirs: str


@dataclasses.dataclass(frozen=True)
class _Cell:
    """A text and where it stands. Rows are told apart by id: one put in between moves no other."""

    key: Hashable
    decision: str
    row: int
    head: str
    text: str


def cells(mine: bytes, theirs: bytes, *, language: str) -> list[Differing]:
    """Return every cell that differs. Raises fisc.dmn.xml.problems.ModelIsRefused."""
    written = {each.key: each for each in _cells(mine, language)}
    saved = {each.key: each for each in _cells(theirs, language)}
    found = []
    for key in dict.fromkeys((*saved, *written)):
        my, their = written.get(key), saved.get(key)
        shown = my or their
        assert shown is not None, "the key came from one of them"
        texts = ("" if my is None else my.text, "" if their is None else their.text)
        if texts[0] != texts[1]:
            found.append(Differing(shown.decision, shown.row, shown.head, *texts))
    return found


def _cells(content: bytes, language: str) -> Iterator[_Cell]:
    model = reader.read(content, is_strict=False)
    tables = {
        each.id: each.expression
        for each in model.definitions.decisions
        if isinstance(each.expression, dmn.DecisionTable)
    }
    for sheet in sheets.of_model(model, language=language):
        if sheet.anchor in tables:
            yield _Cell((sheet.anchor, "policy"), sheet.name, 0, "", sheet.policy)
            yield from _of_table(sheet.anchor, sheet.name, tables[sheet.anchor])
            continue
        if sheet.text:
            yield _Cell((sheet.anchor, "text"), sheet.name, 0, "", sheet.text)
        for entry in sheet.entries:
            key = (sheet.anchor, "entry", entry.name)
            yield _Cell(key, sheet.name, 0, entry.name, entry.text)


def _of_table(anchor: str, name: str, table: dmn.DecisionTable) -> Iterator[_Cell]:
    for number, rule in enumerate(table.rules, start=1):
        identity = rule.id or str(number)
        conditions = zip(table.inputs, rule.inputs, strict=False)
        results = zip(table.outputs, rule.outputs, strict=False)
        texts = [
            *((column.id, column.label or column.text, cell.text) for column, cell in conditions),
            *((column.id, column.label or column.name, cell.text) for column, cell in results),
            *((note, note, text) for note, text in rule.annotations.items()),
        ]
        for place, (column, head, text) in enumerate(texts):
            key = (anchor, identity, column or place)
            yield _Cell(key, name, number, head or name, text)
