"""Protests of an assessment: a part of it is held, the rest is due; and what was decided."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fisc.basics import money
from fisc.domain.tax_audits import choices, models
from fisc.domain.tax_audits.operations import keeping, posting
from fisc.domain.tax_audits.queries import assessing, cases
from fisc.plumbing import transactions

By = keeping.By
_KIND = choices.EventKind


@dataclass(frozen=True, slots=True)
class Part:
    """What of a period is protested, in cents: tax by region (0 is none), and civil penalty."""

    starts_on: datetime.date
    by_region: Mapping[int, int] = field(default_factory=dict)
    civil_cents: int = 0


@transactions.starts_transaction
def protest(*, case_id: int, received_on: datetime.date, parts: Sequence[Part], by: By) -> str:
    """Take a protest of a part of an assessment in: that is held, and the rest is posted as due.

    It must have been received within the days of the table. Raises CannotAudit, cases.NoSuchCase,
    versions.NoVersionForDate, asking.NoAnswer, ledger.DayIsSealed.
    """
    found = keeping.locked(case_id)
    if keeping.was_done(found, _KIND.PROTESTED, by):
        return found.state
    problems = keeping.refuse_unless(found, _KIND.PROTESTED)
    problems += keeping.refuse_without(by.why, "Say on what grounds it is protested.")
    assessment = assessing.newest(case_id, stage=choices.Stage.PROPOSED)
    if assessment is None or problems:
        raise keeping.CannotAudit(problems or [f"Audit case {case_id} proposed nothing."])
    keeping.refuse(
        [*_untimely(found, assessment, received_on, on=by.on), *_too_much(assessment, parts)]
    )
    _write(assessment, parts)
    state = keeping.add(found, _KIND.PROTESTED, by=by, detail={"received": f"{received_on}"})
    posting.post(found, assessment, by=by)
    return state


def _untimely(
    found: cases.Case, of: assessing.Assessment, received_on: datetime.date, *, on: datetime.date
) -> list[str]:
    until = assessing.protested_until(found, is_more_tax=of.tax_cents > 0)
    approved = found.last(_KIND.APPROVED)
    assert until is not None
    assert approved is not None
    if received_on > until:
        return [
            (
                f"The assessment could be protested until {until}; the protest came on "
                f"{received_on}. It is final; a claim for refund may follow its payment."
            )
        ]
    if not approved.on <= received_on <= on:
        return [f"A protest comes from {approved.on} on and not after {on}, not on {received_on}."]
    return []


def _too_much(of: assessing.Assessment, parts: Sequence[Part]) -> list[str]:
    """Say what is protested beyond what was assessed, or that nothing is."""
    by_period = {each.starts_on: each for each in of.periods}
    problems = []
    for part in parts:
        period = by_period.get(part.starts_on)
        if period is None:
            problems.append(f"The period from {part.starts_on} is not of this assessment.")
            continue
        for region_id, cents in part.by_region.items():
            filed, there = period.by_region.get(region_id, (0, 0))
            if not 0 <= cents <= max(there - filed, 0):
                problems.append(
                    f"Of the tax of the period from {part.starts_on} in one region, from nothing "
                    f"to ${money.formatted(max(there - filed, 0))} can be protested, not "
                    f"${money.formatted(cents)}."
                )
        if not 0 <= part.civil_cents <= period.civil_cents:
            problems.append(
                f"Of the civil penalty of the period from {part.starts_on}, from nothing to "
                f"${money.formatted(period.civil_cents)} can be protested, not "
                f"${money.formatted(part.civil_cents)}."
            )
    if not any(part.civil_cents or any(part.by_region.values()) for part in parts):
        problems.append("Nothing is protested. Say how much of what is.")
    return problems


def _write(of: assessing.Assessment, parts: Sequence[Part]) -> None:
    period_ids = {each.starts_on: each.period_id for each in of.periods}
    rows = models.AssessedRegion.objects.filter(period__in=period_ids.values())
    region_rows = {(row.period_id, row.region_id or 0): row.id for row in rows}
    lines = []
    for part in parts:
        period_id = period_ids[part.starts_on]
        # A kept period has its number.
        assert period_id is not None
        lines += [
            models.ProtestLine(
                period_id=period_id, region_id=region_rows[period_id, region_id], cents=cents
            )
            for region_id, cents in part.by_region.items()
            if cents
        ]
        if part.civil_cents:
            lines.append(models.ProtestLine(period_id=period_id, cents=part.civil_cents))
    models.ProtestLine.objects.bulk_create(lines)


@transactions.starts_transaction
def decide(*, case_id: int, upheld: Mapping[int, int], by: By) -> str:
    """Decide a protest: how many cents of each line that was protested stand.

    All is upheld, some is reduced, none is cancelled. Who proposed the assessment decides no
    protest of it. Raises CannotAudit, cases.NoSuchCase.
    """
    found = keeping.locked(case_id)
    if keeping.was_done(found, _KIND.DECIDED, by):
        return found.state
    problems = [
        *keeping.refuse_unless(found, _KIND.DECIDED),
        *keeping.refuse_own(found, by),
        *keeping.refuse_without(by.why, "Say what the decision rests on."),
    ]
    keeping.refuse(problems)
    assessment = assessing.newest(case_id, stage=choices.Stage.PROPOSED)
    # What is protested was proposed.
    assert assessment is not None
    lines = {each.line_id: each for each in assessing.protest_lines(assessment.assessment_id)}
    if set(upheld) != set(lines):
        raise keeping.CannotAudit(["Decide every part that was protested, and no other."])
    keeping.refuse(
        [
            f"Of ${money.formatted(lines[line_id].cents)} that was protested of the period from "
            f"{lines[line_id].starts_on}, ${money.formatted(cents)} cannot stand."
            for line_id, cents in upheld.items()
            if not 0 <= cents <= lines[line_id].cents
        ]
    )
    models.DecisionLine.objects.bulk_create(
        models.DecisionLine(line_id=line_id, upheld_cents=cents)
        for line_id, cents in sorted(upheld.items())
    )
    return keeping.add(found, _KIND.DECIDED, by=by, detail={"upheld": sum(upheld.values())})
