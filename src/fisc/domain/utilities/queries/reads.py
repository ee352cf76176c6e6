"""What is known of meters beside which new reads are judged."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from fisc.domain.utilities import models


@dataclass(frozen=True, slots=True)
class MeterOn:
    """A meter on the day of a new read; what is not there is None."""

    register_id: int | None
    service_point_id: int | None
    service: str | None
    multiplier_milli: int | None
    digits: int | None
    last_read_on: datetime.date | None
    last_reading: int | None
    # A read that the register has on that very day.
    same_day_reading: int | None
    billed_before: datetime.date | None
    # What the place used over the last year's bills, and over how many days.
    used_milli: int | None
    used_days: int | None
    premise_id: int | None


_METERS_ON = """
select register.id, point.id, point.service, register.multiplier_milli, register.digits,
    last.read_on, last.reading, same.reading, billed.ends_before, billed.used, billed.days,
    point.premise_id
from unnest(%(numbers)s::text[], %(days)s::date[]) with ordinality as wanted (number, day, row)
left join utilities_meter meter on meter.number = wanted.number
left join utilities_register register on register.meter_id = meter.id
left join utilities_meter_installation installed on installed.meter_id = meter.id
    and installed.starts_on <= wanted.day
    and (installed.ends_before is null or installed.ends_before >= wanted.day)
left join utilities_service_point point on point.id = installed.service_point_id
left join lateral (
    select read.read_on, read.reading from utilities_read read
    where read.service_point_id = point.id and read.register_id = register.id
        and read.read_on < wanted.day
        and not exists (
            select from utilities_read later where later.supersedes_id = read.id)
    order by read.read_on desc, read.id desc limit 1
) last on true
left join lateral (
    select read.reading from utilities_read read
    where read.service_point_id = point.id and read.register_id = register.id
        and read.read_on = wanted.day
        and not exists (
            select from utilities_read later where later.supersedes_id = read.id)
    limit 1
) same on true
left join lateral (
    select max(segment.ends_before) as ends_before, sum(segment.usage_milli)::bigint as used,
        sum(segment.ends_before - segment.starts_on)::bigint as days
    from utilities_service_agreement agreement
    join utilities_bill_segment segment on segment.account_bucket = agreement.account_bucket
        and segment.account_id = agreement.account_id and segment.agreement_id = agreement.id
    where agreement.service_point_id = point.id
        and segment.ends_before > wanted.day - interval '1 year'
        and not exists (
            select from utilities_bill_cancellation cancelled
            where cancelled.bill_id = segment.bill_id)
) billed on true
order by wanted.row
"""


def meters_on(*, numbers: Sequence[str], days: Sequence[datetime.date]) -> list[MeterOn]:
    """Return, in order, what is known of each meter on each day."""
    with connection.cursor() as cursor:
        cursor.execute(_METERS_ON, {"numbers": list(numbers), "days": list(days)})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [MeterOn(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Unread:
    """A register that has no read of its cycle's read day or since the last one billed."""

    account_id: int
    service_point_id: int
    register_id: int
    service: str
    multiplier_milli: int
    digits: int
    last_read_on: datetime.date
    last_reading: int
    # What the same period of last year used and the last three, with their days.
    used_last_year: int | None
    days_last_year: int | None
    used_last_three: int | None
    days_last_three: int | None


