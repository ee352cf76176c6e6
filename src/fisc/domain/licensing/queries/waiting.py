"""Sign-offs that a department still owes, the one due first at the top."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.queries import fees, requirements

PAGE = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-off that was asked for and not given yet."""

    sign_off_id: int
    department: code_lists.Code
    application_id: int
    license_type: code_lists.Code
    # Of the application, within its type.
    number: int
    business_id: int
    business_name: str
    due_on: datetime.date
    # 2 and more where it is asked again.
    attempt: int


class NoSuchSignOff(Exception):
    """There is no sign-off of that number."""


def waiting(
    *, department: str, after: tuple[datetime.date, int] | None = None, limit: int = PAGE
) -> tuple[Waiting, ...]:
    """Return a page of what a department owes; the next page is after its last due day and id.

    Raises code_lists.NoSuchCode.
    """
    code = code_lists.code(requirements.DEPARTMENTS, department)
    wanted = _ASKED & Q(department_id=code.id)
    if after is not None:
        due_on, sign_off_id = after
        wanted &= Q(due_on__gt=due_on) | Q(due_on=due_on, id__gt=sign_off_id)
    rows = models.SignOff.objects.filter(wanted).select_related("application__business__party")
    types = code_lists.codes_by_id(fees.LICENSE_TYPES)
    found = []
    for row in rows.order_by("due_on", "id")[:limit]:
        assert row.due_on is not None
        found.append(
            Waiting(
                sign_off_id=row.id,
                department=code,
                application_id=row.application_id,
                license_type=types[row.application.license_type_id],
                number=row.application.number,
                business_id=row.application.business_id,
                business_name=row.application.business.party.name,
                due_on=row.due_on,
                attempt=row.attempt,
            )
        )
    return tuple(found)


def counts() -> Mapping[str, int]:
    """Return how many sign-offs each department owes, by its code; none where it owes none."""
    codes = code_lists.codes_by_id(requirements.DEPARTMENTS)
    rows = models.SignOff.objects.filter(_ASKED).values_list("department_id")
    return {codes[each].code: count for each, count in rows.annotate(count=Count("id"))}


def application_of(sign_off_id: int) -> int:
    """Return the id of the application that a sign-off is of. Raises NoSuchSignOff."""
    rows = models.SignOff.objects.filter(id=sign_off_id)
    found = rows.values_list("application_id", flat=True).first()
    if found is None:
        raise NoSuchSignOff(f"There is no sign-off {sign_off_id}.")
    return int(found)


_ASKED = Q(outcome="", due_on__isnull=False, application__status=choices.ApplicationStatus.COMPLETE)
