"""The yearly review of how often accounts file: asked for once, proposed, decided, put in force."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from fisc.basics import identifiers
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.operations import registering
from fisc.domain.tax_returns.queries import registrations, reviews
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By
State = choices.ProposalState
KIND = "filing frequency"
SUBJECT = "frequency review"


class CannotDecide(Exception):
    """A proposal cannot be decided so; what is wrong and what to do is said."""


class YearIsOver(ValueError):
    """A review was asked for of a year in which nothing can change any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """The run and chunk that rows are numbered by, the review, and when it was asked for."""

    review: reviews.Review
    run_id: int
    chunk: int


@transactions.starts_transaction
def ask(*, year: int, posting_day: datetime.date, at: datetime.datetime) -> reviews.Review:
    """Note that a year's review was asked for; asked again, the one of then. Raises YearIsOver."""
    with connection.cursor() as cursor:
        # Whoever asks at the same time waits, and is given the same.
        cursor.execute("select pg_advisory_xact_lock(hashtext('fisc frequency reviews'))")
    found = reviews.review_of(year)
    if found is not None:
        return found
    if not posting_day.year <= year <= posting_day.year + 1:
        raise YearIsOver(
            f"On {posting_day} how often accounts file can be reviewed for {posting_day.year} or "
            f"{posting_day.year + 1}, not for {year}."
        )
    models.FrequencyReview.objects.create(year=year, posting_day=posting_day, recorded_at=at)
    made = reviews.review_of(year)
    assert made is not None
    return made


@transactions.needs_transaction
def review_chunk(*, bucket_from: int, bucket_before: int, of: Of) -> Mapping[str, int]:
    """Propose changes to a range of accounts, or make those that the table asks no person about.

    An account is proposed once in a review. Returns how many of each. Raises what reviews.wanted
    raises.
    """
    found = _locked(bucket_from, bucket_before, of=of)
    ids = identifiers.bulk_ids(run=of.run_id, chunk=of.chunk, count=len(found)).tolist()
    rows = [_row(row_id, each, of=of) for row_id, each in zip(ids, found, strict=True)]
    for row, each in zip(rows, found, strict=True):
        if row.is_automatic and _was_set(each, of=of):
            row.state, row.decided_at = State.APPROVED, of.review.recorded_at
    models.FrequencyProposal.objects.bulk_create(rows, batch_size=5_000)
    waiting = sum(row.state == State.PROPOSED for row in rows)
    if waiting:
        _raise_item(of)
    return {"frequencies_proposed": waiting, "frequencies_set": len(rows) - waiting}


def _locked(bucket_from: int, bucket_before: int, *, of: Of) -> list[reviews.Wanted]:
    """Have what else is done to the accounts wait, in the order of their ids, and read again."""

    def seen() -> list[reviews.Wanted]:
        return reviews.wanted(
            year=of.review.year,
            bucket_from=bucket_from,
            bucket_before=bucket_before,
            on=of.review.posting_day,
            known_at=of.review.recorded_at,
        )

    account_ids = sorted({each.of.account_id for each in seen()})
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from accounts_account where subledger_id = any(%s) order by subledger_id"
            " for no key update",
            [account_ids],
        )
    locked = set(account_ids)
    return [each for each in seen() if each.of.account_id in locked]


def _row(row_id: int, each: reviews.Wanted, *, of: Of) -> models.FrequencyProposal:
    return models.FrequencyProposal(
        id=row_id,
        review_id=of.review.review_id,
        account_id=each.of.account_id,
        term_id=each.of.term_id,
        frequency_id=code_lists.code("filing frequency", each.frequency).id,
        from_day=each.from_day,
        looked_from=each.of.looked_from,
        looked_before=each.of.looked_before,
        tax_cents=each.of.tax_cents,
        months_known=each.of.months_known,
        missing_returns=each.of.missing_returns,
        estimated_annual_cents=each.of.annual_cents,
        is_automatic=each.treatment == reviews.AUTOMATIC,
        recorded_at=of.review.recorded_at,
    )


