"""Studying a version over every account and the last twelve periods of bills."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from procrastinate.contrib.django import app as jobs

from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.rule_tables.operations import studies
from fisc.domain.rule_tables.queries import drafts, versions
from fisc.domain.rule_tables.queries import studies as queries
from fisc.domain.utilities.queries import rates
from fisc.processes.rate_studies import (
    answering,
    asking,
    counting,
    findings,
    gathering,
    largest,
    passing,
    slices,
    snapshots,
)

# The name under which interfaces/jobs registers the task.
JOB = "fisc.rate_study"
_POINTS = {point.name: point for point in gathering.BILL_POINTS}


class MakesNoBillLines(Exception):
    """A book decides nothing that stands on a bill as an amount."""


class StudyIsCancelled(Exception):
    """Somebody asked the study to stop."""


class Watch(Protocol):
    """Who is told how far a study is."""

    def progressed(self, *, done: int, total: int) -> None:
        """Hear that some of all steps are done."""


class Unwatched:
    """Nobody is told."""

    def progressed(self, *, done: int, total: int) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """The figures of a study, and the slices they were counted on."""

    result: Mapping[str, Any]
    snapshot: Sequence[snapshots.Placed]


def ask_for_study(
    *, version_id: int, data_day: datetime.date, at: datetime.datetime, by: str
) -> int:
    """Ask the job workers to study a version as it is now; gives the study's id.

    Raises people.NotPermitted, versions.NoSuchVersion, MakesNoBillLines.
    """
    studied_point(drafts.draft(version_id))
    study_id = studies.ask_study(version_id=version_id, data_day=data_day, at=at, by=by)
    jobs.configure_task(JOB).defer(study_id=study_id)
    return study_id


def run_study(*, study_id: int, watch: Watch | None = None) -> str:
    """Make a study that was asked for, and keep its figures; gives their hash.

    What stops it is kept with the study. Raises MakesNoBillLines, StudyIsCancelled,
    studies.StudyIsOver, slices.SnapshotIsDamaged, blocks.BlockIsDamaged,
    fisc.dmn.xml.problems.ModelIsRefused.
    """
    study = queries.study(study_id)
    try:
        found = _found(study, watch=watch or Unwatched())
    except StudyIsCancelled as problem:
        studies.stop_study(study_id=study_id, problem=str(problem), is_cancelled=True)
        raise
    except Exception as problem:
        studies.stop_study(study_id=study_id, problem=str(problem), is_cancelled=False)
        raise
    return studies.finish_study(
        study_id=study_id,
        snapshot=[dataclasses.asdict(each) for each in found.snapshot],
        result=found.result,
    )


def repeated(study_id: int) -> Found:
    """Make a study's figures once more from the tables and slices that it names; keeps nothing.

    Raises queries.NoSuchStudy, queries.TablesAreGone, slices.SnapshotIsDamaged.
    """
    study = queries.study(study_id)
    point = studied_point(drafts.draft(study.version_id))
    placed = [snapshots.Placed(**each) for each in study.snapshot]
    studied = queries.studied_tables(study_id)
    tables = loading.load(studied.content, point=point, imported=studied.imported)
    return Found(_passed(placed, tables=tables, one_more=lambda: None), placed)


def studied_point(version: drafts.Draft) -> declarations.DecisionPoint:
    """Return the decision point of a version whose book makes amounts of a bill.

    Raises MakesNoBillLines.
    """
    point = _POINTS.get(version.decision_point)
    if point is None:
        raise MakesNoBillLines(
            f"“{version.book}” makes no amount of a bill, so no bill changes by it alone. "
            "Studies are of books of charges, taxes and minimums."
        )
    return point


def study_of(tables: loading.Tables) -> asking.Study:
    """Return tables as a draft to study, the stages after it still to be found."""
    return asking.Study(draft=book_of(tables), after={})


def with_after(study: asking.Study, part: slices.Slice) -> asking.Study:
    """Return a study with the versions that the stages after the draft's were computed by."""
    after = {
        stage: {
            version_id: study.after.get(stage, {}).get(version_id)
            or book_of(versions.version(version_id).tables)
            for version_id in asking.versions(part, stage)
        }
        for stage in gathering.WHOLE
        if stage > study.draft.point.stage
    }
    return dataclasses.replace(study, after=after)


def book_of(tables: loading.Tables) -> answering.Book:
    """Return tables as a study asks them. Raises rates.LineHasNoCharge."""
    charges = gathering.charge_of_line(tables.point)
    for line in tables.lines:
        if line.decision not in charges:
            raise rates.LineHasNoCharge(
                f"The tables give “{line.decision}”, and the code list “{rates.BILL_LINES}” has "
                f"no “{line.name}” that says which charge it is part of. Add it to the city's "
                "code lists."
            )
    return answering.Book(
        point=tables.point,
        asked=tuple(each.name for each in tables.program.inputs),
        evaluate=tables.evaluate,
        # Of every line declared: one that a draft leaves out is no longer charged.
        charges=charges,
    )


# --- Inside --------------------------------------------------------------------------------------


def _found(study: queries.Study, *, watch: Watch) -> Found:
    point = studied_point(drafts.draft(study.version_id))
    studied = queries.studied_tables(study.study_id)
    tables = loading.load(studied.content, point=point, imported=studied.imported)
    scopes = snapshots.scopes(data_day=study.data_day)
    steps = _Steps(study.study_id, total=2 * len(scopes), watch=watch)
    placed = []
    for scope in scopes:
        placed.append(snapshots.placed(scope, point=point))
        steps.one_more()
    return Found(_passed(placed, tables=tables, one_more=steps.one_more), placed)


def _passed(
    placed: Sequence[snapshots.Placed], *, tables: loading.Tables, one_more: Callable[[], None]
) -> dict[str, Any]:
    """Ask the tables of every slice, and return the figures."""
    counted = counting.Counted()
    asked = study_of(tables)
    opened = {}
    parts = snapshots.opened(placed, out_of=snapshots.folder())
    for place, ready in enumerate(
        passing.read_ahead(parts, study_for=lambda part: with_after(asked, part))
    ):
        counted.take(ready, place=place)
        opened[place] = ready.part.closed()
        one_more()
    shown = largest.explained(counted.largest, opened=opened, draft=tables)
    return findings.of(counted, largest=shown)


class _Steps:
    """Counts the steps of a study, tells who wants to know, and stops where that was asked."""

    def __init__(self, study_id: int, *, total: int, watch: Watch) -> None:
        self._study_id = study_id
        self._done, self._total = 0, total
        self._watch = watch
        studies.note_progress(study_id=study_id, done=0, total=total)

    def one_more(self) -> None:
        self._done += 1
        self._watch.progressed(done=self._done, total=self._total)
        if queries.is_cancel_asked(self._study_id):
            raise StudyIsCancelled(
                f"It was cancelled when {self._done} of {self._total} steps were done. Nothing "
                "of it counts; start another."
            )
        studies.note_progress(study_id=self._study_id, done=self._done, total=self._total)
