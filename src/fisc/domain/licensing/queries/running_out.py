"""Insurances and bonds of licenses that end soon or ended: what each type's table says of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import decision_points
from fisc.domain.licensing.queries import fees, renewals, requirements
from fisc.domain.rule_tables.queries import versions as rule_tables

_A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """A kind of paper that a license of a type must have in force, and what follows without."""

    license_type: code_lists.Code
    kind: code_lists.Code
    # Days before its last day that somebody is to ask for the next one; None for never.
    watch_days: int | None
    # Days after its last day that the license is suspended; None for never.
    suspend_days: int | None


@dataclass(frozen=True, slots=True)
class RunningOut:
    """A license whose insurance or bond ends, or ended, before another follows."""

    license_id: int
    number: int
    license_type: code_lists.Code
    business_id: int
    business_name: str
    kind: code_lists.Code
    coverage_id: int
    reference: str
    last_day: datetime.date


# The cover that ends last of those begun by the day, where none holds on the day that is looked to:
# no later than the last of the term. What was never covered, as a license moved in, is not known.
_RUNNING_OUT = """
select license.id, license.number, license.license_type_id, license.business_id, party.name,
    watched.kind_id, last.id, last.reference, last.ends_before
from unnest(%(types)s::bigint[], %(kinds)s::bigint[], %(days)s::date[])
    as watched (type_id, kind_id, day)
join licensing_license as license on license.license_type_id = watched.type_id
    and license.status = 'active' and license.term_ends_before > %(on)s
join accounts_party as party on party.id = license.business_id
cross join lateral (
    select coverage.id, coverage.reference, coverage.ends_before
    from licensing_coverage as coverage
    where coverage.business_id = license.business_id and coverage.kind_id = watched.kind_id
        and coverage.starts_on <= %(on)s
    order by coverage.ends_before desc, coverage.id desc limit 1
) as last
where license.account_id %% 4096 >= %(bucket_from)s
    and license.account_id %% 4096 < %(bucket_before)s
    and not exists (
        select from licensing_coverage as next
        where next.business_id = license.business_id and next.kind_id = watched.kind_id
            and next.starts_on <= least(watched.day, license.term_ends_before - 1)
            and next.ends_before > least(watched.day, license.term_ends_before - 1))
"""
# Only where it is out, no run suspended it since, and its term has begun.
_OUT = (
    _RUNNING_OUT
    + """
    and last.ends_before <= watched.day and license.term_starts_on <= %(on)s
    and not exists (
        select from licensing_license_event as event
        where event.license_id = license.id and event.kind = 'suspended'
            and event.run_id is not null and event.happened_on >= last.ends_before)
    and not exists (
        select from licensing_license_event as event
        where event.license_id = license.id and event.happened_on > %(on)s)
"""
)
_ORDER = """
order by license.id, watched.kind_id
"""


def watched(*, on: datetime.date, known_at: datetime.datetime) -> Iterator[Watched]:
    """Give the papers that must be in force by the tables of a day, and what follows without.

    Raises rule_tables.NoVersionForDate.
    """
    point = decision_points.LICENSE_ATTACHMENTS
    version = rule_tables.in_force(point.name, day=on, known_at=known_at)
    for license_type in code_lists.codes(fees.LICENSE_TYPES).values():
        for kind in code_lists.codes(requirements.ATTACHMENTS).values():
            answers = version.tables.answers(
                {"license_type": license_type.code, "attachment": kind.code, "is_new": False}
            )
            if answers["Asked"] is True and answers["In force"] is True:
                yield Watched(
                    license_type,
                    kind,
                    _whole(answers.get("Watch days")),
                    _whole(answers.get("Suspend days")),
                )


def to_watch(
    scope: renewals.Scope, *, on: datetime.date, known_at: datetime.datetime
) -> list[RunningOut]:
    """Return the licenses of a range whose cover ends within the days that the table watches."""
    found = [
        (each, on + (each.watch_days + 1) * _A_DAY)
        for each in watched(on=on, known_at=known_at)
        if each.watch_days is not None
    ]
    return _read(_RUNNING_OUT + _ORDER, found, scope, on=on)


def to_suspend(
    scope: renewals.Scope, *, on: datetime.date, known_at: datetime.datetime
) -> list[RunningOut]:
    """Return the licenses of a range to be suspended by the table: out for longer than its days.

    One whose cover began anew is not; nor is one that somebody reinstated without a cover.
    """
    found = [
        (each, on - each.suspend_days * _A_DAY)
        for each in watched(on=on, known_at=known_at)
        if each.suspend_days is not None
    ]
    out = _read(_OUT + _ORDER, found, scope, on=on)
    return [each for each in out if each.last_day < on]


def _read(
    statement: str, found: list[tuple[Watched, datetime.date]], scope: renewals.Scope, *,
    on: datetime.date,
) -> list[RunningOut]:  # fmt: skip
    if not found:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "on": on,
                "types": [each.license_type.id for each, _day in found],
                "kinds": [each.kind.id for each, _day in found],
                "days": [day for _each, day in found],
                "bucket_from": scope.bucket_from,
                "bucket_before": scope.bucket_before,
            },
        )
        rows = cursor.fetchall()
    types = code_lists.codes_by_id(fees.LICENSE_TYPES)
    kinds = code_lists.codes_by_id(requirements.ATTACHMENTS)
    return [
        RunningOut(
            license_id,
            number,
            types[type_id],
            business_id,
            name,
            kinds[kind_id],
            coverage_id,
            reference,
            ends_before - _A_DAY,
        )
        for (
            license_id, number, type_id, business_id, name, kind_id, coverage_id, reference,
            ends_before,
        ) in rows
    ]  # fmt: skip


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, Decimal) else None
