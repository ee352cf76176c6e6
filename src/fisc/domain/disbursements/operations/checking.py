"""What is wrong with credits that are to be given back: amounts, holders, holds, other subjects."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from fisc.basics import money
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.disbursements.calculations import offsets
from fisc.domain.disbursements.queries import credits, guards
from fisc.domain.receivables import calculations as receivable_sums
from fisc.domain.receivables import choices as receivable_choices


def wrong_takes(
    takes: Sequence[offsets.Take], locked: Mapping[int, receivable_sums.LockedItem]
) -> list[str]:
    """Say what is wrong with what is to be taken."""
    problems = []
    if len({each.credit_item_id for each in takes}) < len(takes):
        problems.append("A credit is named twice. Say once how much of it is taken.")
    for take in takes:
        credit = locked[take.credit_item_id]
        if credit.kind != receivable_choices.ItemKind.CREDIT:
            problems.append(f"Item {credit.item_id} is no credit and cannot be paid out.")
        elif take.cents <= 0:
            problems.append(f"Nothing is taken of credit {credit.item_id}. Enter more than zero.")
        elif take.cents > credit.open_cents:
            problems.append(
                f"Credit {credit.item_id} has ${money.formatted(credit.open_cents)} open; "
                f"${money.formatted(take.cents)} was to be taken. Take less."
            )
    return problems


def guarded(
    takes: Sequence[offsets.Take], locked: Mapping[int, receivable_sums.LockedItem], *,
    on: datetime.date, known_at: datetime.datetime, language: str,
) -> list[str]:  # fmt: skip
    """Say what is carried forward, and what other subjects have against paying it out."""
    accounts_of = {locked[each.credit_item_id].account_id for each in takes}
    problems = [
        f"Credit {each.item_id} is carried forward since {each.carried_on}. Offer it again first."
        for each in credits.open_credits(account_ids=sorted(accounts_of))
        if each.carried_on is not None and any(each.item_id == t.credit_item_id for t in takes)
    ]
    for account_id in sorted(accounts_of):
        items = [each.credit_item_id for each in takes]
        problems += guards.said(
            guards.Asked(
                account_id=account_id,
                credit_item_ids=tuple(
                    each for each in items if locked[each].account_id == account_id
                ),
                on=on,
                known_at=known_at,
                language=language,
            )
        )
    return problems


def wrong_accounts(holders: Mapping[int, accounts.Holder], *, on: datetime.date) -> list[str]:
    """Say which accounts are held, or are not of one known party."""
    problems = []
    if len({each.party_id for each in holders.values()}) > 1:
        problems.append(
            "The credits are of accounts of different parties. Prepare one requisition for each."
        )
    for account_id, holder in holders.items():
        if holder.party_id is None:
            problems.append(f"Account {holder.number} has no holder. Record who holds it first.")
        problems.extend(
            f"Account {holder.number} has a hold on refunds since {hold.starts_on}: {hold.why}. "
            "End the hold first."
            for hold in refund_holds(account_id, on=on)
        )
    return problems


def refund_holds(account_id: int, *, on: datetime.date) -> list[accounts.HeldFor]:
    """Return the holds that keep an account's credits from being paid out on a day."""
    found = accounts.holds(account_id=account_id, as_of=on)
    return [each for each in found if each.kind == account_choices.HoldKind.REFUND]
