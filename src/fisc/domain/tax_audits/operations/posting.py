"""Posting what is final of an assessment to the tax account, period by period."""

from __future__ import annotations

from fisc.domain.tax_audits import choices
from fisc.domain.tax_audits.calculations import standing
from fisc.domain.tax_audits.operations import keeping
from fisc.domain.tax_audits.queries import assessing, cases
from fisc.domain.tax_returns.operations import auditing
from fisc.domain.tax_returns.queries import audited
from fisc.plumbing import transactions

By = keeping.By
_KIND = choices.EventKind


@transactions.needs_transaction
def post(found: cases.Case, of: assessing.Assessment, *, by: By) -> None:
    """Post what of an assessment is not held by a protest, with its lateness up to the day.

    Raises what tax_returns.operations.auditing.post raises.
    """
    held = assessing.protested(of.assessment_id)
    for each in of.periods:
        kept = each.rests_on
        protested = held.get(each.starts_on, standing.Protested())
        by_region = standing.findings(each.by_region, protested=protested)
        deficiency = max(sum(there - filed for filed, there in by_region.values()), 0)
        by_table = audited.civil_penalty(
            cause=of.cause, deficiency_cents=deficiency, day=kept.due_on, known_at=of.known_at
        )
        most = standing.most_civil_cents(each.civil_cents, protested=protested)
        auditing.post(
            auditing.Found(
                kept=kept,
                case_number=found.case_id,
                cause=of.cause,
                by_region=by_region,
                civil_cents=min(by_table, most),
            ),
            on=by.on,
            by=by.of_returns,
        )


@transactions.starts_transaction
def finish(*, case_id: int, is_agreed: bool, by: By) -> str:
    """Make an assessment final: what stands of it is posted, less what was posted before.

    That is once the days to protest are over, once the taxpayer agreed in writing, or once a
    protest was decided. Asked twice, it posts once. Raises CannotAudit, cases.NoSuchCase,
    versions.NoVersionForDate, asking.NoAnswer, ledger.DayIsSealed.
    """
    found = keeping.locked(case_id)
    if keeping.was_done(found, _KIND.FINAL, by):
        return found.state
    problems = keeping.refuse_unless(found, _KIND.FINAL)
    assessment = assessing.newest(case_id, stage=choices.Stage.PROPOSED)
    if assessment is None or problems:
        raise keeping.CannotAudit(problems or [f"Audit case {case_id} proposed nothing."])
    if found.state == _KIND.APPROVED:
        until = assessing.protested_until(found, is_more_tax=assessment.tax_cents > 0)
        assert until is not None
        if is_agreed:
            keeping.refuse(keeping.refuse_without(by.why, "Say how the taxpayer agreed."))
        elif by.on <= until:
            raise keeping.CannotAudit(
                [
                    (
                        f"The assessment may be protested until {until}. Make it final after that "
                        "day, or when the taxpayer has agreed in writing."
                    )
                ]
            )
    state = keeping.add(found, _KIND.FINAL, by=by, detail={"cents": assessment.total_cents})
    post(found, assessment, by=by)
    return state
