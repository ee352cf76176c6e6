"""Taking a file of returns in as a run: kept first, then part by part, killed or not."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procrastinate import exceptions
from procrastinate.contrib.django import app as jobs

from fisc.domain.tax_returns.calculations import many
from fisc.domain.tax_returns.operations import return_files
from fisc.domain.tax_returns.queries import return_files as queries
from fisc.plumbing.runs import engine, locks, operations, pieces, workers
from fisc.plumbing.runs import queries as runs

STEP = "file returns"
JOB = "fisc.take_return_file"


class AskedAlready(Exception):
    """A file was asked for, and no worker has begun with it yet."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file, and whether it had come in before."""

    file: queries.FileSeen
    came_before: bool
    run: runs.RunSeen | None


def take_file(
    of: many.Returns, *, arrived: return_files.Arrived, city: str, who: str,
    crew_size: int | None = None, watch: engine.Watch | None = None,
) -> Outcome:  # fmt: skip
    """Take the returns of a file in, or what is left of it if the same bytes came in before.

    Raises locks.RunIsHeld, engine.RunStopped and engine.TotalsDiffer.
    """
    try:
        file_id, came_before = return_files.keep_file(of, arrived=arrived), False
    except return_files.FileCameBefore as problem:
        file_id, came_before = problem.file_id, True
    return _run(file_id, came_before=came_before, city=city, who=who, crew_size=crew_size,
        watch=watch or engine.Unwatched())  # fmt: skip


def take_kept_file(
    file_id: int, *, city: str, who: str, crew_size: int | None = None,
    watch: engine.Watch | None = None,
) -> Outcome:  # fmt: skip
    """Take the returns of a file in that was kept before, or what is left of it.

    Raises queries.NoSuchFile, locks.RunIsHeld, engine.RunStopped and engine.TotalsDiffer.
    """
    return _run(file_id, came_before=True, city=city, who=who, crew_size=crew_size,
        watch=watch or engine.Unwatched())  # fmt: skip


def ask_for_file(*, file_id: int, user_id: int) -> int:
    """Ask the job workers to take a kept file in, and return the job's number.

    Asked again after it failed, it goes on where it was. Raises AskedAlready.
    """
    job = jobs.configure_task(JOB, queueing_lock=kind_of(file_id))
    try:
        return job.defer(file_id=file_id, user_id=user_id)
    except exceptions.AlreadyEnqueued as problem:
        raise AskedAlready(
            "The file was asked for already and waits for a worker. Is `fisc serve` running?"
        ) from problem


def run_of(file: queries.FileSeen) -> runs.RunSeen | None:
    """Return the run of a file; None while none was begun."""
    try:
        return runs.run_of_day(posting_day=file.posting_day, kind=kind_of(file.file_id))
    except runs.NoSuchRun:
        return None


def kind_of(file_id: int) -> str:
    """Return what the run of a file is called: each file has one of its own."""
    return f"return file {file_id}"


def _run(
    file_id: int, *, came_before: bool, city: str, who: str, crew_size: int | None,
    watch: engine.Watch,
) -> Outcome:  # fmt: skip
    file = queries.file(file_id)
    kind = kind_of(file_id)
    with locks.held(kind=kind, posting_day=file.posting_day) as holder:
        plans = [_plan(file_id)]
        started = operations.start_run(
            kind=kind,
            posting_day=file.posting_day,
            instant=file.received_at,
            steps=[plan.name for plan in plans],
            held_by=f"{who} (process {os.getpid()} on {socket.gethostname()})",
            started_by_id=file.received_by_id,
            city=city,
        )
        if started.status != "done":
            about = engine.RunOf(
                run_id=started.run_id,
                posting_day=file.posting_day,
                instant=started.instant,
                city=started.city,
            )
            with workers.crew(size=crew_size) as crew:
                engine.go_through(
                    engine.Engine(run=about, holder=holder, crew=crew, totals=_totals, watch=watch),
                    plans=plans,
                    again=f"fisc returns file {file.name}",
                )
    run = runs.run_of_day(posting_day=file.posting_day, kind=kind)
    return Outcome(queries.file(file_id), came_before, run)


def _plan(file_id: int) -> engine.StepPlan:
    return engine.StepPlan(
        name=STEP,
        words="Check, compute and post the returns of a file",
        cut=lambda _: queries.parts_of(file_id),
        work=take_part,
        agree=_agreed,
    )


def take_part(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Take in the part of a file that a chunk is about."""
    return return_files.take_part(
        file_id=chunk.subject["file_id"],
        bucket_from=chunk.bucket_from,
        run_id=chunk.run_id,
        chunk=chunk.number,
        posting_day=chunk.posting_day,
        at=chunk.instant,
    )


def _totals(run: engine.RunOf) -> engine.Totals:
    return queries.totals_of_run(run.run_id)


def _agreed(before: engine.Totals, after: engine.Totals, result: engine.Totals) -> Sequence[str]:
    """Agree that every return of the file was taken or held, and that the books have each."""
    differences = []
    names = ("returns", "taken", "held", "again")
    returns, taken, held, again = (result.get(name, 0) for name in names)
    if returns != taken + held + again:
        differences.append(
            f"{returns} returns came in, {taken} were taken, {held} held, {again} were here before"
        )
    grown = {name: after[name] - before[name] for name in after}
    if grown["returns"] != (together := result.get("taken_together", 0)):
        differences.append(f"{together} returns were taken together, {grown['returns']} are kept")
    if grown["tax_due_cents"] != grown["posted_cents"]:
        differences.append(
            f"tax due of {grown['tax_due_cents']} cents is kept, {grown['posted_cents']} posted"
        )
    return differences
