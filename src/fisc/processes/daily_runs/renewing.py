"""The renewals of a day by themselves, where an office does not wait for the day's run."""

from __future__ import annotations

import datetime
import os
import socket

from fisc.plumbing.runs import engine, locks, operations, workers
from fisc.plumbing.runs import queries as runs
from fisc.processes.daily_runs import control_totals, steps

KIND = "renewals"
STEP = "renewals"


def run_renewals(
    *, posting_day: datetime.date, at: datetime.datetime, city: str, who: str,
    started_by_id: int | None = None, crew_size: int | None = None,
    watch: engine.Watch | None = None,
) -> runs.RunSeen:  # fmt: skip
    """Do the step of renewals of a day alone, or what is left of it; done once, it is seen again.

    The day's run does the same step, so the two wait for each other. Raises locks.RunIsHeld,
    engine.RunStopped and engine.TotalsDiffer.
    """
    plan = next(each for each in steps.STEPS if each.name == STEP)
    with locks.held(kind="day", posting_day=posting_day) as holder:
        if (done := done_on(posting_day)) is not None:
            return done
        started = operations.start_run(
            kind=KIND,
            posting_day=posting_day,
            instant=at,
            steps=[plan.name],
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
                plans=[plan],
                again=f"fisc licenses renew --day {posting_day}",
            )
    return runs.run_of_day(posting_day=posting_day, kind=KIND)


def done_on(posting_day: datetime.date) -> runs.RunSeen | None:
    """Return the renewals of a day that were done by themselves, if they were."""
    try:
        found = runs.run_of_day(posting_day=posting_day, kind=KIND)
    except runs.NoSuchRun:
        return None
    return found if found.status == "done" else None
