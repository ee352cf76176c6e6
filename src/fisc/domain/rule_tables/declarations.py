"""How a subject says what it asks of tables: plain data, kept in the subject's decision_points.py.

    WATER_CHARGES = DecisionPoint(
        name="utilities.water_charges",
        words="What a month of water costs, line by line, before taxes",
        date_basis=DateBasis.SERVICE_DAY,
        inputs=(
            Input(name="usage_kgal", kind=Kind.QUANTITY, unit="kgal", scale=3, low=0, high=10_000),
            Input(name="rate_class", kind=Kind.CODE, code_list="rate class"),
        ),
        outputs=(OutputLine(decision="Base charge", name="WATER_BASE", kind=Kind.MONEY),),
    )

The registry finds every DecisionPoint in the tuple DECISION_POINTS of that module.
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from dataclasses import dataclass, field

from fisc.dmn.columns import types

Kind = types.Kind
Bound = types.Bound

_POINT_NAME = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_0-9]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z_0-9]*")


class DateBasis(enum.StrEnum):
    """Which day of the thing decided picks the version of the book."""

    SERVICE_DAY = "service day"
    READ_DAY = "read day"
    BILL_DAY = "bill day"
    FILING_PERIOD = "filing period"
    DUE_DAY = "due day"
    EVENT_DAY = "event day"
    # Of a shared book: the day of whichever book imports it.
    IMPORTER = "importing book's day"


class DeclarationIsWrong(ValueError):
    """A decision point says something about itself that cannot hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One fact that a book may ask for. Bounds are inclusive and written as a person would."""

    name: str
    kind: Kind
    unit: str = ""
    scale: int = 0
    low: Bound | None = None
    high: Bound | None = None
    code_list: str = ""
    may_be_null: bool = False
    # What an explanation calls the fact; the name with spaces when empty.
    words: str = ""

    def __post_init__(self) -> None:
        _check_name_and_kind(self.name, self.kind, self.code_list)

    def declared(self) -> types.Declared:
        """The same, in the words of the column compiler."""
        return types.Declared(
            name=self.name,
            kind=self.kind,
            scale=self.scale,
            low=self.low,
            high=self.high,
            unit=self.unit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputLine:
    """One answer: the decision of the book that gives it, and the name the subject reads it by.

    A book must have every decision whose line is required; where `is_required` is false a city that
    has no such line leaves the decision out, and the line is null.
    """

    decision: str
    name: str
    kind: Kind
    unit: str = ""
    scale: int = 0
    low: Bound | None = None
    high: Bound | None = None
    code_list: str = ""
    is_required: bool = True

    def __post_init__(self) -> None:
        _check_name_and_kind(self.name, self.kind, self.code_list)

    def declared(self) -> types.Declared:
        """The same, named by its decision, in the words of the column compiler."""
        return types.Declared(
            name=self.decision,
            kind=self.kind,
            scale=self.scale,
            low=self.low,
            high=self.high,
            unit=self.unit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPoint:
    """The place in the program that asks a book; a city may have none where not `is_required`."""

    name: str
    words: str
    date_basis: DateBasis
    inputs: tuple[Input, ...]
    outputs: tuple[OutputLine, ...]
    # Where it stands among the stages of a bill or return; 0 where there are none.
    stage: int = 0
    is_required: bool = True
    # Read from the file of a book that others import, and declared by no subject.
    is_shared: bool = False
    input_by_name: dict[str, Input] = field(init=False, repr=False, compare=False)
    output_by_decision: dict[str, OutputLine] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _POINT_NAME.fullmatch(self.name):
            raise DeclarationIsWrong(f"“{self.name}” is not of the form subject.what_it_decides.")
        if not self.outputs and not self.is_shared:
            raise DeclarationIsWrong(f"{self.name} decides nothing: it has no output line.")
        if doubled := self._doubled():
            raise DeclarationIsWrong(f"{self.name}: declared twice: {', '.join(doubled)}.")
        object.__setattr__(self, "input_by_name", {each.name: each for each in self.inputs})
        by_decision = {each.decision: each for each in self.outputs}
        object.__setattr__(self, "output_by_decision", by_decision)

    def _doubled(self) -> list[str]:
        names = Counter(each.name for each in self.inputs)
        names.update(each.name for each in self.outputs)
        decisions = Counter(each.decision for each in self.outputs)
        return [name for name, count in (names + decisions).items() if count > 1]


def _check_name_and_kind(name: str, kind: Kind, code_list: str) -> None:
    if not _NAME.fullmatch(name):
        raise DeclarationIsWrong(f"“{name}” is not a plain name such as usage_kgal.")
    if code_list and kind is not Kind.CODE:
        raise DeclarationIsWrong(f"“{name}” names a code list but is no code.")
