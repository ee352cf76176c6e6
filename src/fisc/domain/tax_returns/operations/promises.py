"""Keeping the promise of a pay-off letter: what is charged beyond it is waived, and posted."""

from __future__ import annotations

import datetime

from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import postings as sums
from fisc.domain.tax_returns.operations import posting, registering
from fisc.domain.tax_returns.queries import forecasts, returns, waivers
from fisc.domain.tax_returns.queries import postings as queries
from fisc.plumbing import transactions

Part = choices.Part
_WAIVED = {Part.PENALTY: Part.WAIVED_PENALTY, Part.INTEREST: Part.WAIVED_INTEREST}
# A civil penalty is of the promised whole, though no day adds to it.
_OF_LETTER = {
    Part.PENALTY: (Part.PENALTY, Part.CIVIL_PENALTY),
    Part.INTEREST: (Part.INTEREST,),
}


@transactions.needs_transaction
def honor(
    kept: returns.Kept, *, on: datetime.date, posting_day: datetime.date, by: registering.By
) -> bool:
    """Waive what penalty and interest of a period are beyond a promise that the filer kept.

    Where the money was taken back, what was waived is charged again. An amendment since the letter
    is not covered by it, and takes back nothing that was waived. Tells whether anything moved.
    """
    made = forecasts.promises(kept.account_id, starts_on=kept.days.starts_on)
    if not made:
        return False
    held = [each for each in made if forecasts.is_kept(each)]
    found = held[-1] if held else made[-1]
    there = queries.standing(kept.account_id, starts_on=kept.days.starts_on)
    asked_for = waivers.ids_by_request(kept.account_id).values()
    wanted, before = {}, {}
    for part, waived in _WAIVED.items():
        # What people waived is off before the letter, and is not the letter's to take back.
        by_people = [each for each in there.items if each.waiver_id in asked_for]
        other = sum(each.cents for each in by_people if each.key.part == waived)
        charged, now = there.charged(*_OF_LETTER[part]) + other, there.charged(waived) - other
        beyond = max(charged - found.whole_cents(kept.days.starts_on, part), 0)
        if not held:
            beyond = 0
        elif not found.is_for(kept):
            beyond = min(-now, charged)
        wanted[sums.Key(waived)], before[sums.Key(waived)] = -beyond, now
    moves = sums.differences(wanted, before)
    if moves:
        defaults = {
            "account_id": kept.account_id,
            "kind": choices.WaiverKind.LETTER,
            "recorded_at": by.at,
        }
        waiver, _ = models.Waiver.objects.get_or_create(
            payoff_id=found.payoff_id, defaults=defaults
        )
        posting.post_differences(
            moves,
            of=posting.Posting(
                kept=kept,
                due_on=on,
                arises_on=on,
                posting_day=posting_day,
                user_id=by.user_id,
                at=by.at,
                waiver_id=waiver.id,
            ),
        )
    return bool(moves)
