"""Estimating what missing returns owe: proposed, decided by another, replaced by the return."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.db import IntegrityError

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables import calculations as receivables_sums
from fisc.domain.receivables import queries as receivables
from fisc.domain.receivables.operations import charges, credits, shares
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.operations import registering
from fisc.domain.tax_returns.queries import (
    assessments,
    estimating,
    missing,
    postings,
    returns,
)
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By
Part = choices.Part
State = choices.AssessmentState
PROPOSED_AT_ONCE = 2000
CODES: Mapping[int, str] = {Part.TAX: "estimated_tax", Part.PENALTY: "tax_penalty"}


class CannotAssess(Exception):
    """Nothing can be assessed so; what is wrong and what to do is said."""


@transactions.starts_transaction
def propose(*, nonfiling_id: int, on: datetime.date, by: By) -> int:
    """Propose what the table estimates of a missing return; gives the assessment's number.

    Raises CannotAssess, missing.NoSuchNonFiling, versions.NoVersionForDate, asking.NoAnswer.
    """
    of = missing.one(nonfiling_id)
    registering.lock(of.account_id)
    _refuse_filed(of)
    found = assessments.estimate(of, known_at=by.at)
    if not found.tax_cents:
        raise CannotAssess(
            "The table estimates nothing of this period: no earlier return says how much. Ask the "
            "business for the return, or audit it."
        )
    try:
        with transactions.savepoint():
            row = _proposed(of, found, on=on, by=by)
            row.save()
    except IntegrityError as problem:
        raise CannotAssess(
            f"An assessment of the period from {of.days.starts_on} is proposed or approved "
            "already. Look at that one."
        ) from problem
    _log("propose assessment", row.id, of, {"tax": found.tax_cents}, by=by)
    return row.id


@transactions.needs_transaction
@code_lists.at_one_generation()
def propose_chunk(
    *, bucket_from: int, bucket_before: int, on: datetime.date, at: datetime.datetime
) -> int:
    """Propose assessments of a range of accounts whose days of waiting are over; how many.

    A period that one was ever proposed for is left to people. Done again, it proposes nothing.
    Raises asking.NoAnswer.
    """
    by = By(user_id=None, at=at, why="run")
    waited = _waited_for(estimating.unassessed(bucket_from, bucket_before), on=on, known_at=at)
    known = {each.nonfiling_id: policy for each, policy in waited}
    those = [each for each, _ in waited]
    found = estimating.estimated(those, known=known, known_at=at)
    rows = [
        _proposed(each, found[each.nonfiling_id], on=on, by=by)
        for each in those
        if each.nonfiling_id in found and found[each.nonfiling_id].tax_cents
    ]
    models.Assessment.objects.bulk_create(rows, batch_size=PROPOSED_AT_ONCE)
    return len(rows)


def _waited_for(
    of: Sequence[missing.NonFiling], *, on: datetime.date, known_at: datetime.datetime
) -> list[tuple[missing.NonFiling, estimating.Policy]]:
    """Return those whose days of waiting are over, with their policy.

    A city need not estimate: without a table in force on the due day, nothing is proposed.
    """
    known = estimating.policies(of, known_at=known_at)
    with_policy = [(each, known[each.nonfiling_id]) for each in of if each.nonfiling_id in known]
    return [
        (each, policy)
        for each, policy in with_policy
        if (on - each.timely_until).days >= policy.days
    ]


def _proposed(
    of: missing.NonFiling, found: estimating.Estimate, *, on: datetime.date, by: By
) -> models.Assessment:
    return models.Assessment(
        nonfiling_id=of.nonfiling_id,
        proposed_on=on,
        proposed_by_id=by.user_id,
        proposed_why=by.why,
        facts={name: str(value) for name, value in found.facts.items()},
        tax_cents=found.tax_cents,
        known_at=by.at,
    )


@transactions.starts_transaction
def approve(*, assessment_id: int, posting_day: datetime.date, by: By) -> None:
    """Charge a proposed assessment, with the penalty for filing late that the tables give.

    Raises CannotAssess, assessments.NoSuchAssessment, ledger.DayIsSealed,
    versions.NoVersionForDate, asking.NoAnswer.
    """
    of = _locked(assessment_id, by=by)
    _refuse_filed(of.missing)
    shares.lock_open_items(account_ids=[of.missing.account_id])
    _, late = assessments.cost(of.missing, tax_cents=of.tax_cents, on=posting_day, known_at=by.at)
    amounts: dict[int, int] = {Part.TAX: of.tax_cents, Part.PENALTY: late.late_filing_cents}
    found = {part: cents for part, cents in amounts.items() if cents}
    written = charges.add_charges(
        charges=[
            charges.Charge(
                account_id=of.missing.account_id,
                code_id=code_lists.code("charge", CODES[part]).id,
                amount_cents=cents,
                arises_on=posting_day,
                due_on=of.missing.due_on if part == Part.TAX else posting_day,
            )
            for part, cents in found.items()
        ],
        origin=_origin(of, posting_day=posting_day, by=by),
    )
    _decide(of, State.APPROVED, by=by, posted_on=posting_day, penalty_cents=late.late_filing_cents)
    _link(of, written.item_ids, found)


@transactions.starts_transaction
def reject(*, assessment_id: int, by: By) -> None:
    """Turn a proposed assessment down. Raises CannotAssess, assessments.NoSuchAssessment."""
    _decide(_locked(assessment_id, by=by), State.REJECTED, by=by)


@transactions.needs_transaction
def replace(kept: returns.Kept, *, posting_day: datetime.date, by: By) -> None:
    """Take an assessment back for the return that came, and settle that with what was paid.

    What was paid of it becomes credits that count from the day the money came; they settle the
    return's own tax first. A proposal that nobody decided is over.
    """
    row = models.Assessment.objects.filter(
        nonfiling__account_id=kept.account_id,
        nonfiling__starts_on=kept.days.starts_on,
        state__in=[State.PROPOSED, State.APPROVED],
    ).first()
    if row is None:
        return
    of = assessments.assessment(row.id)
    if of.state == State.APPROVED:
        shares.lock_open_items(account_ids=[kept.account_id])
        origin = _origin(of, posting_day=posting_day, by=by)
        there = {each.item_id: each for each in _items(of)}
        made = [
            credit_id
            for item_id, part, _ in assessments.items(of.assessment_id)
            for credit_id in _taken_back(of, there[item_id], part, origin=origin)
        ]
        _settle(kept, of, made, origin=origin)
    models.Assessment.objects.filter(id=of.assessment_id).update(
        state=State.REPLACED, replaced_by_id=kept.return_id
    )
    _log("replace assessment", of.assessment_id, of.missing, {"return_id": kept.return_id}, by=by)


def _taken_back(
    of: assessments.Assessment, charge: receivables.OpenItem, part: int, *,
    origin: receivables_sums.Origin,
) -> list[int]:  # fmt: skip
    """Credit a charge of an assessment: what is open of it, and what was paid by day."""
    account_id = of.missing.account_id
    # The part that is open first: it settles the charge and leaves nothing.
    parts = [(origin.posting_day, charge.open_cents)] if charge.open_cents else []
    parts += sorted(assessments.settled(charge.item_id, account_id=account_id).items())
    written = charges.add_credits(
        credits_=[
            charges.Charge(
                account_id=account_id,
                code_id=charge.code_id,
                amount_cents=cents,
                arises_on=day,
                due_on=None,
            )
            for day, cents in parts
        ],
        origin=origin,
    )
    for credit_id, (_, cents) in zip(written.item_ids, parts, strict=True):
        _link(of, [credit_id], {part: -cents})
    if not charge.open_cents:
        return list(written.item_ids)
    own = receivables_sums.OpenCharge(
        charge.item_id, account_id, charge.code_id, charge.due_on, charge.open_cents
    )
    credits.apply_credit(
        credit_item_id=written.item_ids[0],
        parts=[receivables_sums.Part(own, charge.open_cents)],
        origin=origin,
    )
    return list(written.item_ids[1:])


def _settle(
    kept: returns.Kept, of: assessments.Assessment, credit_ids: Sequence[int], *,
    origin: receivables_sums.Origin,
) -> None:  # fmt: skip
    """Settle what the return's period owes with what was paid of its assessment."""
    there = {each.item_id: each for each in _items(of)}
    for credit_id in credit_ids:
        owed = postings.standing(kept.account_id, starts_on=kept.days.starts_on).items
        parts = receivables_sums.settled_by(
            there[credit_id].open_cents,
            charges=[
                receivables_sums.OpenCharge(
                    each.item_id, kept.account_id, each.code_id, each.due_on, each.open_cents
                )
                for each in owed
                if each.open_cents > 0
            ],
        )
        if parts:
            credits.apply_credit(credit_item_id=credit_id, parts=parts, origin=origin)


