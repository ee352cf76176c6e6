"""Recording services, meters, cycles and reads: one at a time, and by the hundred thousand."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from django.db import IntegrityError

from fisc.basics.periods import Period
from fisc.domain.utilities import choices, models
from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.calculations.facts import Numbers
from fisc.plumbing import bulk_copy, transactions

BUCKETS = 4096


class CannotChangeTerms(Exception):
    """An agreement's class can only change from a day after its current terms began."""


@transactions.needs_transaction
def add_cycle(*, code: str, name: str) -> int:
    """Record a cycle and return its number; one of the same code is renamed."""
    cycle, _ = models.Cycle.objects.update_or_create(code=code, defaults={"name": name})
    return cycle.id


@transactions.needs_transaction
def schedule_cycle(*, cycle_id: int, read_day: datetime.date, bill_day: datetime.date) -> None:
    """Plan when a cycle is read and billed; the same bill day again moves its read day."""
    models.CycleDay.objects.update_or_create(
        cycle_id=cycle_id, bill_day=bill_day, defaults={"read_day": read_day}
    )


@dataclass(frozen=True, slots=True)
class NewService:
    """One service at a premise, from a day on; without a register for one that has no meter."""

    account_id: int
    premise_id: int
    service: choices.Service
    cycle_id: int
    rate_class_id: int
    size_id: int
    starts_on: datetime.date
    meter_number: str = ""
    unit: str = ""
    multiplier_milli: int = 1000
    digits: int = 6
    first_reading: int = 0


@dataclass(frozen=True, slots=True)
class Started:
    """The numbers of what was recorded for a service; none of a meter where there is none."""

    agreement_id: int
    service_point_id: int
    register_id: int | None


@transactions.needs_transaction
def start_service(*, service: NewService, at: datetime.datetime) -> Started:
    """Record an account's agreement for a service, its meter and the first reading."""
    point = models.ServicePoint.objects.create(
        premise_id=service.premise_id, service=service.service, cycle_id=service.cycle_id
    )
    agreement = models.ServiceAgreement.objects.create(
        account_id=service.account_id,
        account_bucket=service.account_id % BUCKETS,
        service_point=point,
        cycle_id=service.cycle_id,
        starts_on=service.starts_on,
        recorded_at=at,
    )
    models.AgreementTerm.objects.create(
        agreement=agreement,
        rate_class_id=service.rate_class_id,
        size_id=service.size_id,
        starts_on=service.starts_on,
        recorded_at=at,
    )
    register_id = None
    if service.meter_number:
        register_id = install_meter(
            service_point_id=point.id,
            meter_number=service.meter_number,
            unit=service.unit,
            multiplier_milli=service.multiplier_milli,
            digits=service.digits,
            on=service.starts_on,
            reading=service.first_reading,
            at=at,
        )
    return Started(agreement.id, point.id, register_id)


@transactions.needs_transaction
def install_meter(
    *, service_point_id: int, meter_number: str, unit: str, multiplier_milli: int, digits: int,
    on: datetime.date, reading: int, at: datetime.datetime,
) -> int:  # fmt: skip
    """Put a meter at a service point with its first reading; returns its register."""
    meter = models.Meter.objects.create(number=meter_number)
    register = models.Register.objects.create(
        meter=meter, unit=unit, multiplier_milli=multiplier_milli, digits=digits
    )
    models.MeterInstallation.objects.create(
        meter=meter, service_point_id=service_point_id, starts_on=on, recorded_at=at
    )
    models.Read.objects.create(
        register=register,
        service_point_id=service_point_id,
        read_on=on,
        reading=reading,
        kind=choices.ReadKind.FIRST,
        recorded_at=at,
    )
    return register.id


@transactions.needs_transaction
def remove_meter(
    *, register_id: int, on: datetime.date, reading: int, at: datetime.datetime
) -> None:
    """Take a meter away with its last reading."""
    register = models.Register.objects.get(id=register_id)
    installed = models.MeterInstallation.objects.select_for_update().get(
        meter_id=register.meter_id, ends_before=None
    )
    models.Read.objects.create(
        register=register,
        service_point_id=installed.service_point_id,
        read_on=on,
        reading=reading,
        kind=choices.ReadKind.FINAL,
        recorded_at=at,
    )
    models.MeterInstallation.objects.filter(id=installed.id).update(ends_before=on)


@transactions.needs_transaction
def change_terms(
    *, agreement_id: int, rate_class_id: int, size_id: int, from_day: datetime.date,
    at: datetime.datetime,
) -> None:  # fmt: skip
    """Charge an agreement by another class or size from a day on. Raises CannotChangeTerms."""
    current = models.AgreementTerm.objects.select_for_update().filter(
        agreement_id=agreement_id, ends_before=None
    )
    current.update(ends_before=from_day)
    try:
        with transactions.savepoint():
            models.AgreementTerm.objects.create(
                agreement_id=agreement_id,
                rate_class_id=rate_class_id,
                size_id=size_id,
                starts_on=from_day,
                recorded_at=at,
            )
    except IntegrityError as problem:
        raise CannotChangeTerms(
            f"Agreement {agreement_id} has other terms from {from_day} on already."
        ) from problem


