"""From draft to force and back: tested, approved by others, confirmed, rolled back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import kept_reports
from fisc.domain.rule_tables.operations import case_running, evidence, people, versions
from fisc.domain.rule_tables.queries import approving, drafts, studies
from fisc.plumbing import office_days, transactions
from fisc.plumbing.users import permissions

NotApprovable = versions.NotApprovable

_NO_CASE = "it has no case. Write at least one, with the amounts worked out by hand"


class NotTestable(Exception):
    """A draft cannot be put in test; every reason is named."""


class NotTheReviewer(Exception):
    """Nobody asked this person to confirm a version, or it was confirmed already."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an approval did."""

    is_in_force: bool
    # What is still to be done, in words; empty when nothing is.
    waits_for: str = ""


@transactions.starts_transaction
def put_in_test(*, version_id: int, by: str, at: datetime.datetime) -> None:
    """Close a draft for changes so that others can study and approve it; once more does nothing.

    What the checks at publish found is kept with it. Raises NotTestable when its file has
    problems, it has no case, one does not come out, or a check stops it; people.NotPermitted.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    version = people.locked(version_id)
    if version.status == choices.Status.IN_TEST:
        return
    if version.status != choices.Status.DRAFT:
        raise NotTestable(f"Version {version.number} is {version.status}; only a draft is tested.")
    _refuse_problems(version, drafts.draft(version_id).problems)
    ran = case_running.run_cases(version=version, at=at)
    if not ran.outcomes and not ran.problem:
        _refuse_problems(version, [_NO_CASE])
    _refuse_problems(version, [*ran.failures, *versions.importers_failing(version)])
    report = drafts.check(version_id)
    _refuse_problems(version, [each.words for each in report.stops])
    models.PublishReport.objects.create(
        version=version,
        sha256=version.sha256,
        case_sheet_sha256=version.case_sheet_sha256,
        report=kept_reports.to_json(report),
        made_at=at,
    )
    version.status = choices.Status.IN_TEST
    version.save(update_fields=["status"])
    people.note(
        person=person,
        verb="put in test",
        version=version,
        why="",
        at=at,
        detail={
            "sha256": version.sha256,
            "cases": ran.passed,
            "findings": len(report.findings),
            "accepted": sum(bool(each.accepted) for each in report.findings),
        },
    )


@transactions.starts_transaction
def take_back(*, version_id: int, by: str, reason: str, at: datetime.datetime) -> None:
    """Open a version in test for changes again; any change ends what was agreed to so far.

    Raises NotTestable, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(reason=reason)
    version = people.locked(version_id)
    if version.status != choices.Status.IN_TEST:
        raise NotTestable(
            f"Version {version.number} is {version.status}; only one in test is taken back."
        )
    version.status = choices.Status.DRAFT
    version.save(update_fields=["status"])
    people.note(person=person, verb="took back to draft", version=version, why=reason, at=at)


@transactions.starts_transaction
def approve(
    *,
    version_id: int,
    by: str,
    reason: str,
    at: datetime.datetime,
    sha256: str = "",
    reviewer: str = "",
    review_by: datetime.date | None = None,
    study_id: int | None = None,
) -> Decision:
    """Agree to a version in test, and put it in force once everybody needed has agreed.

    Whoever wrote any of it cannot, except in a small office that names another person as
    `reviewer` to confirm it by a day. One whose days have begun needs two people who wrote none
    of it, the second of whom looked at the bills that it changes. `sha256` is of the file that was
    looked at, and refused when it is another; `study_id` of the study that was shown. Raises
    NotApprovable, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.APPROVE_TABLES)
    people.said(reason=reason)
    versions.lock_books()
    version = people.locked(version_id)
    _refuse_state(version, sha256)
    writers = approving.writers(version_id)
    begun = version.effective.lower <= office_days.office_day(at)
    if person.user_id in writers:
        _refuse_own(version, person, reviewer=reviewer, begun=begun)
        version.reviewer, version.review_by = reviewer_named(
            reviewer, review_by, writers=writers, at=at
        )
    study = evidence.study_shown(version, study_id, today=office_days.office_day(at))
    part = _agree(version, person, reason, at, study=study)
    _note_agreement(version, person, part, reason, at, study=study)
    if begun and part is choices.Approving.APPROVAL:
        return Decision(
            is_in_force=False,
            waits_for=f"Its days began on {version.effective.lower}: a second person who wrote "
            "none of it must approve it too, knowing the bills that it changes.",
        )
    first = approving.agreed(version_id)[0].person
    versions.put_in_force(version=version, approver=first, at=at)
    return Decision(is_in_force=True, waits_for=_review_words(version))


@transactions.starts_transaction
def confirm(*, version_id: int, by: str, reason: str, at: datetime.datetime) -> None:
    """Confirm, as the reviewer named, a version that its author approved; once more does nothing.

    Raises NotTheReviewer, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.APPROVE_TABLES)
    people.said(reason=reason)
    version = people.locked(version_id)
    if version.reviewer != person.signature:
        raise NotTheReviewer(
            f"{version.reviewer or 'Nobody'} was named to confirm version {version.number}, "
            f"not {person.signature}."
        )
    revision = approving.revision(version_id)
    _, is_new = models.Approval.objects.get_or_create(
        version=version,
        revision=revision,
        part=choices.Approving.REVIEW,
        defaults={"person_id": person.user_id, "reason": reason.strip(), "at": at},
    )
    if is_new:
        people.note(person=person, verb="confirmed", version=version, why=reason, at=at)


