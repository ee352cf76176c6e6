"""What is found wrong with a draft while it is written, each with the cell to mark."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import cell_types, coverage, numbers, structure
from fisc.dmn.checks import findings as checks
from fisc.dmn.columns import types
from fisc.dmn.xml import elements, problems, source
from fisc.dmn.xml.elements import Element
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import (
    case_runs,
    case_sheets,
    checking,
    citations,
    fitting,
    loading,
    publishing,
)

# How long the proofs of one check may take in all: a person is typing.
PROOF_SECONDS: Final = 0.5
# After this no further case is begun; all are run when the draft is saved.
CASES_SECONDS: Final = 1.0
# Cases are run together for about so long, then the time is looked at.
_TOGETHER_SECONDS: Final = 0.1
# Rules times cases: more than this is followed step by step only when the draft is put in test.
MOST_FOLLOWED: Final = 100_000

# How the domain's words begin when they are about one rule or one element.
_PLACE = re.compile(r"(?:decision |input )?“(?P<name>.+?)”(?:, rule (?P<rule>\d+))?")
_OWNERS = ("decision", "businessKnowledgeModel", "inputData", "itemDefinition")
_HEAD_OF = {"inputEntry": "input", "outputEntry": "output"}
_COLUMNS = (*_HEAD_OF, *_HEAD_OF.values())


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
    # Whether it stands in the way of publishing, or is only to be looked at.
    stops: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with a file, and how its cases come out."""

    findings: tuple[Finding, ...]
    ran: case_runs.Run
    # How many cases there was no time for.
    left: int = 0


def of_draft(
    content: bytes,
    *,
    point: declarations.DecisionPoint,
    sheet: checking.Sheet,
    codes: Mapping[str, Sequence[str]],
    imported: Sequence[bytes] = (),
) -> Found:
    """Read a file strictly, compare it with its decision point, prove its tables, run its cases.

    `codes` gives the codes of each code list by its name. Only what is quick is proved; the checks
    at publish prove the rest.
    """
    try:
        tables = loading.load(content, point=point, imported=imported)
    except problems.ModelIsRefused as refused:
        unread = _("The cases are run once everything can be read.")
        return Found(
            findings=tuple(of_refusal(content, refused)),
            ran=case_runs.Run(outcomes=(), problem=unread),
        )
    misfits = fitting.differences(point=point, model=tables.model)
    words = (*misfits, *citations.lacking(tables.model))
    found = [Finding(each, cell_of_words(each, tables.model)) for each in words]
    if misfits:
        unfit = _("The cases are run once everything fits.")
        return Found(findings=tuple(found), ran=case_runs.Run(outcomes=(), problem=unfit))
    found += _of_structure(tables, codes)
    ran, left = _ran(tables, sheet)
    if not ran.problem and not left:
        found += _of_coverage(tables, sheet)
    return Found(findings=tuple(found), ran=ran, left=left)


def _ran(tables: loading.Tables, sheet: checking.Sheet) -> tuple[case_runs.Run, int]:
    """Run as many cases as there is time for; give how they came out, and how many are left."""
    began = time.perf_counter()
    at_once, spent = 1, 0.0
    outcomes: list[case_runs.CaseOutcome] = []
    written: tuple[case_sheets.Case, ...] = ()
    try:
        if sheet.content:
            written = case_sheets.read(sheet.content, point=tables.point, name=sheet.name)
        while len(outcomes) < len(written) and spent < CASES_SECONDS:
            some = written[len(outcomes) : len(outcomes) + at_once]
            outcomes += case_runs.outcomes(some, tables=tables)
            spent = time.perf_counter() - began
            at_once = 1 + int(_TOGETHER_SECONDS * len(outcomes) / spent)
    except (
        case_sheets.SheetIsWrong,
        types.DeclarationIsWrong,
        evaluator.TooManySteps,
        evaluator.UnknownDecision,
        evaluator.UnknownInput,
    ) as problem:
        return case_runs.Run(outcomes=(), problem=str(problem)), 0
    return case_runs.Run(outcomes=tuple(outcomes)), len(written) - len(outcomes)


