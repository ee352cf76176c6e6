"""The yearly review of how often accounts file, as a run: range by range, killed or not."""

from __future__ import annotations

import datetime
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.operations import reviewing
from fisc.domain.tax_returns.queries import reviews
from fisc.plumbing.runs import engine, locks, operations, pieces, workers
from fisc.plumbing.runs import queries as runs

STEP = "review frequencies"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A review as it stands, and whether its year had been reviewed before."""

    review: reviews.Review
    counts: Mapping[str, int]
    came_before: bool
    run: runs.RunSeen


def review(
    year: int, *, posting_day: datetime.date, at: datetime.datetime, city: str, who: str,
    crew_size: int | None = None, watch: engine.Watch | None = None,
) -> Outcome:  # fmt: skip
    """Review a year, or go on with what is left of it; one that was done is told again.

    Raises reviewing.YearIsOver, locks.RunIsHeld, engine.RunStopped and engine.TotalsDiffer.
    """
    found = reviewing.ask(year=year, posting_day=posting_day, at=at)
    kind = f"frequency review {year}"
    with locks.held(kind=kind, posting_day=found.posting_day) as holder:
        plan = _plan(found)
        started = operations.start_run(
            kind=kind,
            posting_day=found.posting_day,
            instant=found.recorded_at,
            steps=[plan.name],
            held_by=f"{who} (process {os.getpid()} on {socket.gethostname()})",
            city=city,
        )
        came_before = started.status == "done"
        if not came_before:
            about = engine.RunOf(
                run_id=started.run_id,
                posting_day=found.posting_day,
                instant=started.instant,
                city=started.city,
            )
            with workers.crew(size=crew_size) as crew:
                engine.go_through(
                    engine.Engine(
                        run=about,
                        holder=holder,
                        crew=crew,
                        totals=_totals,
                        watch=watch or engine.Unwatched(),
                    ),
                    plans=[plan],
                    again=f"fisc returns review-frequency --year {year}",
                )
    run = runs.run_of_day(posting_day=found.posting_day, kind=kind)
    return Outcome(found, reviews.counts(found.review_id), came_before, run)


def _plan(of: reviews.Review) -> engine.StepPlan:
    return engine.StepPlan(
        name=STEP,
        words="Compare what accounts owed with how often they file",
        cut=lambda _: pieces.bucket_ranges(
            accounts=accounts.open_count(), subject={"year": of.year}
        ),
        work=review_part,
        agree=_agreed,
    )


def review_part(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Review the range of accounts that a chunk is about."""
    found = reviews.review_of(chunk.subject["year"])
    # The run begins after the review was noted.
    assert found is not None
    return reviewing.review_chunk(
        bucket_from=chunk.bucket_from,
        bucket_before=chunk.bucket_before,
        of=reviewing.Of(review=found, run_id=chunk.run_id, chunk=chunk.number),
    )


def _totals(run: engine.RunOf) -> engine.Totals:
    return {"proposals": reviews.count_of_run(run.run_id)}


def _agreed(before: engine.Totals, after: engine.Totals, result: engine.Totals) -> Sequence[str]:
    """Agree that the books have as many proposals as the chunks made."""
    made = sum(result.get(name, 0) for name in ("frequencies_proposed", "frequencies_set"))
    grown = after["proposals"] - before["proposals"]
    if grown == made:
        return []
    return [f"{made} changes of frequency were made or proposed, {grown} are kept"]
