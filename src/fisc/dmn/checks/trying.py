"""What came of the changes tried, and how one that no case notices is put in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from fisc.dmn.checks import findings, words
from fisc.dmn.checks.findings import Changes, Finding, Kind, NotProved, Severity
from fisc.dmn.checks.sites import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The cell that a change is in; `parts` is what it is known by from save to save."""

    element: str
    cell: str
    parts: tuple[str, ...]
    table: str = ""
    rule: int | None = None
    column: str = ""


@dataclass(slots=True)
class Tried:
    """What was tried, and what came of it."""

    findings: list[Finding] = field(default_factory=list)
    not_proved: list[NotProved] = field(default_factory=list)
    tried: int = 0
    noticed: int = 0
    without_effect: int = 0
    _seen: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> Changes:
        """The same in numbers."""
        return Changes(
            tried=self.tried,
            noticed=self.noticed,
            unnoticed=len(self.findings),
            without_effect=self.without_effect,
        )

    def late(self, element: str, why: str) -> None:
        """Note that not all changes of an element were tried."""
        text = words.NOT_PROVED.format(decision=element, what=words.TRIED, why=why)
        self.not_proved.append(NotProved(kind=Kind.UNNOTICED, decision=element, words=text))

    def add(self, where: Where, effect: Effect, *, before: str, after: str) -> None:
        """Note a change that no case notices and that alters an answer."""
        text = words.UNNOTICED.format(
            decision=where.element,
            rule="" if where.rule is None else words.OF_RULE.format(number=where.rule),
            before=before,
            after=after,
            cell=where.cell.strip(),
            output=effect.output,
            was=words.value(effect.was),
            becomes=words.value(effect.becomes),
            example=words.example(effect.trial.inputs),
        )
        key = findings.key(Kind.UNNOTICED, where.element, *where.parts, before, after)
        # The same number twice in one cell is told apart by its order.
        again = self._seen.get(key, 0)
        self._seen[key] = again + 1
        self.findings.append(
            Finding(
                kind=Kind.UNNOTICED,
                severity=Severity.LOOK,
                decision=where.element,
                table=where.table,
                rule=where.rule,
                column=where.column,
                words=text,
                example=effect.trial.inputs,
                key=f"{key}.{again}" if again else key,
                before=before,
                after=after,
            )
        )
