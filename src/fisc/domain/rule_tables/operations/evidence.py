"""What a person must have been shown before they agree to a version: its study, and its bills."""

from __future__ import annotations

import datetime

from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.operations import people, versions
from fisc.domain.rule_tables.queries import approving, drafts, studies
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.users import queries as users


@transactions.starts_transaction
def note_bills_seen(
    *,
    version_id: int,
    by: str,
    at: datetime.datetime,
    bills: int,
    difference_cents: int,
    problem: str,
    where: str,
) -> None:
    """Keep that a person looked at the bills a version changes, and what the list said.

    `where` is the page or the command that showed it. Raises versions.NoSuchVersion,
    users.UnknownUser.
    """
    drafts.version_row(version_id)
    action_log.record(
        user_id=users.user_id(username=by),
        verb=approving.SEE,
        subject_kind=approving.BILLS_CHANGED,
        subject_id=version_id,
        why="",
        detail={
            "page": where,
            "revision": approving.revision(version_id),
            "bills": bills,
            "difference_cents": difference_cents,
            "problem": problem,
        },
        at=at,
    )


def bills_looked_at(version: models.Version, person: people.Person) -> approving.BillsSeen:
    """Return what the person saw of the bills that a version changes.

    Raises versions.NotApprovable where they did not look since it was last changed.
    """
    seen = approving.bills_seen(version.id, user_id=person.user_id)
    if seen is None:
        raise versions.NotApprovable(
            f"The days of version {version.number} began on {version.effective.lower}, and "
            f"{person.signature} has not opened the list of the bills that it changes. Look at it "
            "first: “Bills it would change”."
        )
    return seen


def study_shown(
    version: models.Version, study_id: int | None, *, today: datetime.date
) -> studies.Study | None:
    """Return the study that an approval rests on.

    Raises versions.NotApprovable where it is none of what the version is now, or where the
    city's policy asks for a study and there is none, or only an old one.
    """
    study = None if study_id is None else _study(version, study_id)
    days = approving.study_days(drafts.draft(version.id), today)
    if days is None:
        return study
    rule = f"This city's table policy (“{approving.STUDY}”)"
    if study is None:
        raise versions.NotApprovable(
            f"{rule} asks for a rate study of version {version.number} as it is now before "
            "anybody approves it. Study it on every account first."
        )
    if (today - study.data_day).days > days:
        raise versions.NotApprovable(
            f"{rule} asks for a rate study of bills through a day at most {days} days ago; study "
            f"{study_id} of version {version.number} ends on {study.data_day}. Study it again."
        )
    return study


def _study(version: models.Version, study_id: int) -> studies.Study:
    try:
        study = studies.study(study_id)
    except studies.NoSuchStudy as problem:
        raise versions.NotApprovable(str(problem)) from problem
    is_done = study.status == choices.Studied.DONE
    if study.version_id != version.id or not study.is_current or not is_done:
        raise versions.NotApprovable(
            f"Study {study_id} is no finished study of version {version.number} as it is now. "
            "Look at the version again."
        )
    return study
