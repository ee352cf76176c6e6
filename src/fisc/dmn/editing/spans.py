"""Where each element of a file stands, by byte, so that one can be changed and the rest kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from fisc.dmn.model import Place
from fisc.dmn.xml import source
from fisc.dmn.xml.problems import Problem, UnreadableXml

# Encodings whose bytes below 128 are ASCII, so that a splice can be made without reading a page.
ENCODINGS: Final = {
    "utf-8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
}

_START_TAG: Final = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_RAW_NAME: Final = re.compile(rb"<([^\s/>]+)")


@dataclass(slots=True, eq=False)
class Span:
    """An element: its tags are `start` to `opened` and `closing` to `end`."""

    namespace: str
    name: str
    attributes: dict[str, str]
    line: int
    start: int
    opened: int
    closing: int = 0
    end: int = 0
    # Written <name/>: it has no place inside until it is opened.
    is_closed_at_once: bool = False
    text: str = ""
    inner: list[Span] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The local name of a DMN element; empty for an element of another namespace."""
        return self.name if self.namespace in source.NAMESPACES else ""

    def children(self, *names: str) -> Iterator[Span]:
        """Yield the DMN elements of these names directly inside."""
        return (each for each in self.inner if each.local in names)

    def child(self, name: str) -> Span | None:
        """Return the first DMN element of this name directly inside, if any."""
        return next(self.children(name), None)

    def child_text(self, name: str) -> str:
        """Return the text of a child; empty where there is none."""
        found = self.child(name)
        return found.text if found else ""

    def walk(self) -> Iterator[Span]:
        """Yield this element and everything inside, as written."""
        waiting = [self]
        while waiting:
            here = waiting.pop()
            yield here
            waiting.extend(reversed(here.inner))


@dataclass(frozen=True, slots=True)
class Document:
    """A file with the places of its elements."""

    content: bytes
    encoding: str
    root: Span

    def raw_name(self, span: Span) -> str:
        """The name of an element as written, with its prefix."""
        match = _RAW_NAME.match(self.content, span.start)
        assert match is not None, "an element starts with its name"
        return match[1].decode(self.encoding)

    def prefix(self, span: Span) -> str:
        """The prefix of an element as written, with its colon; empty for most."""
        prefix, colon, _ = self.raw_name(span).rpartition(":")
        return prefix + colon


def document(content: bytes) -> Document:
    """Open a file safely and find its elements. Raises UnreadableXml."""
    opened = source.root(content)
    declared: object = opened.getroottree().docinfo.encoding
    encoding = ENCODINGS.get(str(declared or "utf-8").lower())
    if encoding is None:
        words = (
            f"It is written in {declared}, where nothing can be changed in place: save it as UTF-8."
        )
        raise UnreadableXml([Problem(Place("the file"), words)])
    return Document(content, encoding, _Reading(content).root())


class _Reading:
    """Reads a file that was found safe and well-formed before."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.open: list[Span] = []
        self.first: Span | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def root(self) -> Span:
        try:
            self.parser.Parse(self.content, True)  # noqa: FBT003 - expat takes it by place only
        except expat.ExpatError as problem:
            words = f"It is not well-formed XML: {expat.ErrorString(problem.code)}."
            place = Place("the file", problem.lineno)
            raise UnreadableXml([Problem(place, words)]) from problem
        assert self.first is not None, "a well-formed file has an element"
        return self.first

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        at = self.parser.CurrentByteIndex
        match = _START_TAG.match(self.content, at)
        assert match is not None, "an element starts with a tag"
        span = Span(
            namespace=namespace,
            name=name,
            attributes=attributes,
            line=self.parser.CurrentLineNumber,
            start=at,
            opened=match.end(),
            is_closed_at_once=match[0].endswith(b"/>"),
        )
        if self.open:
            self.open[-1].inner.append(span)
        else:
            self.first = span
        self.open.append(span)

    def _end(self, _tag: str) -> None:
        span = self.open.pop()
        if span.is_closed_at_once:
            span.closing = span.end = span.opened
        else:
            span.closing = self.parser.CurrentByteIndex
            span.end = self.content.index(b">", span.closing) + 1

    def _characters(self, text: str) -> None:
        self.open[-1].text += text
