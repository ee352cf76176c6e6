"""Who is to be told of a renewal on a day, whose license lapses, and what a renewal waits for."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import decision_points
from fisc.domain.licensing.queries import fees
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.plumbing import bulk_copy

RENEWAL_STEPS = "renewal step"
LAPSE = "lapse"
Numbers = npt.NDArray[np.int64]
EPOCH = datetime.date(1970, 1, 1)
_A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a type's renewal: `day` is counted from the last day of the term."""

    code: str
    day: int
    # How many days later it is still taken.
    days_open: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Which licenses: those whose account is in a range of buckets."""

    bucket_from: int = 0
    bucket_before: int = 4096


@dataclass(frozen=True, slots=True)
class _Window:
    """Terms of a type that end before a day of a range are in a step."""

    type_id: int
    step_id: int
    first: datetime.date
    last: datetime.date


# One row a license: of its renewal steps only the one that the day is in.
_DUE = """
select license.id, license.account_id, license.license_type_id::bigint,
    (license.term_ends_before - date '1970-01-01')::bigint, due.step_id::bigint,
    coalesce(last.id, 0)::bigint, coalesce(last.units, -1)::bigint,
    coalesce(last.gross_receipts_cents, -1)::bigint
from unnest(%(types)s::bigint[], %(steps)s::bigint[], %(firsts)s::date[], %(lasts)s::date[])
    as due (type_id, step_id, first, last)
join licensing_license as license on license.license_type_id = due.type_id
    and (license.status = 'active'
        or license.status = 'expired' and license.term_ends_before <= %(on)s)
    and license.term_ends_before between due.first and due.last
left join lateral (
    select application.id, application.units, application.gross_receipts_cents
    from licensing_license_event as event
    join licensing_application as application on application.id = event.application_id
    where event.license_id = license.id
    order by event.id desc limit 1
) as last on true
where license.account_id %% 4096 >= %(bucket_from)s
    and license.account_id %% 4096 < %(bucket_before)s
    and not exists (
        select from licensing_renewal_notice as told where told.license_id = license.id
            and told.term_ends_before = license.term_ends_before and told.step_id = due.step_id)
    and not exists (
        select from licensing_application as asked where asked.license_id = license.id
            and asked.status in ('started', 'complete', 'appealed'))
order by license.id
"""
DUE_NAMES = (
    "license_id",
    "account_id",
    "type_id",
    "ends_before",
    "step_id",
    "application_id",
    "units",
    "receipts_cents",
)

# Of a suspended license the term may run out too; it stays suspended until it is reinstated.
_LAPSING = """
select license.id
from unnest(%(types)s::bigint[], %(lasts)s::date[]) as over (type_id, last)
join licensing_license as license on license.license_type_id = over.type_id
    and license.status = 'active' and license.term_ends_before <= over.last
where license.account_id %% 4096 >= %(bucket_from)s
    and license.account_id %% 4096 < %(bucket_before)s
    and not exists (
        select from licensing_license_event as event
        where event.license_id = license.id and event.happened_on > %(on)s)
order by license.id
"""

# Charged, nothing of it open, no department left: whatever else is asked is seen on issuing.
_PAID = """
select application.id
from licensing_application as application
where application.kind = 'renewal' and application.status = 'complete'
    and application.term_starts_on is not null
    and application.account_id %% 4096 >= %(bucket_from)s
    and application.account_id %% 4096 < %(bucket_before)s
    and not exists (
        select from licensing_fee_item as charged
        join receivables_openitem as open on open.item_id = charged.item_id
            and open.open_cents > 0
        where charged.application_id = application.id and charged.credits_id is null)
    and not exists (
        select from licensing_sign_off as asked
        where asked.application_id = application.id and asked.outcome = '')
