"""What is worth a look: who is licensed or registered alone, receipts that fell, deductions."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.calculations import values
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_analysis import choices
from fisc.domain.tax_analysis import decision_points as points

CENTS = 100
# Hundredths of a percent, which figures are compared and shown in.
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list, of which calendar year where it is of returns, by the law of which day."""

    of: choices.Discovery
    year: int
    day: datetime.date
    known_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """Something worth a look; money in whole cents, parts in hundredths of a percent.

    `code` is a license type where it is about a license, else a business class.
    """

    subject_kind: str
    subject_id: int
    # Of the license within its type, or of the account.
    number: int
    name: str
    business_id: int | None
    code: str
    # Since when it is licensed or registered.
    since: datetime.date | None = None
    # Receipts of the year before; what was deducted.
    beside_cents: int | None = None
    gross_cents: int | None = None
    # How far receipts fell; the part of receipts that was deducted.
    part: int | None = None
    # The part that half of the class does not go beyond, and of how many filers that is.
    norm: int | None = None
    filers: int | None = None
    # Of the work item that somebody made of it.
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The first of what is listed, and how much is listed in all."""

    listed: tuple[Listed, ...]
    count: int


_UNREGISTERED = """
    select 'license', license.id, license.number, party.name, license.business_id,
        type.code, license.issued_on, null::bigint, null::bigint, null::bigint, null::bigint,
        null::bigint, type.code as cause
    from licensing_license as license
    join accounts_party as party on party.id = license.business_id
    join code_lists_code as type on type.id = license.license_type_id
    join unnest(%(codes)s::bigint[]) as expected (code_id) on expected.code_id = type.id
    where license.status = 'active' and license.term_starts_on <= %(day)s
        and license.term_ends_before > %(day)s
        and not exists (
            select from tax_returns_registration as registration
            join accounts_account as account on account.subledger_id = registration.account_id
            where account.party_id = license.business_id and registration.starts_on <= %(day)s
                and (registration.ends_before is null or registration.ends_before > %(day)s))
"""

_UNLICENSED = """
    select 'account', account.subledger_id, account.number, account.name, business.party_id,
        class.code, min(registration.starts_on), null::bigint, null::bigint, null::bigint,
        null::bigint, null::bigint, class.code as cause
    from tax_returns_registration as registration
    join accounts_account as account on account.subledger_id = registration.account_id
    left join licensing_business as business on business.party_id = account.party_id
    join code_lists_code as class on class.id = registration.business_class_id
    join unnest(%(codes)s::bigint[]) as expected (code_id) on expected.code_id = class.id
    where registration.starts_on <= %(day)s
        and (registration.ends_before is null or registration.ends_before > %(day)s)
        and not exists (
            select from licensing_license as license
            where license.business_id = account.party_id and license.status = 'active'
                and license.term_starts_on <= %(day)s and license.term_ends_before > %(day)s)
    group by account.subledger_id, account.number, account.name, business.party_id, class.code
"""

_NEWEST = """
    newest as (
        select id, account_id, starts_on, ends_before from tax_returns_return as version
        where starts_on >= %(since)s and starts_on < %(year_ends)s and not exists (
            select from tax_returns_return as later where later.replaces_id = version.id)
    )
"""

# A period counts where it was filed for in both years, so that neither a return that is still to
# come nor a business that began during the year is a drop. What a return leaves out fell to none.
_DROPS = f"""
    with {_NEWEST},
    compared as (
        select now.account_id, line.business_class_id, sum(line.gross_cents)::bigint as before,
            coalesce(sum(same.gross_cents), 0)::bigint as gross
        from newest as now
        join newest as before on before.account_id = now.account_id
            and before.starts_on = now.starts_on - interval '1 year'
            and before.ends_before = now.ends_before - interval '1 year'
        join tax_returns_return_line as line on line.tax_return_id = before.id
        left join tax_returns_return_line as same on same.tax_return_id = now.id
            and same.region_id = line.region_id
            and same.business_class_id = line.business_class_id
        where now.starts_on >= %(year_starts)s
        group by now.account_id, line.business_class_id
    )
    select 'account', account.subledger_id, account.number, account.name, business.party_id,
        class.code, null::date, compared.before, compared.gross,
        ((compared.before - compared.gross)::numeric * {WHOLE} / compared.before)::bigint,
        null::bigint, null::bigint, class.code as cause
    from compared
    join unnest(%(codes)s::bigint[], %(percents)s::numeric[], %(least)s::bigint[])
        as limited (code_id, percent, least) on limited.code_id = compared.business_class_id
    join accounts_account as account on account.subledger_id = compared.account_id
    left join licensing_business as business on business.party_id = account.party_id
    join code_lists_code as class on class.id = compared.business_class_id
    where compared.before > 0 and compared.before >= limited.least
        and (compared.before - compared.gross) * 100 > compared.before * limited.percent
