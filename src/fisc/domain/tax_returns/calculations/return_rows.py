"""Reading a CSV file of returns by its declared layout, row by row, to everything wrong with it."""

from __future__ import annotations

import codecs
import csv
import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from fisc.domain.tax_returns.calculations import return_building, return_layouts

# No row of a return is as long; a file without line ends would otherwise be read as one.
LINE_BYTES = 65_536
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse(
    file: IO[bytes], *, name: str, layout: return_layouts.Layout, today: datetime.date
) -> return_building.Parsed:
    """Read a file that came today, or say everything that is wrong with it. Raises FileIsRefused.

    Returns of which the file does not say when they were received came today.
    """
    errors = return_building.Errors()
    source = _Source(file, layout, errors)
    reader = return_building.Reader(layout, today, errors)
    builder = return_building.Builder(layout, errors)
    _Rows(source, reader, builder).read()
    errors.refuse(name)
    return return_building.Parsed(builder.returns(), source.sha256)


class _Source:
    """Lines of a file, decoded one by one, hashed and counted."""

    def __init__(
        self, file: IO[bytes], layout: return_layouts.Layout, errors: return_building.Errors
    ) -> None:
        self.file, self.layout, self.errors = file, layout, errors
        self.hash = hashlib.sha256()
        self.size = 0
        self.line = 0
        self.is_stopped = False

    @property
    def sha256(self) -> str:
        return self.hash.hexdigest()

    def __iter__(self) -> Iterator[str]:
        while not self.is_stopped and (content := self.file.readline(LINE_BYTES + 1)):
            self.line += 1
            self._count(content)
            if self.line == 1:
                content = content.removeprefix(b"\xef\xbb\xbf")
            if self.line == 1 and content.startswith(_UTF_16):
                self._stop(
                    f"it is UTF-16, not {self.layout.encoding}. Save the file so and send it again"
                )
            elif len(content) > LINE_BYTES:
                self._stop(f"it is longer than {LINE_BYTES:,} bytes: this is no file of rows")
            elif b"\0" in content:
                self._stop("a NUL character, which no text has. Save it as text and send it again")
            else:
                yield self._decoded(content)

    def _count(self, content: bytes) -> None:
        self.hash.update(content)
        self.size += len(content)
        if self.size > self.layout.bounds.bytes:
            self._stop(
                f"the file has more than {self.layout.bounds.bytes:,} bytes. Send it in parts"
            )

    def _stop(self, words: str) -> None:
        """What follows cannot be read."""
        self.errors.add(self.line, words)
        self.is_stopped = True

    def _decoded(self, content: bytes) -> str:
        try:
            return content.decode(self.layout.encoding)
        except UnicodeDecodeError as problem:
            self.errors.add(
                self.line,
                f"byte {problem.start + 1}, {content[problem.start]:#04x}, is not "
                f"{self.layout.encoding}. Save the file so and send it again",
            )
            return content.decode(self.layout.encoding, errors="replace")


