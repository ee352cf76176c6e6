"""What a check at publish has to say, as frozen data: findings, coverage, what is not proved."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from fisc.dmn.columns import plain

Example = Mapping[str, plain.Plain]


class Kind(enum.StrEnum):
    """What was found."""

    TYPE = "type"
    GAP = "gap"
    OVERLAP = "overlap"
    UNREACHABLE = "unreachable rule"
    BOUNDS = "unproved bounds"
    DECIMALS = "money with more than two decimals"
    QUOTIENT = "quotient used unrounded"
    CITATION = "missing citation"
    NO_CASE = "rule no case hits"
    UNNOTICED = "change no case would notice"
    SOURCE = "differs from its source"
    STALE = "words of before"


class Severity(enum.StrEnum):
    """What a finding means for publishing."""

    STOPS = "stops publishing"
    LOOK = "to look at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found, in a coordinator's words.

    `table` is the table's id in the file, `rule` counts from 1 and is None where no rule is meant,
    `column` is a column's label. `example` gives an input by name, verified by the case evaluator.
    `key` stays the same from save to save as long as what it speaks of does; `accepted` is the
    reason somebody gave for leaving it as it is. `before` and `after` are a change's two texts.
    """

    kind: Kind
    severity: Severity
    decision: str
    words: str
    key: str
    table: str = ""
    rule: int | None = None
    column: str = ""
    example: Example | None = None
    accepted: str = ""
    before: str = ""
    after: str = ""

    @property
    def stops(self) -> bool:
        """Whether it stands in the way of publishing."""
        return self.severity is Severity.STOPS and not self.accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCoverage:
    """One rule, and the cases that decide by it, in their order; `rule` counts from 1."""

    decision: str
    table: str
    rule: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotProved:
    """What a check could not settle, and why. `words` is the whole sentence."""

    kind: Kind
    decision: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How many changes were tried, and what became of them.

    `without_effect` were noticed by no case, and no input was found whose answer they alter.
    """

    tried: int = 0
    noticed: int = 0
    unnoticed: int = 0
    without_effect: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceLast:
    """How a source differs from the file of last time, in numbers and in its first rows.

    A row of `listed` is what it was and what it is now; one of the two is empty for a row that
    only one file has.
    """

    name: str
    added: int
    removed: int
    changed: int
    listed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A look-up table beside its source: rows and the sums of the columns of numbers, in words.

    `since_last` is None where there was no file last time, or it had other columns.
    """

    decision: str
    name: str
    agrees: bool
    rows: int
    totals: str
    source_rows: int
    source_totals: str
    since_last: SinceLast | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that was found of one book."""

    findings: tuple[Finding, ...]
    coverage: tuple[RuleCoverage, ...] = ()
    not_proved: tuple[NotProved, ...] = ()
    changes: Changes = field(default_factory=Changes)
    # The look-up tables that could be compared with the file they were taken from.
    reconciled: tuple[Reconciled, ...] = ()
    seconds: float = 0.0

    @property
    def unnoticed(self) -> tuple[Finding, ...]:
        """The changes that no case would notice, accepted ones too."""
        return tuple(each for each in self.findings if each.kind is Kind.UNNOTICED)

    @property
    def stops(self) -> tuple[Finding, ...]:
        """What stands in the way of publishing."""
        return tuple(each for each in self.findings if each.stops)

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """The findings of one kind."""
        return tuple(each for each in self.findings if each.kind is kind)


def key(kind: Kind, *parts: str) -> str:
    """A name for a finding, made of what it speaks of and not of where that stands today."""
    text = "\x1f".join((kind.name, *parts))
    return f"{kind.name.lower()}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
