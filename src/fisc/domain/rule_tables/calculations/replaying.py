"""One kept evaluation computed again, step by step, and put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fisc.dmn import cases
from fisc.domain.rule_tables.calculations import blocks, citations, loading, values


@dataclass(frozen=True, slots=True)
class Fact:
    """An input of an evaluation: its value then, and where that came from."""

    name: str
    words: str
    value: values.Value
    unit: str
    origin: str
    origin_id: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that matched, as the book has it."""

    decision: str
    number: int
    citation: str
    text_en: str
    text_es: str
    # What the table looked at: each condition column and the value it had.
    looked_at: tuple[tuple[str, object], ...]

    def text(self, language: str) -> str:
        """Return what the rule says, in English or Spanish."""
        return self.text_es if language == "es" else self.text_en


@dataclass(frozen=True, slots=True)
class Step:
    """One decision on the way to a line: what went in, which rules matched, what came out."""

    decision: str
    inputs: Mapping[str, object]
    rules: tuple[Rule, ...]
    value: object
    # Of a decision without a table: what its description cites.
    citation: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An output line: what was kept, what comes out today, and how it comes about."""

    decision: str
    name: str
    kept: values.Value
    recomputed: object
    steps: tuple[Step, ...]

    @property
    def is_equal(self) -> bool:
        """Tell whether it comes out today as it did then."""
        return values.agree(self.kept, self.recomputed)


@dataclass(frozen=True, slots=True)
class Replay:
    """A kept evaluation beside the same facts computed again with the version it names."""

    version_id: int
    facts: tuple[Fact, ...]
    answers: tuple[Answer, ...]

    @property
    def is_equal(self) -> bool:
        """Tell whether every line comes out today as it did then."""
        return all(each.is_equal for each in self.answers)

    def answer(self, name: str) -> Answer:
        """Return a line by its name or its decision."""
        return next(each for each in self.answers if name in {each.name, each.decision})


def replay(kept: blocks.KeptRow, *, tables: loading.Tables, version_id: int) -> Replay:
    """Compute a kept row again and compare."""
    outcomes = tables.traced({each.name: each.value for each in kept.inputs})
    before = {each.name: each.value for each in kept.outputs}
    return Replay(
        version_id=version_id,
        facts=tuple(_fact(each, kept, tables) for each in kept.inputs),
        answers=tuple(
            Answer(
                decision=line.decision,
                name=line.name,
                kept=before.get(line.decision),
                recomputed=outcomes[line.decision].value,
                steps=steps(outcomes[line.decision]),
            )
            for line in tables.lines
        ),
    )


def steps(outcome: cases.Outcome) -> tuple[Step, ...]:
    """Put the trace of a decision into the words of its book."""
    return tuple(
        Step(
            decision=each.decision,
            inputs=each.inputs,
            rules=tuple(
                Rule(
                    decision=each.decision,
                    number=row.index + 1,
                    citation=row.annotations.get(citations.CITATION, ""),
                    text_en=row.annotations.get(citations.WORDS["en"], ""),
                    text_es=row.annotations.get(citations.WORDS["es"], ""),
                    looked_at=table.looked_at,
                )
                for table in each.tables
                for row in table.rows
            ),
            value=each.value,
            citation=citations.of_description(each.description),
        )
        for each in outcome.steps
    )


def _fact(kept: blocks.KeptValue, row: blocks.KeptRow, tables: loading.Tables) -> Fact:
    origin, origin_id = row.origins.get(kept.name, ("", None))
    declared = tables.point.input_by_name.get(kept.name)
    words = declared.words if declared is not None else ""
    return Fact(
        name=kept.name,
        words=words or kept.name.replace("_", " "),
        value=kept.value,
        unit=kept.unit,
        origin=origin,
        origin_id=origin_id,
    )
