"""What the editor is given of a stored file, and whether it gives back the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from fisc.dmn import model as dmn
from fisc.dmn.xml import problems, reader, version_1_3

# More rows than a person edits one by one; a browser takes seconds to draw them.
LARGEST_FILE: Final = 1_000_000


@dataclasses.dataclass(frozen=True)
class Opening:
    """A file as the editor opens it, or in words why it does not."""

    document: str
    refused: tuple[str, ...] = ()
    # How many XML comments the stored file has, which the editor does not keep.
    comments: int = 0


def of_file(content: bytes, *, imported: Sequence[bytes] = ()) -> Opening:
    """Turn a stored file into what the editor opens; `imported` are the files it imports."""
    if len(content) > LARGEST_FILE:
        sizes = {"bytes": f"{len(content):,}", "most": f"{LARGEST_FILE:,}"}
        words = _("It has %(bytes)s bytes; the editor opens at most %(most)s.") % sizes
        return Opening(document="", refused=(words,))
    try:
        reader.read(content, imported=imported, is_strict=False)
        document = version_1_3.document(content)
        comments = version_1_3.comments(content)
    except problems.ModelIsRefused as refused:
        return Opening(document="", refused=tuple(str(each) for each in refused.problems))
    return Opening(document=document.decode("utf-8-sig"), comments=comments)


def differs(stored: bytes, given_back: bytes, *, imported: Sequence[bytes] = ()) -> str:
    """Say in words where a file that nobody changed came back saying something else, or nothing.

    Files are compared as they are read, with what cannot be read in them; the version they are
    written in and their drawings say nothing.
    """
    try:
        before, after = _said(stored, imported), _said(given_back, imported)
    except problems.ModelIsRefused as refused:
        return str(refused)
    for part in dataclasses.fields(dmn.Definitions):
        if part.compare and getattr(before, part.name) != getattr(after, part.name):
            return part.name.replace("_", " ")
    return ""


def _said(content: bytes, imported: Sequence[bytes]) -> dmn.Definitions:
    read = reader.read(content, imported=imported, is_strict=False)
    return dataclasses.replace(read.definitions, written_in="")