def _was_set(each: reviews.Wanted, *, of: Of) -> bool:
    """Put a change in force; where something is in its way, a person decides what to do."""
    try:
        with transactions.savepoint():
            _set(
                each.of.account_id,
                each.of.term_id,
                frequency=each.frequency,
                from_day=each.from_day,
                by=By(user_id=None, at=of.review.recorded_at, why=f"review of {of.review.year}"),
            )
    except registering.CannotFileSo:
        return False
    return True


def _set(account_id: int, term_id: int, *, frequency: str, from_day: datetime.date, by: By) -> None:
    """Have the next term begin, with the season and year of the one before."""
    term = registrations.terms_by_id([term_id])[term_id]
    registering.take_frequency(
        account_id=account_id,
        frequency=frequency,
        from_day=from_day,
        by=by,
        seasonal_months=term.seasonal_months,
        year_starts_in=term.year_starts_in,
    )


def _raise_item(of: Of) -> None:
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind=KIND,
                reason=f"The review of {of.review.year} proposes that accounts file more or less "
                "often. Approve or reject each.",
                cause_key=_cause(of.review),
                subject_kind=SUBJECT,
                subject_id=of.review.review_id,
                due_on=of.review.posting_day,
                detail={"year": of.review.year},
            )
        ],
        at=of.review.recorded_at,
        posting_day=of.review.posting_day,
        run_id=of.run_id,
        chunk=of.chunk,
    )


def _cause(review: reviews.Review) -> str:
    return f"review of filing frequencies of {review.year}"


@transactions.starts_transaction
def approve(*, proposal_id: int, by: By) -> None:
    """Let an account file as was proposed. Raises CannotDecide, reviews.NoSuchProposal."""
    of = _waiting(proposal_id, by=by)
    newest = registrations.terms(of.account_id)[-1]
    if newest.term_id != of.term_id:
        raise CannotDecide(
            f"How often the account files was changed from {newest.days.starts_on} meanwhile. "
            "Reject the proposal."
        )
    try:
        _set(of.account_id, of.term_id, frequency=of.frequency, from_day=of.from_day, by=by)
    except registering.CannotFileSo as problem:
        raise CannotDecide(
            f"{problem} Reject the proposal, and set how often the account files on its page."
        ) from problem
    _decide(of, State.APPROVED, by=by)


@transactions.starts_transaction
def reject(*, proposal_id: int, by: By) -> None:
    """Let an account file as it does. Raises CannotDecide, reviews.NoSuchProposal."""
    _decide(_waiting(proposal_id, by=by), State.REJECTED, by=by)


def _waiting(proposal_id: int, *, by: By) -> reviews.Proposal:
    registering.lock(reviews.proposal(proposal_id).account_id)
    of = reviews.proposal(proposal_id)
    wrong = []
    if of.state != State.PROPOSED:
        wrong.append(f"Proposal {proposal_id} was decided already.")
    if by.user_id is None:
        wrong.append("A person decides a proposal. Sign in.")
    if not by.why.strip():
        wrong.append("Say why, in a few words.")
    if wrong:
        raise CannotDecide(" ".join(wrong))
    return of


def _decide(of: reviews.Proposal, state: State, *, by: By) -> None:
    models.FrequencyProposal.objects.filter(id=of.proposal_id).update(
        state=state, decided_by_id=by.user_id, decided_at=by.at, decided_why=by.why
    )
    action_log.record(
        user_id=by.user_id,
        verb="approve filing frequency" if state == State.APPROVED else "reject filing frequency",
        subject_kind="account",
        subject_id=of.account_id,
        why=by.why,
        detail={"proposal_id": of.proposal_id, "to": of.frequency, "from": f"{of.from_day}"},
        at=by.at,
    )
    if not reviews.counts(of.review.review_id)["proposed"]:
        work_items.close_by_cause(
            cause_key=_cause(of.review), at=by.at, why="Every proposal is decided."
        )
