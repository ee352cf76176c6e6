"""Making the letters about returns; each is made once, and a reprint is the same bytes."""

from __future__ import annotations

from fisc.domain.documents import operations as documents
from fisc.domain.documents import queries as filed_documents
from fisc.domain.tax_returns.operations import registering
from fisc.domain.tax_returns.queries import corrections
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By


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
        data=corrections.letter(kept, language=language, written_on=by.at.date()),
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
