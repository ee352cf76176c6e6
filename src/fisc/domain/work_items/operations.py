"""Raising work items, and what a person does with them."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from fisc.domain.work_items import models, queries
from fisc.plumbing import transactions

CHUNK_SHIFT = 31
RUN_SHIFT = 43
RAISED_AT_ONCE = 5000


class NotYours(Exception):
    """Someone else has this work item, or nobody has taken it."""


class NoReasonGiven(Exception):
    """A work item is never moved without a word why."""


@dataclasses.dataclass(frozen=True)
class NewItem:
    """What to look at, and why; `cause_key` is shared by all that one cause made."""

    kind: str
    reason: str
    cause_key: str
    subject_kind: str
    subject_id: int
    due_on: datetime.date
    detail: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    urgency: int = 5


@transactions.needs_transaction
def raise_items(
    *,
    items: Sequence[NewItem],
    at: datetime.datetime,
    posting_day: datetime.date | None = None,
    run_id: int | None = None,
    chunk: int | None = None,
) -> int:
    """Raise work items and return how many are new; one of the same cause and subject is kept.

    Items of a run's chunk are numbered by it, so that a resumed run raises the same rows.
    """
    first = _first_identifier(run_id=run_id, chunk=chunk)
    before = models.WorkItem.objects.count() if first is None else 0
    models.WorkItem.objects.bulk_create(
        (
            models.WorkItem(
                id=None if first is None else first + ordinal,
                kind=item.kind,
                reason=item.reason,
                cause_key=item.cause_key,
                subject_kind=item.subject_kind,
                subject_id=item.subject_id,
                detail=dict(item.detail),
                due_on=item.due_on,
                urgency=item.urgency,
                run_id=run_id,
                posting_day=posting_day,
                raised_at=at,
            )
            for ordinal, item in enumerate(items)
        ),
        batch_size=RAISED_AT_ONCE,
        ignore_conflicts=True,
    )
    if first is None:
        return models.WorkItem.objects.count() - before
    return models.WorkItem.objects.filter(id__gte=first, id__lt=first + len(items)).count()


def _first_identifier(*, run_id: int | None, chunk: int | None) -> int | None:
    """Return the chunk's next free identifier: what it raised before is seen in its transaction."""
    if run_id is None or chunk is None:
        return None
    base = run_id << RUN_SHIFT | chunk << CHUNK_SHIFT
    last = (
        models.WorkItem.objects.filter(id__gte=base, id__lt=base + (1 << CHUNK_SHIFT))
        .order_by("-id")
        .values_list("id", flat=True)
        .first()
    )
    return base if last is None else last + 1


@transactions.starts_transaction
def take_next(
    *, user_id: int, today: datetime.date, kinds: Sequence[str] | None = None
) -> int | None:
    """Lock the most urgent item to a person, with all others of its cause; None if none is left.

    Who asks twice at once gets two different items: locked rows are skipped.
    """
    queue = queries.waiting(today=today, kinds=kinds)
    found = queue.select_for_update(skip_locked=True, of=("self",)).first()
    if found is None:
        return None
    _take(item=found, user_id=user_id, today=today)
    return found.id


@transactions.starts_transaction
def take(*, item_id: int, user_id: int, today: datetime.date) -> None:
    """Lock one item to a person, with all others of its cause; raises NotYours."""
    claim(item_id=item_id, user_id=user_id, today=today)


@transactions.needs_transaction
def claim(*, item_id: int, user_id: int, today: datetime.date) -> None:
    """As take, as a part of what is done with it; raises NotYours."""
    found = models.WorkItem.objects.select_for_update().get(id=item_id)
    if found.status == "done" or (found.status == "taken" and found.owner_id != user_id):
        raise NotYours("Someone else has this work item already. Ask for the next one.")
    _take(item=found, user_id=user_id, today=today)


