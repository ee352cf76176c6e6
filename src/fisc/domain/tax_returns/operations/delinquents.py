"""Asking that a person look at an account that is behind."""

from __future__ import annotations

import datetime

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.operations import registering
from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries as work
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

KIND = "delinquent"
REASON = "a tax account is behind"
URGENCY = 4


@transactions.starts_transaction
def ask_for_work(*, account_id: int, due_on: datetime.date, by: registering.By) -> int:
    """Raise a work item about an account that is behind; returns its number.

    An account has one at a time: asked again while it is open, that one is returned. Raises
    accounts.NoSuchAccount.
    """
    accounts.account(account_id=account_id, as_of=due_on)
    registering.lock(account_id)
    for each in work.of_subject(kind=KIND, subject_kind="account", subject_id=account_id):
        return each.item_id
    cause = f"delinquent {account_id} {by.at.isoformat()}"
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind=KIND,
                reason=REASON,
                cause_key=cause,
                subject_kind="account",
                subject_id=account_id,
                due_on=due_on,
                urgency=URGENCY,
            )
        ],
        at=by.at,
    )
    item_id = work.same_cause(cause_key=cause)[0].item_id
    action_log.record(
        user_id=by.user_id,
        verb="ask for work on delinquent account",
        subject_kind="account",
        subject_id=account_id,
        why=by.why,
        detail={"item_id": item_id},
        at=by.at,
    )
    return item_id
