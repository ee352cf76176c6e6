"""Keep the bytes of documents by their hash, in files: never in the database.

A file is written whole to a side name, flushed to the disk and then given its name, so a
reader finds all of it or nothing, however the writer died. Writing the same bytes twice is
harmless.
"""

import hashlib
import os
import pathlib
import tempfile


class DocumentIsMissing(Exception):
    """The database names a document that the store does not hold."""


class DocumentWasChanged(Exception):
    """The stored bytes are no longer those that were filed."""


class DocumentStoreIsFull(Exception):
    """The document could not be written."""


def keep(*, folder: pathlib.Path, content: bytes) -> str:
    """Store the bytes and give their sha-256 in hex, the name to ask for them by."""
    sha256 = hashlib.sha256(content).hexdigest()
    there = place(folder=folder, sha256=sha256)
    if there.exists():
        return sha256
    try:
        _write_whole(there, content)
    except OSError as problem:
        raise DocumentStoreIsFull(
            f"The document could not be kept in {folder}: {problem.strerror}. "
            "Free some space or give Fisc another folder, then ask for the document again."
        ) from problem
    return sha256


def fetch(*, folder: pathlib.Path, sha256: str) -> bytes:
    """Give the bytes as they were filed, proved by their hash."""
    try:
        content = place(folder=folder, sha256=sha256).read_bytes()
    except FileNotFoundError as problem:
        raise DocumentIsMissing(
            f"Document {sha256[:12]}… is not in {folder}. Restore the document store from "
            "the backup of the same day as the database."
        ) from problem
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DocumentWasChanged(
            f"Document {sha256[:12]}… in {folder} was changed after it was filed. "
            "Restore it from a backup and find out who wrote there."
        )
    return content


def place(*, folder: pathlib.Path, sha256: str) -> pathlib.Path:
    """Say where bytes of a hash are, or would be, kept."""
    return folder / sha256[:2] / sha256[2:4] / sha256


def _write_whole(place: pathlib.Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, side_name = tempfile.mkstemp(dir=place.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        pathlib.Path(side_name).replace(place)
    except BaseException:
        pathlib.Path(side_name).unlink(missing_ok=True)
        raise
    _flush_folder(place.parent)


def _flush_folder(folder: pathlib.Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
