"""Keeping studies: asked, under way, over. What makes the figures is the process of studies."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.operations import people
from fisc.domain.rule_tables.queries import drafts, importing
from fisc.domain.rule_tables.queries import studies as queries
from fisc.plumbing import transactions
from fisc.plumbing.users import permissions


class StudyIsOver(Exception):
    """A study was to go on or be cancelled that is over."""


@transactions.starts_transaction
def ask_study(
    *, version_id: int, data_day: datetime.date, at: datetime.datetime, by: str = ""
) -> int:
    """Ask for a study of a version as it is now over the bills through a day; gives its id.

    Without a name it was asked on the command line. Raises people.NotPermitted,
    versions.NoSuchVersion.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES) if by else None
    version = drafts.version_row(version_id)
    study = models.Study.objects.create(
        version=version,
        sha256=version.sha256,
        imports_sha256=importing.sha256_of(version),
        asked_by_id=None if person is None else person.user_id,
        asked_at=at,
        data_day=data_day,
    )
    if person is not None:
        people.note(
            person=person,
            verb="asked for a rate study",
            version=version,
            why="",
            at=at,
            detail={"study": study.id, "data_day": data_day.isoformat()},
        )
    return study.id


@transactions.starts_transaction
def note_progress(*, study_id: int, done: int, total: int) -> None:
    """Say how far a study is. Raises queries.NoSuchStudy, StudyIsOver."""
    row = _open(study_id)
    row.status, row.done, row.total = choices.Studied.RUNNING.value, done, total
    row.save(update_fields=["status", "done", "total"])


@transactions.starts_transaction
def ask_to_cancel(*, study_id: int, by: str) -> None:
    """Ask a study to stop; it does so at its next slice.

    Raises people.NotPermitted, queries.NoSuchStudy, StudyIsOver.
    """
    people.acting(username=by, permission=permissions.WRITE_TABLES)
    row = _open(study_id)
    row.is_cancel_asked = True
    if row.status == choices.Studied.ASKED:
        row.status = choices.Studied.CANCELLED.value
    row.save(update_fields=["is_cancel_asked", "status"])


@transactions.starts_transaction
def finish_study(
    *, study_id: int, snapshot: Sequence[Mapping[str, Any]], result: Mapping[str, Any]
) -> str:
    """Keep what came of a study; gives the hash of its figures.

    Raises queries.NoSuchStudy, StudyIsOver.
    """
    row = _open(study_id)
    row.status = choices.Studied.DONE.value
    row.done = row.total
    row.snapshot = [dict(each) for each in snapshot]
    row.result = dict(result)
    row.result_sha256 = sha256_of(result)
    row.save(update_fields=["status", "done", "snapshot", "result", "result_sha256"])
    return row.result_sha256


@transactions.starts_transaction
def stop_study(*, study_id: int, problem: str, is_cancelled: bool) -> None:
    """Keep that a study was given up, and why. Raises queries.NoSuchStudy, StudyIsOver."""
    row = _open(study_id)
    status = choices.Studied.CANCELLED if is_cancelled else choices.Studied.FAILED
    row.status, row.problem = status.value, problem
    row.save(update_fields=["status", "problem"])


def sha256_of(result: Mapping[str, Any]) -> str:
    """Return the hash of the figures of a study."""
    text = json.dumps(result, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _open(study_id: int) -> models.Study:
    row = models.Study.objects.select_for_update().filter(id=study_id).first()
    if row is None:
        raise queries.NoSuchStudy(f"There is no study {study_id}.")
    if row.status not in {choices.Studied.ASKED, choices.Studied.RUNNING}:
        raise StudyIsOver(f"Study {study_id} is {row.status}. Start another.")
    return row
