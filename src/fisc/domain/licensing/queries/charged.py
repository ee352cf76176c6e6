"""One item that a license made, with where its evaluation is kept."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import models
from fisc.domain.licensing.queries import fees


class NoSuchFeeItem(Exception):
    """There is no item of that number that a license made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeItem:
    """An item of a license: a charged line, or what was given back of one; in whole cents."""

    fee_item_id: int
    application_id: int
    # Of the application, within its type.
    number: int
    account_id: int
    line: code_lists.Code
    item_id: int
    amount_cents: int
    is_credit: bool
    arises_on: datetime.date
    # When it was computed, and so what was known.
    made_at: datetime.datetime
    # The output line, and the block and row that keep it.
    output: str
    evaluation: tuple[int, int]


def fee_item(fee_item_id: int) -> FeeItem:
    """Return an item that a license made. Raises NoSuchFeeItem."""
    return _found(id=fee_item_id)


def of_item(item_id: int) -> FeeItem:
    """Return the same by the number of the item on the account. Raises NoSuchFeeItem."""
    return _found(item_id=item_id)


def _found(**wanted: int) -> FeeItem:
    rows = models.FeeItem.objects.select_related("application", "item", "block")
    row = rows.filter(**wanted).first()
    if row is None:
        raise NoSuchFeeItem("No license made such an item.")
    return FeeItem(
        fee_item_id=row.id,
        application_id=row.application_id,
        number=row.application.number,
        account_id=row.application.account_id,
        line=code_lists.codes_by_id(fees.LICENSE_LINES)[row.line_id],
        item_id=row.item_id,
        amount_cents=row.amount_cents,
        is_credit=row.credits_id is not None,
        arises_on=row.item.arises_on,
        made_at=row.block.made_at,
        output=row.output,
        evaluation=(row.block_id, row.block_row),
    )
