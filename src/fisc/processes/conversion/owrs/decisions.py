"""The decisions of a book being made, before they are written as DMN."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What an input or a decision holds, by its name in DMN."""

    NUMBER = "number"
    TEXT = "string"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test for each column, and FEEL for the result."""

    tests: tuple[str, ...]
    output: str
    citation: str


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; its columns ask inputs or decisions by name."""

    columns: tuple[tuple[str, Kind], ...]
    rules: tuple[Rule, ...]
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: FEEL text or a table, and the names it asks for."""

    name: str
    kind: Kind
    body: str | Table
    requires: tuple[str, ...]
    description: str


def text_literal(text: str) -> str:
    """A text as FEEL writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