"""

# The norm is the part that the filer in the middle deducts: one that deducts everything does not
# move it, as it would an average.
_DEDUCTIONS = f"""
    with {_NEWEST},
    filed as (
        select newest.account_id, line.business_class_id, sum(line.gross_cents)::bigint as gross,
            sum(coalesce(deducted.cents, 0))::bigint as deducted
        from newest
        join tax_returns_return_line as line on line.tax_return_id = newest.id
        left join lateral (
            select sum(amount_cents) as cents from tax_returns_return_deduction as deduction
            where deduction.line_id = line.id
        ) as deducted on true
        group by newest.account_id, line.business_class_id
        having sum(line.gross_cents) > 0
    ),
    norm as (
        select business_class_id, count(*) as filers,
            percentile_disc(0.5) within group (order by deducted::numeric / gross) as part
        from filed group by business_class_id
    )
    select 'account', account.subledger_id, account.number, account.name, business.party_id,
        class.code, null::date, filed.deducted, filed.gross,
        (filed.deducted::numeric * {WHOLE} / filed.gross)::bigint,
        (norm.part * {WHOLE})::bigint, norm.filers, class.code as cause
    from filed
    join norm on norm.business_class_id = filed.business_class_id
    join unnest(%(codes)s::bigint[], %(percents)s::numeric[], %(least)s::bigint[],
        %(fewest)s::bigint[]) as limited (code_id, points, least, fewest)
        on limited.code_id = filed.business_class_id
    join accounts_account as account on account.subledger_id = filed.account_id
    left join licensing_business as business on business.party_id = account.party_id
    join code_lists_code as class on class.id = filed.business_class_id
    where norm.filers >= limited.fewest and filed.deducted >= limited.least
        and (filed.deducted::numeric / filed.gross - norm.part) * 100 > limited.points
"""

_WRAPPED = """
    select found.*, item.id, count(*) over ()
    from ({found}) as found (kind, subject_id, number, name, business_id, code, since,
        beside, gross, part, norm, filers, cause)
    left join work_items_workitem as item on item.subject_kind = found.kind
        and item.subject_id = found.subject_id
        and item.cause_key = %(cause)s || found.cause
    where %(only)s::bigint is null
        or (found.subject_id = %(only)s and found.code = %(only_code)s)
    order by coalesce(found.part - coalesce(found.norm, 0), 0) desc, found.since, found.name,
        found.subject_id, found.code
    limit %(limit)s
"""

_SQL: Mapping[choices.Discovery, str] = {
    choices.Discovery.UNREGISTERED: _UNREGISTERED,
    choices.Discovery.UNLICENSED: _UNLICENSED,
    choices.Discovery.DROPS: _DROPS,
    choices.Discovery.DEDUCTIONS: _DEDUCTIONS,
}
OF_YEARS = (choices.Discovery.DROPS, choices.Discovery.DEDUCTIONS)
# What a list is limited by: whether it counts at all, or the percent, dollars and filers.
LIMITS: Mapping[choices.Discovery, tuple[str, ...]] = {
    choices.Discovery.UNREGISTERED: ("Registration expected",),
    choices.Discovery.UNLICENSED: ("License expected",),
    choices.Discovery.DROPS: ("Drop percent", "Drop from"),
    choices.Discovery.DEDUCTIONS: ("Points above norm", "Deducted from", "Fewest filers"),
}


def found(asked: Asked, *, limit: int | None) -> Page:
    """Return what a list holds, what stands out most first. Raises versions.NoVersionForDate."""
    return _found(asked, limit=limit, subject_id=None, code="")


def one(asked: Asked, *, subject_id: int, code: str) -> Listed | None:
    """Return what a list says of one subject. Raises versions.NoVersionForDate."""
    page = _found(asked, limit=1, subject_id=subject_id, code=code)
    return page.listed[0] if page.listed else None


def cause_of(asked: Asked) -> str:
    """Return how the causes of a list's work items begin; the code follows."""
    return f"discovery {asked.of.value} {asked.year} "


def version_of(asked: Asked) -> versions.LoadedVersion:
    """Return the table that a list goes by. Raises versions.NoVersionForDate."""
    point = points.DISCOVERY_FIGURES
    if asked.of is choices.Discovery.UNREGISTERED:
        point = points.DISCOVERY_LICENSES
    return versions.in_force(point.name, day=asked.day, known_at=asked.known_at)


def facts_of(asked: Asked, code: str) -> dict[str, values.Value]:
    """Return what the table of a list is asked about a license type or business class."""
    is_license = asked.of is choices.Discovery.UNREGISTERED
    return {"license_type" if is_license else "business_class": code}


def codes_of(asked: Asked) -> Mapping[str, code_lists.Code]:
    """Return the license types or business classes that a list is of."""
    is_license = asked.of is choices.Discovery.UNREGISTERED
    return code_lists.codes("license type" if is_license else "business class")


def _found(asked: Asked, *, limit: int | None, subject_id: int | None, code: str) -> Page:
    given = {
        **_limits(asked),
        "day": asked.day,
        "since": datetime.date(asked.year - (asked.of is choices.Discovery.DROPS), 1, 1),
        "year_starts": datetime.date(asked.year, 1, 1),
        "year_ends": datetime.date(asked.year + 1, 1, 1),
        "cause": cause_of(asked),
        "only": subject_id,
        "only_code": code,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRAPPED.format(found=_SQL[asked.of]), given)
        rows = cursor.fetchall()
    # After what is said of it stand the end of its cause, its item, and how many there are.
    listed = tuple(replace(Listed(*row[:12]), item_id=row[13]) for row in rows)
    return Page(listed, rows[0][14] if rows else 0)


def _limits(asked: Asked) -> dict[str, list[Any]]:
    """Return the limits by code as columns; a code without all of them is left out."""
    version = version_of(asked)
    columns: dict[str, list[Any]] = {"codes": [], "percents": [], "least": [], "fewest": []}
    for code in codes_of(asked).values():
        answers = version.tables.answers(facts_of(asked, code.code))
        limits = [answers[name] for name in LIMITS[asked.of]]
        if any(each is None or each is False for each in limits):
            continue
        numbers = [each for each in limits if isinstance(each, Decimal)]
        percent, dollars, fewest, *_ = (*numbers, *[Decimal(0)] * 3)
        columns["codes"].append(code.id)
        columns["percents"].append(percent)
        columns["least"].append(int(dollars * CENTS))
        columns["fewest"].append(int(fewest))
    return columns
