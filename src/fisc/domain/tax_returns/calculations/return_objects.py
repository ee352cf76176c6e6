"""Reading a JSON file of returns by its declared layout, return by return."""

from __future__ import annotations

import codecs
import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from fisc.domain.tax_returns.calculations import return_building, return_layouts

PIECE_BYTES = 1 << 20
# A return of the most lines is a tenth of this.
RETURN_CHARACTERS = 1 << 23
_SPACES = re.compile("[ \\t\\r\\n]*")


class _CannotBeRead(Exception):
    """What follows of a file is no JSON, or none that a file of returns has."""


def parse(
    file: IO[bytes], *, name: str, layout: return_layouts.Layout, today: datetime.date
) -> return_building.Parsed:
    """Read a file that came today, or say everything that is wrong with it. Raises FileIsRefused.

    Returns of which the file does not say when they were received came today.
    """
    errors = return_building.Errors()
    text = _Text(file, layout)
    builder = return_building.Builder(layout, errors)
    try:
        _File(text, return_building.Reader(layout, today, errors), builder).read()
    except _CannotBeRead as problem:
        errors.add(text.line, str(problem))
    errors.refuse(name)
    return return_building.Parsed(builder.returns(), text.hash.hexdigest())


class _Text:
    """A file's text as a window that moves on, with the line on which it begins."""

    def __init__(self, file: IO[bytes], layout: return_layouts.Layout) -> None:
        self.file, self.layout = file, layout
        self.hash = hashlib.sha256()
        self.decoder = codecs.getincrementaldecoder(layout.encoding)()
        self.size = 0
        self.window = ""
        # How far into the window it is taken, and the line of that place.
        self.at = 0
        self.line = 1
        self.is_ended = False

    def more(self) -> bool:
        """Read on; false at the end."""
        if self.is_ended:
            return False
        content = self.file.read(PIECE_BYTES)
        is_first = self.size == 0
        self.hash.update(content)
        self.size += len(content)
        if self.size > self.layout.bounds.bytes:
            most = self.layout.bounds.bytes
            raise _CannotBeRead(f"the file has more than {most:,} bytes. Send it in parts")
        self.is_ended = not content
        try:
            found = self.decoder.decode(content, final=self.is_ended)
        except UnicodeDecodeError as problem:
            self.line += self.window.count("\n", self.at)
            self.line += problem.object[: problem.start].count(b"\n")
            raise _CannotBeRead(
                f"a byte, {problem.object[problem.start]:#04x}, is not {self.layout.encoding}. "
                "Save the file so and send it again"
            ) from problem
        if "\0" in found:
            raise _CannotBeRead(
                "a NUL character, which no text has. Save it as text and send it again"
            )
        self.window = self.window[self.at :] + (found.removeprefix("\ufeff") if is_first else found)
        self.at = 0
        return not self.is_ended

    def next(self) -> str:
        """Return the next character that is no space, without taking it; "" at the end."""
        while True:
            found = _SPACES.match(self.window, self.at)
            assert found is not None, "no space at all matches too"
            self.take(found.end())
            if self.at < len(self.window) or not self.more():
                return self.window[self.at : self.at + 1]

    def take(self, end: int) -> None:
        """Move on to a place in the window."""
        self.line += self.window.count("\n", self.at, end)
        self.at = end

    def wants(self, *some: str) -> str:
        """Take one of some characters. Raises _CannotBeRead."""
        found = self.next()
        if found not in some or not found:
            wanted = " or ".join(f"“{each}”" for each in some)
            said = f"“{found}”" if found else "nothing"
            raise _CannotBeRead(
                f"{wanted} is wanted, {said} is there: the file is cut short, or no JSON"
            )
        self.take(self.at + 1)
        return found

    def value(self) -> Any:
        """Take one value: a text, a number, a list, an object. Raises _CannotBeRead."""
        self.next()
        while True:
            try:
                found, end = _DECODER.raw_decode(self.window, self.at)
            except json.JSONDecodeError as problem:
                if self._is_too_long() or not self.more():
                    self.line += problem.doc.count("\n", self.at, problem.pos)
                    raise _CannotBeRead(f"it is no JSON ({problem.msg})") from problem
            except _CannotBeRead:
                raise
            except (RecursionError, ValueError) as problem:
                raise _CannotBeRead("lists in lists or numbers too long for a return") from problem
            else:
                # A number at the end of the window may go on.
                if end < len(self.window) or not self.more():
                    self.take(end)
                    return found

    def _is_too_long(self) -> bool:
        return len(self.window) - self.at > RETURN_CHARACTERS


