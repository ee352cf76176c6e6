"""Constants and policy values of a file as a plain form shows them, and the file with new ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fisc.dmn.editing import edits, outline
from fisc.dmn.feel import lexer
from fisc.dmn.model import Place
from fisc.dmn.xml.problems import Problem
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import citations
from fisc.domain.rule_tables.calculations.workbooks import proposing

# In a description: the line that begins so, up to its end.
_UNIT: Final = re.compile(r"(?im)^\s*unit:\s*(\S.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValue:
    """A decision, or a part of one, that is written and not looked up in a table.

    `key` is what `changed` takes. `is_constant` says that it is one number, text, date or yes/no
    rather than a formula. `unit` is the decision point's, or the line “Unit: …” of the description.
    """

    key: str
    label: str
    part: str
    question: str
    text: str
    type_ref: str
    is_constant: bool
    unit: str
    citation: str


def listed(
    content: bytes, *, point: declarations.DecisionPoint | None = None
) -> tuple[PolicyValue, ...]:
    """Return the constants and formulas of a file, as written. Raises UnreadableXml."""
    read = outline.read(content)
    found = []
    for formula in read.formulas:
        element = read.element(formula.address.element)
        found.append(
            PolicyValue(
                key=_key(formula),
                label=formula.address.element,
                part=" / ".join(formula.path),
                question=element.question,
                text=formula.text.strip(),
                type_ref=formula.type_ref or ("" if formula.path else element.type_ref),
                is_constant=_is_constant(formula.text),
                unit=_unit(element, point),
                citation=citations.of_description(element.description),
            )
        )
    return tuple(found)


def changed(
    content: bytes,
    *,
    values: Mapping[str, str],
    citations_by_label: Mapping[str, str] | None = None,
    imported: Iterable[bytes] = (),
) -> proposing.Proposed:
    """Return the file with new values, by key, and new citations, by decision; nothing is saved.

    What is not given stays. Raises UnreadableXml.
    """
    read = outline.read(content)
    problems: list[Problem] = []
    changes = [
        *_values(read, values, problems),
        *_citations(read, citations_by_label or {}, problems),
    ]
    if problems:
        return proposing.Proposed(content, problems=tuple(problems))
    return proposing.compared(content, changes, imported=imported)


def _values(
    read: outline.Outline, values: Mapping[str, str], problems: list[Problem]
) -> Iterator[edits.Edit]:
    formulas = {_key(each): each for each in read.formulas}
    for key, text in values.items():
        if key not in formulas:
            problems.append(Problem(Place(f"“{key}”"), "The file has no such constant."))
        elif not text.strip():
            words = "A constant needs a value; write null for none."
            problems.append(Problem(Place(f"“{key}”"), words))
        elif text.strip() != formulas[key].text.strip():
            yield edits.SetFormula(formula=formulas[key].address, text=text.strip())


def _citations(
    read: outline.Outline, given: Mapping[str, str], problems: list[Problem]
) -> Iterator[edits.Edit]:
    elements = {each.name: each for each in read.elements}
    for name, citation in given.items():
        if name not in elements:
            problems.append(Problem(Place(f"“{name}”"), "The file has no such decision."))
        elif citation.strip() != citations.of_description(elements[name].description):
            said = _cited(elements[name].description, " ".join(citation.split()))
            yield edits.SetDescription(element=name, text=said)


def _key(formula: outline.Formula) -> str:
    return f"{formula.address.element}#{formula.address.number}"


def _is_constant(text: str) -> bool:
    try:
        found = lexer.tokens(text)[:-1]
    except lexer.UnreadableFeel:
        return False
    if found and found[0].is_symbol("-"):
        found = found[1:]
        return [each.kind for each in found] == ["number"]
    if [each.text for each in found[:2]] == ["date", "("]:
        return [each.kind for each in found[2:]] == ["string", "symbol"]
    if len(found) != 1:
        return False
    return found[0].kind in ("number", "string") or found[0].text in ("true", "false", "null")


def _unit(element: outline.Element, point: declarations.DecisionPoint | None) -> str:
    line = point.output_by_decision.get(element.name) if point else None
    if line is not None and line.unit:
        return line.unit
    match = _UNIT.search(element.description)
    return match[1].strip() if match else ""


def _cited(description: str, citation: str) -> str:
    """A description with its line “Citation: …” made this; without one, the line is added."""
    line = f"Citation: {citation}" if citation else ""
    match = citations.CITED.search(description)
    if match is None:
        return f"{description}\n{line}".strip()
    lead = match[0][: len(match[0]) - len(match[0].lstrip())]
    return f"{description[: match.start()]}{lead}{line}{description[match.end() :]}".strip()
