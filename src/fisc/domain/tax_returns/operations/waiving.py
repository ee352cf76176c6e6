"""Asking that penalty or interest be waived, and deciding it: never by the same person."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import IntegrityError

from fisc.basics import money
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.operations import reckoning, registering
from fisc.domain.tax_returns.queries import postings, returns
from fisc.domain.tax_returns.queries import waivers as queries
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By
Kind = choices.WaiverKind
State = choices.WaiverState


class CannotWaive(Exception):
    """A waiver cannot be asked for or decided so; everything that is wrong is said at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A waiver that is asked for: of a period, or of all periods due from a day on.

    With `starts_on` and `cents` it is one-time; with `due_from` alone it stands, and with
    `due_before` it is dated. `part` is penalty or interest.
    """

    account_id: int
    part: int
    reason: str
    starts_on: datetime.date | None = None
    cents: int | None = None
    due_from: datetime.date | None = None
    due_before: datetime.date | None = None

    @property
    def kind(self) -> Kind:
        """One-time, dated or standing."""
        if self.starts_on is not None:
            return Kind.ONE_TIME
        return Kind.STANDING if self.due_before is None else Kind.DATED


@transactions.starts_transaction
def ask(of: Asked, *, on: datetime.date, by: By) -> int:
    """Ask that something be waived; gives the number of what another person is to decide.

    Raises CannotWaive, versions.NoVersionForDate, asking.NoAnswer.
    """
    registering.lock(of.account_id)
    wrong = [*_wrong(of), *_wrong_by(by)]
    if not wrong:
        wrong = _beyond(of, on=on, known_at=by.at)
    if wrong:
        raise CannotWaive(" ".join(wrong))
    try:
        with transactions.savepoint():
            row = _written(of, by=by)
    except IntegrityError as problem:
        raise CannotWaive(
            "The same is asked for already and waits for a decision. Look at that one."
        ) from problem
    _log("ask for waiver", queries.waiver(row.id), by=by)
    return row.id


@transactions.starts_transaction
def grant(*, request_id: int, posting_day: datetime.date, by: By) -> None:
    """Grant a waiver: what it covers is waived in the books of a day, and stays so.

    Periods to come that it covers are waived as they are charged. Raises CannotWaive,
    queries.NoSuchWaiver, and what reckoning.bring_up_to_date raises.
    """
    of = _to_decide(request_id, by=by)
    wrong = _beyond(
        Asked(
            account_id=of.account_id, part=of.part, reason=of.reason, starts_on=of.starts_on,
            cents=of.cents, due_from=of.due_from, due_before=of.due_before,
        ),
        on=posting_day,
        known_at=by.at,
    )  # fmt: skip
    if wrong:
        raise CannotWaive(" ".join(wrong))
    _decide(of, State.GRANTED, by=by)
    for kept in returns.newest(of.account_id):
        if of.covers(starts_on=kept.days.starts_on, due_on=kept.due_on):
            reckoning.brought_up_to_date(kept, on=posting_day, posting_day=posting_day, by=by)


@transactions.starts_transaction
def deny(*, request_id: int, by: By) -> None:
    """Deny a waiver. Raises CannotWaive, queries.NoSuchWaiver."""
    _decide(_to_decide(request_id, by=by), State.DENIED, by=by)


@transactions.starts_transaction
def end(*, request_id: int, due_before: datetime.date, on: datetime.date, by: By) -> None:
    """End a waiver of periods due from a day on: what is due on a day or later is not waived.

    What was waived stays. Whoever asks twice for the same day changes nothing. Raises CannotWaive,
    queries.NoSuchWaiver.
    """
    registering.lock(queries.waiver(request_id).account_id)
    of = queries.waiver(request_id)
    if of.ended_before == due_before and of.ended_by_id == by.user_id:
        return
    wrong = _wrong_by(by)
    if of.ended_before is not None:
        wrong.append(f"Waiver {request_id} ended with what is due before {of.ended_before}.")
    elif not of.may_be_ended:
        wrong.append("Only a granted waiver of periods due from a day on can be ended.")
    if due_before < on:
        wrong.append(
            f"What was due before {on} stays waived. Choose {on} or a later day from which nothing "
            "is waived."
        )
    if of.due_before is not None and due_before >= of.due_before:
        wrong.append(f"The waiver ends before {of.due_before} anyway. Choose an earlier day.")
    if wrong:
        raise CannotWaive(" ".join(wrong))
    # A person ends it: that was looked at.
    assert by.user_id is not None
    models.WaiverEnd.objects.create(
        request_id=request_id,
        due_before=due_before,
        ended_by_id=by.user_id,
        ended_at=by.at,
        why=by.why,
    )
    _log("end waiver", of, by=by)


def _wrong(of: Asked) -> list[str]:
    wrong = []
    if of.part not in (choices.Part.PENALTY, choices.Part.INTEREST):
        wrong.append("Only penalty and interest are waived; tax is not.")
    if of.reason not in code_lists.codes(queries.REASONS):
        wrong.append(f"The list “waiver reason” has no “{of.reason}”.")
    if (of.starts_on is None) == (of.due_from is None):
        wrong.append("Name either one period or the due days that are covered.")
    if of.starts_on is not None and (of.cents is None or of.cents <= 0):
        wrong.append("Say how much of the period is to be waived: more than zero.")
    if of.due_from is not None and of.due_before is not None and of.due_before <= of.due_from:
        wrong.append("The due days that are covered end before they begin.")
    return wrong


def _wrong_by(by: By) -> list[str]:
    wrong = [] if by.why.strip() else ["Say why, in a few words."]
    return wrong if by.user_id is not None else [*wrong, "A person asks for waivers."]


def _beyond(of: Asked, *, on: datetime.date, known_at: datetime.datetime) -> list[str]:
    """Say what is beyond the table's limit, or beyond what the period is charged."""
    charged = 0
    if of.starts_on is not None:
        there = postings.standing(of.account_id, starts_on=of.starts_on)
        charged = there.charged(of.part, of.part + choices.Part.PENALTY)
    most = queries.most(
        reason=of.reason,
        part=of.part,
        is_one_time=of.kind == Kind.ONE_TIME,
        charged_cents=max(charged, 0),
        day=on,
        known_at=known_at,
    )
    if most is None:
        if of.part == choices.Part.PENALTY:
            return ["The table of waivers lets no penalty be waived so for that reason."]
        return ["The table of waivers lets no interest be waived so for that reason."]
    if of.cents is not None and of.cents > min(most, max(charged, 0)):
        return [_at_most(min(most, max(charged, 0)), charged=max(charged, 0))]
    return []


