"""What a job worker does. A job starts a day's run; the run claims its chunks from their rows."""

from __future__ import annotations

import datetime
import pathlib

import structlog
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from fisc.domain.list_changes.operations import days
from fisc.domain.rule_tables.operations import studies
from fisc.plumbing.runs import engine, locks
from fisc.plumbing.users import queries as users
from fisc.processes.daily_runs import operations
from fisc.processes.rate_studies import operations as rate_studies
from fisc.processes.rate_studies import sweeping
from fisc.processes.return_files import operations as return_files

log = structlog.get_logger("fisc.jobs")


@app.task(name=operations.JOB)
def run_day(*, posting_day: str, user_id: int | None = None) -> None:
    """Run a day that somebody asked for from the pages, or what is left of it."""
    day = datetime.date.fromisoformat(posting_day)
    try:
        operations.run_day(
            posting_day=day,
            at=timezone.now(),
            city=pathlib.Path(settings.FISC_CITY).name,
            who=_name(user_id),
            started_by_id=user_id,
        )
    except (locks.RunIsHeld, operations.DayIsNotReady, engine.RunStopped) as problem:
        # Kept for the run's own page; trying again by itself would change nothing.
        operations.note_refusal(
            posting_day=day, user_id=user_id, why=str(problem), at=timezone.now()
        )
        log.warning("day run did not finish", posting_day=posting_day, why=str(problem))


@app.task(name=rate_studies.JOB)
def study_rates(*, study_id: int) -> None:
    """Study a version that somebody asked for from the pages; what stops it is on its own page."""
    try:
        rate_studies.run_study(study_id=study_id)
    except (rate_studies.StudyIsCancelled, studies.StudyIsOver) as problem:
        log.info("rate study stopped", study=study_id, why=str(problem))


@app.task(name=return_files.JOB)
def take_return_file(*, file_id: int, user_id: int | None = None) -> None:
    """Take in a file of returns that somebody handed in on a page, or what is left of it."""
    try:
        return_files.take_kept_file(
            file_id, city=pathlib.Path(settings.FISC_CITY).name, who=_name(user_id)
        )
    except (locks.RunIsHeld, engine.RunStopped, engine.TotalsDiffer) as problem:
        # The run keeps why, and the file's page shows it; asked again, it goes on.
        log.warning("file of returns did not finish", file=file_id, why=str(problem))


def _name(user_id: int | None) -> str:
    if user_id is None:
        return "a job"
    return users.names(user_ids={user_id})[user_id]


@app.periodic(cron="* * * * *")
@app.task(name="fisc.begin_day", queueing_lock="begin the day", pass_context=False)
def begin_day(timestamp: int) -> None:
    """Show the editions of code lists that govern today; most minutes there is nothing to do."""
    del timestamp
    if changed := days.begin_day(on=timezone.localdate()):
        log.info("code lists changed with the day", lists=changed)


@app.periodic(cron="* * * * *")
@app.task(name="fisc.take_up_stalled", queueing_lock="take up stalled", pass_context=False)
async def take_up_stalled(timestamp: int) -> None:
    """Defer the jobs of dead workers again; a day's run goes on where it was."""
    for job in await app.job_manager.get_stalled_jobs():
        log.info("job of a dead worker is deferred again", job=job.id, at=timestamp)
        await app.job_manager.retry_job(job)


@app.periodic(cron="23 3 * * *")
@app.task(name="fisc.sweep_studies", queueing_lock="sweep studies", pass_context=False)
def sweep_studies(timestamp: int) -> None:
    """Remove, once a night, the files of studies that the city keeps no longer."""
    swept = sweeping.sweep(today=timezone.localdate(), at=timezone.now())
    log.info("study files swept", files=swept.files, bytes=swept.bytes, at=timestamp)
