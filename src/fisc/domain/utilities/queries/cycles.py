"""Which cycles are read and billed when, and how many accounts they have."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from fisc.domain.utilities import models


@dataclass(frozen=True, slots=True)
class Billing:
    """A cycle's billing on a day."""

    cycle_id: int
    code: str
    name: str
    read_day: datetime.date
    bill_day: datetime.date


def billed_on(*, bill_day: datetime.date) -> list[Billing]:
    """Return the cycles that are billed on a day, in the order of their codes."""
    return _billings(models.CycleDay.objects.filter(bill_day=bill_day))


def read_on(*, read_day: datetime.date) -> list[Billing]:
    """Return the cycles that are read on a day, in the order of their codes."""
    return _billings(models.CycleDay.objects.filter(read_day=read_day))


def _billings(days: QuerySet[models.CycleDay]) -> list[Billing]:
    return [
        Billing(
            cycle_id=day.cycle_id,
            code=day.cycle.code,
            name=day.cycle.name,
            read_day=day.read_day,
            bill_day=day.bill_day,
        )
        for day in days.select_related("cycle").order_by("cycle__code", "bill_day")
    ]


def accounts_of(*, cycle_id: int) -> int:
    """Return how many accounts have a service in a cycle, to cut a run into chunks by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(distinct account_id) from utilities_service_agreement"
            " where cycle_id = %s",
            [cycle_id],
        )
        return int(cursor.fetchone()[0])
