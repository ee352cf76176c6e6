"""How a workbook of tables is laid out: what `writing` writes and `reading` expects."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fisc.dmn.editing import edits, outline

LANGUAGES: Final = ("en", "es")
FORMAT: Final = "fisc tables 1"
# Where the workbook says of which file it is a copy; nobody sees or changes it.
ABOUT: Final = "fisc"

# Rows of a table's sheet, from 0: its name, its policy, its question, and three of headings.
TITLE, POLICY, QUESTION, KINDS, HEADINGS, SAYS, FIRST_RULE = range(7)
# Columns of the sheet of constants.
KEY, DECISION, PART, VALUE, DESCRIPTION = range(5)
FIRST_CONSTANT: Final = 1

# What one cell of a spreadsheet and one name of a sheet can hold.
LONGEST_CELL: Final = 32_767
LONGEST_NAME: Final = 31

_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

WORDS: Final = {
    "en": {
        "rule": "rule",
        edits.CellKind.CONDITION: "condition",
        edits.CellKind.RESULT: "result",
        edits.CellKind.NOTE: "note",
        "policy": "hit policy",
        "constants": "Constants",
        "key": "key",
        "decision": "decision",
        "part": "part",
        "value": "value or formula",
        "description": "description, with “Citation: …” on a line",
    },
    "es": {
        "rule": "regla",
        edits.CellKind.CONDITION: "condición",
        edits.CellKind.RESULT: "resultado",
        edits.CellKind.NOTE: "nota",
        "policy": "política de aciertos",
        "constants": "Constantes",
        "key": "clave",
        "decision": "decisión",
        "part": "parte",
        "value": "valor o fórmula",
        "description": "descripción, con “Citation: …” en una línea",
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table's sheet: what kind of cells, which of them, and its three headings."""

    kind: edits.CellKind
    number: int
    head: str
    heading: str
    says: str


def columns(table: outline.Table, *, language: str) -> tuple[Column, ...]:
    """Return the columns of a table's sheet, after the one of rule numbers."""
    words = WORDS[language]
    condition, result, note = edits.CellKind.CONDITION, edits.CellKind.RESULT, edits.CellKind.NOTE
    found = [(condition, each.label or each.text, each.text) for each in table.conditions]
    found += [
        (result, each.label or each.text or table.address.element, each.type_ref)
        for each in table.results
    ]
    found += [(note, name, "") for name in table.notes]
    numbers = dict.fromkeys((condition, result, note), 0)
    made = []
    for kind, heading, says in found:
        numbers[kind] += 1
        head = f"{words[kind]} {numbers[kind]}"
        made.append(Column(kind, numbers[kind], head, heading.strip(), says.strip()))
    return tuple(made)


def cells(rule: outline.Rule, table: outline.Table) -> dict[tuple[edits.CellKind, int], str]:
    """Return the cells of a rule by kind and number; notes that are not written are empty."""
    notes = (*rule.notes, *("",) * (len(table.notes) - len(rule.notes)))
    by_kind = (
        (edits.CellKind.CONDITION, rule.conditions),
        (edits.CellKind.RESULT, rule.results),
        (edits.CellKind.NOTE, notes),
    )
    return {
        (kind, number): text
        for kind, texts in by_kind
        for number, text in enumerate(texts, start=1)
    }


def key(address: outline.Address) -> str:
    """What the sheet of constants calls a formula."""
    return f"{address.element}#{address.number}"


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return a name for each sheet that a spreadsheet accepts and no other sheet has."""
    taken: set[str] = {ABOUT, "history"}
    names = []
    for each in wanted:
        stem = _NOT_IN_NAMES.sub(" ", each).strip(" '")[:LONGEST_NAME].strip(" '") or "Table"
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            ending = f" {number}"
            name = stem[: LONGEST_NAME - len(ending)] + ending
        taken.add(name.lower())
        names.append(name)
    return names


def cell_name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell, from its row and column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def plain(text: str) -> str:
    """A text without what a spreadsheet cannot keep: how its lines end, and space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