@transactions.needs_transaction
def end_agreement(*, agreement_id: int, ends_before: datetime.date) -> None:
    """End an account's right to a service."""
    period = Period(
        starts_on=models.ServiceAgreement.objects.get(id=agreement_id).starts_on,
        ends_before=ends_before,
    )
    models.ServiceAgreement.objects.filter(id=agreement_id).update(ends_before=period.ends_before)
    models.AgreementTerm.objects.filter(agreement_id=agreement_id, ends_before=None).update(
        ends_before=period.ends_before
    )


@dataclass(frozen=True, slots=True)
class ManyServices:
    """One service for many accounts, as columns; `unit` is empty for one without meters."""

    service: choices.Service
    account_ids: Numbers
    premise_ids: Numbers
    cycle_ids: Numbers
    rate_class_ids: Numbers
    size_ids: Numbers
    starts_on: Numbers
    unit: str = ""
    multiplier_milli: int = 1000
    digits: int = 6
    meter_prefix: str = "M"


@dataclass(frozen=True, slots=True)
class LoadedServices:
    """The numbers of the rows, in the order of the services; no registers without meters."""

    agreement_ids: Numbers
    service_point_ids: Numbers
    register_ids: Numbers


@transactions.needs_transaction
def load_services(*, services: ManyServices, at: datetime.datetime) -> LoadedServices:
    """Record one service for many accounts at once, with a meter each where it has a unit."""
    count = len(services.account_ids)
    points = bulk_copy.drawn_ids(table="utilities_service_point", count=count)
    agreements = bulk_copy.drawn_ids(table="utilities_service_agreement", count=count)
    bulk_copy.write_columns(
        table="utilities_service_point",
        columns={
            "id": points,
            "premise_id": services.premise_ids,
            "service": bulk_copy.Constant(services.service.value),
            "cycle_id": services.cycle_ids,
        },
    )
    dated: dict[str, bulk_copy.Written] = {
        "starts_on": services.starts_on,
        "ends_before": bulk_copy.Constant(None),
        "recorded_at": bulk_copy.Constant(at),
    }
    bulk_copy.write_columns(
        table="utilities_service_agreement",
        columns={
            "id": agreements,
            "account_id": services.account_ids,
            "account_bucket": services.account_ids % BUCKETS,
            "service_point_id": points,
            "cycle_id": services.cycle_ids,
            **dated,
        },
    )
    bulk_copy.write_columns(
        table="utilities_agreement_term",
        columns={
            "id": bulk_copy.drawn_ids(table="utilities_agreement_term", count=count),
            "agreement_id": agreements,
            "rate_class_id": services.rate_class_ids,
            "size_id": services.size_ids,
            **dated,
        },
    )
    registers = np.empty(0, dtype=np.int64)
    if services.unit:
        registers = _load_meters(services, points=points, dated=dated)
    return LoadedServices(agreements, points, registers)


def _load_meters(
    services: ManyServices, *, points: Numbers, dated: dict[str, bulk_copy.Written]
) -> Numbers:
    count = len(points)
    meters = bulk_copy.drawn_ids(table="utilities_meter", count=count)
    registers = bulk_copy.drawn_ids(table="utilities_register", count=count)
    bulk_copy.write_columns(
        table="utilities_meter",
        columns={"id": meters, "number": bulk_copy.Digits(meters, 9, services.meter_prefix)},
    )
    bulk_copy.write_columns(
        table="utilities_register",
        columns={
            "id": registers,
            "meter_id": meters,
            "unit": bulk_copy.Constant(services.unit),
            "multiplier_milli": bulk_copy.Constant(services.multiplier_milli),
            "digits": bulk_copy.Constant(services.digits),
        },
    )
    bulk_copy.write_columns(
        table="utilities_meter_installation",
        columns={
            "id": bulk_copy.drawn_ids(table="utilities_meter_installation", count=count),
            "meter_id": meters,
            "service_point_id": points,
            **dated,
        },
    )
    return registers


@transactions.needs_transaction
def load_reads(
    *, loaded: LoadedServices, read_on: datetime.date, readings: Numbers,
    kind: choices.ReadKind, at: datetime.datetime,
) -> int:  # fmt: skip
    """Record one reading of each register on a day, such as first readings or moved-in history."""
    count = len(readings)
    return bulk_copy.write_columns(
        table="utilities_read",
        columns={
            "id": bulk_copy.drawn_ids(table="utilities_read", count=count),
            "register_id": loaded.register_ids,
            "service_point_id": loaded.service_point_ids,
            "read_on": np.full(count, known.day_number(read_on), dtype=np.int64),
            "reading": readings,
            "kind": bulk_copy.Constant(int(kind)),
            "read_file_id": bulk_copy.Constant(None),
            "supersedes_id": bulk_copy.Constant(None),
            "recorded_at": bulk_copy.Constant(at),
        },
    )
