"""The steps that bring in the day's reads: files from the in-tray, then estimates."""

from __future__ import annotations

import datetime
import pathlib
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


def in_tray() -> pathlib.Path:
    """Return the folder where files of reads are put for the next run."""
    return pathlib.Path(settings.FISC_HOME) / "in" / "reads"


def waiting_files() -> Sequence[pathlib.Path]:
    """Return the files of reads that wait in the in-tray, in the order of their names."""
    return sorted(in_tray().glob("*.csv"))


def cut_files(_: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut the in-tray into its files."""
    return [pieces.Piece(subject={"file": path.name}) for path in waiting_files()]


def read_file(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Read in one file; a file that cannot be read becomes a work item that says what to do."""
    path = in_tray() / chunk.subject["file"]
    if not path.exists():
        # The run was killed after the file was put away and before its rows were kept.
        path = _put_away(chunk) / path.name
    content = path.read_bytes()
    try:
        imported = operations.import_reads_in_run(
            content=content,
            file_name=path.name,
            layout=_layout(),
            today=chunk.posting_day,
            at=chunk.instant,
            of=operations.OfRun(run_id=chunk.run_id, chunk=chunk.number),
        )
        counts = _counts(imported.counted_in, imported.posted, imported.refused)
    except (operations.FileWasReadBefore, read_files.FileIsRefused) as problem:
        _ask_for_another(chunk, why=str(problem))
        counts = {**_counts(0, 0, 0), "files_refused": 1}
    # Moved before the chunk is kept: killed between the two, the next start finds it there.
    _put_away(chunk).mkdir(parents=True, exist_ok=True)
    path.rename(_put_away(chunk) / path.name)
    return counts


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


def _ask_for_another(chunk: pieces.ClaimedChunk, *, why: str) -> None:
    name = chunk.subject["file"]
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind="read",
                reason="a file of reads was refused",
                cause_key=f"read file {name} on {chunk.posting_day}",
                subject_kind="read file",
                subject_id=chunk.number,
                due_on=chunk.posting_day,
                urgency=2,
                detail={
                    "file": name,
                    "words": f"{why} Nothing of it was kept. Ask for the file again and put it "
                    "in the in-tray; the next run takes it.",
                },
            )
        ],
        at=chunk.instant,
        posting_day=chunk.posting_day,
        run_id=chunk.run_id,
        chunk=chunk.number,
    )
