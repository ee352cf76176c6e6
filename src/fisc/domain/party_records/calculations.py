"""What a file that somebody hands in is, by its bytes; and how its name is kept."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: A scan of a lease in color has a few million; more is refused before it fills the store.
BYTES_MAX: Final = 10 * 1024 * 1024
NAME_MAX: Final = 120

_BEGINNINGS: Final = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
_ENDINGS: Final = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
_NOT_OF_A_NAME = re.compile(r"[^\w .()\-]+")


class FileIsWrong(Exception):
    """A file that was handed in is empty, too large, or of no kind that is kept."""


def file_kind(content: bytes) -> str:
    """Return what a file is by how it begins, whatever its name says. Raises FileIsWrong."""
    if not content:
        raise FileIsWrong("The file is empty. Choose it again.")
    if len(content) > BYTES_MAX:
        raise FileIsWrong(
            f"The file has {len(content) / 1024**2:.1f} MB; {BYTES_MAX // 1024**2} MB is the most. "
            "Scan it with fewer dots per inch, or in parts."
        )
    for kind, beginning in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    raise FileIsWrong("The file is no PDF, PNG or JPEG. Save or scan it as a PDF.")


def kept_name(name: str, *, kind: str) -> str:
    """Return a file's name without folders, signs of markup or a false ending."""
    ending = _ENDINGS[kind]
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = bare.rpartition(".")[0] or bare
    clean = " ".join(_NOT_OF_A_NAME.sub(" ", stem).split()).strip(". ")
    return f"{clean[: NAME_MAX - len(ending)] or 'paper'}{ending}"
