"""What can be changed in a file without touching the rest of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from fisc.dmn.editing.outline import Address


class CellKind(enum.StrEnum):
    """Which cells of a rule; the values are what DMN calls them."""

    CONDITION = "inputEntry"
    RESULT = "outputEntry"
    NOTE = "annotationEntry"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCell:
    """Write one cell of a rule. Rules and columns are counted from 1."""

    table: Address
    rule: int
    kind: CellKind
    column: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFormula:
    """Write a constant, a policy value or any other literal expression."""

    formula: Address
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDescription:
    """Write the description of a decision or function; it carries the citation of a constant."""

    element: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertRule:
    """Put a rule in; it will have the number `at`."""

    table: Address
    at: int
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRule:
    table: Address
    rule: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRule:
    """Take a rule out and put it in so that it has the number `to`."""

    table: Address
    rule: int
    to: int


RuleEdit = SetCell | InsertRule | DeleteRule | MoveRule
Edit = RuleEdit | SetFormula | SetDescription