class _Rows:
    """Reads rows into returns."""

    def __init__(
        self, source: _Source, reader: return_building.Reader, builder: return_building.Builder
    ) -> None:
        self.source, self.reader, self.builder = source, reader, builder
        self.layout, self.errors = reader.layout, reader.errors
        self.before: dict[str, str] | None = None
        self.is_begun = False
        self.count = 0
        self.width = 0

    def read(self) -> None:
        rows = self._cells()
        header = next(rows, None)
        if header is None:
            if not self.errors.count:
                self.errors.add(None, "the file is empty")
            return
        places = self._places(header[1])
        if not places:
            return
        trailer: tuple[int, Sequence[str]] | None = None
        for line, cells in rows:
            if trailer is not None:
                self.errors.add(
                    line, f"there are rows after {self.layout.trailer_word}, which ends a file"
                )
                return
            if self.layout.trailer_word and cells[0].strip() == self.layout.trailer_word:
                trailer = (line, cells)
                continue
            self.count += 1
            self._row(line, cells, places)
            if self.builder.is_full():
                return
        self._end(trailer)

    def _cells(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Give the rows that have anything in them, each with the line on which it begins."""
        lines = csv.reader(iter(self.source), delimiter=self.layout.delimiter, strict=True)
        line = 1
        try:
            for row in lines:
                if any(cell.strip() for cell in row):
                    yield line, row
                line = lines.line_num + 1
        except csv.Error as problem:
            self.errors.add(
                line,
                f"it cannot be read as cells ({problem}). Look there for a quotation mark that "
                "does not belong, or a cell that never ends",
            )
            self.source.is_stopped = True

    def _places(self, header: Sequence[str]) -> Mapping[str, int]:
        """Return where each of the file's columns stands; nothing where something is wrong."""
        named = [cell.strip() for cell in header]
        layout, found = self.layout, len(self.errors.words)
        if wanting := [each for each in layout.all_columns if each not in named
                       and each not in layout.optional]:  # fmt: skip
            shown = ", ".join(return_building.short(each) for each in named[:40])
            self.errors.add(1, f"there is no column {', '.join(wanting)}; there is {shown}")
        if doubled := sorted({each for each in named if each and named.count(each) > 1}):
            self.errors.add(1, f"the column {', '.join(doubled)} is there twice")
        for code, amount in layout.deductions:
            if (code in named) != (amount in named) and {code, amount} <= layout.optional:
                self.errors.add(1, f"of the columns {code} and {amount} only one is there")
        known = {*layout.all_columns, *layout.ignored, ""}
        if unread := [each for each in dict.fromkeys(named) if each not in known]:
            shown = ", ".join(f"“{return_building.short(each)}”" for each in unread[:20])
            self.errors.add(
                1,
                f"nobody reads the column {shown}: what it says would be lost. Take it out, or "
                "have the layout say that it is ignored",
            )
        self.width = len(named)
        if len(self.errors.words) > found:
            return {}
        return {each: named.index(each) for each in layout.all_columns if each in named}

    def _row(self, line: int, cells: Sequence[str], places: Mapping[str, int]) -> None:
        if len(cells) <= max(places.values()):
            self.errors.add(line, f"{len(cells)} cells, too few")
            return
        if any(each.strip() for each in cells[self.width :]):
            self.errors.add(line, f"{len(cells)} cells, more than the {self.width} columns")
            return
        named = {
            ours: cells[places[theirs]].strip()
            for ours, theirs in self.layout.columns.items()
            if theirs in places
        }
        self._begin(named, self._boxes(cells, places), line=line)
        self._line(line, cells, named, places)

    def _boxes(
        self, cells: Sequence[str], places: Mapping[str, int]
    ) -> Sequence[tuple[str, str, str]]:
        """Return key, column and text of each figure as filed of the whole return."""
        return [
            (key, column, cells[places[column]].strip())
            for key, column in self.layout.filed_in_boxes.items()
            if column in places
        ]

    def _begin(
        self, named: Mapping[str, str], boxes: Sequence[tuple[str, str, str]], *, line: int
    ) -> None:
        """Begin a return if the row is not of the one before; `is_begun` tells if it could be."""
        columns = self.layout.columns
        head = {columns[each]: named[each] for each in return_layouts.OF_RETURN if each in named}
        head |= {column: text for _, column, text in boxes}
        before = self.before
        if head == before:
            return
        if before is not None and self._key(head) == self._key(before):
            differ = ", ".join(name for name, said in head.items() if said != before[name])
            self.errors.add(line, f"{differ} is not as in the row before, of the same return")
            return
        self.before = head
        read = self.reader.head(named, line=line)
        form = self.reader.form(named.get("form"), line=line)
        as_filed = self.reader.filed(boxes, line=line)
        self.is_begun = read is not None and form is not None and as_filed is not None
        if read is not None and form is not None and as_filed is not None:
            self.builder.begin(read, line=line, form=form, as_filed=as_filed)

    def _key(self, head: Mapping[str, str]) -> tuple[str | None, ...]:
        """Return what tells a return from another: account, period, and whether it amends."""
        columns = self.layout.columns
        return tuple(
            head.get(columns.get(each, "")) for each in ("account", "starts_on", "is_amendment")
        )

    def _line(
        self, line: int, cells: Sequence[str], named: Mapping[str, str], places: Mapping[str, int]
    ) -> None:
        pairs = [
            (code, cells[places[code]].strip(), amount, cells[places[amount]].strip())
            for code, amount in self.layout.deductions
            if code in places
        ]
        filed = [
            (key, column, cells[places[column]].strip())
            for key, column in self.layout.filed_on_lines.items()
            if column in places
        ]
        said = [named[each] for each in return_layouts.OF_LINE]
        said += [named[each] for each in ("land", "units", "item_price") if each in named]
        said += [text for _, _, text in filed]
        if not any(said) and not any(code or amount for _, code, _, amount in pairs):
            # Nothing was sold: a return of no line.
            return
        deductions = [
            (
                self.reader.code(code_column, code, line=line),
                self.reader.amount(amount_column, amount, line=line),
            )
            for code_column, code, amount_column, amount in pairs
            if code or amount
        ]
        self._add(line, named, deductions, self.reader.filed(filed, line=line))

    def _add(
        self,
        line: int,
        named: Mapping[str, str],
        deductions: Sequence[tuple[str | None, int | None]],
        as_filed: return_building.Filed | None,
    ) -> None:
        """Add a line to the return that was begun, if everything of both could be read."""
        columns = self.layout.columns
        region = self.reader.code(columns["region"], named["region"], line=line)
        of_class = self.reader.code(columns["business_class"], named["business_class"], line=line)
        gross = self.reader.amount(columns["gross"], named["gross"], line=line)
        more = self.reader.more(named, as_filed or (), line=line)
        read = [(code, cents) for code, cents in deductions if code and cents is not None]
        if as_filed is None or more is None or len(read) != len(deductions):
            return
        if self.is_begun and region and of_class and gross is not None:
            self.builder.add_line(region, of_class, gross, read, line=line, more=more)

    def _end(self, trailer: tuple[int, Sequence[str]] | None) -> None:
        if not self.layout.trailer_word or self.source.is_stopped:
            return
        if trailer is None:
            self.errors.add(
                None,
                f"the last row does not begin with {self.layout.trailer_word}: the file was cut "
                "short. Fetch it again",
            )
            return
        line, cells = trailer
        said = cells[1].strip() if len(cells) > 1 else ""
        if said != str(self.count):
            self.errors.add(
                line,
                f"it counts {return_building.short(said) or 'nothing'}, the file has {self.count} "
                "rows: it was cut or changed. Fetch it again",
            )