def _items(of: assessments.Assessment) -> Sequence[receivables.OpenItem]:
    return receivables.items_of_source(
        account_id=of.missing.account_id,
        source_kind=ledger.SourceKind.TAX_ASSESSMENT,
        source_id=of.assessment_id,
    )


def _locked(assessment_id: int, *, by: By) -> assessments.Assessment:
    """Lock the account of a proposed assessment. Raises CannotAssess."""
    registering.lock(assessments.assessment(assessment_id).missing.account_id)
    of = assessments.assessment(assessment_id)
    wrong = []
    if of.state != State.PROPOSED:
        wrong.append(f"Assessment {assessment_id} was decided, or replaced by its return, already.")
    if by.user_id is None or by.user_id == of.proposed_by_id:
        wrong.append("Who proposed an assessment does not decide it. Ask another person.")
    if not by.why.strip():
        wrong.append("Say why, in a few words.")
    if wrong:
        raise CannotAssess(" ".join(wrong))
    return of


def _decide(
    of: assessments.Assessment, state: State, *, by: By, posted_on: datetime.date | None = None,
    penalty_cents: int = 0,
) -> None:  # fmt: skip
    models.Assessment.objects.filter(id=of.assessment_id).update(
        state=state,
        decided_by_id=by.user_id,
        decided_at=by.at,
        decided_why=by.why,
        posted_on=posted_on,
        penalty_cents=penalty_cents,
    )
    verb = "approve assessment" if state == State.APPROVED else "reject assessment"
    detail = {"tax": of.tax_cents, "penalty": penalty_cents}
    _log(verb, of.assessment_id, of.missing, detail, by=by)


