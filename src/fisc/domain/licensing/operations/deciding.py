"""Ending an application without a license: denied, appealed, withdrawn, and what is given back."""

from __future__ import annotations

import datetime

from fisc.domain.licensing import choices, models
from fisc.domain.licensing.operations import charging, keeping, signing_off
from fisc.domain.licensing.queries import applications, requirements
from fisc.plumbing import transactions

By = keeping.By
WITHDRAWN = "withdrawn"
DENIED = "denied"

_Status = choices.ApplicationStatus


class AppealIsLate(Exception):
    """The days to appeal a denial are over, or its table gives none."""


class AppealIsOpen(Exception):
    """A denial can still be appealed, so that nothing is given back yet."""


@transactions.starts_transaction
def deny(application_id: int, *, on: datetime.date, by: By) -> datetime.date:
    """Deny an application and return the last day to appeal; `by.why` is told to the applicant.

    Raises keeping.IsNotSo, keeping.ReasonIsMissing, rule_tables.NoVersionForDate.
    """
    keeping.require_reason(by)
    found = keeping.locked(application_id)
    keeping.require(found, _Status.STARTED, _Status.COMPLETE)
    days = requirements.requirements(found.asking).appeal_days
    until = on + datetime.timedelta(days=days)
    keeping.turn(application_id, status=_Status.DENIED, on=on, by=by, appeal_until=until)
    keeping.close_work(application_id, by=by, why=DENIED)
    return until


@transactions.starts_transaction
def appeal(application_id: int, *, on: datetime.date, by: By) -> None:
    """Keep that a denial is appealed, and on what grounds.

    Raises AppealIsLate, keeping.IsNotSo, keeping.ReasonIsMissing.
    """
    keeping.require_reason(by)
    found = keeping.locked(application_id)
    keeping.require(found, _Status.DENIED)
    assert found.appeal_until is not None
    denials = [
        each for each in applications.events(application_id) if each.status == _Status.DENIED
    ]
    if on > found.appeal_until or found.appeal_until == denials[0].happened_on:
        raise AppealIsLate(f"The last day to appeal this denial was {found.appeal_until}.")
    if len(denials) > 1:
        raise AppealIsLate("This denial was appealed once, and upheld.")
    keeping.turn(application_id, status=_Status.APPEALED, on=on, by=by)


@transactions.starts_transaction
def decide_appeal(application_id: int, *, is_granted: bool, on: datetime.date, by: By) -> int:
    """Grant an appeal, so that the application is complete again, or uphold the denial for good.

    Returns the whole cents given back where it is upheld. Raises keeping.IsNotSo,
    keeping.IsOwnWork for who denied it, keeping.ReasonIsMissing.
    """
    keeping.require_reason(by)
    found = keeping.locked(application_id)
    keeping.require(found, _Status.APPEALED)
    denied_by = {
        each.made_by_id
        for each in applications.events(application_id)
        if each.status == _Status.DENIED
    }
    if by.user_id is not None and by.user_id in denied_by:
        raise keeping.IsOwnWork("You denied this application: another person decides its appeal.")
    if is_granted:
        keeping.turn(application_id, status=_Status.COMPLETE, on=on, by=by, appeal_until=None)
        signing_off.go_on(found, on=on, by=by)
        return 0
    # Nothing is open to appeal any more.
    until = on - datetime.timedelta(days=1)
    keeping.turn(application_id, status=_Status.DENIED, on=on, by=by, appeal_until=until)
    return charging.give_back(found, outcome=DENIED, on=on, by=by)


@transactions.starts_transaction
def settle_denial(application_id: int, *, on: datetime.date, by: By) -> int:
    """Give back what the table says once a denial stands; returns whole cents, 0 the second time.

    Raises AppealIsOpen, keeping.IsNotSo.
    """
    found = keeping.locked(application_id)
    keeping.require(found, _Status.DENIED)
    assert found.appeal_until is not None
    if on <= found.appeal_until:
        raise AppealIsOpen(f"This denial can be appealed until {found.appeal_until}.")
    return charging.give_back(found, outcome=DENIED, on=on, by=by)


@transactions.starts_transaction
def withdraw(application_id: int, *, on: datetime.date, by: By) -> int:
    """Have the applicant take an application back; returns the whole cents given back.

    Raises keeping.IsNotSo, rule_tables.NoVersionForDate.
    """
    found = keeping.locked(application_id)
    keeping.require(found, _Status.STARTED, _Status.COMPLETE, _Status.APPEALED)
    given = charging.give_back(found, outcome=WITHDRAWN, on=on, by=by)
    keeping.turn(application_id, status=_Status.WITHDRAWN, on=on, by=by)
    keeping.close_work(application_id, by=by, why=WITHDRAWN)
    return given


@transactions.starts_transaction
def reopen(application_id: int, *, on: datetime.date, by: By) -> None:
    """Have a complete application be started again, as to correct what it says, before its fee.

    Departments that were asked are asked anew. Raises keeping.IsNotSo, keeping.ReasonIsMissing.
    """
    keeping.require_reason(by)
    found = keeping.locked(application_id)
    keeping.require(found, _Status.COMPLETE)
    if found.term is not None:
        raise keeping.IsNotSo(
            f"Application {found.number} was charged: withdraw it and take in another."
        )
    if models.SignOff.objects.filter(application_id=application_id).exclude(outcome="").exists():
        raise keeping.IsNotSo("A department has decided on what it says: it is not changed.")
    keeping.close_work(application_id, by=by, why="started again")
    keeping.turn(application_id, status=_Status.STARTED, on=on, by=by)
