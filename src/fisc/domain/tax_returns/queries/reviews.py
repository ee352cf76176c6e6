"""Yearly reviews of how often accounts file: what one proposes, and what became of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics import identifiers, periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.decision_points import accounts as account_points
from fisc.domain.tax_returns.queries import liabilities, registrations

State = choices.ProposalState
LEAVE, AUTOMATIC = "leave", "automatic"


class NoSuchProposal(Exception):
    """There is no proposal of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The review of a year, as it was asked for."""

    review_id: int
    year: int
    posting_day: datetime.date
    recorded_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a review would have of an account: how often it files, from when, and why."""

    of: liabilities.Liability
    frequency: str
    from_day: datetime.date
    treatment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that a review proposes, from then to its decision. Money is whole cents."""

    proposal_id: int
    review: Review
    account_id: int
    term_id: int
    before: str
    frequency: str
    from_day: datetime.date
    looked: periods.Period
    tax_cents: int
    months_known: int
    missing_returns: int
    annual_cents: int
    is_automatic: bool
    recorded_at: datetime.datetime
    state: int
    decided_by_id: int | None
    decided_at: datetime.datetime | None
    decided_why: str


@code_lists.at_one_generation()
def wanted(
    *, year: int, bucket_from: int, bucket_before: int, on: datetime.date,
    known_at: datetime.datetime,
) -> list[Wanted]:  # fmt: skip
    """Return which accounts of a range should file more or less often from a year on, by account.

    A change begins with the first period of the year, of a later one once that has begun; it cuts
    none short. Raises versions.NoVersionForDate, asking.NoAnswer, and what
    liabilities.of_accounts raises.
    """
    first = max(datetime.date(year, 1, 1), on)
    found = [
        each
        for each in liabilities.of_accounts(
            bucket_from=bucket_from,
            bucket_before=bucket_before,
            on=on,
            until=first,
            known_at=known_at,
        )
        if each.months_known
    ]
    version = versions.in_force(points.FILING_FREQUENCY.name, day=on, known_at=known_at)
    facts = [frequency_facts(each.annual_cents) for each in found]
    answered = asking.ask(version.tables, facts)
    for answers, fact in zip(answered, facts, strict=True):
        asking.needed(answers, "frequency", tables=version.tables, facts=fact)
    terms = registrations.terms_by_id([each.term_id for each in found])
    changes = [
        (each, terms[each.term_id], str(answers["frequency"]))
        for each, answers in zip(found, answered, strict=True)
        if terms[each.term_id].frequency != answers["frequency"]
    ]
    treatments = _treatments(changes, on=on, known_at=known_at)
    return [
        Wanted(of=each, frequency=to, from_day=_from_day(term, to, first), treatment=treatment)
        for (each, term, to), treatment in zip(changes, treatments, strict=True)
        if treatment != LEAVE
    ]


def _from_day(term: registrations.Term, to: str, first: datetime.date) -> datetime.date:
    # Both are of the same year, so that each year's first day begins both.
    return registrations.first_days(term, length=registrations.months_of(to), from_day=first)[0]


def _treatments(
    changes: Sequence[tuple[liabilities.Liability, registrations.Term, str]], *,
    on: datetime.date, known_at: datetime.datetime,
) -> list[str]:  # fmt: skip
    version = versions.in_force(account_points.FREQUENCY_REVIEW.name, day=on, known_at=known_at)
    facts = [
        treatment_facts(
            before=term.frequency,
            to=to,
            months_known=each.months_known,
            missing_returns=each.missing_returns,
        )
        for each, term, to in changes
    ]
    found = []
    for answers, fact in zip(asking.ask(version.tables, facts), facts, strict=True):
        asking.needed(answers, "treatment", tables=version.tables, facts=fact)
        found.append(str(answers["treatment"]))
    return found


def frequency_facts(annual_cents: int) -> asking.Facts:
    """Return what the table of filing frequency is asked with."""
    return {"estimated_annual_tax": asking.money(min(annual_cents, points.MONEY_MAX * 100))}


def treatment_facts(
    *, before: str, to: str, months_known: int, missing_returns: int
) -> asking.Facts:
    """Return what the table of the review is asked with."""
    return {
        "is_more_often": registrations.months_of(to) < registrations.months_of(before),
        "new_frequency": to,
        "months_known": asking.number(months_known),
        "missing_returns": asking.number(missing_returns),
    }


def review_of(year: int) -> Review | None:
    """Return the review of a year; None where none was asked for."""
    row = models.FrequencyReview.objects.filter(year=year).first()
    return None if row is None else _review(row)


def reviews() -> list[Review]:
    """Return all reviews, the newest year first."""
    return [_review(row) for row in models.FrequencyReview.objects.order_by("-year")]


def proposal(proposal_id: int) -> Proposal:
    """Return one. Raises NoSuchProposal."""
    rows = models.FrequencyProposal.objects.select_related("review", "term")
    row = rows.filter(id=proposal_id).first()
    if row is None:
        raise NoSuchProposal(f"There is no proposal {proposal_id} of a filing frequency.")
    return _proposal(row)


def proposals(
    *, review_id: int | None = None, account_id: int | None = None,
    states: Sequence[int] = tuple(State.values), most: int = 500,
) -> list[Proposal]:  # fmt: skip
    """Return proposals in some states, of a review or an account, those that wait first."""
    rows = models.FrequencyProposal.objects.select_related("review", "term")
    rows = rows.filter(state__in=states)
    if review_id is not None:
        rows = rows.filter(review_id=review_id)
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    return [_proposal(row) for row in rows.order_by("state", "account_id", "-id")[:most]]


def counts(review_id: int) -> dict[str, int]:
    """Count what a review proposed: waiting, approved, rejected, and set without a person."""
    rows = models.FrequencyProposal.objects.filter(review_id=review_id)
    return {
        "proposed": rows.filter(state=State.PROPOSED).count(),
        "approved": rows.filter(state=State.APPROVED, decided_by__isnull=False).count(),
        "rejected": rows.filter(state=State.REJECTED).count(),
        "automatic": rows.filter(state=State.APPROVED, decided_by__isnull=True).count(),
    }


def count_of_run(run_id: int) -> int:
    """Count the proposals that a run numbered."""
    first = identifiers.bulk_id(run=run_id, chunk=0, ordinal=0)
    of_run = {"id__gte": first, "id__lt": first + identifiers.FIRST_BULK_ID}
    return models.FrequencyProposal.objects.filter(**of_run).count()


def _review(row: models.FrequencyReview) -> Review:
    return Review(
        review_id=row.id,
        year=row.year,
        posting_day=row.posting_day,
        recorded_at=row.recorded_at,
    )


def _proposal(row: models.FrequencyProposal) -> Proposal:
    codes = code_lists.codes_by_id("filing frequency")
    return Proposal(
        proposal_id=row.id,
        review=_review(row.review),
        account_id=row.account_id,
        term_id=row.term_id,
        before=codes[row.term.frequency_id].code,
        frequency=codes[row.frequency_id].code,
        from_day=row.from_day,
        looked=periods.Period(starts_on=row.looked_from, ends_before=row.looked_before),
        tax_cents=row.tax_cents,
        months_known=row.months_known,
        missing_returns=row.missing_returns,
        annual_cents=row.estimated_annual_cents,
        is_automatic=row.is_automatic,
        recorded_at=row.recorded_at,
        state=row.state,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        decided_why=row.decided_why,
    )
