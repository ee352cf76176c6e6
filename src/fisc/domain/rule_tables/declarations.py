"""How a subject says what it asks of tables: plain data, kept in the subject's decision_points.py.

    WATER_CHARGES = DecisionPoint(
        name="utilities.water_charges",
        words="What a month of water costs, line by line, before taxes",
        date_basis="service day",
        inputs=(
            Input(name="usage_kgal", kind="quantity", unit="kgal", scale=3, low=0, high=10_000_000),
            Input(name="rate_class", kind="code", code_list="rate class"),
        ),
        outputs=(OutputLine(decision="Base charge", name="WATER_BASE", kind="money"),),
    )

The registry finds every DecisionPoint in the tuple DECISION_POINTS of that module.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from fisc.dmn.columns import types

Kind = types.Kind
Bound = types.Bound

# Which day of the thing decided picks the version of the book.
DATE_BASES = frozenset(
    {"service day", "read day", "bill day", "filing period", "due day", "event day"}
)

_POINT_NAME = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_0-9]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z_0-9]*")
_KINDS = frozenset(kind.value for kind in Kind)


class DeclarationIsWrong(ValueError):
    """A decision point says something about itself that cannot hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One fact that a book may ask for. Bounds are inclusive and written as a person would."""

    name: str
    kind: str
    unit: str = ""
    scale: int = 0
    low: Bound | None = None
    high: Bound | None = None
    code_list: str = ""
    nullable: bool = False
    # What an explanation calls the fact; the name with spaces when empty.
    words: str = ""

    def __post_init__(self) -> None:
        _check_name_and_kind(self.name, self.kind, self.code_list)

    def declared(self) -> types.Declared:
        """The same, in the words of the column compiler."""
        return types.Declared(
            name=self.name,
            kind=Kind(self.kind),
            scale=self.scale,
            low=self.low,
            high=self.high,
            unit=self.unit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputLine:
    """One answer: the decision of the book that gives it, and the name the subject reads it by.

    A book must have every decision whose line is required; where `required` is false a city that
    has no such line leaves the decision out, and the line is null.
    """

    decision: str
    name: str
    kind: str
    unit: str = ""
    scale: int = 0
    low: Bound | None = None
    high: Bound | None = None
    code_list: str = ""
    required: bool = True

    def __post_init__(self) -> None:
        _check_name_and_kind(self.name, self.kind, self.code_list)

    def declared(self) -> types.Declared:
        """The same, named by its decision, in the words of the column compiler."""
        return types.Declared(
            name=self.decision,
            kind=Kind(self.kind),
            scale=self.scale,
            low=self.low,
            high=self.high,
            unit=self.unit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPoint:
    """The place in the program that asks a book; a city may have none where not `required`."""

    name: str
    words: str
    date_basis: str
    inputs: tuple[Input, ...]
    outputs: tuple[OutputLine, ...]
    # Where it stands among the stages of a bill or return; 0 where there are none.
    stage: int = 0
    required: bool = True
    input_by_name: dict[str, Input] = field(init=False, repr=False, compare=False)
    output_by_decision: dict[str, OutputLine] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _POINT_NAME.fullmatch(self.name):
            raise DeclarationIsWrong(f"“{self.name}” is not of the form subject.what_it_decides.")
        if self.date_basis not in DATE_BASES:
            raise DeclarationIsWrong(
                f"{self.name}: “{self.date_basis}” is none of {', '.join(sorted(DATE_BASES))}."
            )
        if not self.outputs:
            raise DeclarationIsWrong(f"{self.name} decides nothing: it has no output line.")
        if doubled := self._doubled():
            raise DeclarationIsWrong(f"{self.name}: declared twice: {', '.join(doubled)}.")
        object.__setattr__(self, "input_by_name", {each.name: each for each in self.inputs})
        by_decision = {each.decision: each for each in self.outputs}
        object.__setattr__(self, "output_by_decision", by_decision)

    def _doubled(self) -> list[str]:
        names = Counter(each.name for each in (*self.inputs, *self.outputs))
        decisions = Counter(each.decision for each in self.outputs)
        return [name for name, count in (names + decisions).items() if count > 1]


def _check_name_and_kind(name: str, kind: str, code_list: str) -> None:
    if not _NAME.fullmatch(name):
        raise DeclarationIsWrong(f"“{name}” is not a plain name such as usage_kgal.")
    if kind not in _KINDS:
        raise DeclarationIsWrong(f"“{name}”: “{kind}” is none of {', '.join(sorted(_KINDS))}.")
    if code_list and kind != Kind.CODE:
        raise DeclarationIsWrong(f"“{name}” names a code list but is no code.")