@transactions.starts_transaction
def roll_back(*, version_id: int, by: str, reason: str, at: datetime.datetime) -> None:
    """Let a version's days be governed again by what governed them before it was approved.

    What it governed meanwhile stays known for that time. Raises NotApprovable,
    people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.APPROVE_TABLES)
    people.said(reason=reason)
    versions.lock_books()
    version = people.locked(version_id)
    versions.roll_back(version_id=version_id, by=person.signature, reason=reason.strip(), at=at)
    people.note(person=person, verb="rolled back", version=version, why=reason, at=at)


@transactions.starts_transaction
def accept_unnoticed(*, book: str, key: str, reason: str, by: str, at: datetime.datetime) -> None:
    """Accept that no case of a book notices a change; accepted before, it stays as it was.

    Raises NotTestable for an unknown book, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(key=key, reason=reason)
    found = models.Book.objects.filter(name=book).first()
    if found is None:
        raise NotTestable(f"The city has no book “{book}”.")
    _, is_new = models.AcceptedChange.objects.get_or_create(
        book=found,
        key=key,
        defaults={"reason": reason.strip(), "accepted_by_id": person.user_id, "accepted_at": at},
    )
    if is_new:
        people.note_book(
            person=person, verb=f"accepted the change {key}", book=found, why=reason, at=at
        )


def reviewer_named(
    reviewer: str,
    review_by: datetime.date | None,
    *,
    writers: frozenset[int],
    at: datetime.datetime,
) -> tuple[str, datetime.date]:
    """Return who confirms later what its author approves, and by when, as the city's policy has it.

    Raises NotApprovable, people.NotPermitted.
    """
    today = office_days.office_day(at)
    days = approving.review_days(today)
    if days is None:
        raise NotApprovable(
            "This city's table policy lets nobody approve what they wrote: it has no code "
            "“self-approval-review”. Another person must approve it."
        )
    last = today + datetime.timedelta(days=days)
    if review_by is None or not today < review_by <= last:
        raise NotApprovable(f"The reviewer confirms on a day after {today}, at the latest {last}.")
    named = people.acting(username=reviewer, permission=permissions.APPROVE_TABLES)
    if named.user_id in writers:
        raise NotApprovable(f"{named.signature} wrote some of it too; name another reviewer.")
    return named.signature, review_by


# --- Inside --------------------------------------------------------------------------------------


def _refuse_problems(version: models.Version, problems: Sequence[str]) -> None:
    if problems:
        reasons = "; ".join(each.rstrip(".") for each in dict.fromkeys(problems))
        raise NotTestable(f"Version {version.number} of “{version.book.name}”: {reasons}.")


def _refuse_state(version: models.Version, sha256: str) -> None:
    if version.status != choices.Status.IN_TEST:
        raise NotApprovable(
            f"Version {version.number} is {version.status}; only one in test can be approved."
        )
    if sha256 and sha256 != version.sha256:
        raise NotApprovable(
            f"Version {version.number} is no longer the file that you looked at. Look at it again."
        )


def _refuse_own(
    version: models.Version, person: people.Person, *, reviewer: str, begun: bool
) -> None:
    if begun:
        raise NotApprovable(
            f"{person.signature} wrote some of version {version.number}, whose days began on "
            f"{version.effective.lower}: two others must approve it."
        )
    if not reviewer:
        raise NotApprovable(
            f"{person.signature} wrote some of version {version.number}; another must approve it. "
            "A small office whose policy allows it may name a reviewer instead."
        )


def _agree(
    version: models.Version,
    person: people.Person,
    reason: str,
    at: datetime.datetime,
    *,
    study: studies.Study | None,
) -> choices.Approving:
    so_far = approving.agreed(version.id)
    if any(each.user_id == person.user_id for each in so_far):
        raise NotApprovable(
            f"{person.signature} approved version {version.number} already; a second person must."
        )
    part = choices.Approving.SECOND if so_far else choices.Approving.APPROVAL
    models.Approval.objects.create(
        version=version,
        revision=approving.revision(version.id),
        part=part,
        person_id=person.user_id,
        reason=reason.strip(),
        study_id=None if study is None else study.study_id,
        at=at,
    )
    return part


def _note_agreement(
    version: models.Version,
    person: people.Person,
    part: choices.Approving,
    reason: str,
    at: datetime.datetime,
    *,
    study: studies.Study | None,
) -> None:
    detail: dict[str, Any] = {"sha256": version.sha256, "reviewer": version.reviewer}
    if study is not None:
        detail |= {"study": study.study_id, "study_sha256": study.result_sha256}
    if part is choices.Approving.SECOND:
        seen = evidence.bills_looked_at(version, person)
        detail |= {"bills": seen.bills, "difference_cents": seen.difference_cents}
    people.note(
        person=person,
        verb="gave the second approval" if part is choices.Approving.SECOND else "approved",
        version=version,
        why=reason,
        at=at,
        detail=detail,
    )


def _review_words(version: models.Version) -> str:
    if not version.reviewer:
        return ""
    return f"{version.reviewer} must confirm it by {version.review_by}."
