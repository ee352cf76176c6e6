"""Reading a CSV file of returns by its declared layout, row by row, to everything wrong with it."""

from __future__ import annotations

import csv
import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from fisc.domain.tax_returns.calculations import return_building, return_layouts

# No row of a return is as long; a file without line ends would otherwise be read as one.
LINE_BYTES = 65_536


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
            if len(content) > LINE_BYTES:
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
        self.before: tuple[str | None, ...] | None = None
        self.is_begun = False
        self.count = 0

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
        """Return where each of the file's columns stands; nothing where one is not there."""
        named = [cell.strip() for cell in header]
        pairs = [each for pair in self.layout.deductions for each in pair]
        wanted = [*self.layout.columns.values(), *pairs]
        wrong = False
        if wanting := [each for each in wanted if each not in named]:
            shown = ", ".join(return_building.short(each) for each in named[:40])
            self.errors.add(1, f"there is no column {', '.join(wanting)}; there is {shown}")
            wrong = True
        if doubled := sorted({each for each in wanted if named.count(each) > 1}):
            self.errors.add(1, f"the column {', '.join(doubled)} is there twice")
            wrong = True
        return {} if wrong else {each: named.index(each) for each in wanted}

    def _row(self, line: int, cells: Sequence[str], places: Mapping[str, int]) -> None:
        if len(cells) <= max(places.values()):
            self.errors.add(line, f"{len(cells)} cells, too few")
            return
        named = {
            ours: cells[places[theirs]].strip() for ours, theirs in self.layout.columns.items()
        }
        head = tuple(named.get(each) for each in return_layouts.OF_RETURN)
        if self._begins(head, named, line=line):
            self._line(line, cells, named, places)

    def _begins(self, head: tuple[str | None, ...], named: Mapping[str, str], *, line: int) -> bool:
        """Begin a return if the row is not of the one before; tells whether one is begun."""
        if head == self.before:
            return self.is_begun
        if self.before is not None and _key(head) == _key(self.before):
            differ = ", ".join(
                self.layout.columns[name]
                for name, one, other in zip(
                    return_layouts.OF_RETURN, head, self.before, strict=True
                )
                if one != other
            )
            self.errors.add(line, f"{differ} is not as in the row before, of the same return")
            return self.is_begun
        self.before = head
        read = self.reader.head(named, line=line)
        self.is_begun = read is not None
        if read is not None:
            self.builder.begin(read, line=line)
        return self.is_begun

    def _line(
        self, line: int, cells: Sequence[str], named: Mapping[str, str], places: Mapping[str, int]
    ) -> None:
        pairs = [
            (code, cells[places[code]].strip(), amount, cells[places[amount]].strip())
            for code, amount in self.layout.deductions
        ]
        said = [named[each] for each in return_layouts.OF_LINE]
        if not any(said) and not any(code or amount for _, code, _, amount in pairs):
            # Nothing was sold: a return of no line.
            return
        columns = self.layout.columns
        region = self.reader.code(columns["region"], named["region"], line=line)
        of_class = self.reader.code(columns["business_class"], named["business_class"], line=line)
        gross = self.reader.amount(columns["gross"], named["gross"], line=line)
        deductions = [
            (
                self.reader.code(code_column, code, line=line),
                self.reader.amount(amount_column, amount, line=line),
            )
            for code_column, code, amount_column, amount in pairs
            if code or amount
        ]
        read = [(code, cents) for code, cents in deductions if code and cents is not None]
        if region and of_class and gross is not None and len(read) == len(deductions):
            self.builder.add_line(region, of_class, gross, read, line=line)

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


def _key(head: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return what tells a return from another: account, period, and whether it amends."""
    named = dict(zip(return_layouts.OF_RETURN, head, strict=True))
    return (named["account"], named["starts_on"], named["is_amendment"])
