"""The rules of one table while they are edited, and the bytes they become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fisc.dmn.editing import edits, spans, splices
from fisc.dmn.editing.edits import CellKind

_COLUMNS = {
    CellKind.CONDITION: "input",
    CellKind.RESULT: "output",
    CellKind.NOTE: "annotation",
}
_WORDS = {
    CellKind.CONDITION: "condition columns",
    CellKind.RESULT: "result columns",
    CellKind.NOTE: "note columns",
}


@dataclass(slots=True)
class _Row:
    """A rule: one of the file's, by position, or a new one; with the cells written anew."""

    original: int | None
    cells: dict[tuple[CellKind, int], str] = field(default_factory=dict)


class TableWork:
    """Takes the edits of one table, one after another, and then writes them."""

    def __init__(self, document: spans.Document, table: spans.Span) -> None:
        self.document = document
        self.table = table
        self.originals = list(table.children("rule"))
        self.rows = [_Row(number) for number in range(len(self.originals))]
        self.widths = {kind: len(list(table.children(name))) for kind, name in _COLUMNS.items()}
        ids = (each.attributes.get("id", "") for each in document.root.walk())
        # Every id, and everything that an id is made from: what stands before each of its `_`.
        self.taken = {start for each in ids for start in _starts(each)}
        self.next_number = len(self.originals) + 1

    def take(self, change: edits.RuleEdit) -> str:
        """Take one edit; return what is wrong with it, or nothing."""
        match change:
            case edits.SetCell():
                return self._no_rule(change.rule) or self._set(change)
            case edits.InsertRule():
                return self._insert(change)
            case edits.DeleteRule():
                if problem := self._no_rule(change.rule):
                    return problem
                del self.rows[change.rule - 1]
            case edits.MoveRule():
                if problem := self._no_rule(change.rule) or self._no_rule(change.to):
                    return problem
                self.rows.insert(change.to - 1, self.rows.pop(change.rule - 1))
        return self._mixed()

    def _no_rule(self, number: int) -> str:
        if 1 <= number <= len(self.rows):
            return ""
        return f"The table has {len(self.rows)} rules, no rule {number}."

    def _set(self, change: edits.SetCell) -> str:
        width = self.widths[change.kind]
        if not 1 <= change.column <= width:
            return f"The table has {width} {_WORDS[change.kind]}, no column {change.column}."
        row = self.rows[change.rule - 1]
        if row.original is not None and change.kind is not CellKind.NOTE:
            written = len(list(self.originals[row.original].children(change.kind)))
            if change.column > written:
                return f"The rule has only {written} of its cells; mend it in a DMN editor first."
        row.cells[change.kind, change.column] = change.text
        return ""

    def _insert(self, change: edits.InsertRule) -> str:
        if not 1 <= change.at <= len(self.rows) + 1:
            return f"The table has {len(self.rows)} rules; a new one cannot be rule {change.at}."
        given = {
            CellKind.CONDITION: change.conditions,
            CellKind.RESULT: change.results,
            CellKind.NOTE: change.notes,
        }
        row = _Row(None)
        for kind, texts in given.items():
            width = self.widths[kind]
            if len(texts) > width or (len(texts) < width and kind is not CellKind.NOTE):
                return f"The table has {width} {_WORDS[kind]}; the new rule has {len(texts)}."
            padded = (*texts, *("",) * (width - len(texts)))
            row.cells |= {(kind, number): text for number, text in enumerate(padded, start=1)}
        self.rows.insert(change.at - 1, row)
        return self._mixed()

    def _mixed(self) -> str:
        inner = self.table.inner
        first = inner.index(self.originals[0]) if self.originals else len(inner)
        if inner[first:] == self.originals:
            return ""
        return "Other things stand between or after its rules; save it in a DMN editor first."

    # --- Writing ---------------------------------------------------------------------------------

    def write(self, made: splices.Splices) -> None:
        """Write what the edits left."""
        if [row.original for row in self.rows] == list(range(len(self.originals))):
            for row, rule in zip(self.rows, self.originals, strict=True):
                self._write_cells(rule, row, made)
            return
        pieces = [self._piece(row) for row in self.rows]
        if self.originals:
            made.replace_bytes(self._from(0), self.originals[-1].end, b"".join(pieces))
        elif self.table.inner:
            end = self.table.inner[-1].end
            made.replace_bytes(end, end, b"".join(pieces))
        else:
            made.put_inside(self.table, b"".join(pieces).decode(self.document.encoding))

    def _from(self, number: int) -> int:
        """Where a rule of the file starts, with the space and comments before it."""
        if number:
            return self.originals[number - 1].end
        before = self.table.inner[: self.table.inner.index(self.originals[0])]
        return before[-1].end if before else self.table.opened

    def _piece(self, row: _Row) -> bytes:
        if row.original is None:
            text = self._new_rule(row)
            return text.encode(self.document.encoding, "xmlcharrefreplace")
        rule = self.originals[row.original]
        inside = splices.Splices(self.document, within=(self._from(row.original), rule.end))
        self._write_cells(rule, row, inside)
        return inside.joined()

    def _write_cells(self, rule: spans.Span, row: _Row, made: splices.Splices) -> None:
        for (kind, column), text in row.cells.items():
            written = list(rule.children(kind))
            if column <= len(written):
                made.set_text(written[column - 1], text)
        lacking = self._lacking_notes(rule, row)
        if lacking:
            lead = splices.leading_space(self.document, rule)
            prefix = self.document.prefix(rule)
            inner = "".join(self._entry(CellKind.NOTE, text, prefix, lead) for text in lacking)
            made.put_inside(rule, inner, at=rule.inner[-1].end if rule.inner else None)

    def _lacking_notes(self, rule: spans.Span, row: _Row) -> list[str]:
        """The notes to add where a rule has fewer than the table has note columns."""
        written = len(list(rule.children(CellKind.NOTE)))
        last = max(
            (
                column
                for (kind, column), text in row.cells.items()
                if kind is CellKind.NOTE and text
            ),
            default=0,
        )
        return [row.cells.get((CellKind.NOTE, n), "") for n in range(written + 1, last + 1)]

    def _new_rule(self, row: _Row) -> str:
        prefix = self.document.prefix(self.table)
        lead, inner_lead = self._indentation()
        identity = self._identity()
        entries = []
        for (kind, column), text in row.cells.items():
            letter = {CellKind.CONDITION: "i", CellKind.RESULT: "o"}.get(kind)
            entry_id = f"{identity}_{letter}{column}" if letter else ""
            entries.append(self._entry(kind, text, prefix, inner_lead, identity=entry_id))
        written = "".join(entries)
        named = f"id={_quoted(identity)}"
        return f"{lead}<{prefix}rule {named}>{written}{lead}</{prefix}rule>"

    def _entry(
        self, kind: CellKind, text: str, prefix: str, lead: str, *, identity: str = ""
    ) -> str:
        name = f"{prefix}{kind.value}"
        named = f" id={_quoted(identity)}" if identity else ""
        inner = f"{lead}  " if "\n" in lead else ""
        written = f"<{prefix}text>{splices.escaped(text)}</{prefix}text>"
        return f"{lead}<{name}{named}>{inner}{written}{lead}</{name}>"

    def _indentation(self) -> tuple[str, str]:
        """The white space before a rule and before what is in it, as the table has it."""
        content, encoding = self.document.content, self.document.encoding
        last = self.originals[-1] if self.originals else None
        if last is not None:
            before = content[self._from(len(self.originals) - 1) : last.start].decode(encoding)
            lead = before[len(before.rstrip()) :]
            return lead, splices.leading_space(self.document, last) or lead
        lead = splices.leading_space(self.document, self.table)
        return lead, f"{lead}  " if "\n" in lead else ""

    def _identity(self) -> str:
        """An id that no element of the file has, nor any id that is made from it."""
        base = self.table.attributes.get("id") or f"rule_{self.table.start}"
        while (found := f"{base}_r{self.next_number}") in self.taken:
            self.next_number += 1
        self.next_number += 1
        return found


def _starts(identity: str) -> Iterator[str]:
    yield identity
    yield from (identity[:at] for at, letter in enumerate(identity) if letter == "_")


def _quoted(text: str) -> str:
    return '"' + splices.escaped(text).replace('"', "&quot;") + '"'
