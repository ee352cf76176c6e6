"""Tax accounts: what they are registered for, how often they file, and what pays them off."""

from __future__ import annotations

import datetime
from typing import Annotated, Final

from django import http
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import Field

from fisc.basics import periods
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns.operations import payoffs, registering
from fisc.domain.tax_returns.queries import forecasts
from fisc.domain.tax_returns.queries import registrations as queries
from fisc.interfaces.api import answers, days, doors, keyed, texts
from fisc.plumbing.users import permissions

router = Router(tags=["tax accounts"])
Number = Annotated[int, Path(ge=1_000_000_000, le=9_999_999_999)]
Month = Annotated[int, Field(ge=1, le=12)]
OK: Final = 200
_A_DAY = datetime.timedelta(days=1)


class Registration(Schema):
    """A business class in a region that the account files for, to a last day if it has one."""

    region: texts.Code
    business_class: texts.Code
    first_day: days.Day
    last_day: days.Day | None = None


class Frequency(Schema):
    """How often the account files from a day on, by the code of the list “filing frequency”.

    `from_day` begins one of its periods. Without seasonal months every month counts.
    """

    frequency: texts.Code
    from_day: days.Day
    seasonal_months: list[Month] = Field(default=[], max_length=12)
    year_starts_in: Month = 1


class TaxAccount(Schema):
    """What an account is and was registered for, and how often it files and filed."""

    number: int
    registrations: list[Registration]
    frequencies: list[Frequency]


class PayoffAsked(Schema):
    """Periods of returns that were filed, by their first days, and the last day for the money."""

    periods: list[days.Day] = Field(max_length=400)
    good_through: days.Day


class Payoff(Schema):
    """A promise: so much received by the day leaves nothing owed of its periods."""

    payoff_id: int
    promised_on: datetime.date
    good_through: datetime.date
    total_cents: int


@router.get(
    "/tax-accounts/{number}",
    response={OK: TaxAccount, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_RETURNS),
)
def tax_account(request: http.HttpRequest, number: Number) -> TaxAccount:
    """Return what an account is registered for and how often it files."""
    found = _told(number)
    doors.shown(request, what="tax account", number=number)
    return found


@router.post(
    "/tax-accounts/{number}/registrations",
    response={OK: TaxAccount, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.KEY_RETURNS),
)
def register(
    request: http.HttpRequest, number: Number, body: Registration, key: keyed.Key
) -> TaxAccount:
    """Register an account for a business class in a region."""
    account_id = accounts.account_id(number=number)

    def do() -> dict[str, int]:
        made = registering.register(
            account_id=account_id,
            region=body.region,
            business_class=body.business_class,
            days=periods.Period(
                starts_on=body.first_day,
                ends_before=None if body.last_day is None else body.last_day + _A_DAY,
            ),
            by=_by(request),
        )
        return {"registration_id": made}

    keyed.once(request, key=key, body=body, do=do)
    return _told(number)


@router.post(
    "/tax-accounts/{number}/frequencies",
    response={OK: TaxAccount, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.KEY_RETURNS),
)
def set_frequency(
    request: http.HttpRequest, number: Number, body: Frequency, key: keyed.Key
) -> TaxAccount:
    """Let an account file so often from the first day of one of its periods."""
    account_id = accounts.account_id(number=number)

    def do() -> dict[str, int]:
        made = registering.set_frequency(
            account_id=account_id,
            frequency=body.frequency,
            from_day=body.from_day,
            seasonal_months=sorted(set(body.seasonal_months)),
            year_starts_in=body.year_starts_in,
            by=_by(request),
        )
        return {"term_id": made}

    keyed.once(request, key=key, body=body, do=do)
    return _told(number)


@router.post(
    "/tax-accounts/{number}/payoffs",
    response={OK: Payoff, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.KEY_RETURNS),
)
def promise(request: http.HttpRequest, number: Number, body: PayoffAsked, key: keyed.Key) -> Payoff:
    """Promise in a letter what pays periods off by a day; it is honored as it was issued."""
    account_id = accounts.account_id(number=number)

    def do() -> dict[str, int]:
        made = payoffs.promise(
            account_id=account_id,
            periods=body.periods,
            good_through=body.good_through,
            on=timezone.localdate(),
            by=_by(request),
        )
        return {"payoff_id": made.payoff_id}

    found = forecasts.promise(keyed.once(request, key=key, body=body, do=do)["payoff_id"])
    return Payoff(
        payoff_id=found.payoff_id,
        promised_on=found.promised_on,
        good_through=found.good_through,
        total_cents=found.total_cents,
    )


def _by(request: http.HttpRequest) -> registering.By:
    return registering.By(
        user_id=doors.person(request), at=timezone.now(), why="asked for by a program"
    )


def _told(number: int) -> TaxAccount:
    account_id = accounts.account_id(number=number)
    return TaxAccount(
        number=number,
        registrations=[
            Registration(
                region=each.region,
                business_class=each.business_class,
                first_day=each.days.starts_on,
                last_day=None if each.days.ends_before is None else each.days.ends_before - _A_DAY,
            )
            for each in queries.registrations(account_id)
        ],
        frequencies=[
            Frequency(
                frequency=each.frequency,
                from_day=each.days.starts_on,
                seasonal_months=list(each.seasonal_months),
                year_starts_in=each.year_starts_in,
            )
            for each in queries.terms(account_id)
        ],
    )
