"""Starting, resuming and closing runs and their steps."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from fisc.plumbing import transactions
from fisc.plumbing.runs import models, pieces, queries, stopwatch

RUNS_MAX = 1 << 20
CHUNKS_MAX = 1 << 12
STEP_BITS = 8


class StepsHaveChanged(Exception):
    """A run that was begun by another version of the program has other steps."""


class TooManyChunks(Exception):
    """A run has more chunks than its rows' identifiers have room for."""


class NothingToSign(Exception):
    """No step of the run waits for a signature."""


@dataclasses.dataclass(frozen=True)
class StartedRun:
    """A run that was begun now, or earlier with the instant of then."""

    run_id: int
    posting_day: datetime.date
    instant: datetime.datetime
    city: str
    status: str
    is_new: bool


@transactions.starts_transaction
def start_run(
    *,
    kind: str,
    posting_day: datetime.date,
    instant: datetime.datetime,
    steps: Sequence[str],
    held_by: str,
    started_by_id: int | None = None,
    city: str = "",
) -> StartedRun:
    """Begin a run, or take up the one of this kind and day that was begun before.

    Raises StepsHaveChanged.
    """
    with connection.cursor() as cursor:
        # One starter at a time, so that run numbers leave no gaps and a resumed run keeps its own.
        cursor.execute("select pg_advisory_xact_lock(hashtext('fisc run numbers'))")
    found = models.Run.objects.filter(kind=kind, posting_day=posting_day).order_by("-id").first()
    if found is None:
        run = _new_run(kind=kind, posting_day=posting_day, instant=instant, city=city, steps=steps)
        models.Run.objects.filter(id=run.id).update(started_by_id=started_by_id)
    else:
        run = found
        _refuse_changed_steps(run_id=run.id, steps=steps)
    if run.status != "done":
        models.Run.objects.filter(id=run.id).update(
            status="running", message="", held_by=held_by, held_since=stopwatch.Now()
        )
    return StartedRun(
        run_id=run.id,
        posting_day=posting_day,
        instant=run.instant,
        city=run.city,
        status=run.status,
        is_new=found is None,
    )


def _new_run(
    *,
    kind: str,
    posting_day: datetime.date,
    instant: datetime.datetime,
    city: str,
    steps: Sequence[str],
) -> models.Run:
    last = models.Run.objects.order_by("-id").values_list("id", flat=True).first()
    number = (last or 0) + 1
    assert number < RUNS_MAX, "run numbers have twenty bits"
    run = models.Run.objects.create(
        id=number, kind=kind, posting_day=posting_day, instant=instant, city=city
    )
    models.Step.objects.bulk_create(
        models.Step(id=step_id(run_id=number, ordinal=ordinal), run=run, ordinal=ordinal, name=name)
        for ordinal, name in enumerate(steps, start=1)
    )
    return run


def _refuse_changed_steps(*, run_id: int, steps: Sequence[str]) -> None:
    begun = list(
        models.Step.objects.filter(run_id=run_id).order_by("ordinal").values_list("name", flat=True)
    )
    if begun != list(steps):
        raise StepsHaveChanged(
            f"Run {run_id} was begun with the steps {', '.join(begun)}; this version of the "
            f"program has {', '.join(steps)}. Finish the run with the version that began it."
        )


def step_id(*, run_id: int, ordinal: int) -> int:
    """Return the identifier of a run's step; it holds both numbers, so no resume changes it."""
    return run_id << STEP_BITS | ordinal


@transactions.starts_transaction
def start_step(*, step_id: int, before: Mapping[str, int], cut: Sequence[pieces.Piece]) -> None:
    """Begin a step: keep what was counted before it, and fix its chunks.

    A step that was begun before keeps its first counts and its chunks. Raises TooManyChunks.
    """
    step = models.Step.objects.select_for_update().get(id=step_id)
    if step.started_at is None:
        models.Step.objects.filter(id=step_id).update(
            started_at=stopwatch.Now(), before=dict(before)
        )
        _plan(step=step, cut=cut)
    models.Step.objects.filter(id=step_id).update(status="running", message="")


