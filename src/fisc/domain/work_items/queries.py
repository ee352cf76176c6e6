"""The queue of work items: what waits, in which order, by which cause."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from fisc.domain.work_items import models


class NoSuchItem(Exception):
    """There is no work item with this number."""


@dataclasses.dataclass(frozen=True)
class ItemSeen:
    """A work item as pages and commands show it."""

    item_id: int
    kind: str
    reason: str
    cause_key: str
    subject_kind: str
    subject_id: int
    detail: Mapping[str, Any]
    due_on: datetime.date
    urgency: int
    status: str
    owner_id: int | None
    snoozed_until: datetime.date | None
    last_word: str
    run_id: int | None
    posting_day: datetime.date | None
    raised_at: datetime.datetime


@dataclasses.dataclass(frozen=True)
class Cause:
    """All items of one cause that are not done."""

    cause_key: str
    kind: str
    reason: str
    count: int
    first_item_id: int
    due_on: datetime.date
    urgency: int


def item(*, item_id: int) -> ItemSeen:
    """Return one work item; raises NoSuchItem."""
    found = models.WorkItem.objects.filter(id=item_id).first()
    if found is None:
        raise NoSuchItem(f"There is no work item {item_id}.")
    return _seen(found)


def items(*, item_ids: Sequence[int]) -> Sequence[ItemSeen]:
    """Return some work items in the order asked for; numbers of nothing are left out."""
    rows = models.WorkItem.objects.in_bulk(item_ids)
    return [_seen(rows[item_id]) for item_id in item_ids if item_id in rows]


def waiting(*, today: datetime.date, kinds: Sequence[str] | None) -> QuerySet[models.WorkItem]:
    """Return the rows anybody may take, the most urgent first: due day, urgency, age."""
    free = Q(status="open") | Q(status="snoozed", snoozed_until__lte=today)
    rows = models.WorkItem.objects.filter(free)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    return rows.order_by("due_on", "urgency", "id")


def queue(
    *, today: datetime.date, kinds: Sequence[str] | None = None, limit: int = 100
) -> Sequence[ItemSeen]:
    """Return the items anybody may take, the most urgent first."""
    return [_seen(row) for row in waiting(today=today, kinds=kinds)[:limit]]


def owned(*, user_id: int) -> Sequence[ItemSeen]:
    """Return the items a person has, the most urgent first."""
    rows = models.WorkItem.objects.filter(status="taken", owner_id=user_id)
    return [_seen(row) for row in rows.order_by("due_on", "urgency", "id")]


def same_cause(*, cause_key: str, limit: int = 500) -> Sequence[ItemSeen]:
    """Return the items of one cause that are not done."""
    rows = models.WorkItem.objects.filter(cause_key=cause_key).exclude(status="done")
    return [_seen(row) for row in rows.order_by("due_on", "urgency", "id")[:limit]]


def of_subject(
    *, kind: str, subject_kind: str, subject_id: int, limit: int = 100
) -> Sequence[ItemSeen]:
    """Return the items of a kind about one thing that are not done, the oldest first."""
    rows = models.WorkItem.objects.filter(
        kind=kind, subject_kind=subject_kind, subject_id=subject_id
    ).exclude(status="done")
    return [_seen(row) for row in rows.order_by("id")[:limit]]


def open_about(*, kind: str, subject_kind: str, subject_ids: Sequence[int]) -> Mapping[int, int]:
    """Return, by subject, an item of a kind about each of some that is not done."""
    rows = models.WorkItem.objects.filter(
        kind=kind, subject_kind=subject_kind, subject_id__in=subject_ids
    ).exclude(status="done")
    return dict(rows.order_by("-id").values_list("subject_id", "id"))


def items_of_causes(cause_keys: Sequence[str]) -> Mapping[str, int]:
    """Return, by cause, the first item that was made of each of some, done or not."""
    rows = models.WorkItem.objects.filter(cause_key__in=list(cause_keys))
    return dict(rows.order_by("-id").values_list("cause_key", "id"))


def causes(*, today: datetime.date, limit: int = 100) -> Sequence[Cause]:
    """Return what waits, one line a cause, the most urgent first."""
    rows = (
        waiting(today=today, kinds=None)
        .order_by()
        .values("cause_key", "kind", "reason")
        .annotate(count=Count("id"), first=Min("id"), first_due=Min("due_on"), most=Min("urgency"))
        .order_by("first_due", "most", "first")[:limit]
    )
    return [
        Cause(
            cause_key=row["cause_key"],
            kind=row["kind"],
            reason=row["reason"],
            count=row["count"],
            first_item_id=row["first"],
            due_on=row["first_due"],
            urgency=row["most"],
        )
        for row in rows
    ]


def counts(
    *, run_id: int | None = None, posting_day: datetime.date | None = None
) -> Mapping[str, int]:
    """Return how many items are not done, by kind: of all, or of a run, a posting day, or both."""
    rows = models.WorkItem.objects.exclude(status="done")
    if run_id is not None or posting_day is not None:
        # What a page raised on the day names no run; an estimate names the day of its read.
        named = Q(run_id=run_id) if run_id is not None else Q()
        dated = Q(posting_day=posting_day) if posting_day is not None else Q()
        rows = rows.filter(named | dated)
    counted = rows.values("kind").annotate(count=Count("id")).order_by("kind")
    return {row["kind"]: row["count"] for row in counted}


def _seen(row: models.WorkItem) -> ItemSeen:
    return ItemSeen(
        item_id=row.id,
        kind=row.kind,
        reason=row.reason,
        cause_key=row.cause_key,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        detail=row.detail,
        due_on=row.due_on,
        urgency=row.urgency,
        status=row.status,
        owner_id=row.owner_id,
        snoozed_until=row.snoozed_until,
        last_word=row.last_word,
        run_id=row.run_id,
        posting_day=row.posting_day,
        raised_at=row.raised_at,
    )
