"""What an explanation is, whatever is explained, and how a traced evaluation becomes one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fisc.dmn.columns import types
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import replaying, wording

_LINK = re.compile(r"https?://\S+")

_HEADINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "made_of": "It is made of: {pieces}",
        "inputs": "What went in: {inputs}",
        "input": "{words} {value} ({origin})",
        "input_alone": "{words} {value}",
        "rows": "Published in: {citations}",
        "versions": "By these tables: {versions}",
        "equal": "Computed again just now, it comes out the same",
        "different": "Computed again just now, it comes out different",
    },
    "es": {
        "made_of": "Se compone de: {pieces}",
        "inputs": "Los datos: {inputs}",
        "input": "{words} {value} ({origin})",
        "input_alone": "{words} {value}",
        "rows": "Publicado en: {citations}",
        "versions": "Según estas tablas: {versions}",
        "equal": "Calculado de nuevo ahora mismo, da lo mismo",
        "different": "Calculado de nuevo ahora mismo, da otra cosa",
    },
}
ADOPTED: Mapping[str, str] = {
    "en": "{book}, version {number}, for the days from {day}; approved by {approver} on {approved}",
    "es": "{book}, versión {number}, para los días desde el {day}; aprobada por {approver} el "
    "{approved}",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """What shows or explains something further: a kind of thing and its numbers."""

    kind: str
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One decision on the way to an answer: what it is called, how it came out, what it gave."""

    words: str
    how: str
    gives: str


@dataclass(frozen=True, slots=True)
class RowUsed:
    """A table row that matched, and the law or published rate that it cites."""

    words: str
    citation: str
    link: str


@dataclass(frozen=True, slots=True)
class InputUsed:
    """A fact that went in, and where it came from."""

    words: str
    value: str
    origin: str
    refers: Reference | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """An amount that another one is made of; what takes away is below zero."""

    words: str
    amount_cents: int
    note: str = ""
    refers: Reference | None = None


@dataclass(frozen=True, slots=True)
class VersionUsed:
    """The version of a table that answered, in words, and who approved it when."""

    words: str
    version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The explanation of one amount, day or decision, whatever made it."""

    title: str
    value: str
    # What to say on the telephone.
    sentence: str
    # Whether it came out the same just now; None where nothing was computed.
    is_equal: bool | None
    steps: tuple[StepTaken, ...] = ()
    rows: tuple[RowUsed, ...] = ()
    inputs: tuple[InputUsed, ...] = ()
    pieces: tuple[Piece, ...] = ()
    versions: tuple[VersionUsed, ...] = ()
    # Whose amount it is, where a page has no other way to know.
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the facts, codes and lines of an evaluation are called in one language."""

    language: str
    facts: Mapping[str, str] = field(default_factory=dict)
    # By code list, then code.
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # By the decision that gives a line.
    lines: Mapping[str, str] = field(default_factory=dict)

    def fact(self, declared: declarations.Input) -> str:
        """Return what a fact is called."""
        return self.facts.get(declared.name) or declared.words or declared.name.replace("_", " ")

    def value(
        self, value: object, *, declared: declarations.Input | declarations.OutputLine | None
    ) -> str:
        """Write a value as a person reads it: with its unit, or as what its code is called."""
        if declared is None:
            return wording.of_kind(value, kind=None, language=self.language)
        if declared.code_list and isinstance(value, str):
            return self.codes.get(declared.code_list, {}).get(value, value)
        shown = wording.of_kind(value, kind=declared.kind, language=self.language)
        has_unit = value is not None and declared.kind is types.Kind.QUANTITY
        return f"{shown} {declared.unit}".rstrip() if has_unit else shown


def needed(steps: Sequence[replaying.Step], *, decision: str) -> tuple[replaying.Step, ...]:
    """Return those of some steps that one decision took, in their order."""
    by_name = {step.decision: step for step in steps}
    wanted, waiting = set(), [decision]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in wanted:
            wanted.add(name)
            waiting.extend(by_name[name].inputs)
    return tuple(step for step in steps if step.decision in wanted)


