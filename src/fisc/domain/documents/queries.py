"""Reading documents as they were sent."""

import dataclasses
import datetime
import pathlib

from django.conf import settings

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