def _plan(*, step: models.Step, cut: Sequence[pieces.Piece]) -> None:
    # The run's row keeps two plans of one run from taking the same numbers.
    models.Run.objects.select_for_update().get(id=step.run_id)
    first = models.Chunk.objects.filter(run_id=step.run_id).count()
    if first + len(cut) > CHUNKS_MAX:
        raise TooManyChunks(
            f"Step {step.name} would bring the run to {first + len(cut)} chunks; "
            f"a run has room for {CHUNKS_MAX}. Cut the step into larger ranges of accounts."
        )
    models.Chunk.objects.bulk_create(
        models.Chunk(
            id=step.run_id << 12 | number,
            run_id=step.run_id,
            step_id=step.id,
            number=number,
            bucket_from=piece.bucket_from,
            bucket_before=piece.bucket_before,
            subject=dict(piece.subject),
        )
        for number, piece in enumerate(cut, start=first)
    )


@transactions.needs_transaction
def claim_chunk(*, step_id: int) -> pieces.ClaimedChunk | None:
    """Lock a chunk that is not done, in the open transaction; None when all of them are done.

    Chunks that others work on are skipped first and waited for last: if their worker dies, the
    lock goes with its connection and the chunk is taken here.
    """
    waiting = (
        models.Chunk.objects.filter(step_id=step_id, status="waiting", step__status="running")
        .select_related("run")
        .order_by("number")
    )
    chunk = (
        waiting.select_for_update(skip_locked=True, of=("self",)).first()
        or waiting.select_for_update(of=("self",)).first()
    )
    if chunk is None:
        return None
    return queries.claimed(chunk)


@transactions.needs_transaction
def finish_chunk(*, run_id: int, number: int, result: Mapping[str, Any]) -> None:
    """Mark a claimed chunk done, in the transaction that wrote its rows."""
    models.Chunk.objects.filter(run_id=run_id, number=number).update(
        status="done", result=dict(result), done_at=stopwatch.Now()
    )


@transactions.starts_transaction
def finish_step(
    *, step_id: int, after: Mapping[str, int], status: str = "done", message: str = ""
) -> None:
    """Close a step with what was counted after it."""
    models.Step.objects.filter(id=step_id).update(
        status=status, after=dict(after), message=message, finished_at=stopwatch.Now()
    )


@transactions.starts_transaction
def stop_step(*, step_id: int, message: str) -> None:
    """Note why a step could not go on; its workers take no further chunk, and it can be resumed."""
    models.Step.objects.filter(id=step_id).exclude(status__in=("done", "differs")).update(
        status="stopped", message=message
    )


@transactions.starts_transaction
def sign_step(
    *, step_id: int, words: str, at: datetime.datetime, signed_by_id: int | None = None
) -> None:
    """Sign a step's totals, so that the next step may go on; raises NothingToSign.

    Without a person, it is the policy that signs, and the words say which.
    """
    signed = models.Step.objects.filter(id=step_id, signed_at=None).update(
        signed_by_id=signed_by_id, signed_words=words, signed_at=at
    )
    if not signed:
        raise NothingToSign("This step is signed already. See: fisc day status")


@transactions.starts_transaction
def refresh_statistics() -> int:
    """Have the planner know the tables that doubled; returns how many it looked at.

    A step's statements are planned for what the steps before it have written.
    """
    with connection.cursor() as cursor:
        cursor.execute("select runs_refresh_statistics()")
        (refreshed,) = cursor.fetchone()
    return int(refreshed)


@transactions.starts_transaction
def leave_run(*, run_id: int, status: str, message: str = "") -> None:
    """Note how a run was left: done, stopped, or waiting for a person."""
    models.Run.objects.filter(id=run_id).update(
        status=status, message=message, held_by="", held_since=None
    )
    if status == "done":
        models.Run.objects.filter(id=run_id, finished_at=None).update(finished_at=stopwatch.Now())
