"""Who acts on a version: a person who signs in, may do it, and says why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.queries import approving, drafts
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.users import queries as users

BOOK_KIND = "rule table book"


class NotPermitted(Exception):
    """A person lacks the permission for what they ask of rule tables."""


class NothingSaid(Exception):
    """A reason or a citation is missing; every act on tables says why."""


class NoSuchDraft(Exception):
    """There is no version of that id."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who acts, and how they are written on what they do."""

    user_id: int
    signature: str


def acting(*, username: str, permission: str) -> Person:
    """Return the person of a username who may do this.

    Raises users.queries.UnknownUser, NotPermitted.
    """
    found = users.person(username=username)
    if permission not in users.permissions_of(user_id=found.user_id):
        raise NotPermitted(
            f"{found.full_name} may not do this: it needs the permission {permission}. Ask a "
            "projects coordinator or a supervisor."
        )
    return Person(found.user_id, drafts.signature(found))


def said(**texts: str) -> None:
    """Refuse to go on without words. Raises NothingSaid naming what is empty."""
    if empty := [name for name, text in texts.items() if not text.strip()]:
        raise NothingSaid(f"Nothing is said under {' and '.join(empty)}. Write it, then try again.")


def locked(version_id: int) -> models.Version:
    """Lock a version's row so that nobody else changes it meanwhile. Raises NoSuchDraft."""
    found = (
        models.Version.objects.select_related("book")
        .select_for_update(of=("self",))
        .filter(id=version_id)
        .first()
    )
    if found is None:
        raise NoSuchDraft(f"There is no version {version_id} of any book.")
    return found


def revise(
    version: models.Version,
    changed: choices.Saved,
    person: Person,
    problems: Sequence[str],
    at: datetime.datetime,
) -> None:
    """Keep what a version is now, as this person left it."""
    models.Revision.objects.create(
        version=version,
        number=models.Revision.objects.filter(version=version).count() + 1,
        changed=changed,
        dmn=bytes(version.dmn),
        sha256=version.sha256,
        case_sheet=bytes(version.case_sheet),
        case_sheet_sha256=version.case_sheet_sha256,
        effective=version.effective,
        problems=list(problems),
        saved_by_id=person.user_id,
        saved_at=at,
    )


def note(
    *,
    person: Person,
    verb: str,
    version: models.Version,
    why: str,
    at: datetime.datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write an act on a version down."""
    action_log.record(
        user_id=person.user_id,
        verb=verb,
        subject_kind=approving.SUBJECT_KIND,
        subject_id=version.id,
        why=why,
        detail={"book": version.book.name, "number": version.number, **(detail or {})},
        at=at,
    )


def note_book(
    *, person: Person, verb: str, book: models.Book, why: str, at: datetime.datetime
) -> None:
    """Write an act on a whole book down."""
    action_log.record(
        user_id=person.user_id,
        verb=verb,
        subject_kind=BOOK_KIND,
        subject_id=book.id,
        why=why,
        detail={"book": book.name, "decision_point": book.decision_point},
        at=at,
    )
