"""Making the letters about returns; each is made once, and a reprint is the same bytes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.domain.documents import choices as document_choices
from fisc.domain.documents import operations as documents
from fisc.domain.documents import queries as filed_documents
from fisc.domain.tax_returns.operations import registering
from fisc.domain.tax_returns.queries import corrections, letters
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing import office_days, transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By
Kind = document_choices.Kind
# What a run writes letters about.
WRITTEN: Mapping[Kind, str] = {
    Kind.NONFILER_NOTICE: letters.MISSING,
    Kind.ASSESSMENT_NOTICE: letters.ASSESSED,
    Kind.RETURN_CORRECTION: letters.CORRECTED,
}


@transactions.starts_transaction
def write_correction_letter(*, return_id: int, by: By) -> filed_documents.FiledDocument:
    """Make the letter that tells a filer which figures were corrected, in the filer's language.

    Raises queries.NoSuchReturn, corrections.NothingWasCorrected,
    typesetter.LetterDoesNotTypeset.
    """
    there = corrections.filed(return_id)
    if there is not None:
        return there
    kept = queries.one(return_id)
    language = corrections.language_of(kept)
    made = documents.file_document(
        kind=corrections.KIND,
        subject_kind=corrections.SUBJECT,
        subject_id=return_id,
        language=language,
        template=corrections.template(),
        data=corrections.letter(kept, language=language, written_on=office_days.office_day(by.at)),
        made_at=by.at,
    )
    action_log.record(
        user_id=by.user_id,
        verb="write letter of correction",
        subject_kind="account",
        subject_id=kept.account_id,
        why=by.why,
        detail={"return_id": return_id, "document_id": made.id},
        at=by.at,
    )
    return made


@transactions.needs_transaction
def write_chunk(
    *, bucket_from: int, bucket_before: int, since: datetime.date, on: datetime.date,
    at: datetime.datetime,
) -> Mapping[str, int]:  # fmt: skip
    """Write the letters of a range about missing, assessed and corrected returns.

    Each is written once; done again, it writes none. Returns how many of each kind.
    """
    counted = {}
    for kind, wanted in WRITTEN.items():
        found = letters.to_write(
            wanted, bucket_from=bucket_from, bucket_before=bucket_before, since=since, on=on
        )
        counted[f"letters_{kind.name.lower()}"] = documents.write_letters(
            kind=kind,
            subject_ids=found["subject_id"].tolist(),
            account_ids=found["account_id"].tolist(),
            on=on,
            at=at,
        )
    return counted
