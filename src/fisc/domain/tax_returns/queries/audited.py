"""What audits found of periods, and what a table adds to it for negligence or fraud."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import asking

CAUSES = "civil penalty cause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What an audit came to of a period; money in whole cents.

    `by_region` has what was filed and what was found, under 0 what is of no region.
    """

    audited_id: int
    account_id: int
    starts_on: datetime.date
    return_id: int
    case_number: int
    cause: str
    deficiency_cents: int
    civil_penalty_cents: int
    posted_on: datetime.date
    known_at: datetime.datetime
    by_region: Mapping[int, tuple[int, int]]


def newest(account_id: int, *, starts_on: datetime.date) -> Audited | None:
    """Return what stands of audits of a period; None where it was never audited to an end."""
    rows = models.Audited.objects.filter(account_id=account_id, starts_on=starts_on)
    row = rows.order_by("-id").first()
    return None if row is None else _one(row)


def one(audited_id: int) -> Audited:
    """Return what one posting of an audit came to."""
    return _one(models.Audited.objects.get(id=audited_id))


def civil_penalty(
    *, cause: str, deficiency_cents: int, day: datetime.date, known_at: datetime.datetime
) -> int:
    """Return the civil penalty of tax that was not reported, in cents, by the table of a due day.

    A city without such a table asks for none. Raises asking.NoAnswer.
    """
    try:
        version = versions.in_force(points.CIVIL_PENALTIES.name, day=day, known_at=known_at)
    except versions.NoVersionForDate:
        return 0
    facts = civil_facts(cause=cause, deficiency_cents=deficiency_cents)
    (answers,) = asking.ask(version.tables, [facts])
    asking.needed(answers, "civil_penalty", tables=version.tables, facts=facts)
    return asking.cents(answers["civil_penalty"])


def civil_facts(*, cause: str, deficiency_cents: int) -> asking.Facts:
    """Return what the table of civil penalties is asked with."""
    return {"cause": cause, "deficiency": asking.money(deficiency_cents)}


def _one(row: models.Audited) -> Audited:
    findings = models.Finding.objects.filter(audited_id=row.id)
    return Audited(
        audited_id=row.id,
        account_id=row.account_id,
        starts_on=row.starts_on,
        return_id=row.tax_return_id,
        case_number=row.case_number,
        cause=code_lists.codes_by_id(CAUSES)[row.cause_id].code,
        deficiency_cents=row.deficiency_cents,
        civil_penalty_cents=row.civil_penalty_cents,
        posted_on=row.posted_on,
        known_at=row.known_at,
        by_region={each.region_id or 0: (each.filed_cents, each.found_cents) for each in findings},
    )
