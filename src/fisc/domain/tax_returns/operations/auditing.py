"""Posting what an audit found of a period: a difference beside the return (decision 0160)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import postings as sums
from fisc.domain.tax_returns.operations import posting, reckoning, registering
from fisc.domain.tax_returns.queries import audited, postings, returns
from fisc.plumbing import transactions

By = registering.By


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an audit found of a period, as far as it is final; money in whole cents.

    `by_region` has what was filed and what was found, under 0 what is of no region. `civil_cents`
    is the civil penalty in all, at most what the table gives.
    """

    kept: returns.Kept
    case_number: int
    cause: str
    by_region: Mapping[int, tuple[int, int]]
    civil_cents: int

    @property
    def deficiency_cents(self) -> int:
        """More tax than was filed; 0 where less was found."""
        return max(sum(found - filed for filed, found in self.by_region.values()), 0)


@transactions.needs_transaction
def post(of: Found, *, on: datetime.date, by: By) -> reckoning.Reckoned:
    """Post what an audit found beyond the newest return, its civil penalty, and its lateness.

    What earlier audits found of the period is replaced: the finding is the period's whole. Asked
    twice, the second moves nothing. Raises what reckoning.bring_up_to_date raises.
    """
    assert by.user_id is not None
    registering.lock(of.kept.account_id)
    starts_on = of.kept.days.starts_on
    newest = returns.versions_of(of.kept.account_id, starts_on=starts_on)[-1]
    row = _written(of, on=on, user_id=by.user_id, at=by.at)
    filed = sums.by_region(postings.filed_amounts(newest))
    wanted = sums.audited(of.by_region, filed=filed)
    wanted[sums.Key(choices.Part.CIVIL_PENALTY)] = of.civil_cents
    amounts = postings.standing(of.kept.account_id, starts_on=starts_on).amounts
    there = {key: cents for key, cents in amounts.items() if key.part in choices.AUDIT_PARTS}
    posting.post_differences(
        sums.differences(wanted, there),
        of=posting.Posting(
            kept=newest,
            due_on=on,
            arises_on=on,
            posting_day=on,
            user_id=by.user_id,
            at=by.at,
            audited_id=row.id,
        ),
    )
    return reckoning.brought_up_to_date(newest, on=on, posting_day=on, by=by)


def _written(
    of: Found, *, on: datetime.date, user_id: int, at: datetime.datetime
) -> models.Audited:
    before = audited.newest(of.kept.account_id, starts_on=of.kept.days.starts_on)
    row = models.Audited.objects.create(
        account_id=of.kept.account_id,
        starts_on=of.kept.days.starts_on,
        tax_return_id=of.kept.return_id,
        case_number=of.case_number,
        cause_id=code_lists.code(audited.CAUSES, of.cause).id,
        deficiency_cents=of.deficiency_cents,
        civil_penalty_cents=of.civil_cents,
        posted_on=on,
        by_id=user_id,
        known_at=at,
    )
    # A region that only an earlier audit knew is audited again by this one, and stands as filed.
    regions = {*of.by_region, *(before.by_region if before else ())}
    models.Finding.objects.bulk_create(
        models.Finding(
            audited_id=row.id,
            region_id=region_id or None,
            filed_cents=of.by_region.get(region_id, (0, 0))[0],
            found_cents=of.by_region.get(region_id, (0, 0))[1],
        )
        for region_id in sorted(regions)
    )
    return row
