"""Replacements of stretches of bytes, collected and then made at once."""

from __future__ import annotations

import re
from typing import Final
from xml.sax import saxutils

from fisc.dmn.editing import spans

_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def unwritable(text: str) -> str:
    """Say what XML cannot hold of a text; nothing for almost every text."""
    found = _UNWRITABLE.search(text)
    return "" if found is None else f"The character {found[0]!r} cannot be written in a file."


def escaped(text: str) -> str:
    """A text as it is written between tags."""
    return saxutils.escape(text, {"\r": "&#13;"})


class Splices:
    """Replacements in one file; none may overlap another."""

    def __init__(self, document: spans.Document, *, within: tuple[int, int] | None = None) -> None:
        self.document = document
        self.within = within or (0, len(document.content))
        self._made: dict[tuple[int, int], bytes] = {}

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text, escaped where it must be, in the place of some bytes."""
        # What the encoding lacks is written as a reference, as XML allows between tags.
        self.replace_bytes(start, end, text.encode(self.document.encoding, "xmlcharrefreplace"))

    def replace_bytes(self, start: int, end: int, content: bytes) -> None:
        """Put bytes in the place of others."""
        self._made[start, end] = self._made.get((start, end), b"") + content

    def put_inside(self, span: spans.Span, inner: str, *, at: int | None = None) -> None:
        """Add inside an element, before its closing tag unless a place is given."""
        if span.is_closed_at_once:
            # <name/> becomes <name>…</name>.
            name = self.document.raw_name(span)
            self.replace(span.opened - 2, span.opened, f">{inner}</{name}>")
        else:
            place = span.closing if at is None else at
            self.replace(place, place, inner)

    def set_text(self, holder: spans.Span, text: str) -> None:
        """Write the <text> of a cell or formula, unless it says that already."""
        found = holder.child("text")
        if found is None:
            prefix = self.document.prefix(holder)
            first = self._after_description(holder)
            inner = f"<{prefix}text>{escaped(text)}</{prefix}text>"
            self.put_inside(holder, inner, at=first)
        elif found.text != text:
            self._set_content(found, text)

    def set_description(self, element: spans.Span, text: str) -> None:
        """Write the description of an element, unless it says that already."""
        found = element.child("description")
        if found is not None:
            if found.text.strip() != text.strip():
                self._set_content(found, text)
        elif text.strip():
            name = f"{self.document.prefix(element)}description"
            lead = leading_space(self.document, element)
            inner = f"{lead}<{name}>{escaped(text)}</{name}>"
            self.put_inside(element, inner, at=element.opened)

    def joined(self) -> bytes:
        """Return the file, or the stretch of it that was asked for, with the replacements made."""
        at, stop = self.within
        pieces: list[bytes] = []
        for (start, end), content in sorted(self._made.items()):
            assert at <= start <= end <= stop, "two changes of a file overlap"
            pieces += [self.document.content[at:start], content]
            at = end
        return b"".join([*pieces, self.document.content[at:stop]])

    def _set_content(self, span: spans.Span, text: str) -> None:
        if span.is_closed_at_once:
            self.put_inside(span, escaped(text))
        else:
            self.replace(span.opened, span.closing, escaped(text))

    def _after_description(self, holder: spans.Span) -> int | None:
        before = [*holder.children("description", "extensionElements")]
        return before[-1].end if before else None


def leading_space(document: spans.Document, element: spans.Span) -> str:
    """The white space before the first element inside another; empty where there is none."""
    if not element.inner:
        return ""
    between = document.content[element.opened : element.inner[0].start]
    return between.decode(document.encoding) if not between.strip() else ""
