"""From draft to force and back: cases run again, approved by others, confirmed, rolled back."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from fisc.domain.code_lists import operations as code_list_writes
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.list_changes import choices, models
from fisc.domain.list_changes.operations import days, drafts
from fisc.domain.list_changes.queries import changes, effects
from fisc.domain.rule_tables.operations import approvals as table_approvals
from fisc.domain.rule_tables.operations import people
from fisc.plumbing import office_days, transactions
from fisc.plumbing.users import permissions

Decision = table_approvals.Decision
NotApprovable = table_approvals.NotApprovable


class NotTestable(Exception):
    """A draft cannot be put in test; every reason is named."""


class NotTheReviewer(Exception):
    """Nobody asked this person to confirm a change."""


@transactions.starts_transaction
def put_in_test(*, change_id: int, by: str, at: datetime.datetime) -> None:
    """Close a draft for changes once the cases of every book that uses its list come out.

    How they came out is kept with it; once more does nothing. Raises NotTestable when it changes
    nothing, has problems, a case fails, or its list was changed meanwhile; people.NotPermitted.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    row = drafts.locked(change_id)
    if row.status == choices.Status.IN_TEST:
        return
    if row.status != choices.Status.DRAFT:
        raise NotTestable(f"Change {row.number} is {row.status}; only a draft is tested.")
    _refuse(row, [*_stale(row), *_nothing(row)])
    _refuse(row, [str(each) for each in effects.problems(row.list.name, bytes(row.content))])
    tried = _try(row, at=at)
    row.status = choices.Status.IN_TEST
    row.save(update_fields=["status"])
    detail = {"cases": sum(each.passed for each in tried), "books": len(tried)}
    drafts.note(person=person, verb="put in test", row=row, why="", at=at, detail=detail)


@transactions.starts_transaction
def take_back(*, change_id: int, by: str, reason: str, at: datetime.datetime) -> None:
    """Open a change in test again; any change ends what was agreed to so far.

    Raises NotTestable, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(reason=reason)
    row = drafts.locked(change_id)
    if row.status != choices.Status.IN_TEST:
        raise NotTestable(f"Change {row.number} is {row.status}; only one in test is taken back.")
    row.status = choices.Status.DRAFT
    row.save(update_fields=["status"])
    drafts.note(person=person, verb="took back to draft", row=row, why=reason, at=at)


@transactions.starts_transaction
def approve(
    *,
    change_id: int,
    by: str,
    reason: str,
    at: datetime.datetime,
    sha256: str = "",
    reviewer: str = "",
    review_by: datetime.date | None = None,
) -> Decision:
    """Agree to a change in test, and put it in force once everybody needed has agreed.

    The rules are those of tables: whoever saved any of it cannot, except in a small office that
    names another to confirm it; one whose days have begun needs two others. The cases are run
    once more. Raises NotApprovable, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.APPROVE_TABLES)
    people.said(reason=reason)
    code_list_writes.lock_lists()
    row = drafts.locked(change_id)
    _refuse_state(row, sha256)
    writers = changes.writers(change_id)
    begun = row.effective.lower <= office_days.office_day(at)
    if person.user_id in writers:
        _refuse_own(row, person, reviewer=reviewer, begun=begun)
        row.reviewer, row.review_by = table_approvals.reviewer_named(
            reviewer, review_by, writers=writers, at=at
        )
    part = _agree(row, person, reason, at)
    drafts.note(
        person=person,
        verb="gave the second approval" if part is choices.Approving.SECOND else "approved",
        row=row,
        why=reason,
        at=at,
        detail={"reviewer": row.reviewer},
    )
    if begun and part is choices.Approving.APPROVAL:
        return Decision(
            is_in_force=False,
            waits_for=f"Its days began on {row.effective.lower}: a second person who wrote none "
            "of it must approve it too.",
        )
    _put_in_force(row, at=at)
    waits_for = f"{row.reviewer} must confirm it by {row.review_by}." if row.reviewer else ""
    return Decision(is_in_force=True, waits_for=waits_for)


@transactions.starts_transaction
def confirm(*, change_id: int, by: str, reason: str, at: datetime.datetime) -> None:
    """Confirm, as the reviewer named, what its author approved; once more does nothing.

    Raises NotTheReviewer, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.APPROVE_TABLES)
    people.said(reason=reason)
    row = drafts.locked(change_id)
    if row.reviewer != person.signature:
        raise NotTheReviewer(
            f"{row.reviewer or 'Nobody'} was named to confirm change {row.number}, not "
            f"{person.signature}."
        )
    _, is_new = models.Approval.objects.get_or_create(
        change=row,
        revision=changes.revision(change_id),
        part=choices.Approving.REVIEW,
        defaults={"person_id": person.user_id, "reason": reason.strip(), "at": at},
    )
    if is_new:
        drafts.note(person=person, verb="confirmed", row=row, why=reason, at=at)


@transactions.starts_transaction
def roll_back(*, change_id: int, by: str, reason: str, at: datetime.datetime) -> None:
    """Let a change's days be governed again by what governed them before it was approved.

    What it governed meanwhile stays known for that time, and codes that it added are withdrawn.
    Raises NotApprovable, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.APPROVE_TABLES)
    people.said(reason=reason)
    row = drafts.locked(change_id)
    if row.edition_id is None:
        raise NotApprovable(f"Change {row.number} is {row.status}; there is nothing to roll back.")
    try:
        code_list_writes.roll_back(
            edition_id=row.edition_id,
            by=person.signature,
            reason=reason.strip(),
            at=at,
            today=office_days.office_day(at),
        )
        days.follow(row.list.name)
    except (code_list_writes.NotGoverning, ledger.GLAccountChanged) as problem:
        raise NotApprovable(str(problem)) from problem
    drafts.note(person=person, verb="rolled back", row=row, why=reason, at=at)


