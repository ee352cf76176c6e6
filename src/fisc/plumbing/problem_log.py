"""What broke, where support can find it: on standard error and in a file of the home folder.

A line names the page's address, the person's id and a reference; under it stand the places in the
code. What an error says in words is left out, since words of a database quote the row.
"""

from __future__ import annotations

import fcntl
import io
import logging
import os
import pathlib
import traceback
from collections.abc import Iterator
from logging import handlers
from types import TracebackType
from typing import Any

BYTES_A_FILE = 2_000_000
FILES_KEPT = 5

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def settings_of(home: pathlib.Path) -> dict[str, Any]:
    """Return Django's LOGGING for a home folder."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"problem": {"()": Formatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "problem"},
            "file": {"()": File, "path": home / "log" / "fisc.log", "formatter": "problem"},
        },
        "root": {"handlers": ["stderr", "file"], "level": "WARNING"},
        "loggers": {
            # A page that is not there is the visitor's affair, and who signed in badly is kept in
            # the database, by name; neither belongs here.
            "django.request": {"level": "ERROR"},
            "axes": {"level": "ERROR"},
            "django": {"handlers": [], "level": "WARNING"},
        },
    }


class Formatter(logging.Formatter):
    """Write a record with its page and reference, and errors without their words."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s%(about)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole text of a record."""
        request = getattr(record, "request", None)
        record.about = "" if request is None else _about(request)
        # Another handler may have kept the error with its words.
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging names it
        """Return the kinds of the errors and the places that they came through."""
        return "\n".join(_said(ei[1])) if ei[1] is not None else ""


class File(handlers.RotatingFileHandler):
    """A file that several processes write to, and of which old ones are kept a while."""

    def __init__(self, *, path: pathlib.Path) -> None:
        super().__init__(
            path, maxBytes=BYTES_A_FILE, backupCount=FILES_KEPT, encoding="utf-8", delay=True
        )

    def _open(self) -> io.TextIOWrapper:
        pathlib.Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, one process at a time, to the file that has the name now."""
        try:
            lock = pathlib.Path(f"{self.baseFilename}.lock")
            lock.parent.mkdir(parents=True, exist_ok=True)
            with lock.open("w") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                self._reopen_if_renamed()
                super().emit(record)
        except OSError:
            # A full disk must not turn one error into another.
            self.handleError(record)

    def _reopen_if_renamed(self) -> None:
        if self.stream is None:
            return
        try:
            now = pathlib.Path(self.baseFilename).stat()
        except FileNotFoundError:
            now = None
        mine = os.fstat(self.stream.fileno())
        if now is None or (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino):
            self.stream.close()
            self.stream = self._open()


def _about(request: Any) -> str:
    reference = getattr(request, "problem_reference", "")
    # Not `request.user`, which may ask the database that has just failed.
    person = getattr(vars(request).get("_cached_user"), "pk", None)
    return f" [reference {reference or 'none'}, {request.method} {request.path}, person {person}]"


def _said(problem: BaseException) -> Iterator[str]:
    cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if cause is not None:
        yield from _said(cause)
        yield "  which led to"
    kind = f"{type(problem).__module__}.{type(problem).__qualname__}"
    yield f"  {kind}{_constraint(problem)}"
    for frame in traceback.extract_tb(problem.__traceback__):
        yield f"    {frame.filename}:{frame.lineno} in {frame.name}"


def _constraint(problem: BaseException) -> str:
    """Return what of a database's error names no row: its code and its constraint."""
    found = getattr(problem, "diag", None)
    if found is None:
        return ""
    return f" {found.sqlstate or ''} {found.constraint_name or ''}".rstrip()
