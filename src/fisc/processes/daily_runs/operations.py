"""Running a day, signing its register, and asking for a run from the pages."""

from __future__ import annotations

import dataclasses
import datetime
import os
import socket

from procrastinate import exceptions
from procrastinate.contrib.django import app as jobs

from fisc.domain.list_changes.operations import days
from fisc.plumbing import office_days, transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.runs import engine, locks, operations, workers
from fisc.plumbing.runs import queries as runs
from fisc.processes.daily_runs import checklist, control_totals, queries, steps

KIND = "day"
REGISTER = "bill register"
# The name under which interfaces/jobs registers the task.
JOB = "fisc.day_run"


class DayIsNotReady(Exception):
    """The pre-run checklist found something that must be put right first."""


class NothingToResume(Exception):
    """A run was to be resumed that was never begun or is done."""


class AskedAlready(Exception):
    """A run of this day waits for a worker already."""


@dataclasses.dataclass(frozen=True)
class DayOutcome:
    """How a day's run was left, and whether it had been done before."""

    run: runs.RunSeen
    was_done_before: bool
    exceptions: int


def run_day(
    *,
    posting_day: datetime.date,
    at: datetime.datetime,
    city: str,
    who: str,
    started_by_id: int | None = None,
    crew_size: int | None = None,
    watch: engine.Watch | None = None,
) -> DayOutcome:
    """Do a day's steps, or those that are left of a run that was begun before.

    Raises DayIsNotReady, locks.RunIsHeld, engine.RunStopped and engine.TotalsDiffer.
    """
    with locks.held(kind=KIND, posting_day=posting_day) as holder:
        plans = steps.STEPS
        if _is_done(posting_day):
            return _outcome(posting_day, was_done_before=True)
        _refuse_unready(posting_day, at=at)
        days.begin_day(on=posting_day)
        started = operations.start_run(
            kind=KIND,
            posting_day=posting_day,
            instant=at,
            steps=[plan.name for plan in plans],
            held_by=f"{who} (process {os.getpid()} on {socket.gethostname()})",
            started_by_id=started_by_id,
            city=city,
        )
        about = engine.RunOf(
            run_id=started.run_id, posting_day=posting_day, instant=started.instant, city=city
        )
        with workers.crew(size=crew_size) as crew:
            engine.go_through(
                engine.Engine(
                    run=about,
                    holder=holder,
                    crew=crew,
                    totals=control_totals.of_run,
                    watch=watch or engine.Unwatched(),
                ),
                plans=plans,
                again=f"fisc day run --date {posting_day}",
            )
    return _outcome(posting_day, was_done_before=False)


def refuse_nothing_to_resume(*, posting_day: datetime.date) -> None:
    """Make sure that there is a run of the day to go on with; raises NothingToResume."""
    try:
        run = runs.run_of_day(posting_day=posting_day)
    except runs.NoSuchRun as problem:
        raise NothingToResume(str(problem)) from problem
    if run.status == "done":
        raise NothingToResume(f"The run of {posting_day} is done. Nothing is left to resume.")


def sign_register(
    *, posting_day: datetime.date, user_id: int, why: str, at: datetime.datetime
) -> None:
    """Sign a day's bill register as a person, so that its bills may go out.

    Raises runs.NoSuchRun and operations.NothingToSign.
    """
    run = runs.run_of_day(posting_day=posting_day)
    register = next((step for step in run.steps if step.name == REGISTER), None)
    if register is None or register.status != "to sign":
        raise operations.NothingToSign(
            f"The bill register of {posting_day} does not wait for a signature. "
            f"See: fisc day status --date {posting_day}"
        )
    operations.sign_step(step_id=register.step_id, words=why, at=at, signed_by_id=user_id)
    _log_signing(run_id=run.run_id, user_id=user_id, why=why, at=at)


@transactions.starts_transaction
def _log_signing(*, run_id: int, user_id: int, why: str, at: datetime.datetime) -> None:
    action_log.record(
        user_id=user_id,
        verb="sign bill register",
        subject_kind="run",
        subject_id=run_id,
        why=why,
        detail={},
        at=at,
        run_id=run_id,
    )


@transactions.starts_transaction
def note_refusal(
    *, posting_day: datetime.date, user_id: int | None, why: str, at: datetime.datetime
) -> None:
    """Keep why a run that was asked for did not go on, for the page on which it was asked."""
    action_log.record(
        user_id=user_id,
        verb="refuse day run",
        subject_kind=queries.REFUSED_SUBJECT,
        subject_id=posting_day.toordinal(),
        why=why,
        detail={},
        at=at,
    )


def ask_for_day(*, posting_day: datetime.date, user_id: int) -> int:
    """Ask the job workers to run a day, and return the job's number; raises AskedAlready.

    Only the start is a job: the chunks are claimed from their rows (decision 0060).
    """
    job = jobs.configure_task(JOB, queueing_lock=f"day {posting_day}")
    try:
        return job.defer(posting_day=posting_day.isoformat(), user_id=user_id)
    except exceptions.AlreadyEnqueued as problem:
        raise AskedAlready(
            f"The run of {posting_day} was asked for already and waits for a worker. "
            "Is `fisc serve` running?"
        ) from problem


def _is_done(posting_day: datetime.date) -> bool:
    try:
        return runs.run_of_day(posting_day=posting_day).status == "done"
    except runs.NoSuchRun:
        return False


def _refuse_unready(posting_day: datetime.date, *, at: datetime.datetime) -> None:
    today = office_days.office_day(at)
    found = checklist.checks(posting_day=posting_day, today=today)
    failed = [check for check in found if check.blocks]
    if failed:
        said = " ".join(f"{check.name}: {check.words}" for check in failed)
        raise DayIsNotReady(f"The run of {posting_day} cannot begin. {said}")


def _outcome(posting_day: datetime.date, *, was_done_before: bool) -> DayOutcome:
    run = runs.run_of_day(posting_day=posting_day)
    open_items = queries.open_exceptions(run=run)
    return DayOutcome(run=run, was_done_before=was_done_before, exceptions=open_items)