order by application.id
"""


def steps_of(license_type: str, *, on: datetime.date, known_at: datetime.datetime) -> list[Step]:
    """Return the steps of a type's renewal by the tables of a day, the earliest first.

    Raises rule_tables.NoVersionForDate.
    """
    point = decision_points.RENEWAL_STEPS
    version = rule_tables.in_force(point.name, day=on, known_at=known_at)
    found = []
    for code in code_lists.codes(RENEWAL_STEPS).values():
        if not code.is_current(on):
            continue
        answers = version.tables.answers({"license_type": license_type, "step": code.code})
        if isinstance(answers["Step day"], Decimal):
            days_open = answers["Days open"]
            found.append(
                Step(
                    code.code,
                    int(answers["Step day"]),
                    int(days_open) if isinstance(days_open, Decimal) else 0,
                )
            )
    return sorted(found, key=lambda each: (each.day, each.code))


def due(scope: Scope, *, on: datetime.date, known_at: datetime.datetime) -> dict[str, Numbers]:
    """Return who is to be told what on a day, as columns; see DUE_NAMES.

    A step whose day was missed is due for the days that it is open, or until the next one. Those
    told already, and those whose renewal somebody works on, are left out. `units` and
    `receipts_cents` are of the last application that gave a term, -1 where it does not tell them.
    Raises rule_tables.NoVersionForDate.
    """
    windows = list(_windows(on=on, known_at=known_at))
    return bulk_copy.read_columns(
        _DUE,
        {
            "on": on,
            "types": [each.type_id for each in windows],
            "steps": [each.step_id for each in windows],
            "firsts": [each.first for each in windows],
            "lasts": [each.last for each in windows],
            "bucket_from": scope.bucket_from,
            "bucket_before": scope.bucket_before,
        },
        DUE_NAMES,
    )


def lapsing(scope: Scope, *, on: datetime.date, known_at: datetime.datetime) -> Numbers:
    """Return the licenses whose term was over by the day that their type lapses.

    Raises rule_tables.NoVersionForDate.
    """
    lasts = {}
    for code in code_lists.codes(fees.LICENSE_TYPES).values():
        for each in steps_of(code.code, on=on, known_at=known_at):
            if each.code == LAPSE:
                lasts[code.id] = on - (each.day - 1) * _A_DAY
    return bulk_copy.read_columns(
        _LAPSING,
        {
            "types": list(lasts),
            "lasts": list(lasts.values()),
            "on": on,
            "bucket_from": scope.bucket_from,
            "bucket_before": scope.bucket_before,
        },
        ["license_id"],
    )["license_id"]


def paid(scope: Scope) -> list[int]:
    """Return renewals, by their applications, that are charged, paid and signed off."""
    return [
        int(each)
        for each in bulk_copy.read_columns(
            _PAID,
            {"bucket_from": scope.bucket_from, "bucket_before": scope.bucket_before},
            ["id"],
        )["id"]
    ]


def _is_of_event(license_type: str, *, on: datetime.date, known_at: datetime.datetime) -> bool:
    """Tell whether licenses of a type are for one event, so that nobody hears of a renewal."""
    try:
        return fees.terms(license_type=license_type, day=on, known_at=known_at).is_of_event
    except fees.NoTermsOfType:
        return False


def _windows(*, on: datetime.date, known_at: datetime.datetime) -> Iterator[_Window]:
    """Give for each type and step the terms that a day is in, the latest step of each alone."""
    steps = code_lists.codes(RENEWAL_STEPS)
    for code in code_lists.codes(fees.LICENSE_TYPES).values():
        if _is_of_event(code.code, on=on, known_at=known_at):
            continue
        told = [
            each for each in steps_of(code.code, on=on, known_at=known_at) if each.code != LAPSE
        ]
        for place, each in enumerate(told):
            last = each.day + each.days_open
            if place + 1 < len(told):
                last = min(last, told[place + 1].day - 1)
            if last >= each.day:
                # A term that ends before a day has its last day a day earlier.
                yield _Window(
                    type_id=code.id,
                    step_id=steps[each.code].id,
                    first=on - (last - 1) * _A_DAY,
                    last=on - (each.day - 1) * _A_DAY,
                )
