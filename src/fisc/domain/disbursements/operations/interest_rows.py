"""Keeping what credits bear as it was computed."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements import models
from fisc.domain.disbursements.queries import bearing
from fisc.domain.ledger import queries as ledger
from fisc.plumbing import transactions


@transactions.needs_transaction
def keep(
    interest: Sequence[bearing.Interest],
    *,
    requisition_id: int | None = None,
    standing_id: int | None = None,
) -> None:
    """Keep what credits bear with a requisition, or with a carrying forward."""
    codes = {each.code: code_lists.code("charge", each.code) for each in interest}
    gl_accounts = ledger.gl_accounts() if interest else {}
    models.Interest.objects.bulk_create(
        models.Interest(
            requisition_id=requisition_id,
            standing_id=standing_id,
            account_id=each.account_id,
            credit_item_id=each.credit_item_id,
            code_id=codes[each.code].id,
            gl_account_id=gl_accounts[str(codes[each.code].attributes["revenue_gl"])].id,
            is_offset=each.is_offset,
            of_cents=each.of_cents,
            runs_after=each.runs_after,
            through=each.through,
            amount_cents=each.cents,
        )
        for each in interest
    )
