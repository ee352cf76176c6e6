"""What pages and commands show of the daily runs."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from fisc.domain.work_items import queries as work_items
from fisc.plumbing.action_log import queries as action_log
from fisc.plumbing.runs import locks
from fisc.plumbing.runs import queries as runs
from fisc.processes.daily_runs import checklist, invariants

KIND = "day"
# What a refusal is noted on; the subject's number is the day's own.
REFUSED_SUBJECT = "posting day"


@dataclasses.dataclass(frozen=True)
class Refusal:
    """When a run that a page asked for was refused, and why."""

    at: datetime.datetime
    why: str


def status_now(run: runs.RunSeen) -> str:
    """Return a run's status as it truly is: a run that nobody holds any more was interrupted."""
    if run.status != "running":
        return run.status
    if locks.is_held(kind=run.kind, posting_day=run.posting_day):
        return "running"
    return "interrupted"


def day(*, posting_day: datetime.date) -> runs.RunSeen:
    """Return a day's run with its steps; raises runs.NoSuchRun."""
    return runs.run_of_day(posting_day=posting_day)


def days(*, limit: int = 60) -> Sequence[runs.RunSeen]:
    """Return the latest days' runs without their steps, the newest first."""
    return runs.latest_runs(kind=KIND, limit=limit)


def open_exceptions(*, run: runs.RunSeen) -> int:
    """Return how many work items of a day's run, or of its day, are not done."""
    return sum(work_items.counts(run_id=run.run_id, posting_day=run.posting_day).values())


def pre_run_checklist(
    *, posting_day: datetime.date, today: datetime.date
) -> Sequence[checklist.Check]:
    """Return what is looked at before a day's run begins."""
    return checklist.checks(posting_day=posting_day, today=today)


def last_refusal(*, posting_day: datetime.date) -> Refusal | None:
    """Return why a run of a day that was asked for did not go on, the last time it did not."""
    noted = action_log.actions_on(
        subject_kind=REFUSED_SUBJECT, subject_id=posting_day.toordinal(), limit=1
    )
    return Refusal(at=noted[0].at, why=noted[0].why) if noted else None


def board(*, as_of: datetime.date) -> Sequence[invariants.Finding]:
    """Return the seven invariants, each proved now."""
    return invariants.findings(as_of=as_of)
