"""Returning tenders: exactly what each one paid is undone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.payments import models, queries
from fisc.domain.receivables.operations import shares
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log


class TenderAlreadyReturned(Exception):
    """A tender comes back once."""


@transactions.starts_transaction
def return_tender(
    *,
    tender_id: int,
    reason_code_id: int,
    posting_day: datetime.date,
    made_by_id: int | None,
    made_at: datetime.datetime,
) -> int:
    """Undo exactly what one tender paid, on every account, and return the new entry's id.

    Charges open again with the due days they had. Raises NoSuchPayment, TenderAlreadyReturned.
    """
    return return_tenders(
        tender_ids=[tender_id],
        reason_code_id=reason_code_id,
        posting_day=posting_day,
        made_by_id=made_by_id,
        made_at=made_at,
    )


@transactions.needs_transaction
def return_tenders(
    *,
    tender_ids: Sequence[int],
    reason_code_id: int,
    posting_day: datetime.date,
    made_by_id: int | None,
    made_at: datetime.datetime,
) -> int:
    """Undo what some tenders paid under one entry; see `return_tender`."""
    tenders = list(models.Tender.objects.filter(id__in=tender_ids).order_by("id"))
    if len(tenders) != len(tender_ids) or not tenders:
        raise queries.NoSuchPayment(f"There are no tenders {sorted(tender_ids)}.")
    share_ids = models.TenderShare.objects.filter(tender_id__in=tender_ids).values_list("id")
    planned = shares.plan_taking_back(share_ids=[share_id for (share_id,) in share_ids])
    # Looked up under the locks of what the shares settled, so that one of two returners sees it.
    if models.TenderReturn.objects.filter(tender_id__in=tender_ids).exists():
        raise TenderAlreadyReturned(f"One of the tenders {sorted(tender_ids)} came back before.")
    kinds = queries.tender_kinds()
    lines = [
        *planned.lines,
        *(ledger.Line(kinds[each.kind_id].gl_id, -each.amount_cents) for each in tenders),
    ]
    entry_id = ledger.post_entry(
        posting_day=posting_day,
        kind=ledger_choices.EntryKind.TENDER_RETURNED,
        source_kind=ledger_choices.SourceKind.TENDER_RETURN,
        source_id=tenders[0].id,
        lines=ledger.netted(lines),
        made_by_id=made_by_id,
        made_at=made_at,
    )
    shares.take_back(planned=planned, entry_id=entry_id, posting_day=posting_day)
    _write_down(
        tenders,
        entry_id=entry_id,
        reason_code_id=reason_code_id,
        posting_day=posting_day,
        made_by_id=made_by_id,
        made_at=made_at,
    )
    return entry_id


def _write_down(
    tenders: Sequence[models.Tender],
    *,
    entry_id: int,
    reason_code_id: int,
    posting_day: datetime.date,
    made_by_id: int | None,
    made_at: datetime.datetime,
) -> None:
    models.TenderReturn.objects.bulk_create(
        models.TenderReturn(
            tender_id=each.id,
            reason_id=reason_code_id,
            entry_id=entry_id,
            posting_day=posting_day,
            made_by_id=made_by_id,
            made_at=made_at,
        )
        for each in tenders
    )
    action_log.record(
        user_id=made_by_id,
        verb="return tender",
        subject_kind="payment",
        subject_id=tenders[0].payment_id,
        why="",
        detail={"tender_ids": [each.id for each in tenders], "reason_code_id": reason_code_id},
        at=made_at,
    )