# --- Inside --------------------------------------------------------------------------------------


def _stale(row: models.Change) -> list[str]:
    """Say when the list is no longer what the draft was started from: it would be undone."""
    day = code_lists.AsOf(row.effective.lower)
    if code_lists.governing(row.list.name, as_of=day) == row.started_from_id:
        return []
    words = (
        f"another edition governs {day.day} by now than the one it was started from, and would "
        "be undone. Take the rows out, give this draft up, and bring them into a new one"
    )
    return [words]


def _nothing(row: models.Change) -> list[str]:
    if bytes(row.content) == code_lists.content(row.started_from_id):
        return ["it changes nothing"]
    return []


def _try(row: models.Change, *, at: datetime.datetime) -> tuple[effects.BookTrial, ...]:
    """Run the cases of the books that use the list, and keep how they came out."""
    tried = effects.tried(changes.change(row.id))
    _refuse(row, [f"“{each.book}”, {failure}" for each in tried for failure in each.failures])
    models.Trial.objects.create(
        change=row,
        sha256=row.sha256,
        books=[dataclasses.asdict(each) for each in tried],
        passed=sum(each.passed for each in tried),
        failed=0,
        ran_at=at,
    )
    return tried


def _refuse(row: models.Change, problems: Sequence[str]) -> None:
    if problems:
        reasons = "; ".join(each.rstrip(".") for each in dict.fromkeys(problems))
        raise NotTestable(f"Change {row.number} of “{row.list.name}”: {reasons}.")


def _refuse_state(row: models.Change, sha256: str) -> None:
    if row.status != choices.Status.IN_TEST:
        raise NotApprovable(
            f"Change {row.number} is {row.status}; only one in test can be approved."
        )
    if sha256 and sha256 != row.sha256:
        raise NotApprovable(
            f"Change {row.number} is no longer the file that you looked at. Look at it again."
        )
    if problems := _stale(row):
        raise NotApprovable(f"Change {row.number} of “{row.list.name}”: {problems[0]}.")


def _refuse_own(row: models.Change, person: people.Person, *, reviewer: str, begun: bool) -> None:
    if begun:
        raise NotApprovable(
            f"{person.signature} wrote some of change {row.number}, whose days began on "
            f"{row.effective.lower}: two others must approve it."
        )
    if not reviewer:
        raise NotApprovable(
            f"{person.signature} wrote some of change {row.number}; another must approve it. "
            "A small office whose policy allows it may name a reviewer instead."
        )


def _agree(
    row: models.Change, person: people.Person, reason: str, at: datetime.datetime
) -> choices.Approving:
    so_far = changes.agreed(row.id)
    if any(each.user_id == person.user_id for each in so_far):
        raise NotApprovable(
            f"{person.signature} approved change {row.number} already; a second person must."
        )
    part = choices.Approving.SECOND if so_far else choices.Approving.APPROVAL
    models.Approval.objects.create(
        change=row,
        revision=changes.revision(row.id),
        part=part,
        person_id=person.user_id,
        reason=reason.strip(),
        at=at,
    )
    return part


def _put_in_force(row: models.Change, *, at: datetime.datetime) -> None:
    """Make a change an edition that governs its days. Raises NotApprovable."""
    try:
        _try(row, at=at)
        row.edition_id = code_list_writes.adopt(
            of=code_list_writes.Adoption(
                name=row.list.name,
                content=bytes(row.content),
                days=code_lists.days_of(row.effective),
                author=row.author,
                approver=changes.agreed(row.id)[0].person,
                reason=row.reason,
                citation=row.citation,
            ),
            at=at,
            today=office_days.office_day(at),
        )
        days.follow(row.list.name)
    except (
        NotTestable,
        code_list_writes.CodeWasChanged,
        code_list_writes.CodeWasRemoved,
        code_list_writes.NotGoverning,
        ledger.GLAccountChanged,
    ) as problem:
        raise NotApprovable(str(problem)) from problem
    row.status = choices.Status.APPROVED
    row.save(update_fields=["status", "edition", "reviewer", "review_by"])
