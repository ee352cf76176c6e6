"""What is checked: a model, what its inputs may be, what it is asked for, and the cases it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fisc.dmn import model as dmn
from fisc.dmn.columns import plain, types


@dataclass(frozen=True, slots=True)
class Case:
    """Facts and the answers expected of some decisions; others are not looked at."""

    words: str
    inputs: Mapping[str, plain.Plain]
    expected: Mapping[str, plain.Plain]


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """A model with the inputs it may be given and the outputs it is asked for.

    An input in `may_be_null` may be missing; every other is always there. A code input whose
    `codes` are None may be any text.
    """

    model: dmn.Model
    inputs: tuple[types.Declared, ...]
    outputs: tuple[types.Declared, ...]
    may_be_null: frozenset[str] = frozenset()

    def declared(self, name: str) -> types.Declared | None:
        """What is declared of an input."""
        return next((each for each in self.inputs if each.name == name), None)


def texts_of(rule: dmn.Rule) -> tuple[str, ...]:
    """What a rule says, cell by cell: what it is known by wherever it stands in its table."""
    conditions = (each.text.strip() for each in rule.inputs)
    return (*conditions, *(each.text.strip() for each in rule.outputs))
