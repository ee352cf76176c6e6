"""Making the document of a bill, once."""

from __future__ import annotations

import datetime

from fisc.domain.documents import choices
from fisc.domain.documents import operations as documents
from fisc.domain.documents import queries as filed
from fisc.domain.utilities.queries import bill_documents, bills
from fisc.plumbing import transactions


@transactions.starts_transaction
def make_bill_document(*, number: int, at: datetime.datetime) -> filed.FiledDocument:
    """Make and file a bill as PDF/UA, or give the one that was filed before.

    Raises bills.NoSuchBill, typesetter.LetterDoesNotTypeset.
    """
    bill = bills.bill(number=number)
    there = filed.document_of(
        kind=choices.Kind.BILL, subject_kind=choices.Subject.BILL, subject_id=bill.bill_id
    )
    if there is not None:
        return there
    data = bill_documents.bill_document_data(number=number)
    return documents.file_document(
        kind=choices.Kind.BILL,
        subject_kind=choices.Subject.BILL,
        subject_id=bill.bill_id,
        language=data["language"],
        template=bill_documents.template(),
        data=data,
        made_at=at,
    )
