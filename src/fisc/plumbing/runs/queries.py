"""What is known of runs, for pages, commands and the steps themselves."""

from __future__ import annotations

import collections
import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from django.db.models import Count, Q

from fisc.plumbing.runs import models, pieces


class NoSuchRun(Exception):
    """There is no run of this day."""


@dataclasses.dataclass(frozen=True)
class StepSeen:
    """A step as pages and commands show it."""

    step_id: int
    ordinal: int
    name: str
    status: str
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    before: Mapping[str, int]
    after: Mapping[str, int]
    result: Mapping[str, int]
    message: str
    chunks: int
    chunks_done: int
    signed_words: str
    signed_by_id: int | None
    signed_at: datetime.datetime | None

    @property
    def seconds(self) -> float | None:
        """Return how long the step took, from its first start to its end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


@dataclasses.dataclass(frozen=True)
class RunSeen:
    """A run with its steps in order."""

    run_id: int
    kind: str
    posting_day: datetime.date
    status: str
    instant: datetime.datetime
    finished_at: datetime.datetime | None
    message: str
    city: str
    held_by: str
    held_since: datetime.datetime | None
    started_by_id: int | None
    steps: Sequence[StepSeen]


def run_of_day(*, posting_day: datetime.date, kind: str = "day") -> RunSeen:
    """Return a day's run; raises NoSuchRun."""
    found = models.Run.objects.filter(kind=kind, posting_day=posting_day).order_by("-id").first()
    if found is None:
        raise NoSuchRun(
            f"No {kind} run of {posting_day} was begun. "
            f"Begin it with: fisc day run --date {posting_day}"
        )
    return _seen(found, steps=steps_of(run_id=found.id))


def latest_runs(*, kind: str = "day", limit: int = 60) -> Sequence[RunSeen]:
    """Return the latest runs without their steps, the newest day first."""
    found = models.Run.objects.filter(kind=kind).order_by("-posting_day", "-id")[:limit]
    return [_seen(run, steps=()) for run in found]


def steps_of(*, run_id: int) -> Sequence[StepSeen]:
    """Return the steps of a run in order, with their chunks counted and their results summed."""
    results = results_by_step(run_id=run_id)
    found = models.Step.objects.filter(run_id=run_id).order_by("ordinal")
    counts = {
        step_id: (chunks, done)
        for step_id, chunks, done in models.Chunk.objects.filter(run_id=run_id)
        .values("step_id")
        .annotate(chunks=Count("id"), done=Count("id", Q(status="done")))
        .values_list("step_id", "chunks", "done")
    }
    return [
        StepSeen(
            step_id=step.id,
            ordinal=step.ordinal,
            name=step.name,
            status=step.status,
            started_at=step.started_at,
            finished_at=step.finished_at,
            before=step.before,
            after=step.after,
            result=results.get(step.id, {}),
            message=step.message,
            chunks=counts.get(step.id, (0, 0))[0],
            chunks_done=counts.get(step.id, (0, 0))[1],
            signed_words=step.signed_words,
            signed_by_id=step.signed_by_id,
            signed_at=step.signed_at,
        )
        for step in found
    ]


def step(*, step_id: int) -> StepSeen:
    """Return one step as it stands now."""
    run_id = models.Step.objects.values_list("run_id", flat=True).get(id=step_id)
    return next(seen for seen in steps_of(run_id=run_id) if seen.step_id == step_id)


def results_by_step(*, run_id: int) -> Mapping[int, Mapping[str, int]]:
    """Return the sum of the whole numbers in the results of each step's chunks."""
    sums: dict[int, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    done = models.Chunk.objects.filter(run_id=run_id, status="done")
    for step_id, result in done.values_list("step_id", "result"):
        sums[step_id].update({k: v for k, v in result.items() if isinstance(v, int)})
    return {step_id: dict(counter) for step_id, counter in sums.items()}


def chunks_done(*, step_id: int) -> int:
    """Return how many chunks of a step are done."""
    return models.Chunk.objects.filter(step_id=step_id, status="done").count()


def chunks_waiting(*, step_id: int) -> int:
    """Return how many chunks of a step are not done."""
    return models.Chunk.objects.filter(step_id=step_id, status="waiting").count()


def waiting_chunk(*, step_id: int, lane: int | None = None) -> pieces.ClaimedChunk | None:
    """Return the first chunk of a step, or of one of its lanes, that is not done, unlocked.

    None when all are done, and while the step was stopped.
    """
    waiting = models.Chunk.objects.filter(step_id=step_id, status="waiting", step__status="running")
    if lane is not None:
        waiting = waiting.filter(subject__lane=lane)
    chunk = waiting.select_related("run").order_by("number").first()
    if chunk is None:
        return None
    return claimed(chunk)


def claimed(chunk: models.Chunk) -> pieces.ClaimedChunk:
    """Return a chunk, fetched with its run, as its work is told of it."""
    return pieces.ClaimedChunk(
        run_id=chunk.run_id,
        number=chunk.number,
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        subject=chunk.subject,
        posting_day=chunk.run.posting_day,
        instant=chunk.run.instant,
        city=chunk.run.city,
    )


def _seen(run: models.Run, *, steps: Sequence[StepSeen]) -> RunSeen:
    return RunSeen(
        run_id=run.id,
        kind=run.kind,
        posting_day=run.posting_day,
        status=run.status,
        instant=run.instant,
        finished_at=run.finished_at,
        message=run.message,
        city=run.city,
        held_by=run.held_by,
        held_since=run.held_since,
        started_by_id=run.started_by_id,
        steps=steps,
    )
