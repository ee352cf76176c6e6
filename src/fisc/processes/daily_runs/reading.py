"""The steps that bring in the day's reads: files from the in-tray, then estimates."""

from __future__ import annotations

import datetime
import pathlib
import stat
import tomllib
from collections.abc import Mapping, Sequence

from django.conf import settings

from fisc.domain.utilities.calculations import read_files
from fisc.domain.utilities.operations import estimates
from fisc.domain.utilities.operations import reads as operations
from fisc.domain.utilities.queries import cycles
from fisc.domain.work_items import operations as work_items
from fisc.plumbing.runs import engine, pieces

LAYOUT = "layouts/reads.toml"
# In large letters or small: what comes from other systems has either.
SUFFIX = ".csv"
REFUSED = "a file of reads was refused"
CAME_TWICE = "a file of reads came twice"
_PUT_IT_THERE = "Put the file itself in the in-tray; the next day's run takes it."


class FileCannotBeTaken(Exception):
    """What was planned as a file of reads is no file, cannot be opened, or is gone."""


def in_tray() -> pathlib.Path:
    """Return the folder where files of reads are put for the next run."""
    return pathlib.Path(settings.FISC_HOME) / "in" / "reads"


def waiting_files() -> Sequence[pathlib.Path]:
    """Return the files of reads that wait in the in-tray, in the order of their names."""
    return [path for path in _named_as_reads() if _is_plain_file(path)]


def cut_files(_: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut the in-tray into what is named as a file of reads, whether it can be read or not."""
    return [pieces.Piece(subject={"file": _shown(path)}) for path in _named_as_reads()]


def read_file(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Read in one file; a file that cannot be read becomes a work item that says what to do."""
    try:
        path = _found(chunk)
        content = _content(path)
    except FileCannotBeTaken as problem:
        _ask_for_another(chunk, reason=REFUSED, words=f"{problem} {_PUT_IT_THERE}")
        return {**_counts(0, 0, 0), "files_refused": 1}
    counts = _read_in(chunk, content=content)
    if path.parent != _put_away(chunk):
        # Moved before the chunk is kept: killed between the two, the next start finds it there.
        _put_away(chunk).mkdir(parents=True, exist_ok=True)
        path.rename(_put_away(chunk) / path.name)
    return counts


def _read_in(chunk: pieces.ClaimedChunk, *, content: bytes) -> Mapping[str, int]:
    try:
        imported = operations.import_reads_in_run(
            content=content,
            file_name=chunk.subject["file"],
            layout=_layout(),
            today=chunk.posting_day,
            at=chunk.instant,
            of=operations.OfRun(run_id=chunk.run_id, chunk=chunk.number),
        )
    except operations.FileWasReadBefore as problem:
        words = f"{problem} Nothing is to be done; close this item."
        _ask_for_another(chunk, reason=CAME_TWICE, words=words)
    except read_files.FileIsRefused as problem:
        words = f"{problem} Ask for the file again. {_PUT_IT_THERE}"
        _ask_for_another(chunk, reason=REFUSED, words=words)
    else:
        return _counts(imported.counted_in, imported.posted, imported.refused)
    return {**_counts(0, 0, 0), "files_refused": 1}


def counted_in(before: engine.Totals, after: engine.Totals, result: engine.Totals) -> Sequence[str]:
    """Agree that every row of every file was posted or refused."""
    rows, posted = result.get("rows", 0), result.get("posted", 0)
    refused = result.get("refused", 0)
    if rows == posted + refused:
        return []
    return [f"{rows} rows came in, {posted} were posted and {refused} refused"]


def cut_cycles(run: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut the cycles that are billed on the day into ranges of accounts."""
    cut: list[pieces.Piece] = []
    for cycle in cycles.billed_on(bill_day=run.posting_day):
        about = {"cycle_id": cycle.cycle_id, "read_day": cycle.read_day.isoformat()}
        accounts = cycles.accounts_of(cycle_id=cycle.cycle_id)
        cut.extend(pieces.bucket_ranges(accounts=accounts, subject=about))
    return cut


def estimate(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Estimate the reads that a range of accounts lacks."""
    done = estimates.estimate_missing(
        cycle_id=chunk.subject["cycle_id"],
        read_day=datetime.date.fromisoformat(chunk.subject["read_day"]),
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        run_id=chunk.run_id,
        chunk=chunk.number,
        at=chunk.instant,
    )
    return {"estimated": done.estimated, "not_estimated": done.not_estimated}


def _put_away(chunk: pieces.ClaimedChunk) -> pathlib.Path:
    return in_tray() / "done" / chunk.posting_day.isoformat()


def _layout() -> read_files.Layout:
    declared = (pathlib.Path(settings.FISC_CITY) / LAYOUT).read_text(encoding="utf-8")
    return read_files.layout_of(tomllib.loads(declared))


def _counts(rows: int, posted: int, refused: int) -> Mapping[str, int]:
    return {"rows": rows, "posted": posted, "refused": refused}


def _named_as_reads() -> Sequence[pathlib.Path]:
    return sorted(path for path in in_tray().glob("*") if path.suffix.lower() == SUFFIX)


def _is_plain_file(path: pathlib.Path) -> bool:
    # Asked of the entry itself: a link may lead out of the tray, so none is followed.
    return stat.S_ISREG(path.lstat().st_mode)


def _shown(path: pathlib.Path) -> str:
    """Return a file's name as text that can be kept, whatever bytes it is made of."""
    return path.name.encode("utf-8", "backslashreplace").decode()


def _found(chunk: pieces.ClaimedChunk) -> pathlib.Path:
    """Return where a planned file is now: put away by a run that was killed then, or in the tray.

    Raises FileCannotBeTaken.
    """
    name = chunk.subject["file"]
    for place in (_put_away(chunk), in_tray()):
        for path in place.glob("*"):
            if _shown(path) == name:
                return path
    raise FileCannotBeTaken(f"{name} waited when the run began and is gone from the in-tray.")


def _content(path: pathlib.Path) -> bytes:
    name = _shown(path)
    try:
        if not _is_plain_file(path):
            raise FileCannotBeTaken(f"{name} is a folder or a link, not a file; it was not opened.")
        return path.read_bytes()
    except OSError as problem:
        raise FileCannotBeTaken(f"{name} cannot be read: {problem.strerror}.") from problem


def _ask_for_another(chunk: pieces.ClaimedChunk, *, reason: str, words: str) -> None:
    name = chunk.subject["file"]
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind="read",
                reason=reason,
                cause_key=f"read file {name[:150]} on {chunk.posting_day}",
                subject_kind="read file",
                subject_id=chunk.number,
                due_on=chunk.posting_day,
                urgency=2,
                detail={"file": name, "words": words},
            )
        ],
        at=chunk.instant,
        posting_day=chunk.posting_day,
        run_id=chunk.run_id,
        chunk=chunk.number,
    )
