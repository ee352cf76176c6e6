"""Going through a run's steps in order, whatever they are."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import psycopg
from django import db

from fisc.plumbing.runs import locks, operations, pieces, queries, workers

Totals = Mapping[str, int]
# Given what was counted before and after a step and what its chunks gave, names what differs.
Agreement = Callable[[Totals, Totals, Totals], Sequence[str]]
# Given the results of the steps done so far, by name; gives the words of the policy that signs,
# or an empty text when a person must.
Signing = Callable[[datetime.date, Mapping[str, Totals]], str]


class RunStopped(Exception):
    """A run could not go on; what was committed is kept and the same command goes on from it."""


class TotalsDiffer(RunStopped):
    """What a step counted before, after and in its chunks does not agree."""


@dataclasses.dataclass(frozen=True)
class RunOf:
    """What the planning of a step is told about its run."""

    run_id: int
    posting_day: datetime.date
    instant: datetime.datetime
    city: str


# Given the run and the results of its steps so far, this one among them; names what differs.
Comparison = Callable[[RunOf, Mapping[str, Totals]], Sequence[str]]


@dataclasses.dataclass(frozen=True)
class StepPlan:
    """A step: its name, its words for people, how it is cut, what a chunk does, what must agree."""

    name: str
    words: str
    cut: Callable[[RunOf], Sequence[pieces.Piece]]
    work: pieces.Work
    agree: Agreement
    # Its work keeps transactions of its own and is harmless when done twice.
    is_alone: bool = False
    # Such a step's chunks may say which lane they are of; lanes go on side by side.
    lanes: int = 1
    signs: Signing | None = None
    compare: Comparison | None = None


class Watch(Protocol):
    """Whoever looks on: a terminal's progress bars, a log, or nobody."""

    def step_begins(self, plan: StepPlan, *, chunks: int, done: int) -> None: ...
    def chunks_done(self, plan: StepPlan, *, done: int) -> None: ...
    def step_ends(self, plan: StepPlan, *, status: str, result: Totals) -> None: ...


class Unwatched:
    """Nobody looks on."""

    def step_begins(self, plan: StepPlan, *, chunks: int, done: int) -> None:
        """Say nothing."""

    def chunks_done(self, plan: StepPlan, *, done: int) -> None:
        """Say nothing."""

    def step_ends(self, plan: StepPlan, *, status: str, result: Totals) -> None:
        """Say nothing."""


@dataclasses.dataclass(frozen=True)
class Engine:
    """What every step of one run needs."""

    run: RunOf
    holder: locks.Holder
    crew: workers.Crew
    totals: Callable[[RunOf], Totals]
    watch: Watch
    # What was counted after the step before: nobody else writes rows of this run in between.
    counted: list[Totals] = dataclasses.field(default_factory=list)


def go_through(engine: Engine, *, plans: Sequence[StepPlan], again: str) -> str:
    """Do the steps that are not done, in order; returns "done" or "waiting" (for a signature).

    `again` is the command that goes on. Raises RunStopped, and TotalsDiffer when counts differ.
    """
    for ordinal, plan in enumerate(plans, start=1):
        step_id = operations.step_id(run_id=engine.run.run_id, ordinal=ordinal)
        try:
            status = _do_step(engine, plan=plan, step_id=step_id)
        except TotalsDiffer as problem:
            operations.leave_run(run_id=engine.run.run_id, status="stopped", message=str(problem))
            raise
        except Exception as problem:
            words = f"Step {plan.name} stopped. {in_words(problem)} Go on with: {again}"
            _note_stop(run_id=engine.run.run_id, step_id=step_id, words=words)
            raise RunStopped(words) from problem
        if status == "to sign":
            operations.leave_run(run_id=engine.run.run_id, status="waiting")
            return "waiting"
    operations.leave_run(run_id=engine.run.run_id, status="done")
    return "done"


def in_words(problem: BaseException) -> str:
    """Return what went wrong in words for whoever runs the city's computer."""
    causes: list[BaseException | None] = [problem, problem.__cause__, problem.__context__]
    if any(isinstance(cause, psycopg.errors.DiskFull) for cause in causes):
        return (
            "The disk that holds the database is full. Nothing of the last chunk was kept. "
            "Free some space."
        )
    if isinstance(problem, db.OperationalError | db.InterfaceError | psycopg.OperationalError):
        return (
            f"The database stopped answering ({str(problem).strip()}). What was committed is kept."
        )
    return str(problem) or type(problem).__name__


def _do_step(engine: Engine, *, plan: StepPlan, step_id: int) -> str:
    """Do one step, or what is left of it; returns its status."""
    engine.holder.check()
    seen = queries.step(step_id=step_id)
    if seen.status == "done":
        return "done"
    if seen.status != "to sign":
        if seen.started_at is None:
            before = engine.counted[-1] if engine.counted else engine.totals(engine.run)
            cut = plan.cut(engine.run)
        else:
            before, cut = {}, ()
        operations.start_step(step_id=step_id, before=before, cut=cut)
        seen = queries.step(step_id=step_id)
        engine.watch.step_begins(plan, chunks=seen.chunks, done=seen.chunks_done)
        engine.crew.work_step(
            step_id=step_id,
            work=plan.work,
            progress=lambda done: engine.watch.chunks_done(plan, done=done),
            is_alone=plan.is_alone,
            lanes=plan.lanes,
        )
    return _close_step(engine, plan=plan, step_id=step_id)


def _close_step(engine: Engine, *, plan: StepPlan, step_id: int) -> str:
    operations.refresh_statistics()
    seen = queries.step(step_id=step_id)
    after = engine.totals(engine.run)
    engine.counted.append(after)
    differences = list(plan.agree(seen.before, after, seen.result))
    if plan.compare is not None:
        differences += plan.compare(engine.run, _results(engine))
    if differences:
        words = f"Control totals of step {plan.name} differ: {'; '.join(differences)}."
        operations.finish_step(step_id=step_id, after=after, status="differs", message=words)
        raise TotalsDiffer(words)
    status = "done"
    if plan.signs is not None and seen.signed_at is None:
        status = _sign(engine, signs=plan.signs, step_id=step_id)
    operations.finish_step(step_id=step_id, after=after, status=status)
    engine.watch.step_ends(plan, status=status, result=seen.result)
    return status


def _sign(engine: Engine, *, signs: Signing, step_id: int) -> str:
    words = signs(engine.run.posting_day, _results(engine))
    if not words:
        return "to sign"
    operations.sign_step(step_id=step_id, words=words, at=engine.run.instant)
    return "done"


def _results(engine: Engine) -> Mapping[str, Totals]:
    return {step.name: step.result for step in queries.steps_of(run_id=engine.run.run_id)}


def _note_stop(*, run_id: int, step_id: int, words: str) -> None:
    """Keep the reason beside the run, if the database still answers."""
    try:
        db.connection.close_if_unusable_or_obsolete()
        operations.stop_step(step_id=step_id, message=words)
        operations.leave_run(run_id=run_id, status="stopped", message=words)
    except (db.Error, psycopg.Error):
        # The reason is raised to whoever started the run; the rows can wait for the next start.
        return
