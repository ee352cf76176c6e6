"""Who agreed to a version, who still must, and what was done to it, by whom, when and why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import city_files
from fisc.domain.rule_tables.queries import drafts, versions
from fisc.plumbing.action_log import queries as action_log
from fisc.plumbing.users import queries as users

# A city's own policy about tables: code_lists/table_policy.csv, with the days of each rule.
POLICY_LIST = "table policy"
REVIEW = "self-approval-review"
STUDY = "study-before-approval"
SUBJECT_KIND = "rule table version"
# Under which the action log keeps that somebody looked at the bills that a version changes.
SEE, BILLS_CHANGED = "see", "bills that a table would change"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A person's agreement to what a version is now."""

    part: str
    user_id: int
    person: str
    reason: str
    at: datetime.datetime
    # The study that they were shown; None where there was none of what they agreed to.
    study_id: int | None = None


@dataclass(frozen=True, slots=True)
class BillsSeen:
    """That a person looked at the bills a version changes, and what the list said then."""

    at: datetime.datetime
    bills: int
    # How much more, or, negative, less, all of them together would be.
    difference_cents: int
    # Why there was no list; empty when there was one.
    problem: str


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A version in force that its author approved and its reviewer has not confirmed."""

    version_id: int
    book: str
    number: int
    approver: str
    reviewer: str
    review_by: datetime.date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """A version and days that it would govern again."""

    version_id: int
    days: periods.Period


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done to a version."""

    at: datetime.datetime
    who: str
    verb: str
    why: str
    detail: Mapping[str, Any]


def approvals() -> tuple[city_files.Approval, ...]:
    """Return the sign-off of each approved version as approvals.csv has it, by file.

    Of one that its author approved, the reviewer named signs.
    """
    return tuple(
        city_files.Approval(
            file=each.file_name,
            sha256=each.sha256,
            book=each.book,
            decision_point=each.decision_point,
            effective_from=each.effective.starts_on,
            effective_before=each.effective.ends_before,
            author=each.author,
            approver=each.reviewer or each.approver,
            approved_at=each.approved_at,
            reason=each.reason,
            citation=each.citation,
        )
        for each in sorted(versions.versions(), key=lambda each: each.file_name)
        if each.approved_at is not None and each.reissue_of_id is None
    )


def writers(version_id: int) -> frozenset[int]:
    """Return the ids of everybody who saved any of a version."""
    saved = models.Revision.objects.filter(version_id=version_id)
    return frozenset(saved.values_list("saved_by_id", flat=True))


def revision(version_id: int) -> int:
    """Return the number of a version's last revision; 0 for one that came in as a signed file."""
    saved = models.Revision.objects.filter(version_id=version_id)
    return saved.aggregate(last=Max("number"))["last"] or 0


def agreed(version_id: int) -> tuple[Agreement, ...]:
    """Return who agreed to what a version is now, in order, the reviewer too."""
    rows = models.Approval.objects.select_related("person").filter(
        version_id=version_id, revision=revision(version_id)
    )
    return tuple(
        Agreement(
            part=row.part,
            user_id=row.person_id,
            person=drafts.signature(row.person),
            reason=row.reason,
            at=row.at,
            study_id=row.study_id,
        )
        for row in rows.order_by("id")
    )


def bills_seen(version_id: int, *, user_id: int) -> BillsSeen | None:
    """Return when a person last looked at the bills that a version, as it is now, changes."""
    seen = action_log.latest(
        user_id=user_id, verb=SEE, subject_kind=BILLS_CHANGED, subject_id=version_id
    )
    if seen is None or seen.detail.get("revision") != revision(version_id):
        return None
    return BillsSeen(
        at=seen.at,
        bills=seen.detail["bills"],
        difference_cents=seen.detail["difference_cents"],
        problem=seen.detail["problem"],
    )


def study_days(version: drafts.Draft, day: datetime.date) -> int | None:
    """Return how many days old, at most, the study of a version must be to approve it.

    None where the city's policy asks for none, or the book makes no amounts of a bill.
    """
    point = versions.decision_points().get(version.decision_point)
    if point is None or not point.stage:
        return None
    return policy_days(STUDY, day)


def review_days(day: datetime.date) -> int | None:
    """Return within how many days a reviewer confirms; None where nobody may approve their own."""
    return policy_days(REVIEW, day)


def policy_days(code: str, day: datetime.date) -> int | None:
    """Return the days that a rule of the city's table policy has; None without such a rule."""
    try:
        found = code_lists.code(POLICY_LIST, code, as_of=code_lists.AsOf(day))
    except (code_lists.NoSuchCodeList, code_lists.NoSuchCode):
        return None
    return int(found.attributes["days"]) if found.is_current(day) else None


def governed_now(version_id: int) -> tuple[periods.Period, ...]:
    """Return the days that a version governs as far as is known now, in order.

    Also as issued anew with newer shared tables.
    """
    rows = models.Standing.objects.filter(
        Q(version_id=version_id) | Q(version__reissue_of_id=version_id), known__upper_inf=True
    )
    found = [_days(each) for each in rows.values_list("effective", flat=True)]
    return tuple(sorted(found, key=lambda each: each.starts_on))


def restored(version_id: int) -> tuple[Restored, ...]:
    """Return what would govern a version's days again, were it rolled back, in order.

    Days that it no longer governs are left out: what was approved over it since then stays.
    """
    own = models.Standing.objects.filter(version_id=version_id, decided=choices.Decided.APPROVED)
    began = own.order_by("id").values_list("book_id", "known").first()
    if began is None:
        return ()
    # What was closed at the very instant that the version began is what it took the place of.
    book_id, known = began
    before = models.Standing.objects.filter(book_id=book_id, known__endswith=known.lower)
    found = [
        Restored(earlier, overlap)
        for earlier, effective in before.values_list("version_id", "effective")
        for days in governed_now(version_id)
        if (overlap := _days(effective).overlap(days)) is not None
    ]
    return tuple(sorted(found, key=lambda each: each.days.starts_on))


def unconfirmed(day: datetime.date) -> tuple[Unconfirmed, ...]:
    """Return the versions that wait for their reviewer, as of a day, the most urgent first."""
    reviewed = models.Approval.objects.filter(version=OuterRef("pk"), part=choices.Approving.REVIEW)
    rows = (
        models.Version.objects.select_related("book")
        .exclude(reviewer="")
        .filter(reissue_of=None)
        .exclude(approved_at=None)
        .filter(~Exists(reviewed))
        .order_by("review_by", "id")
        .defer("dmn", "case_sheet")
    )
    return tuple(
        Unconfirmed(
            version_id=row.id,
            book=row.book.name,
            number=row.number,
            approver=row.approver,
            reviewer=row.reviewer,
            review_by=row.review_by,
            is_overdue=row.review_by < day,
        )
        for row in rows
        if row.review_by is not None
    )


def history(version_id: int, *, limit: int = 200) -> tuple[Act, ...]:
    """Return what was done to a version, newest first. Raises versions.NoSuchVersion."""
    drafts.version_row(version_id)
    acts = action_log.actions_on(subject_kind=SUBJECT_KIND, subject_id=version_id, limit=limit)
    names = users.names(user_ids={each.user_id for each in acts if each.user_id is not None})
    return tuple(
        Act(
            at=each.at,
            who=names.get(each.user_id or 0, ""),
            verb=each.verb,
            why=each.why,
            detail=each.detail,
        )
        for each in acts
    )


def _days(effective: Any) -> periods.Period:
    return periods.Period(starts_on=effective.lower, ends_before=effective.upper)
