"""Estimated assessments of missing returns: what a table would estimate, and those there are."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from fisc.basics import periods
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import asking, lateness, owing
from fisc.domain.tax_returns.queries import estimating, governing, missing

State = choices.AssessmentState
Estimate = estimating.Estimate


class NoSuchAssessment(Exception):
    """There is no estimated assessment of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An estimated assessment, from its proposal to its replacement. Money is whole cents."""

    assessment_id: int
    missing: missing.NonFiling
    proposed_on: datetime.date
    # None where the day's run proposed it.
    proposed_by_id: int | None
    proposed_why: str
    facts: asking.Facts
    tax_cents: int
    known_at: datetime.datetime
    state: int
    decided_by_id: int | None
    decided_at: datetime.datetime | None
    decided_why: str
    posted_on: datetime.date | None
    penalty_cents: int
    replaced_by_id: int | None


def estimate(of: missing.NonFiling, *, known_at: datetime.datetime) -> Estimate:
    """Return what the table of the due day estimates of a missing return; 0 is nothing.

    As the day's run does of many. Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    for point in (points.ASSESSMENT_POLICY, points.ESTIMATED_ASSESSMENT):
        versions.in_force(point.name, day=of.due_on, known_at=known_at)
    known = estimating.policies([of], known_at=known_at)
    return estimating.estimated([of], known=known, known_at=known_at)[of.nonfiling_id]


def cost(
    of: missing.NonFiling, *, tax_cents: int, on: datetime.date, known_at: datetime.datetime
) -> tuple[lateness.Owed, owing.Owing]:
    """Return an estimated tax as something late, and what that costs on a day.

    Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    owed = lateness.Owed(
        tax_cents=tax_cents, due_on=of.due_on, timely_until=of.timely_until, filed_on=None
    )
    return owed, governing.owing_on(owed, on=on, known_at=known_at)


def assessment(assessment_id: int) -> Assessment:
    """Return one. Raises NoSuchAssessment."""
    row = models.Assessment.objects.select_related("nonfiling").filter(id=assessment_id).first()
    if row is None:
        raise NoSuchAssessment(f"There is no estimated assessment {assessment_id}.")
    return _one(row)


def assessments(
    *, account_id: int | None = None, states: Sequence[int] = tuple(State.values)
) -> Sequence[Assessment]:
    """Return those in some states, of one account or all, the oldest first."""
    rows = models.Assessment.objects.select_related("nonfiling").filter(state__in=states)
    if account_id is not None:
        rows = rows.filter(nonfiling__account_id=account_id)
    return [_one(row) for row in rows.order_by("proposed_on", "id")]


def of_item(item_id: int) -> tuple[Assessment, int, int] | None:
    """Return the assessment that an item is of, with part and cents; None where it is of none."""
    row = models.AssessedItem.objects.filter(item_id=item_id).first()
    return None if row is None else (assessment(row.assessment_id), row.part, row.cents)


def items(assessment_id: int) -> Sequence[tuple[int, int, int]]:
    """Return the items of an assessment: id, part and cents, the oldest first."""
    rows = models.AssessedItem.objects.filter(assessment_id=assessment_id).order_by("item_id")
    return [(row.item_id, row.part, row.cents) for row in rows]


def settled(item_id: int, *, account_id: int) -> Counter[datetime.date]:
    """Return what settled a charge, in cents, by the day the money was received.

    A credit counts from the day it arose, as in the settlements of returns.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select coalesce(payment.received_on, credit.arises_on), part.amount_cents
            from receivables_allocation as part
            left join payments_tendershare as share on share.id = part.share_id
            left join payments_tender as tender on tender.id = share.tender_id
            left join payments_payment as payment on payment.id = tender.payment_id
            left join receivables_item as credit on credit.id = part.credit_item_id
            where part.account_bucket = %(account_id)s %% 4096 and part.account_id = %(account_id)s
                and part.item_id = %(item_id)s and part.reverses_id is null
                and not exists (
                    select from receivables_allocation as later where later.reverses_id = part.id)
            """,
            {"account_id": account_id, "item_id": item_id},
        )
        found: Counter[datetime.date] = Counter()
        for day, cents in cursor.fetchall():
            found[day] += cents
    return found


def _one(row: models.Assessment) -> Assessment:
    of = row.nonfiling
    return Assessment(
        assessment_id=row.id,
        missing=missing.NonFiling(
            of.id,
            of.account_id,
            periods.Period(starts_on=of.starts_on, ends_before=of.ends_before),
            of.due_on,
            of.timely_until,
            of.found_on,
        ),
        proposed_on=row.proposed_on,
        proposed_by_id=row.proposed_by_id,
        proposed_why=row.proposed_why,
        facts={name: Decimal(value) for name, value in _stored(row.facts).items()},
        tax_cents=row.tax_cents,
        known_at=row.known_at,
        state=row.state,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        decided_why=row.decided_why,
        posted_on=row.posted_on,
        penalty_cents=row.penalty_cents,
        replaced_by_id=row.replaced_by_id,
    )


def _stored(facts: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in facts.items()}
