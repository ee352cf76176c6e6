"""What granted waivers take off a period's penalty and interest: always the difference."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping

from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import postings as sums
from fisc.domain.tax_returns.operations import posting, registering
from fisc.domain.tax_returns.queries import postings as books
from fisc.domain.tax_returns.queries import returns
from fisc.domain.tax_returns.queries import waivers as queries
from fisc.plumbing import transactions

By = registering.By
Part = choices.Part
WAIVED: Mapping[int, Part] = {
    Part.PENALTY: Part.WAIVED_PENALTY,
    Part.INTEREST: Part.WAIVED_INTEREST,
}


@transactions.needs_transaction
def apply(kept: returns.Kept, *, on: datetime.date, posting_day: datetime.date, by: By) -> bool:
    """Waive of a period what its granted waivers say, never more than it is charged.

    Where less is charged than was, what was waived beyond it is taken back. Tells whether anything
    moved.
    """
    granted = queries.waivers(account_id=kept.account_id, states=[choices.WaiverState.GRANTED])
    covering = [
        each for each in granted if each.covers(starts_on=kept.days.starts_on, due_on=kept.due_on)
    ]
    if not covering:
        return False
    ids = queries.ids_by_request(kept.account_id)
    there = books.standing(kept.account_id, starts_on=kept.days.starts_on)
    left = Counter({part: there.charged(part) for part in WAIVED})
    moves = []
    for each in covering:
        cents = each.wanted_cents(left[each.part])
        left[each.part] -= cents
        before = there.waived(ids.get(each.request_id, 0))
        if move := -cents - before:
            moves.append((each, {sums.Key(WAIVED[each.part]): move}))
    for each, found in moves:
        posting.post_differences(
            found,
            of=posting.Posting(
                kept=kept,
                due_on=on,
                arises_on=on,
                posting_day=posting_day,
                user_id=by.user_id,
                at=by.at,
                waiver_id=_number(each, by=by),
            ),
        )
    return bool(moves)


def _number(of: queries.Waiver, *, by: By) -> int:
    row, _ = models.Waiver.objects.get_or_create(
        request_id=of.request_id,
        defaults={"account_id": of.account_id, "kind": of.kind, "recorded_at": by.at},
    )
    return row.id
