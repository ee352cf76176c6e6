"""What a case comes to: shown, proposed, and approved or sent back by another person."""

from __future__ import annotations

import datetime

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_audits import choices, models
from fisc.domain.tax_audits.operations import keeping
from fisc.domain.tax_audits.queries import assessing, cases
from fisc.domain.tax_returns.queries import audited
from fisc.plumbing import transactions

By = keeping.By
_KIND = choices.EventKind


@transactions.starts_transaction
def show(*, case_id: int, cause: str, by: By) -> int:
    """Compute a preliminary assessment to show the taxpayer; returns its number.

    Periods that cannot be assessed are said and stop it. Raises CannotAudit, cases.NoSuchCase,
    versions.NoVersionForDate, asking.NoAnswer.
    """
    return _computed(case_id, choices.Stage.PRELIMINARY, _KIND.PRELIMINARY, cause=cause, by=by)


@transactions.starts_transaction
def propose(*, case_id: int, cause: str, by: By) -> int:
    """Propose what a case comes to; another person approves it. Raises what `show` raises."""
    return _computed(case_id, choices.Stage.PROPOSED, _KIND.PROPOSED, cause=cause, by=by)


def _computed(
    case_id: int, stage: choices.Stage, kind: choices.EventKind, *, cause: str, by: By
) -> int:
    found = keeping.locked(case_id)
    newest = assessing.newest(case_id, stage=stage)
    if kind == _KIND.PROPOSED and keeping.was_done(found, kind, by) and newest is not None:
        return newest.assessment_id
    problems = keeping.refuse_unless(found, kind)
    if cause not in code_lists.codes(audited.CAUSES):
        problems.append(f"The list “{audited.CAUSES}” has no “{cause}”.")
    keeping.refuse(problems)
    periods = assessing.computed(found, cause=cause, on=by.on, known_at=by.at)
    keeping.refuse([said for each in periods for said in each.problems])
    assessment = models.Assessment.objects.create(
        case_id=case_id,
        stage=stage,
        computed_to=by.on,
        cause_id=code_lists.code(audited.CAUSES, cause).id,
        by_id=by.user_id,
        known_at=by.at,
    )
    for each in periods:
        _write(assessment.id, each)
    total = sum(each.total_cents for each in periods)
    keeping.add(found, kind, by=by, detail={"assessment": assessment.id, "cents": total})
    return assessment.id


def _write(assessment_id: int, of: assessing.Period) -> None:
    # A period without a return has a problem, and stops the whole.
    assert of.kept is not None
    row = models.AssessedPeriod.objects.create(
        assessment_id=assessment_id,
        starts_on=of.starts_on,
        tax_return_id=of.kept.return_id,
        filed_cents=of.filed_cents,
        found_cents=of.found_cents,
        penalty_cents=of.penalty_cents,
        interest_cents=of.interest_cents,
        civil_cents=of.civil_cents,
        limited_on=of.limited_on,
    )
    models.AssessedRegion.objects.bulk_create(
        models.AssessedRegion(
            period_id=row.id, region_id=region_id or None, filed_cents=filed, found_cents=found
        )
        for region_id, (filed, found) in of.by_region.items()
    )


@transactions.starts_transaction
def send_back(*, case_id: int, by: By) -> str:
    """Send a proposal back to its auditor, with the reason. Raises CannotAudit, NoSuchCase."""
    found = keeping.locked(case_id)
    if keeping.was_done(found, _KIND.RETURNED, by):
        return found.state
    keeping.refuse(
        [
            *keeping.refuse_unless(found, _KIND.RETURNED),
            *keeping.refuse_own(found, by),
            *keeping.refuse_without(by.why, "Say why it goes back; the auditor reads it."),
        ]
    )
    return keeping.add(found, _KIND.RETURNED, by=by)


@transactions.starts_transaction
def approve(*, case_id: int, by: By) -> str:
    """Approve a proposal: the notice goes out; with nothing found otherwise, the case is closed.

    The limitation of each period is looked at again. Raises CannotAudit, cases.NoSuchCase.
    """
    found = keeping.locked(case_id)
    if any(keeping.was_done(found, kind, by) for kind in (_KIND.APPROVED, _KIND.CLOSED)):
        return found.state
    assessment = assessing.newest(case_id, stage=choices.Stage.PROPOSED)
    kind = _KIND.APPROVED
    if assessment is not None and not assessment.is_changed:
        kind = _KIND.CLOSED
    problems = [*keeping.refuse_unless(found, kind), *keeping.refuse_own(found, by)]
    if kind == _KIND.CLOSED:
        problems += keeping.refuse_without(by.why, "Say that it is closed with no change, and why.")
    elif assessment is not None:
        problems += _too_late(assessment, on=by.on)
        problems += _amended(found, assessment)
    keeping.refuse(problems)
    return keeping.add(found, kind, by=by)


def _too_late(of: assessing.Assessment, *, on: datetime.date) -> list[str]:
    return [
        said
        for each in of.periods
        for said in assessing.beyond(
            each.starts_on, last=each.limited_on, on=on, is_changed=bool(each.tax_cents)
        )
    ]


def _amended(found: cases.Case, of: assessing.Assessment) -> list[str]:
    """Say which returns were amended since they were audited: what is approved is what was seen."""
    return [
        f"The return of the period from {each.starts_on} was amended since it was proposed. Send "
        "it back to be computed again."
        for each in of.periods
        if assessing.is_amended(found.account_id, each.rests_on)
    ]
