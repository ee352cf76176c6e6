"""Reading documents as they were sent, and letters that wait or were printed."""

import dataclasses
import datetime
import pathlib
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q

from fisc.domain.documents import choices, models
from fisc.plumbing import document_store


@dataclasses.dataclass(frozen=True, kw_only=True)
class FiledDocument:
    """A document on file."""

    id: int
    sha256: str
    language: str
    size_bytes: int
    made_at: datetime.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter that a run wrote: printed in a batch, overtaken, or waiting."""

    letter_id: int
    kind: int
    subject_id: int
    account_id: int
    written_on: datetime.date
    # None while it waits.
    batch_id: int | None
    place: int | None
    overtaken_at: datetime.datetime | None
    # Of its batch.
    printed_at: datetime.datetime | None
    mailed_at: datetime.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Batch:
    """Letters of a kind that were printed together. The document is of all of them."""

    batch_id: int
    kind: int
    # The day of its letters.
    written_on: datetime.date
    letters: int
    printed_at: datetime.datetime
    printed_by_id: int | None
    mailed_at: datetime.datetime | None
    mailed_by_id: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Day:
    """How many letters of a kind and day wait to be printed."""

    written_on: datetime.date
    kind: int
    waiting: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Printed:
    """What one letter of a batch was made of."""

    data: Mapping[str, Any]
    template: pathlib.Path
    made_at: datetime.datetime


class NoSuchLetter(Exception):
    """There is no letter or batch of that number, or it was not printed."""


def store_folder() -> pathlib.Path:
    """Say where this city keeps the bytes of its documents."""
    return pathlib.Path(settings.FISC_DOCUMENTS)


def document_of(
    *, kind: choices.Kind, subject_kind: choices.Subject, subject_id: int
) -> FiledDocument | None:
    """Find the document of that kind about that subject, if one was made."""
    row = models.Document.objects.filter(
        kind=kind, subject_kind=subject_kind, subject_id=subject_id
    ).first()
    return _filed(row) if row else None


def content(*, sha256: str) -> bytes:
    """Give the bytes of a document as they were filed.

    Raises DocumentIsMissing or DocumentWasChanged, both with what to do.
    """
    return document_store.fetch(folder=store_folder(), sha256=sha256)


def _filed(row: models.Document) -> FiledDocument:
    return FiledDocument(
        id=row.id,
        sha256=row.sha256,
        language=row.language,
        size_bytes=row.size_bytes,
        made_at=row.made_at,
    )


def letter(letter_id: int) -> Letter:
    """Return a letter. Raises NoSuchLetter."""
    row = models.Letter.objects.select_related("batch").filter(id=letter_id).first()
    if row is None:
        raise NoSuchLetter(f"There is no letter {letter_id}.")
    return letter_of(row)


def letters(*, account_id: int, kinds: Collection[int], limit: int = 50) -> tuple[Letter, ...]:
    """Return letters of some kinds to an account, the newest first."""
    rows = models.Letter.objects.select_related("batch").filter(
        account_id=account_id, kind__in=kinds
    )
    return tuple(letter_of(row) for row in rows.order_by("-written_on", "-id")[:limit])


def letters_about(
    subjects: Mapping[choices.Kind, Collection[int]], *, limit: int = 50
) -> tuple[Letter, ...]:
    """Return letters about some subjects by their kind, the newest first."""
    wanted = Q(pk__in=[])
    for kind, subject_ids in subjects.items():
        wanted |= Q(kind=kind, subject_id__in=subject_ids)
    rows = models.Letter.objects.select_related("batch").filter(wanted)
    return tuple(letter_of(row) for row in rows.order_by("-written_on", "-id")[:limit])


def waiting(
    *, kind: int, written_on: datetime.date, after: tuple[int, int] = (0, 0), limit: int = 50
) -> tuple[Letter, ...]:
    """Return a page of the letters of a kind and day that wait, by account; `after` is one's."""
    rows = models.Letter.objects.select_related("batch").filter(
        kind=kind, written_on=written_on, batch__isnull=True, overtaken_at__isnull=True
    )
    rows = rows.filter(Q(account_id__gt=after[0]) | Q(account_id=after[0], id__gt=after[1]))
    return tuple(letter_of(row) for row in rows.order_by("account_id", "id")[:limit])


def of_batch(batch_id: int) -> tuple[Letter, ...]:
    """Return the letters of a batch in the order of printing."""
    rows = models.Letter.objects.select_related("batch").filter(batch_id=batch_id)
    return tuple(letter_of(row) for row in rows.order_by("place"))


def days(*, kinds: Collection[int]) -> tuple[Day, ...]:
    """Return how many letters of some kinds wait by their day, the oldest first."""
    rows = (
        models.Letter.objects.filter(kind__in=kinds, batch__isnull=True, overtaken_at__isnull=True)
        .values("written_on", "kind")
        .annotate(waiting=Count("id"))
        .order_by("written_on", "kind")
    )
    return tuple(Day(**row) for row in rows)


def batch(batch_id: int) -> Batch:
    """Return a batch of letters. Raises NoSuchLetter."""
    row = models.PrintBatch.objects.filter(id=batch_id).first()
    if row is None:
        raise NoSuchLetter(f"There is no batch of letters {batch_id}.")
    return _batch(row)


def batches(*, kinds: Collection[int], limit: int = 20) -> tuple[Batch, ...]:
    """Return batches of some kinds, those to be mailed first, then the newest."""
    rows = models.PrintBatch.objects.filter(kind__in=kinds)
    rows = rows.order_by(F("mailed_at").desc(nulls_first=True), "-id")
    return tuple(_batch(row) for row in rows[:limit])


def printed(found: Letter) -> Printed:
    """Return what a letter was printed of. Raises NoSuchLetter where it was not."""
    if found.batch_id is None or found.place is None:
        raise NoSuchLetter(f"Letter {found.letter_id} was not printed.")
    row = models.Document.objects.get(
        kind=choices.Kind.PRINT_BATCH,
        subject_kind=choices.Subject.PRINT_BATCH,
        subject_id=found.batch_id,
    )
    return Printed(
        data=row.data["letters"][found.place],
        template=document_store.place(folder=store_folder(), sha256=row.template_sha256),
        made_at=row.made_at,
    )


def letter_of(row: models.Letter) -> Letter:
    """Return a row as a letter."""
    return Letter(
        letter_id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        account_id=row.account_id,
        written_on=row.written_on,
        batch_id=row.batch_id,
        place=row.place,
        overtaken_at=row.overtaken_at,
        printed_at=row.batch.printed_at if row.batch else None,
        mailed_at=row.batch.mailed_at if row.batch else None,
    )


def _batch(row: models.PrintBatch) -> Batch:
    return Batch(
        batch_id=row.id,
        kind=row.kind,
        written_on=row.written_on,
        letters=row.letters,
        printed_at=row.printed_at,
        printed_by_id=row.printed_by_id,
        mailed_at=row.mailed_at,
        mailed_by_id=row.mailed_by_id,
    )