def _of_structure(tables: loading.Tables, codes: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Give cells of a wrong type, gaps, overlaps, rules that never decide, unrounded quotients."""
    made = structure.Structure(publishing.book_of(tables, codes=codes))
    share = PROOF_SECONDS / max(1, len(made.spaces))
    found = (
        *cell_types.check(made.survey),
        *structure.check(made, seconds=share).findings,
        *numbers.bounds(made.book),
        *numbers.unrounded(made.book),
    )
    for each in found:
        yield Finding(each.words, cell_of_check(each, tables.model), each.stops)


def _of_coverage(tables: loading.Tables, sheet: checking.Sheet) -> Iterator[Finding]:
    """Give the rules by which no case decides. The sheet was read before, when its cases ran."""
    if not sheet.content:
        return
    book = publishing.book_of(tables, codes={})
    written = publishing.cases_of(tables, sheets=[sheet])
    rules = sum(len(table.rules) for _name, table in coverage.tables_of(book.model))
    if rules * len(written) > MOST_FOLLOWED:
        words = _("Which rules no case decides by is found when the draft is put in test.")
        yield Finding(words, stops=False)
        return
    prepared = evaluator.prepare(book.model)
    names = [each.name for each in book.outputs]
    outcomes = [prepared.trace_all(names, each.inputs) for each in written]
    for each in coverage.lacking(book, coverage.by_rule(book, written, outcomes)):
        yield Finding(each.words, cell_of_check(each, tables.model), each.stops)


def of_refusal(content: bytes, refused: problems.ModelIsRefused) -> Iterator[Finding]:
    """Give each problem of a file that cannot be read, with the cell that stands on its line."""
    try:
        root = source.root(content)
    except problems.UnreadableXml:
        root = None
    for problem in refused.problems:
        cell = Cell() if root is None else cell_at(root, problem.place.line)
        # A result column of its own may have no name, and is marked anyway.
        where = problem.place.words.replace(', column ""', "")
        yield Finding(f"{where}: {problem.words}".removeprefix(": "), cell)


def cell_at(root: Element, line: int) -> Cell:
    """Find which decision, row and column an element that begins on a line belongs to."""
    found = next((each for each in root.iter() if source.line(each) == line), None)
    if found is None or found is root:
        return Cell()
    above = [found, *found.iterancestors()]
    owner = next((each for each in above if elements.local(each) in _OWNERS), None)
    row = next((each for each in above if elements.local(each) == "rule"), None)
    column = next((each for each in above if elements.local(each) in _COLUMNS), None)
    return Cell(
        owner="" if owner is None else elements.identity(owner),
        name="" if owner is None else elements.name_of(owner),
        row="" if row is None else elements.identity(row),
        number=0 if row is None else _place_among(row) + 1,
        column="" if column is None else _column(column, row),
    )


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
    heads = list(elements.children(table, _HEAD_OF[elements.local(element)]))
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


def cell_of_check(found: checks.Finding, model: dmn.Model) -> Cell:
    """Find the decision, row and column that a check at publish names."""
    owner = next(
        (each for each in model.definitions.decisions if each.name == found.decision), None
    )
    if owner is None:
        return Cell()
    table = owner.expression
    if not isinstance(table, dmn.DecisionTable) or found.rule is None:
        return Cell(owner=owner.id, name=owner.name)
    heads = {each.label or each.text: each.id for each in table.inputs}
    heads |= {each.label or each.name or "": each.id for each in table.outputs}
    return Cell(
        owner=owner.id,
        name=owner.name,
        row=table.rules[found.rule - 1].id,
        number=found.rule,
        column=heads.get(found.column, ""),
    )
