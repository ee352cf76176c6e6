"""Writing a change of a list until it is tested: its rows, its days, its reasons."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from fisc.basics import periods
from fisc.domain.code_lists import operations as code_list_writes
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes import choices, models
from fisc.domain.list_changes.calculations import sheets
from fisc.domain.list_changes.queries import changes, effects
from fisc.domain.rule_tables.operations import people
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.users import permissions


class DraftChangedMeanwhile(Exception):
    """Somebody else saved the same draft; both contents are kept, and a person chooses."""

    def __init__(self, *, who: str, when: datetime.datetime, content: bytes, sha256: str) -> None:
        self.who = who
        self.when = when
        self.content = content
        self.sha256 = sha256
        super().__init__(
            f"{who} saved this draft at {when:%Y-%m-%d %H:%M %Z} while you worked on it. Nothing "
            "of yours was saved. Look at both, then save again on top of theirs."
        )


class NotADraft(Exception):
    """A change is not in the state in which this can be done."""


class NothingToStartFrom(Exception):
    """A list has no edition that governs the first day of a draft."""


class RowsAreWrong(Exception):
    """What was to be saved has problems; nothing of it was kept. All of them are named."""

    def __init__(self, problems: Sequence[sheets.Problem]) -> None:
        self.problems = tuple(problems)
        said = "; ".join(str(each) for each in problems)
        super().__init__(f"Nothing was saved. Mend these, all of them, and save again: {said}.")


@transactions.starts_transaction
def start_draft(
    *,
    list_name: str,
    effective: periods.Period,
    by: str,
    reason: str,
    citation: str,
    at: datetime.datetime,
) -> int:
    """Start a change of a list from the edition that governs its first day; gives its id.

    Raises people.NotPermitted, people.NothingSaid, NothingToStartFrom,
    code_lists.NoSuchCodeList.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(reason=reason, citation=citation)
    code_list_writes.lock_lists()
    code_lists.codes(list_name)
    edition_id = code_lists.governing(list_name, as_of=code_lists.AsOf(effective.starts_on))
    if edition_id is None:
        raise NothingToStartFrom(
            f"No edition of the list “{list_name}” governs {effective.starts_on}. Import the "
            "city's folder once more, so that the list's file is known: `fisc tables import`."
        )
    content = code_lists.content(edition_id)
    list_id = code_lists.list_id(list_name)
    row = models.Change.objects.create(
        list_id=list_id,
        number=models.Change.objects.filter(list_id=list_id).count() + 1,
        content=content,
        sha256=sha256_of(content),
        effective=code_list_writes.date_range(effective),
        author=person.signature,
        reason=reason.strip(),
        citation=citation.strip(),
        started_from_id=edition_id,
        recorded_at=at,
    )
    _revise(row, choices.Saved.STARTED, person, at)
    note(person=person, verb="started a draft", row=row, why=reason, at=at)
    return row.id


@transactions.starts_transaction
def save_draft(
    *, change_id: int, content: bytes, based_on_sha256: str, by: str, at: datetime.datetime
) -> str:
    """Save a draft's rows over those that they were made from; gives the new sha-256.

    The same file again changes nothing. Raises DraftChangedMeanwhile when the draft is no longer
    the one it was made from, RowsAreWrong, sheets.NotASheet, NotADraft, people.NotPermitted.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    row = _draft(change_id)
    sha256 = sha256_of(content)
    if sha256 == row.sha256:
        return sha256
    if based_on_sha256 != row.sha256:
        last = changes.change(change_id)
        raise DraftChangedMeanwhile(
            who=last.saved_by, when=last.saved_at, content=last.content, sha256=last.sha256
        )
    if problems := effects.problems(row.list.name, content):
        raise RowsAreWrong(problems)
    row.content, row.sha256 = content, sha256
    row.save(update_fields=["content", "sha256"])
    _revise(row, choices.Saved.ROWS, person, at)
    note(
        person=person,
        verb="saved the draft",
        row=row,
        why="",
        at=at,
        detail={"before": based_on_sha256},
    )
    return sha256


@transactions.starts_transaction
def describe_draft(
    *,
    change_id: int,
    effective: periods.Period,
    reason: str,
    citation: str,
    by: str,
    at: datetime.datetime,
) -> None:
    """Say anew for which days a draft is meant, why, and by which law; the same is no change.

    Raises people.NothingSaid, NotADraft, people.NotPermitted.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(reason=reason, citation=citation)
    row = _draft(change_id)
    said = (effective, reason.strip(), citation.strip())
    if said == (code_lists.days_of(row.effective), row.reason, row.citation):
        return
    row.effective = code_list_writes.date_range(effective)
    row.reason, row.citation = reason.strip(), citation.strip()
    row.save(update_fields=["effective", "reason", "citation"])
    _revise(row, choices.Saved.DESCRIPTION, person, at)
    note(person=person, verb="described the draft", row=row, why=reason, at=at)


@transactions.starts_transaction
def discard_draft(*, change_id: int, reason: str, by: str, at: datetime.datetime) -> None:
    """Give a draft up; it stays to be read. Once more does nothing.

    Raises NotADraft, people.NotPermitted, people.NothingSaid.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    people.said(reason=reason)
    row = locked(change_id)
    if row.status == choices.Status.DISCARDED:
        return
    _refuse_state(row)
    row.status = choices.Status.DISCARDED
    row.save(update_fields=["status"])
    note(person=person, verb="gave the draft up", row=row, why=reason, at=at)


# --- For the other operations --------------------------------------------------------------------


@transactions.needs_transaction
def locked(change_id: int) -> models.Change:
    """Lock a change so that nobody else alters it meanwhile. Raises changes.NoSuchChange."""
    found = (
        models.Change.objects.select_related("list")
        .select_for_update(of=("self",))
        .filter(id=change_id)
        .first()
    )
    if found is None:
        raise changes.NoSuchChange(f"There is no change {change_id} of any list.")
    return found


@transactions.needs_transaction
def note(
    *,
    person: people.Person,
    verb: str,
    row: models.Change,
    why: str,
    at: datetime.datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write an act on a change down."""
    action_log.record(
        user_id=person.user_id,
        verb=verb,
        subject_kind=changes.SUBJECT_KIND,
        subject_id=row.id,
        why=why,
        detail={**changes.detail_of(row), **(detail or {})},
        at=at,
    )


def sha256_of(content: bytes) -> str:
    """Return the hash that a save is based on and an approval names."""
    return hashlib.sha256(content).hexdigest()


# --- Inside --------------------------------------------------------------------------------------


def _draft(change_id: int) -> models.Change:
    row = locked(change_id)
    _refuse_state(row)
    return row


def _refuse_state(row: models.Change) -> None:
    if row.status == choices.Status.IN_TEST:
        raise NotADraft(
            f"Change {row.number} of “{row.list.name}” is in test and stays as it is. Take it "
            "back to draft first."
        )
    if row.status != choices.Status.DRAFT:
        raise NotADraft(
            f"Change {row.number} of “{row.list.name}” is {row.status} and stays as it is. Start "
            "another draft."
        )


def _revise(
    row: models.Change, changed: choices.Saved, person: people.Person, at: datetime.datetime
) -> None:
    """Keep what a change is now, as this person left it."""
    models.Revision.objects.create(
        change=row,
        number=models.Revision.objects.filter(change=row).count() + 1,
        changed=changed,
        content=bytes(row.content),
        sha256=row.sha256,
        effective=row.effective,
        saved_by_id=person.user_id,
        saved_at=at,
    )