def _of_pairs(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _CannotBeRead(f"“{return_building.short(name)}” is there twice in one object")
        found[name] = value
    return found


def _refuse_constant(said: str) -> None:
    raise _CannotBeRead(f"{said} is no value of JSON")


# Numbers stay as they are written: no cent passes through a binary fraction.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_of_pairs,
    parse_float=str,
    parse_int=str,
    parse_constant=_refuse_constant,
)


class _File:
    """Reads the file's one object."""

    def __init__(
        self, text: _Text, reader: return_building.Reader, builder: return_building.Builder
    ) -> None:
        self.text, self.reader, self.builder = text, reader, builder
        self.layout, self.errors = reader.layout, reader.errors
        self.count = 0
        self.said_count: str | None = None
        self.has_returns = False

    def read(self) -> None:
        names = self.layout.names
        self.text.wants("{")
        if self.text.next() == "}":
            self.text.wants("}")
        else:
            while True:
                self._member(names)
                if self.builder.is_full() or self.text.wants(",", "}") == "}":
                    break
        if self.builder.is_full():
            return
        if self.text.next():
            raise _CannotBeRead("there is something after the end of the file's object")
        self._end(names)

    def _member(self, names: return_layouts.Names) -> None:
        line = self.text.line
        if self.text.next() != '"':
            raise _CannotBeRead("a name in quotation marks is wanted")
        name = self.text.value()
        self.text.wants(":")
        if name == names.returns and not self.has_returns:
            self.has_returns = True
            self._returns()
        elif name == names.count and self.said_count is None:
            self.said_count = _text(self.text.value())
        else:
            self.text.value()
            self.errors.add(
                line,
                f"“{return_building.short(name)}” is there twice, or is none of "
                f"“{names.returns}” and “{names.count}”",
            )

    def _returns(self) -> None:
        self.text.wants("[")
        if self.text.next() == "]":
            self.text.wants("]")
            return
        while True:
            self.text.next()
            line = self.text.line
            self.count += 1
            self._return(self.text.value(), line=line)
            if self.builder.is_full() or self.text.wants(",", "]") == "]":
                return

    def _return(self, said: Any, *, line: int) -> None:
        if not isinstance(said, Mapping):
            self.errors.add(line, "a return is an object, in braces")
            return
        columns, names = self.layout.columns, self.layout.names
        theirs = {each: columns[each] for each in return_layouts.OF_RETURN if each in columns}
        self._refuse_unknown(said, (*theirs.values(), names.lines, names.as_filed), line=line)
        named = {
            ours: _text(said.get(name)) if name in said else None for ours, name in theirs.items()
        }
        head = self.reader.head(
            named
            | {each: _text(said.get(columns[each])) or "" for each in ("account", "starts_on")},
            line=line,
        )
        form = self.reader.form(named.get("form"), line=line)
        as_filed = self._filed(said, line=line)
        lines = self._listed(said.get(names.lines), names.lines, line=line)
        read = [self._line(each, line=line) for each in lines]
        if head is None or form is None or as_filed is None:
            return
        self.builder.begin(head, line=line, place=self.count, form=form, as_filed=as_filed)
        for each in read:
            if each is not None:
                region, of_class, gross, deductions, more = each
                self.builder.add_line(region, of_class, gross, deductions, line=line, more=more)

    def _line(
        self, said: Any, *, line: int
    ) -> tuple[str, str, int, Sequence[tuple[str, int]], return_building.More] | None:
        columns, names = self.layout.columns, self.layout.names
        if not isinstance(said, Mapping):
            self.errors.add(line, "a line of a return is an object, in braces")
            return None
        theirs = [columns[each] for each in return_layouts.OF_LINE]
        others = {each: columns[each] for each in return_layouts.OF_LINE_MORE if each in columns}
        known = (*theirs, *others.values(), names.deductions, names.as_filed)
        self._refuse_unknown(said, known, line=line)
        region, of_class = (
            self.reader.code(each, _text(said.get(each)), line=line) for each in theirs[:2]
        )
        gross = self.reader.amount(theirs[2], _text(said.get(theirs[2])), line=line)
        as_filed = self._filed(said, line=line)
        besides = {ours: _text(said[name]) for ours, name in others.items() if name in said}
        more = self.reader.more(besides, as_filed or (), line=line)
        listed = self._listed(said.get(names.deductions), names.deductions, line=line)
        deductions = [self._deduction(each, line=line) for each in listed]
        read = [each for each in deductions if each is not None]
        if as_filed is None or more is None or len(read) != len(deductions):
            return None
        if region and of_class and gross is not None:
            return region, of_class, gross, read, more
        return None

    def _filed(self, said: Mapping[str, Any], *, line: int) -> return_building.Filed | None:
        """Read the figures as filed of a return or of a line; None where one is wrong."""
        names = self.layout.names
        if not names.as_filed:
            return ()
        listed = self._listed(said.get(names.as_filed), names.as_filed, line=line)
        found = [self._figure(each, line=line) for each in listed]
        read = [each for each in found if each is not None]
        keys = [key for key, _, _ in read]
        if doubled := sorted({each for each in keys if keys.count(each) > 1}):
            self.errors.add(line, f"the figure {', '.join(doubled)} is there twice")
            return None
        figures = self.reader.filed(read, line=line)
        return figures if len(read) == len(found) else None

    def _figure(self, said: Any, *, line: int) -> tuple[str, str, str] | None:
        """Return key, name and text of a figure as filed."""
        names = self.layout.names
        if not isinstance(said, Mapping):
            self.errors.add(line, "a figure as filed is an object, in braces")
            return None
        self._refuse_unknown(said, (names.key, names.amount), line=line)
        key, text = _text(said.get(names.key)) or "", _text(said.get(names.amount)) or ""
        if not return_layouts.KEY.fullmatch(key):
            self.errors.add(line, f"“{return_building.short(key)}” is no key of a form's figure")
            return None
        if not text:
            self.errors.add(line, f"the figure {key} has no {names.amount}")
            return None
        return key, f"{names.as_filed} {key}", text

    def _deduction(self, said: Any, *, line: int) -> tuple[str, int] | None:
        names = self.layout.names
        if not isinstance(said, Mapping):
            self.errors.add(line, "a deduction is an object, in braces")
            return None
        self._refuse_unknown(said, (names.code, names.amount), line=line)
        code = self.reader.code(names.code, _text(said.get(names.code)), line=line)
        cents = self.reader.amount(names.amount, _text(said.get(names.amount)), line=line)
        return None if code is None or cents is None else (code, cents)

    def _listed(self, said: Any, name: str, *, line: int) -> Sequence[Any]:
        if said is None or isinstance(said, list):
            return said or ()
        self.errors.add(line, f"“{name}” is a list, in brackets")
        return ()

    def _refuse_unknown(self, said: Mapping[str, Any], known: Sequence[str], *, line: int) -> None:
        """Refuse a name that nobody reads: an amount under it would be lost."""
        if unknown := [each for each in said if each not in known]:
            shown = ", ".join(f"“{return_building.short(each)}”" for each in unknown[:5])
            there = ", ".join(each for each in known if each)
            self.errors.add(line, f"{shown} is none of: {there}")

    def _end(self, names: return_layouts.Names) -> None:
        if not self.has_returns:
            self.errors.add(None, f"the file has no “{names.returns}”")
        elif self.said_count != str(self.count):
            self.errors.add(
                None,
                f"“{names.count}” is {return_building.short(self.said_count) or 'not there'}, the "
                f"file has {self.count} returns: it was cut or changed. Fetch it again",
            )


def _text(said: Any) -> str | None:
    """Return a value as a cell of a CSV file would have it."""
    if said is None:
        return None
    if isinstance(said, bool):
        return "true" if said else "false"
    return said.strip() if isinstance(said, str) else json.dumps(said)
