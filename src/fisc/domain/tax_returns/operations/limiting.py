"""Waivers of limitation: filer and city agree that a period may be changed until a later day."""

from __future__ import annotations

import datetime

from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.operations import registering
from fisc.domain.tax_returns.queries import limitation, returns
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By


class CannotExtend(Exception):
    """A limitation cannot be waived so; everything that is wrong is said at once."""


@transactions.starts_transaction
def extend(
    *, account_id: int, starts_on: datetime.date, through: datetime.date,
    signed_on: datetime.date, by: By,
) -> int:  # fmt: skip
    """Record the agreement that a period may be changed through a day; gives its number.

    It must have been signed while the period could still be changed. The same agreement recorded
    twice is one. Raises CannotExtend, asking.NoAnswer.
    """
    return extended(
        account_id=account_id, starts_on=starts_on, through=through, signed_on=signed_on, by=by
    )


@transactions.needs_transaction
def extended(
    *, account_id: int, starts_on: datetime.date, through: datetime.date,
    signed_on: datetime.date, by: By,
) -> int:  # fmt: skip
    """Do the same as a part of something, such as an audit under which it was signed."""
    registering.lock(account_id)
    there = models.LimitationWaiver.objects.filter(
        account_id=account_id, starts_on=starts_on, through=through, signed_on=signed_on
    ).first()
    if there is not None:
        return there.id
    wrong = [] if by.why.strip() else ["Say why, in a few words."]
    if by.user_id is None:
        wrong.append("A person records what was agreed.")
    versions = returns.versions_of(account_id, starts_on=starts_on)
    if not versions:
        wrong.append(f"No return of the period from {starts_on} is here. Record it with one.")
    else:
        wrong += _wrong_days(versions[0], through=through, signed_on=signed_on, by=by)
    if wrong:
        raise CannotExtend(" ".join(wrong))
    assert by.user_id is not None
    row = models.LimitationWaiver.objects.create(
        account_id=account_id,
        starts_on=starts_on,
        through=through,
        signed_on=signed_on,
        recorded_by_id=by.user_id,
        recorded_at=by.at,
        why=by.why,
    )
    action_log.record(
        user_id=by.user_id,
        verb="waive limitation",
        subject_kind="account",
        subject_id=account_id,
        why=by.why,
        detail={"starts_on": f"{starts_on}", "through": f"{through}", "signed_on": f"{signed_on}"},
        at=by.at,
    )
    return row.id


def _wrong_days(
    first: returns.Kept, *, through: datetime.date, signed_on: datetime.date, by: By
) -> list[str]:
    asked = [limitation.last_day(first, is_more_tax=each, known_at=by.at) for each in (False, True)]
    lasts = [each for each in asked if each is not None]
    if not lasts:
        return ["The city's tables limit no period. There is nothing to waive."]
    wrong = []
    last = max(lasts)
    if signed_on > last:
        wrong.append(
            f"The period could be changed until {last}; an agreement signed on {signed_on} comes "
            "too late."
        )
    # More tax and less of it may be limited by days of their own; one of them must become later.
    earliest = min(lasts)
    if through <= earliest:
        wrong.append(f"The period can be changed until {earliest} anyway. Agree on a later day.")
    return wrong
