"""One difference between two models, as plain data; `wording` puts it in words."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal, DecimalException


class Part(enum.StrEnum):
    """What differs."""

    FILE = "file"
    IMPORT = "import"
    TYPE = "type"
    INPUT = "input"
    DECISION = "decision"
    FUNCTION = "function"
    SERVICE = "service"
    TABLE = "table"
    CONDITION_COLUMN = "condition column"
    RESULT_COLUMN = "result column"
    NOTE_COLUMN = "note column"
    RULE = "rule"
    CONDITION = "condition"
    RESULT = "result"
    NOTE = "note"
    EXPRESSION = "expression"


class Aspect(enum.StrEnum):
    """Which side of it differs: the whole of it, or one thing that it says."""

    WHOLE = "whole"
    NAME = "name"
    NAMESPACE = "namespace"
    STANDARD = "standard"
    DESCRIPTION = "description"
    QUESTION = "question"
    ANSWERS = "answers"
    TYPE = "type"
    VALUES = "values"
    CONSTRAINT = "constraint"
    NEEDS = "needs"
    PARAMETERS = "parameters"
    MEMBERS = "members"
    LOCATION = "location"
    KIND = "kind"
    HIT_POLICY = "hit policy"
    AGGREGATION = "aggregation"
    LABEL = "label"
    DEFAULT = "default"
    TEXT = "text"
    ORDER = "order"


class Change(enum.StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of a formula that became another, as both were written."""

    before: str
    after: str

    @property
    def percent(self) -> Decimal | None:
        """How much more (or, negative, less) it is, to a tenth of a percent.

        None from zero, or where the two are too far apart for a percentage to say anything.
        """
        before, after = Decimal(self.before), Decimal(self.after)
        if before == 0:
            return None
        try:
            return ((after - before) / before * 100).quantize(Decimal("0.1"))
        except DecimalException:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs.

    `element` is the name, after the change if there is one, of the decision (or input, type, …);
    `path` leads to a part of a boxed expression, by entry names and numbers. Rules are counted from
    1 in their own file, 0 where a file has no such rule. `before` and `after` are as written.
    """

    part: Part
    aspect: Aspect
    change: Change
    element: str = ""
    path: tuple[str, ...] = ()
    column: str = ""
    rule_before: int = 0
    rule_after: int = 0
    before: str = ""
    after: str = ""
    # Where two formulas differ in nothing but numbers: the numbers that differ.
    constants: tuple[Constant, ...] = ()
    # Written otherwise (spaces, comments), with the same meaning.
    is_same_meaning: bool = False
