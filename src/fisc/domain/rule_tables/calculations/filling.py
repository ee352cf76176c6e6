"""A look-up table as the file it is taken from has it: what that changes, and nothing saved."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from fisc.dmn import model as dmn
from fisc.dmn.checks import reconciliation, source_files, words
from fisc.dmn.editing import edits, outline
from fisc.dmn.feel import syntax
from fisc.dmn.xml import reader
from fisc.domain.rule_tables.calculations import citations, sources
from fisc.domain.rule_tables.calculations.workbooks import proposing

_NUMBER, _TEXT, _TRUTH, _DAY = "number", "string", "boolean", "date"
_PLAIN: Final = frozenset({_NUMBER, _TEXT, _TRUTH, _DAY})


def filled(
    content: bytes, given: sources.Given, *, citation: str, imported: Iterable[bytes] = ()
) -> proposing.Proposed:
    """Return a version's file with a table's rules as its source has them, and each difference.

    A rule that says the same stays as it is written; one with another result, and a new one, is
    cited with `citation`; one that the source has not is taken out. Raises sources.NoSuchTable,
    fisc.dmn.checks.source_files.SourceIsWrong with every line at fault, UnreadableXml.
    """
    others = tuple(imported)
    model = reader.read(content, imported=others, is_strict=False)
    table = sources.table_of(model, given.decision)
    sources.refuse(table, given, for_rules=True)
    if "" in given.columns:
        place = given.columns.index("") + 1
        raise source_files.SourceIsWrong(
            words.CHOOSE.format(decision=given.decision, name=given.name, place=place)
        )
    written = next(
        each for each in outline.read(content).tables if each.address.element == given.decision
    )
    rows = _Rows(given, _kinds(model, given.decision, table), conditions=len(table.inputs))
    changes = list(_changes(table, written, rows.read(), citation=citation))
    return proposing.compared(content, changes, imported=others)


class _Rows:
    """The rows of a file: the values that are compared, and the cells they are written as."""

    def __init__(self, given: sources.Given, kinds: Sequence[str], *, conditions: int) -> None:
        self.given = given
        self.kinds = kinds
        self.conditions = conditions
        self.problems: list[str] = []

    def read(self) -> dict[reconciliation.Row, tuple[str, ...]]:
        """Return, by values, the cells of each row. Raises SourceIsWrong."""
        file = source_files.read(self.given.content, self.given.name)
        places = file.places(self.given.columns)
        found: dict[reconciliation.Row, tuple[str, ...]] = {}
        for line, cells in file.rows:
            texts = [cells[place].strip() for place in places]
            written = tuple(self._cell(line, number, text) for number, text in enumerate(texts))
            values = tuple(
                reconciliation.of_kind(text, is_text=kind == _TEXT, is_number=kind == _NUMBER)
                for text, kind in zip(texts, self.kinds, strict=True)
            )
            found[values] = written
        if self.problems:
            said = source_files.listed(self.problems)
            raise source_files.SourceIsWrong(
                words.WRONG_LINES.format(name=self.given.name, problems=said)
            )
        return found

    def _cell(self, line: int, number: int, text: str) -> str:
        if not text:
            return "null"
        kind = self.kinds[number]
        if (cell := _WRITTEN[kind](text)) is None:
            self.problems.append(
                words.NOT_OF_KIND.format(
                    line=line, cell=text, column=self.given.columns[number], kind=_WANTED[kind]
                )
            )
        return cell or ""


def _changes(
    table: dmn.DecisionTable,
    written: outline.Table,
    wanted: Mapping[reconciliation.Row, tuple[str, ...]],
    *,
    citation: str,
) -> Iterator[edits.Edit]:
    """Write results anew, take rules out from the last on, then put new ones at the end."""
    width = len(table.inputs)
    left = {values[:width]: (values, cells) for values, cells in wanted.items()}
    notes = tuple(citation if each == citations.CITATION else "" for each in written.notes)
    gone = []
    for number, rule in enumerate(table.rules, start=1):
        values = _values(rule, number)
        found = None if values is None else left.pop(values[:width], None)
        if values is None or found is None:
            gone.append(number)
        elif found[0] != values:
            yield from _rewritten(written.address, number, values, found, width=width)
            if citations.CITATION in written.notes:
                yield edits.SetCell(
                    table=written.address,
                    rule=number,
                    kind=edits.CellKind.NOTE,
                    column=written.notes.index(citations.CITATION) + 1,
                    text=citation,
                )
    for number in reversed(gone):
        yield edits.DeleteRule(table=written.address, rule=number)
    first = len(table.rules) - len(gone) + 1
    for at, (_, cells) in enumerate(left.values(), start=first):
        yield edits.InsertRule(
            table=written.address,
            at=at,
            conditions=cells[:width],
            results=cells[width:],
            notes=notes,
        )


def _rewritten(
    address: outline.Address,
    number: int,
    values: reconciliation.Row,
    found: tuple[reconciliation.Row, tuple[str, ...]],
    *,
    width: int,
) -> Iterator[edits.SetCell]:
    wanted, cells = found
    for place in range(width, len(wanted)):
        if wanted[place] != values[place]:
            yield edits.SetCell(
                table=address,
                rule=number,
                kind=edits.CellKind.RESULT,
                column=place - width + 1,
                text=cells[place],
            )


def _values(rule: dmn.Rule, number: int) -> reconciliation.Row | None:
    """A rule's values; None for one that no file could hold, and that the source has not."""
    try:
        return reconciliation.row(rule, number)
    except reconciliation.NotALookUp:
        return None


