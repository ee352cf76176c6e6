"""The tax tab of an account: what it is registered for, its periods, its returns, what it owes."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import http, shortcuts
from django.utils import timezone

from fisc.basics import calendars
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_returns.calculations import asking, obligations
from fisc.domain.tax_returns.queries import owed, registrations
from fisc.domain.tax_returns.queries import returns as queries
from fisc.interfaces.web import doors
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.letters import showing as letters
from fisc.interfaces.web.taxes import forms, names, standing
from fisc.interfaces.web.templatetags import figures
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422
YEARS_SHOWN = 3
RETURNS_SHOWN = 24

#: What keeps the periods from being said; the rest of the page is shown all the same.
_NOT_SAID = (
    asking.NoAnswer,
    calendars.CalendarRunsOut,
    obligations.ObligationIsWrong,
    rule_tables.NoVersionForDate,
)


@dataclasses.dataclass(frozen=True)
class RegisteredRow:
    registration_id: int
    region: str
    business_class: str
    starts_on: datetime.date
    last_day: datetime.date | None
    end: forms.EndForm


@dataclasses.dataclass(frozen=True)
class TermRow:
    frequency: str
    months: str
    # The month in which the filer's year begins; empty where that is January.
    year_from: str
    starts_on: datetime.date
    last_day: datetime.date | None


@dataclasses.dataclass(frozen=True)
class ReturnRow:
    kept: queries.Kept
    period: str


@dataclasses.dataclass(frozen=True)
class OwedRow:
    period: str
    owed: owed.PeriodOwed

    @property
    def panel(self) -> str:
        """Name the place on the page where it is explained."""
        return f"why-owed-{self.owed.starts_on}"


@doors.opens_with(permissions.SEE_RETURNS, shows="tax account")
@code_lists.at_one_generation()
def tax(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show a tax account's registrations, filing terms, periods and returns."""
    return page(request, names.account_of(number, as_of=timezone.localdate()))


def page(
    request: http.HttpRequest,
    found: head.Head,
    *,
    register: forms.RegisterForm | None = None,
    frequency: forms.FrequencyForm | None = None,
    end: forms.EndForm | None = None,
    ended: int = 0,
    end_all: forms.EndForm | None = None,
) -> http.HttpResponse:
    """Draw the page; with a form that came back, it is an answer to an error."""
    today = timezone.localdate()
    account_id, number = found.account.account_id, found.account.number
    standings, problem = _standings(account_id, today=today)
    strip = standing.years(standings, number=number, today=today)
    is_all = "all" in request.GET
    terms = registrations.terms(account_id)
    return shortcuts.render(
        request,
        "taxes/account.html",
        {
            "head": found,
            "tab": "tax",
            "strip": strip if is_all else strip[:YEARS_SHOWN],
            "has_older": not is_all and len(strip) > YEARS_SHOWN,
            "counts": standing.counts(strip),
            "problem": problem,
            "owed": _owed(account_id, standings),
            "owed_cents": found.balance.balance_cents,
            "has_owed": any(_is_to_file(each, today=today) for each in standings),
            "registrations": _registered(account_id, today=today, end=end, ended=ended),
            "terms": _terms(terms),
            "returns": _returns(standings),
            "register": register or forms.RegisterForm(),
            "frequency": frequency or forms.FrequencyForm(term=terms[-1] if terms else None),
            "end_all": end_all or forms.EndForm(prefix="end-all"),
            "letters": letters.to_account(request, account_id, kinds=letters.OF_RETURNS),
            "final": next((e.owed.obligation.days for e in standings if e.owed.is_final), None),
        },
        status=UNPROCESSABLE if any((register, frequency, end, end_all)) else None,
    )


def _standings(
    account_id: int, *, today: datetime.date
) -> tuple[tuple[queries.Standing, ...], str]:
    """Return the periods to the end of the year; to today where the rest cannot be said yet."""
    problem = ""
    for before in (datetime.date(today.year + 1, 1, 1), today):
        try:
            found = queries.standings(account_id, before=before, known_at=timezone.now())
        except _NOT_SAID as lacking:
            problem = str(lacking)
        else:
            return found, problem
    return (), problem


def _owed(account_id: int, standings: Sequence[queries.Standing]) -> list[OwedRow]:
    days = {each.owed.obligation.days.starts_on: each.owed.obligation.days for each in standings}
    return [
        OwedRow(
            period=names.period_words(each.starts_on, days[each.starts_on].ends_before)
            if each.starts_on in days
            else figures.day(each.starts_on),
            owed=each,
        )
        for each in owed.by_period(account_id)
    ]


def _is_to_file(each: queries.Standing, *, today: datetime.date) -> bool:
    ends_before = each.owed.obligation.days.ends_before
    return each.kept is None and ends_before is not None and ends_before <= today


def _registered(
    account_id: int, *, today: datetime.date, end: forms.EndForm | None, ended: int
) -> list[RegisteredRow]:
    return [
        RegisteredRow(
            registration_id=each.registration_id,
            region=f"{each.region} {names.words(names.REGIONS, each.region)}",
            business_class=f"{each.business_class} "
            f"{names.words(names.CLASSES, each.business_class)}",
            starts_on=each.days.starts_on,
            last_day=names.last_day(each.days.ends_before),
            end=end
            if end is not None and each.registration_id == ended
            else forms.EndForm(prefix=f"end-{each.registration_id}", initial={"last_day": today}),
        )
        for each in registrations.registrations(account_id)
    ]


def _terms(terms: Sequence[registrations.Term]) -> list[TermRow]:
    return [
        TermRow(
            frequency=names.words(names.FREQUENCIES, each.frequency),
            months=", ".join(
                names.month_words(datetime.date(datetime.MINYEAR, month, 1))
                for month in each.seasonal_months
            ),
            year_from=names.month_words(datetime.date(datetime.MINYEAR, each.year_starts_in, 1))
            if each.year_starts_in != 1
            else "",
            starts_on=each.days.starts_on,
            last_day=names.last_day(each.days.ends_before),
        )
        for each in terms
    ]


def _returns(standings: Sequence[queries.Standing]) -> list[ReturnRow]:
    kept = [each.kept for each in standings if each.kept is not None]
    return [
        ReturnRow(each, names.period_words(each.days.starts_on, each.days.ends_before))
        for each in kept[: -RETURNS_SHOWN - 1 : -1]
    ]
