"""What every write of applications and licenses has in common: who, locks, numbers, history."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection

from fisc.domain.licensing import choices, models
from fisc.domain.licensing.queries import applications
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, when, and why."""

    user_id: int | None
    at: datetime.datetime
    why: str = ""
    # The run that does it, where no person does.
    run_id: int | None = None


class IsNotSo(Exception):
    """An application or license is not in the state that was asked for, such as open or denied."""


class ReasonIsMissing(Exception):
    """A decision against somebody was to be made without a word why."""


class IsOwnWork(Exception):
    """Nobody signs off, or decides an appeal of, what is their own work."""


@transactions.needs_transaction
def locked(application_id: int) -> applications.Application:
    """Lock an application until the end of the transaction, and return it as it stands.

    Raises applications.NoSuchApplication.
    """
    list(
        models.Application.objects.select_for_update()
        .filter(id=application_id)
        .values_list("id", flat=True)
    )
    return applications.application(application_id)


@transactions.needs_transaction
def lock_license(license_id: int) -> None:
    """Have writers of one license wait for each other; its row is only an event's to change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('licensing_license'), hashint8(%s))",
            [license_id],
        )


@transactions.needs_transaction
def draw_number(*, license_type_id: int, of: choices.NumberOf) -> int:
    """Take the next number of a type's applications or licenses.

    The counter is locked until the transaction ends, and goes back with it: there are no gaps.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into licensing_number_counter as counter (license_type_id, of, next)"
            " values (%s, %s, 2) on conflict (license_type_id, of)"
            " do update set next = counter.next + 1 returning next - 1",
            [license_type_id, of.value],
        )
        return int(cursor.fetchone()[0])


@transactions.needs_transaction
def turn(
    application_id: int, *, status: choices.ApplicationStatus, on: datetime.date, by: By,
    **changes: object,
) -> None:  # fmt: skip
    """Give an application a status, and keep that it got it."""
    models.Application.objects.filter(id=application_id).update(status=status, **changes)
    models.ApplicationEvent.objects.create(
        application_id=application_id,
        status=status,
        happened_on=on,
        why=by.why,
        made_by_id=by.user_id,
        made_at=by.at,
    )
    record(verb=f"license application {status.value}", application_id=application_id, by=by)


@transactions.needs_transaction
def record(*, verb: str, application_id: int, by: By, **detail: object) -> None:
    """Write down who did what with an application."""
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="license application",
        subject_id=application_id,
        why=by.why,
        detail=detail,
        at=by.at,
    )


def require(found: applications.Application, *statuses: choices.ApplicationStatus) -> None:
    """Raise IsNotSo unless an application has one of some statuses."""
    if found.status not in statuses:
        wanted = " or ".join(each.value for each in statuses)
        raise IsNotSo(
            f"Application {found.number} ({found.license_type.label_en}) is {found.status}, not "
            f"{wanted}. Open it again to see what happened to it."
        )


def require_reason(by: By) -> None:
    """Raise ReasonIsMissing unless it is said why."""
    if not by.why.strip():
        raise ReasonIsMissing("Say why, in a few words: the holder is told.")


def cause(application_id: int, sign_off_id: int) -> str:
    """Return the cause of a sign-off's work item: each is worked by itself."""
    return f"license application {application_id}: {sign_off_id}"


@transactions.needs_transaction
def close_work(application_id: int, *, by: By, why: str) -> None:
    """Close the work items of departments that an application waits for no more."""
    for each in applications.sign_offs(application_id):
        if not each.outcome:
            cause_key = cause(application_id, each.sign_off_id)
            work_items.close_by_cause(cause_key=cause_key, at=by.at, why=why)
