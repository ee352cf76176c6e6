"""Departments sign off: asked step by step, each in its own queue, decided once."""

from __future__ import annotations

import datetime

from fisc.domain.licensing import choices, models
from fisc.domain.licensing.operations import keeping
from fisc.domain.licensing.queries import applications, requirements
from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries as work
from fisc.plumbing import transactions

By = keeping.By
SUBJECT = "license sign-off"


class NoSuchSignOff(Exception):
    """No department was asked under that number, or not yet."""


class IsDecided(Exception):
    """A department has said its word already."""


def kind_of(department: str) -> str:
    """Return the kind of a department's work items: its queue, such as "fire sign-off"."""
    return f"{department.replace('_', ' ')} sign-off"


@transactions.needs_transaction
def ask(found: applications.Application, *, on: datetime.date, by: By) -> None:
    """Keep which departments sign off an application, and ask those of the first step.

    Of one that is completed again, all are asked again.
    """
    before = {
        each.department.code: each.attempt
        for each in applications.standing_sign_offs(found.application_id)
    }
    models.SignOff.objects.bulk_create(
        models.SignOff(
            application_id=found.application_id,
            department_id=each.department.id,
            attempt=before.get(each.department.code, 0) + 1,
            step=each.step,
            due_days=each.due_days,
        )
        for each in requirements.sign_offs(found.asking)
    )
    _ask_next(found, on=on, by=by)


@transactions.needs_transaction
def go_on(found: applications.Application, *, on: datetime.date, by: By) -> None:
    """Ask anew who was asked and had not decided when an application stopped, as by a denial."""
    for each in applications.standing_sign_offs(found.application_id):
        if not each.outcome and each.due_on is not None:
            _add_attempt(models.SignOff.objects.get(id=each.sign_off_id))
    _ask_next(found, on=on, by=by)


@transactions.starts_transaction
def sign_off(
    sign_off_id: int, *, outcome: choices.SignOffOutcome, on: datetime.date, by: By
) -> None:
    """Keep what a department says, and ask the next step once all of this one approved.

    `by` has the item of the department's queue, or takes it here; a refusal says why. Raises
    NoSuchSignOff, IsDecided, keeping.IsNotSo, keeping.IsOwnWork, keeping.ReasonIsMissing,
    work_items.NotYours.
    """
    row, found = _locked(sign_off_id)
    if row.outcome:
        raise IsDecided(f"This department said “{row.outcome}” on {row.decided_on}.")
    if row.due_on is None:
        raise NoSuchSignOff("This department is not asked yet: those before it must approve.")
    if outcome == choices.SignOffOutcome.REFUSED:
        keeping.require_reason(by)
    if by.user_id is not None and by.user_id == found.taken_by_id:
        raise keeping.IsOwnWork(
            "You took this application in: somebody of the department signs it off."
        )
    _finish_item(row, on=on, by=by, outcome=outcome)
    models.SignOff.objects.filter(id=sign_off_id).update(
        outcome=outcome,
        reason=by.why,
        decided_on=on,
        decided_by_id=by.user_id,
        decided_at=by.at,
    )
    keeping.record(
        verb=f"sign-off {outcome.value}",
        application_id=found.application_id,
        by=by,
        sign_off_id=sign_off_id,
    )
    if outcome == choices.SignOffOutcome.APPROVED:
        _ask_next(found, on=on, by=by)


@transactions.starts_transaction
def ask_again(sign_off_id: int, *, on: datetime.date, by: By) -> int:
    """Ask a department that refused once more, as after repairs; returns the new sign-off's id.

    Raises NoSuchSignOff, keeping.IsNotSo.
    """
    row, found = _locked(sign_off_id)
    last = models.SignOff.objects.filter(
        application_id=row.application_id, department_id=row.department_id
    ).latest("attempt")
    if last.id != row.id or row.outcome != choices.SignOffOutcome.REFUSED:
        raise keeping.IsNotSo(
            "Only the last refusal of a department is asked about again. Open the application "
            "again to see where it stands."
        )
    again_id = _add_attempt(row)
    _ask_next(found, on=on, by=by)
    return again_id


def _add_attempt(row: models.SignOff) -> int:
    return models.SignOff.objects.create(
        application_id=row.application_id,
        department_id=row.department_id,
        step=row.step,
        due_days=row.due_days,
        attempt=row.attempt + 1,
    ).id


def _locked(sign_off_id: int) -> tuple[models.SignOff, applications.Application]:
    row = models.SignOff.objects.filter(id=sign_off_id).first()
    if row is None:
        raise NoSuchSignOff(f"There is no sign-off {sign_off_id}.")
    found = keeping.locked(row.application_id)
    keeping.require(found, choices.ApplicationStatus.COMPLETE)
    row.refresh_from_db()
    return row, found


def _ask_next(found: applications.Application, *, on: datetime.date, by: By) -> None:
    """Ask every department of the first step that has not wholly approved."""
    standing = applications.standing_sign_offs(found.application_id)
    undone = [each for each in standing if each.outcome != choices.SignOffOutcome.APPROVED]
    if not undone:
        return
    step = min(each.step for each in undone)
    to_ask = [each for each in undone if each.step == step and each.due_on is None]
    days = dict(
        models.SignOff.objects.filter(id__in=[each.sign_off_id for each in to_ask]).values_list(
            "id", "due_days"
        )
    )
    for each in to_ask:
        due_on = on + datetime.timedelta(days=days[each.sign_off_id])
        models.SignOff.objects.filter(id=each.sign_off_id).update(due_on=due_on)
        _raise_item(found, each, due_on=due_on, by=by)


def _raise_item(
    found: applications.Application, each: applications.SignOff, *, due_on: datetime.date, by: By
) -> None:
    item = work_items.NewItem(
        kind=kind_of(each.department.code),
        reason="a license waits for a sign-off",
        cause_key=keeping.cause(found.application_id, each.sign_off_id),
        subject_kind=SUBJECT,
        subject_id=each.sign_off_id,
        due_on=due_on,
        detail={
            "application_id": found.application_id,
            "license_type": found.license_type.code,
            "department": each.department.code,
        },
    )
    work_items.raise_items(items=[item], at=by.at)


def _finish_item(
    row: models.SignOff, *, on: datetime.date, by: By, outcome: choices.SignOffOutcome
) -> None:
    """Close the item in the department's queue; who has not taken it takes it first."""
    cause_key = keeping.cause(row.application_id, row.id)
    items = work.same_cause(cause_key=cause_key)
    if by.user_id is None:
        work_items.close_by_cause(cause_key=cause_key, at=by.at, why=outcome.value)
        return
    for each in items:
        work_items.claim(item_id=each.item_id, user_id=by.user_id, today=on)
    work_items.finish(
        item_ids=[each.item_id for each in items],
        user_id=by.user_id,
        reason=by.why or outcome.value,
        at=by.at,
    )
