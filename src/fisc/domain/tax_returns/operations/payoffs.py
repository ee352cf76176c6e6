"""Promising in a letter what pays periods of tax off by a day."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from fisc.domain.accounts import queries as accounts
from fisc.domain.documents import choices as document_choices
from fisc.domain.documents import operations as documents
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.operations import reckoning, registering
from fisc.domain.tax_returns.queries import forecasts, payoff_letters, returns
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By


class CannotPromise(Exception):
    """No pay-off can be promised so; everything that is wrong is said at once."""


@transactions.starts_transaction
def promise(
    *, account_id: int, periods: Collection[datetime.date], good_through: datetime.date,
    on: datetime.date, by: By,
) -> forecasts.Promise:  # fmt: skip
    """Promise what leaves nothing owed of some periods when it is received by a day.

    `periods` are the first days of filed periods; `on` is the day of the letter, in whose books
    they are brought up to date first. The letter is filed as a document of the promise. Raises
    CannotPromise and what reckoning.bring_up_to_date raises. Asked again on its day, while nothing
    that it promises has changed, it is the same letter.
    """
    registering.lock(account_id)
    newest = [returns.versions_of(account_id, starts_on=day)[-1:] for day in sorted(set(periods))]
    wrong = _wrong(periods, newest, good_through=good_through, on=on)
    if wrong:
        raise CannotPromise(" ".join(wrong))
    kept = [each for (each,) in newest]
    for each in kept:
        reckoning.brought_up_to_date(each, on=on, posting_day=on, by=by)
    found = [forecasts.forecast(each, on=good_through, known_at=by.at) for each in kept]
    total = sum(max(cents, 0) for each in found for cents in each.due.values())
    if not total:
        raise CannotPromise(
            f"Nothing is owed of these periods on {good_through}: there is nothing to pay off."
        )
    before = _same_letter(account_id, kept, total, good_through=good_through, on=on)
    if before is not None:
        return forecasts.promise(before)
    made = _written(account_id, found, total, good_through=good_through, on=on, by=by)
    _file_letter(made, by=by)
    return made


def _wrong(
    periods: Collection[datetime.date], newest: Sequence[Sequence[returns.Kept]], *,
    good_through: datetime.date, on: datetime.date,
) -> list[str]:  # fmt: skip
    wrong = []
    if good_through < on:
        wrong.append(f"The letter of {on} cannot be good through {good_through}, a day before it.")
    if not periods:
        wrong.append("Name at least one period.")
    wrong += [
        f"No return of the period from {day} was filed. File it first."
        for day, found in zip(sorted(set(periods)), newest, strict=True)
        if not found
    ]
    return wrong


def _same_letter(
    account_id: int, kept: Sequence[returns.Kept], total_cents: int, *,
    good_through: datetime.date, on: datetime.date,
) -> int | None:  # fmt: skip
    """Return the day's letter that promises the same of the same versions; None without one."""
    lines = models.PayoffLine.objects.filter(
        payoff__account_id=account_id,
        payoff__promised_on=on,
        payoff__good_through=good_through,
        payoff__total_cents=total_cents,
    )
    of_return: dict[int, set[int]] = {}
    for letter_id, return_id in lines.values_list("payoff_id", "tax_return_id"):
        of_return.setdefault(letter_id, set()).add(return_id)
    wanted = {each.return_id for each in kept}
    return next((each for each, named in sorted(of_return.items()) if named == wanted), None)


def _written(
    account_id: int, found: Sequence[forecasts.Forecast], total_cents: int, *,
    good_through: datetime.date, on: datetime.date, by: By,
) -> forecasts.Promise:  # fmt: skip
    row = models.Payoff.objects.create(
        account_id=account_id,
        promised_on=on,
        good_through=good_through,
        total_cents=total_cents,
        made_by_id=by.user_id,
        recorded_at=by.at,
    )
    models.PayoffLine.objects.bulk_create(
        models.PayoffLine(
            payoff_id=row.id,
            starts_on=each.kept.days.starts_on,
            tax_return_id=each.kept.return_id,
            part=part,
            cents=max(cents, 0),
            settled_cents=each.settled[part],
        )
        for each in found
        for part, cents in each.due.items()
    )
    action_log.record(
        user_id=by.user_id,
        verb="promise pay-off",
        subject_kind="account",
        subject_id=account_id,
        why=by.why,
        detail={"payoff_id": row.id, "total": total_cents, "good_through": f"{good_through}"},
        at=by.at,
    )
    return forecasts.promise(row.id)


def _file_letter(made: forecasts.Promise, *, by: By) -> None:
    language = accounts.account(account_id=made.account_id, as_of=made.promised_on).language
    data = payoff_letters.letter_data(made, language=language)
    documents.file_document(
        kind=document_choices.Kind.PAYOFF_LETTER,
        subject_kind=document_choices.Subject.PAYOFF,
        subject_id=made.payoff_id,
        language=data["language"],
        template=payoff_letters.template(),
        data=data,
        made_at=by.at,
    )