def _link(of: assessments.Assessment, item_ids: Sequence[int], found: Mapping[int, int]) -> None:
    models.AssessedItem.objects.bulk_create(
        models.AssessedItem(item_id=item_id, assessment_id=of.assessment_id, part=part, cents=cents)
        for item_id, (part, cents) in zip(item_ids, found.items(), strict=True)
    )


def _origin(
    of: assessments.Assessment, *, posting_day: datetime.date, by: By
) -> receivables_sums.Origin:
    return receivables_sums.Origin(
        posting_day=posting_day,
        source_kind=ledger.SourceKind.TAX_ASSESSMENT,
        source_id=of.assessment_id,
        made_by_id=by.user_id,
        made_at=by.at,
    )


def _refuse_filed(of: missing.NonFiling) -> None:
    if returns.versions_of(of.account_id, starts_on=of.days.starts_on):
        raise CannotAssess(
            f"The return of the period from {of.days.starts_on} came meanwhile: there is nothing "
            "to estimate."
        )


def _log(
    verb: str, assessment_id: int, of: missing.NonFiling, detail: Mapping[str, object], *, by: By
) -> None:
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="account",
        subject_id=of.account_id,
        why=by.why,
        detail={"assessment_id": assessment_id, "period": f"{of.days.starts_on}", **detail},
        at=by.at,
    )