@transactions.needs_transaction
def claim_one(*, item_id: int, user_id: int) -> None:
    """Lock one item to a person, and no other of its cause, as a part of what is done with it.

    Raises NotYours.
    """
    found = models.WorkItem.objects.select_for_update().get(id=item_id)
    if found.status == "done" or (found.status == "taken" and found.owner_id != user_id):
        raise NotYours("Someone else has this work item, or it is done. Open the queue again.")
    models.WorkItem.objects.filter(id=item_id).update(
        status="taken", owner_id=user_id, snoozed_until=None
    )


def _take(*, item: models.WorkItem, user_id: int, today: datetime.date) -> None:
    same = queries.waiting(today=today, kinds=None).filter(cause_key=item.cause_key)
    ids = list(same.select_for_update(skip_locked=True, of=("self",)).values_list("id", flat=True))
    models.WorkItem.objects.filter(id__in=[*ids, item.id]).update(
        status="taken", owner_id=user_id, snoozed_until=None
    )


@transactions.starts_transaction
def done(*, item_ids: Sequence[int], user_id: int, reason: str, at: datetime.datetime) -> None:
    """Close items that a person has; raises NotYours, NoReasonGiven."""
    finish(item_ids=item_ids, user_id=user_id, reason=reason, at=at)


@transactions.needs_transaction
def finish(*, item_ids: Sequence[int], user_id: int, reason: str, at: datetime.datetime) -> None:
    """Close items as a part of what they asked for; raises NotYours, NoReasonGiven."""
    _own(item_ids=item_ids, user_id=user_id, reason=reason)
    models.WorkItem.objects.filter(id__in=item_ids).update(
        status="done", done_at=at, done_by_id=user_id, last_word=reason
    )


@transactions.starts_transaction
def forward(*, item_ids: Sequence[int], user_id: int, to_user_id: int, reason: str) -> None:
    """Hand items on to another person; raises NotYours, NoReasonGiven."""
    _own(item_ids=item_ids, user_id=user_id, reason=reason)
    models.WorkItem.objects.filter(id__in=item_ids).update(owner_id=to_user_id, last_word=reason)


@transactions.starts_transaction
def snooze(*, item_ids: Sequence[int], user_id: int, until: datetime.date, reason: str) -> None:
    """Put items back until a day; raises NotYours, NoReasonGiven."""
    _own(item_ids=item_ids, user_id=user_id, reason=reason)
    models.WorkItem.objects.filter(id__in=item_ids).update(
        status="snoozed", snoozed_until=until, owner=None, last_word=reason
    )


@transactions.starts_transaction
def put_back(*, item_ids: Sequence[int], user_id: int, reason: str) -> None:
    """Give items back to the queue; raises NotYours, NoReasonGiven."""
    _own(item_ids=item_ids, user_id=user_id, reason=reason)
    models.WorkItem.objects.filter(id__in=item_ids).update(
        status="open", owner=None, last_word=reason
    )


@transactions.needs_transaction
def close_by_cause(*, cause_key: str, at: datetime.datetime, why: str) -> int:
    """Close the open items of a cause that is gone, and return how many there were."""
    return (
        models.WorkItem.objects.filter(cause_key=cause_key)
        .exclude(status="done")
        .update(status="done", done_at=at, last_word=why, snoozed_until=None)
    )


@transactions.needs_transaction
def close_by_subject(
    *, subject_kind: str, subject_ids: Sequence[int], at: datetime.datetime, why: str
) -> int:
    """Close the open items about subjects that need nothing more; returns how many there were."""
    return (
        models.WorkItem.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids)
        .exclude(status="done")
        .update(status="done", done_at=at, last_word=why, snoozed_until=None)
    )


def _own(*, item_ids: Sequence[int], user_id: int, reason: str) -> None:
    if not reason.strip():
        raise NoReasonGiven("Say why, in a few words, so that the next person understands.")
    held = models.WorkItem.objects.select_for_update().filter(
        id__in=item_ids, status="taken", owner_id=user_id
    )
    if len(held) != len(set(item_ids)):
        raise NotYours(
            "At least one of these work items is not taken by you any more. "
            "Open the queue again and take it first."
        )