def _at_most(most: int, *, charged: int) -> str:
    return (
        f"At most ${money.formatted(most)} of this can be waived: ${money.formatted(charged)} is "
        "charged and not waived yet."
    )


def _written(of: Asked, *, by: By) -> models.WaiverRequest:
    # A person asks: that was looked at.
    assert by.user_id is not None
    return models.WaiverRequest.objects.create(
        account_id=of.account_id,
        kind=of.kind,
        part=of.part,
        starts_on=of.starts_on,
        cents=of.cents if of.starts_on is not None else None,
        due_from=of.due_from,
        due_before=of.due_before,
        reason_id=code_lists.code(queries.REASONS, of.reason).id,
        asked_by_id=by.user_id,
        asked_at=by.at,
        asked_why=by.why,
    )


def _to_decide(request_id: int, *, by: By) -> queries.Waiver:
    registering.lock(queries.waiver(request_id).account_id)
    of = queries.waiver(request_id)
    wrong = _wrong_by(by)
    if of.state != State.ASKED:
        wrong.append(f"Waiver {request_id} was decided already.")
    if by.user_id == of.asked_by_id:
        wrong.append("Who asked for a waiver does not decide it. Ask another person.")
    if wrong:
        raise CannotWaive(" ".join(wrong))
    return of


def _decide(of: queries.Waiver, state: State, *, by: By) -> None:
    models.WaiverRequest.objects.filter(id=of.request_id).update(
        state=state, decided_by_id=by.user_id, decided_at=by.at, decided_why=by.why
    )
    _log("grant waiver" if state == State.GRANTED else "deny waiver", of, by=by)


def _log(verb: str, of: queries.Waiver, *, by: By) -> None:
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="account",
        subject_id=of.account_id,
        why=by.why,
        detail={"waiver": of.request_id, "reason": of.reason, "cents": of.cents},
        at=by.at,
    )