def said(
    steps: Sequence[replaying.Step], *, decision: str, lines: frozenset[str], language: str
) -> tuple[str, ...]:
    """Return the words of the rules behind an answer: its own, then those that changed something.

    A step between that hands on one of its inputs as it came says nothing, and a line that stands
    on its own is explained on its own.
    """
    own: list[str] = []
    before: list[str] = []
    for step in steps:
        texts = [rule.text(language) for rule in step.rules if rule.text(language)]
        if step.decision == decision:
            own += texts
        elif step.decision not in lines and step.value not in step.inputs.values():
            before += texts
    return tuple(own + before)


def steps_taken(
    steps: Sequence[replaying.Step],
    *,
    point: declarations.DecisionPoint,
    vocabulary: Vocabulary,
) -> tuple[StepTaken, ...]:
    """Put steps into words."""
    lines = {line.decision: line for line in point.outputs}
    return tuple(
        StepTaken(
            words=vocabulary.lines.get(step.decision, step.decision),
            how=_how(step, point=point, vocabulary=vocabulary),
            gives=vocabulary.value(step.value, declared=lines.get(step.decision)),
        )
        for step in steps
    )


def _how(step: replaying.Step, *, point: declarations.DecisionPoint, vocabulary: Vocabulary) -> str:
    texts = [rule.text(vocabulary.language) for rule in step.rules]
    if any(texts):
        return "; ".join(text for text in texts if text)
    lines = {line.decision: line for line in point.outputs}
    looked = []
    for name, value in step.inputs.items():
        declared = point.input_by_name.get(name)
        words = vocabulary.fact(declared) if declared else vocabulary.lines.get(name, name)
        looked.append(f"{words} {vocabulary.value(value, declared=declared or lines.get(name))}")
    return ", ".join(looked)


def rows_used(steps: Sequence[replaying.Step], *, vocabulary: Vocabulary) -> tuple[RowUsed, ...]:
    """Return the rules that matched and the citations of what is no table."""
    found = []
    for step in steps:
        name = vocabulary.lines.get(step.decision, step.decision)
        if step.citation:
            found.append(row_used(name, step.citation))
        found += [
            row_used(f"{name}, {rule.number}: {rule.text(vocabulary.language)}", rule.citation)
            for rule in step.rules
        ]
    return tuple(found)


def row_used(words: str, citation: str) -> RowUsed:
    """Return a row with the address that its citation holds, if it holds one."""
    link = _LINK.search(citation)
    return RowUsed(
        words=words.rstrip(": "),
        citation=citation,
        link=link.group().rstrip(".,;") if link else "",
    )


def paragraphs(why: Why, *, language: str) -> tuple[str, ...]:
    """Return an explanation as plain paragraphs: what a letter prints and a terminal shows."""
    return tuple(wording.sentence(text) for text in _paragraphs(why, _HEADINGS[language]))


def _paragraphs(why: Why, words: Mapping[str, str]) -> Iterator[str]:
    yield why.sentence
    if why.pieces:
        pieces = [
            f"{each.words} {wording.dollars(each.amount_cents)}"
            + (f" ({each.note})" if each.note else "")
            for each in why.pieces
        ]
        yield words["made_of"].format(pieces="; ".join(pieces))
    if why.inputs:
        inputs = [
            words["input" if each.origin else "input_alone"].format(
                words=each.words, value=each.value, origin=each.origin
            )
            for each in why.inputs
        ]
        yield words["inputs"].format(inputs="; ".join(inputs))
    citations = dict.fromkeys(each.citation for each in why.rows if each.citation)
    if citations:
        yield words["rows"].format(citations="; ".join(citations))
    if why.versions:
        yield words["versions"].format(versions="; ".join(each.words for each in why.versions))
    if why.is_equal is not None:
        yield words["equal" if why.is_equal else "different"]