# --- What a column holds -------------------------------------------------------------------------


def _kinds(model: dmn.Model, decision: str, table: dmn.DecisionTable) -> tuple[str, ...]:
    """Return what each column holds: by its type, else by the type of what it asks or answers."""
    known = {each.name: each.type_ref for each in model.definitions.item_definitions}
    inputs = {each.name: each.variable.type_ref for each in model.definitions.inputs}
    answers = {each.name: each.variable.type_ref for each in model.definitions.decisions}
    asked = [each.type_ref or {**answers, **inputs}.get(each.text.strip()) for each in table.inputs]
    only = answers.get(decision) if len(table.outputs) == 1 else None
    given = [each.type_ref or only for each in table.outputs]
    return tuple(
        _base(each, known) or _as_written(table, place)
        for place, each in enumerate([*asked, *given])
    )


def _base(name: str | None, known: Mapping[str, str | None]) -> str:
    """The plain type that a name stands for; nothing for what is no plain type."""
    seen = set()
    while name is not None and name not in seen:
        seen.add(name)
        plain = name.rpartition(":")[2]
        if plain in _PLAIN:
            return plain
        name = known.get(name)
    return ""


def _as_written(table: dmn.DecisionTable, place: int) -> str:
    """What the first rule has in a column of no type; text where there is none."""
    for rule in table.rules[:1]:
        if place >= len(rule.inputs):
            node = rule.outputs[place - len(rule.inputs)].expression
        else:
            node = reconciliation.tested(rule.inputs[place])
        if isinstance(node, syntax.NumberLiteral | syntax.Negation):
            return _NUMBER
        if isinstance(node, syntax.BooleanLiteral):
            return _TRUTH
        if isinstance(node, syntax.AtLiteral | syntax.Call):
            return _DAY
    return _TEXT


def _number(text: str) -> str | None:
    if not reconciliation.is_number(text):
        return None
    return reconciliation.of_kind(text, is_text=False, is_number=True)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _truth(text: str) -> str | None:
    return text.casefold() if text.casefold() in ("true", "false") else None


def _day(text: str) -> str | None:
    try:
        return f'date("{datetime.date.fromisoformat(text)}")'
    except ValueError:
        return None


# Any text is one.
_WANTED: Final = {_NUMBER: words.A_NUMBER, _TRUTH: words.A_TRUTH, _DAY: words.A_DAY}
_WRITTEN: Mapping[str, Callable[[str], str | None]] = {
    _NUMBER: _number,
    _TEXT: _quoted,
    _TRUTH: _truth,
    _DAY: _day,
}
