"""Making and filing documents; writing letters, printing many together, mailing them."""

import datetime
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

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


class NothingToPrint(Exception):
    """No letter of the kind and day waits to be printed."""


class CannotMail(Exception):
    """There is no such batch, or it was mailed already."""


@transactions.needs_transaction
def write_letters(
    *,
    kind: choices.Kind,
    subject_ids: Sequence[int],
    account_ids: Sequence[int],
    on: datetime.date,
    at: datetime.datetime,
) -> int:
    """Write a letter about each subject, which waits to be printed; returns how many are new.

    A letter of a kind is written once about its subject: asked again, it stays as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into documents_letter (kind, subject_id, account_id, written_on, written_at)
            select %(kind)s, told.subject_id, told.account_id, %(on)s, %(at)s
            from unnest(%(subjects)s::bigint[], %(accounts)s::bigint[])
                with ordinality as told (subject_id, account_id, place)
            order by told.place
            on conflict (kind, subject_id) do nothing
            """,
            {
                "kind": kind,
                "on": on,
                "at": at,
                "subjects": list(subject_ids),
                "accounts": list(account_ids),
            },
        )
        return int(cursor.rowcount)


@transactions.needs_transaction
def take_to_print(
    *, kind: choices.Kind, written_on: datetime.date, limit: int
) -> tuple[queries.Letter, ...]:
    """Lock the first letters of a kind and day that wait, by account; others print the next.

    Raises NothingToPrint.
    """
    rows = models.Letter.objects.select_for_update(skip_locked=True).filter(
        kind=kind, written_on=written_on, batch__isnull=True, overtaken_at__isnull=True
    )
    found = tuple(queries.letter_of(row) for row in rows.order_by("account_id", "id")[:limit])
    if not found:
        raise NothingToPrint(
            f"No letter of {written_on} waits to be printed. Choose another day, or open those "
            "that were printed."
        )
    return found


@transactions.needs_transaction
def overtake(*, letter_ids: Sequence[int], at: datetime.datetime) -> None:
    """Note of letters that what they tell is no longer so: they are not printed any more."""
    models.Letter.objects.filter(id__in=letter_ids).update(overtaken_at=at)


@transactions.needs_transaction
def file_batch(
    *,
    letters: Sequence[tuple[queries.Letter, Mapping[str, Any]]],
    template: pathlib.Path,
    user_id: int | None,
    at: datetime.datetime,
) -> int:
    """Typeset letters one after the other as one document, file it, and note them as printed.

    They are of one kind and day, each with its data, in the order of printing. The template is kept
    with them, so that one of them is made again in the same words. Gives the batch's number.
    Raises LetterDoesNotTypeset.
    """
    first, said = letters[0]
    batch = models.PrintBatch.objects.create(
        kind=first.kind,
        written_on=first.written_on,
        letters=len(letters),
        printed_at=at,
        printed_by_id=user_id,
    )
    document_store.keep(folder=queries.store_folder(), content=template.read_bytes())
    file_document(
        kind=choices.Kind.PRINT_BATCH,
        subject_kind=choices.Subject.PRINT_BATCH,
        subject_id=batch.id,
        language=str(said["language"]),
        template=template,
        data={"letters": [data for _letter, data in letters]},
        made_at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "update documents_letter as letter set batch_id = %s, place = printed.place - 1"
            " from unnest(%s::bigint[]) with ordinality as printed (id, place)"
            " where letter.id = printed.id",
            [batch.id, [each.letter_id for each, _data in letters]],
        )
    return batch.id


@transactions.starts_transaction
def mail_batch(*, batch_id: int, user_id: int, at: datetime.datetime) -> None:
    """Note that a batch was mailed. Raises CannotMail."""
    row = models.PrintBatch.objects.select_for_update().filter(id=batch_id).first()
    if row is None:
        raise CannotMail(f"There is no batch of letters {batch_id}.")
    if row.mailed_at is not None:
        raise CannotMail(f"Batch {batch_id} was mailed already. Nothing is left to do.")
    models.PrintBatch.objects.filter(id=batch_id).update(mailed_at=at, mailed_by_id=user_id)


@transactions.starts_transaction
def reprint(*, letter_id: int) -> queries.FiledDocument:
    """Give one letter of a batch by itself, as it was printed: made and filed once.

    Raises queries.NoSuchLetter where it was not printed, LetterDoesNotTypeset.
    """
    found = queries.letter(letter_id)
    kind = choices.Kind(found.kind)
    if there := queries.document_of(
        kind=kind, subject_kind=choices.LETTERS[kind], subject_id=found.subject_id
    ):
        return there
    printed = queries.printed(found)
    return file_document(
        kind=kind,
        subject_kind=choices.LETTERS[kind],
        subject_id=found.subject_id,
        language=printed.data["language"],
        template=printed.template,
        data={"letters": [printed.data]},
        made_at=printed.made_at,
    )
