"""Edits applied to the bytes of a file; every byte that no edit touches stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fisc.dmn.editing import edits, outline, rules, spans, splices
from fisc.dmn.model import Place
from fisc.dmn.xml import reader
from fisc.dmn.xml.problems import Problem


class EditsAreRefused(Exception):
    """Some edits do not fit the file; `problems` says all of them. Nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def applied(
    content: bytes, changes: Iterable[edits.Edit], *, imported: Iterable[bytes] = ()
) -> bytes:
    """Return a file with edits applied one after another, read back strictly.

    Rule numbers are those that the edits before have left. Raises EditsAreRefused for an address
    that is not there, ModelIsRefused for a result that is no sound model.
    """
    result = spliced(content, changes)
    reader.read(result, imported=imported)
    return result


def spliced(content: bytes, changes: Iterable[edits.Edit]) -> bytes:
    """Return a file with edits applied, whether or not the result is a sound model.

    Raises UnreadableXml, EditsAreRefused.
    """
    document = spans.document(content)
    work = _Work(document)
    for change in changes:
        work.take(change)
    if work.problems:
        raise EditsAreRefused(work.problems)
    made = splices.Splices(document)
    for formula, text in work.formulas.values():
        made.set_text(formula, text)
    for element, text in work.descriptions.values():
        made.set_description(element, text)
    for table in work.tables.values():
        table.write(made)
    return made.joined()


class _Work:
    """The edits, sorted by what they change."""

    def __init__(self, document: spans.Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.elements = {outline.name_of(each): each for each in outline.element_spans(document)}
        self.formulas: dict[outline.Address, tuple[spans.Span, str]] = {}
        self.descriptions: dict[str, tuple[spans.Span, str]] = {}
        self.tables: dict[outline.Address, rules.TableWork] = {}

    def take(self, change: edits.Edit) -> None:
        for text in _texts(change):
            if problem := splices.unwritable(text):
                self.problems.append(Problem(_place(change), problem))
                return
        match change:
            case edits.SetFormula():
                self._formula(change)
            case edits.SetDescription():
                self._description(change)
            case edits.SetCell() | edits.InsertRule() | edits.DeleteRule() | edits.MoveRule():
                self._rule(change)

    def _formula(self, change: edits.SetFormula) -> None:
        element = self._element(change, change.formula.element)
        if element is None:
            return
        found = [span for span, _ in outline.formula_spans(element)]
        if not 1 <= change.formula.number <= len(found):
            words = f"It has {len(found)} formulas, no formula {change.formula.number}."
            self.problems.append(Problem(_place(change), words))
            return
        self.formulas[change.formula] = found[change.formula.number - 1], change.text

    def _description(self, change: edits.SetDescription) -> None:
        element = self._element(change, change.element)
        if element is not None:
            self.descriptions[change.element] = element, change.text

    def _rule(self, change: edits.RuleEdit) -> None:
        work = self.tables.get(change.table) or self._table(change)
        if work is None:
            return
        self.tables[change.table] = work
        if problem := work.take(change):
            self.problems.append(Problem(_place(change), problem))

    def _table(self, change: edits.RuleEdit) -> rules.TableWork | None:
        element = self._element(change, change.table.element)
        if element is None:
            return None
        found = list(outline.table_spans(element))
        if not 1 <= change.table.number <= len(found):
            words = f"It has {len(found)} tables, no table {change.table.number}."
            self.problems.append(Problem(_place(change), words))
            return None
        return rules.TableWork(self.document, found[change.table.number - 1])

    def _element(self, change: edits.Edit, name: str) -> spans.Span | None:
        found = self.elements.get(name)
        if found is None:
            words = "The file has no decision and no function of that name."
            self.problems.append(Problem(_place(change), words))
        return found


def _texts(change: edits.Edit) -> tuple[str, ...]:
    match change:
        case edits.SetCell() | edits.SetFormula() | edits.SetDescription():
            return (change.text,)
        case edits.InsertRule():
            return (*change.conditions, *change.results, *change.notes)
        case edits.DeleteRule() | edits.MoveRule():
            return ()


def _place(change: edits.Edit) -> Place:
    match change:
        case edits.SetDescription():
            return Place(f"“{change.element}”")
        case edits.SetFormula():
            return Place(f"“{change.formula.element}”")
        case edits.InsertRule():
            return Place(f"“{change.table.element}”, rule {change.at}")
        case edits.SetCell() | edits.DeleteRule() | edits.MoveRule():
            return Place(f"“{change.table.element}”, rule {change.rule}")