_UNREAD = """
select agreement.account_id, point.id, register.id, point.service, register.multiplier_milli,
    register.digits, last.read_on, last.reading,
    year.used, year.days, three.used, three.days
from utilities_service_agreement agreement
join utilities_service_point point on point.id = agreement.service_point_id
join utilities_meter_installation installed on installed.service_point_id = point.id
    and installed.starts_on <= %(read_day)s
    and (installed.ends_before is null or installed.ends_before > %(read_day)s)
join utilities_register register on register.meter_id = installed.meter_id
join lateral (
    select read.read_on, read.reading from utilities_read read
    where read.service_point_id = point.id and read.register_id = register.id
        and read.read_on <= %(read_day)s
        and not exists (
            select from utilities_read later where later.supersedes_id = read.id)
    order by read.read_on desc, read.id desc limit 1
) last on true
left join lateral (
    select max(segment.ends_before) as ends_before from utilities_bill_segment segment
    where segment.account_bucket = agreement.account_bucket
        and segment.account_id = agreement.account_id and segment.agreement_id = agreement.id
        and not exists (
            select from utilities_bill_cancellation cancelled
            where cancelled.bill_id = segment.bill_id)
) billed on true
left join lateral (
    select segment.usage_milli as used, segment.ends_before - segment.starts_on as days
    from utilities_bill_segment segment
    where segment.account_bucket = agreement.account_bucket
        and segment.account_id = agreement.account_id and segment.agreement_id = agreement.id
        and segment.starts_on <= %(read_day)s - interval '1 year'
        and segment.ends_before > %(read_day)s - interval '1 year'
        and not exists (
            select from utilities_bill_cancellation cancelled
            where cancelled.bill_id = segment.bill_id)
    order by segment.ends_before desc limit 1
) year on true
left join lateral (
    select sum(recent.usage_milli)::bigint as used, sum(recent.days)::bigint as days from (
        select segment.usage_milli, segment.ends_before - segment.starts_on as days
        from utilities_bill_segment segment
        where segment.account_bucket = agreement.account_bucket
            and segment.account_id = agreement.account_id and segment.agreement_id = agreement.id
            and not exists (
                select from utilities_bill_cancellation cancelled
                where cancelled.bill_id = segment.bill_id)
        order by segment.ends_before desc limit 3
    ) recent
) three on true
where agreement.account_bucket >= %(bucket_from)s and agreement.account_bucket < %(bucket_before)s
    and agreement.cycle_id = %(cycle)s and agreement.starts_on < %(read_day)s
    and (agreement.ends_before is null or agreement.ends_before > %(read_day)s)
    and last.read_on <= coalesce(billed.ends_before, agreement.starts_on)
order by agreement.account_bucket, agreement.account_id, register.id
"""


def unread(
    *, cycle_id: int, read_day: datetime.date, bucket_from: int, bucket_before: int
) -> list[Unread]:
    """Return the registers of a cycle that were not read since they were last billed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _UNREAD,
            {
                "cycle": cycle_id,
                "read_day": read_day,
                "bucket_from": bucket_from,
                "bucket_before": bucket_before,
            },
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [Unread(*row) for row in rows]


def broken_read_files() -> list[str]:
    """Return the files whose rows are not all posted or refused; nothing when all are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select file.name, file.counted_in, file.posted, file.refused,"
            " (select count(*) from utilities_read read where read.read_file_id = file.id)"
            " from utilities_read_file file"
            " where file.counted_in <> file.posted + file.refused or file.posted <> ("
            "  select count(*) from utilities_read read where read.read_file_id = file.id)"
            " order by file.id limit 100"
        )
        rows = cursor.fetchall()
    return [
        f"{name}: {counted} rows in, {posted} posted and {refused} refused; {there} reads of it"
        for name, counted, posted, refused, there in rows
    ]


def read_that_counts(*, register_id: int, read_on: datetime.date) -> int | None:
    """Return the read of a register's day that no other supersedes; None when it has none.

    Its id says nothing of that: a read of a run has a greater one than any entered after it.
    """
    of_the_day = models.Read.objects.filter(register_id=register_id, read_on=read_on)
    corrected = of_the_day.filter(supersedes__isnull=False).values("supersedes_id")
    return of_the_day.exclude(id__in=corrected).values_list("id", flat=True).first()


def file_with(*, sha256: str, fingerprint: str) -> models.ReadFile | None:
    """Return the file that was read in with these bytes or these rows, if any."""
    return (
        models.ReadFile.objects.filter(sha256=sha256).first()
        or models.ReadFile.objects.filter(fingerprint=fingerprint).first()
    )
