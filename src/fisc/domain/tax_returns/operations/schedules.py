"""Keeping a return's schedule by location, with each location's share of the tax."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.basics import periods
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import locations, returns
from fisc.domain.tax_returns.queries import members
from fisc.plumbing import transactions


@transactions.needs_transaction
def write(
    row: models.TaxReturn, lines: Sequence[returns.Line], *, taxes_cents: Sequence[int]
) -> None:
    """Write what of each line is of which location; nothing where no line has a schedule."""
    if not any(each.by_location for each in lines):
        return
    days = periods.Period(starts_on=row.starts_on, ends_before=row.ends_before)
    found = members.consolidated(row.account_id).locations(days)
    ids = {each.code: each.member_id for each in found}
    line_ids = models.ReturnLine.objects.filter(tax_return_id=row.id).order_by("number")
    models.ReturnLocation.objects.bulk_create(
        models.ReturnLocation(
            line_id=line_id,
            member_id=ids[each.location],
            gross_cents=each.gross_cents,
            deducted_cents=each.deducted_cents,
            tax_cents=share,
        )
        for line_id, line, tax in zip(
            line_ids.values_list("id", flat=True), lines, taxes_cents, strict=True
        )
        if line.by_location
        for each, share in zip(
            line.by_location, locations.shares(tax, line.by_location), strict=True
        )
    )
