"""Making and filing documents."""

import datetime
import pathlib
from collections.abc import Mapping
from typing import Any

from fisc.domain.documents import choices, models, queries
from fisc.plumbing import document_store, transactions
from fisc.plumbing.typesetting import typesetter


@transactions.needs_transaction
def file_document(
    *,
    kind: choices.Kind,
    subject_kind: choices.Subject,
    subject_id: int,
    language: str,
    template: pathlib.Path,
    data: Mapping[str, Any],
    made_at: datetime.datetime,
) -> queries.FiledDocument:
    """Make a document from its template and data, and file it once.

    Asked again for the same subject, this gives the document that was filed the first time,
    whatever has changed since: a reprint is the document as sent. The bytes are in the store
    before the row names them, so a kill in between leaves at most an unnamed file.

    Raises LetterDoesNotTypeset when template and data do not make a document.
    """
    there = queries.document_of(kind=kind, subject_kind=subject_kind, subject_id=subject_id)
    if there:
        return there
    made = typesetter.typeset(template=template, data=data, made_at=made_at)
    sha256 = document_store.keep(folder=queries.store_folder(), content=made)
    models.Document.objects.bulk_create(
        [
            models.Document(
                kind=kind,
                subject_kind=subject_kind,
                subject_id=subject_id,
                language=language,
                template_sha256=typesetter.template_version(template),
                data=dict(data),
                sha256=sha256,
                size_bytes=len(made),
                made_at=made_at,
            )
        ],
        ignore_conflicts=True,
    )
    filed = queries.document_of(kind=kind, subject_kind=subject_kind, subject_id=subject_id)
    assert filed is not None
    return filed
