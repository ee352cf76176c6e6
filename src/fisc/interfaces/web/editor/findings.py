"""What is found wrong with a draft while it is written, each with the cell to mark."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from fisc.dmn import model as dmn
from fisc.dmn.xml import elements, problems, reader, source
from fisc.dmn.xml.elements import Element
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import case_runs, checking, citations, fitting

# How the domain's words begin when they are about one rule or one element.
_PLACE = re.compile(r"(?:decision |input )?“(?P<name>.+?)”(?:, rule (?P<rule>\d+))?")
_OWNERS = ("decision", "businessKnowledgeModel", "inputData", "itemDefinition")
_COLUMNS = {"inputEntry": "input", "outputEntry": "output"}


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """Ids, in the file, of what a finding is about; empty where it is about no such thing."""

    owner: str = ""
    name: str = ""
    row: str = ""
    number: int = 0
    column: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, in a coordinator's words."""

    words: str
    cell: Cell = dataclasses.field(default_factory=Cell)


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with a file, and how its cases come out."""

    findings: tuple[Finding, ...]
    ran: case_runs.Run


def of_draft(content: bytes, *, point: declarations.DecisionPoint, sheet: checking.Sheet) -> Found:
    """Read a file strictly, compare it with its decision point, and run its cases."""
    try:
        model = reader.read(content)
    except problems.ModelIsRefused as refused:
        unread = _("The cases are run once everything can be read.")
        return Found(
            findings=tuple(of_refusal(content, refused)),
            ran=case_runs.Run(outcomes=(), problem=unread),
        )
    words = (
        *fitting.differences(point=point, model=model),
        *citations.lacking(model),
    )
    return Found(
        findings=tuple(Finding(each, cell_of_words(each, model)) for each in words),
        ran=case_runs.run(content, point=point, sheet=sheet),
    )


def of_refusal(content: bytes, refused: problems.ModelIsRefused) -> Iterator[Finding]:
    """Give each problem of a file that cannot be read, with the cell that stands on its line."""
    try:
        root = source.root(content)
    except problems.UnreadableXml:
        root = None
    for problem in refused.problems:
        cell = Cell() if root is None else cell_at(root, problem.place.line)
        yield Finding(f"{problem.place.words}: {problem.words}".removeprefix(": "), cell)


def cell_at(root: Element, line: int) -> Cell:
    """Find which decision, row and column an element that begins on a line belongs to."""
    found = next((each for each in root.iter() if source.line(each) == line), None)
    if found is None or found is root:
        return Cell()
    above = [found, *found.iterancestors()]
    owner = next((each for each in above if elements.local(each) in _OWNERS), None)
    row = next((each for each in above if elements.local(each) == "rule"), None)
    column = next((each for each in above if elements.local(each) in (*_COLUMNS, *_HEADS)), None)
    return Cell(
        owner="" if owner is None else elements.identity(owner),
        name="" if owner is None else elements.name_of(owner),
        row="" if row is None else elements.identity(row),
        number=0 if row is None else _place_among(row) + 1,
        column="" if column is None else _column(column, row),
    )


_HEADS = tuple(_COLUMNS.values())


def _place_among(element: Element) -> int:
    kind = elements.local(element)
    return sum(elements.local(each) == kind for each in element.itersiblings(preceding=True))


def _column(element: Element, row: Element | None) -> str:
    """Return the id of the column that a cell stands under, or of the column itself."""
    if row is None:
        return elements.identity(element)
    table = row.getparent()
    if table is None:
        return ""
    heads = list(elements.children(table, _COLUMNS[elements.local(element)]))
    place = _place_among(element)
    return elements.identity(heads[place]) if place < len(heads) else ""


def cell_of_words(words: str, model: dmn.Model) -> Cell:
    """Find the decision and row that the domain's words begin with."""
    match = _PLACE.match(words)
    if match is None:
        return Cell()
    definitions = model.definitions
    named: Sequence[dmn.Decision | dmn.BusinessKnowledgeModel | dmn.InputData] = (
        *definitions.decisions,
        *definitions.knowledge_models,
        *definitions.inputs,
    )
    owner = next((each for each in named if each.name == match["name"]), None)
    if owner is None:
        return Cell()
    number = int(match["rule"] or 0)
    table = owner.expression if isinstance(owner, dmn.Decision) else None
    row = ""
    if isinstance(table, dmn.DecisionTable) and 0 < number <= len(table.rules):
        row = table.rules[number - 1].id
    return Cell(owner=owner.id, name=owner.name, row=row, number=number)
