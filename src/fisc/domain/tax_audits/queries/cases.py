"""Audit cases as they stand: one with everything that happened, and the board."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_audits import choices, models
from fisc.plumbing.users import queries as users


class NoSuchCase(Exception):
    """There is no audit case of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What somebody did to a case, or to a disclosure."""

    kind: str
    by_id: int
    by: str
    on: datetime.date
    at: datetime.datetime
    why: str
    auditor_id: int | None = None
    auditor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An audit case with its periods and everything that happened, the first first."""

    case_id: int
    account_id: int
    account_number: int
    name: str
    selected_by: str
    source: Mapping[str, Any]
    score: int | None
    selected_on: datetime.date
    periods: tuple[datetime.date, ...]
    events: tuple[Event, ...]

    @property
    def state(self) -> str:
        """The kind of the last event that is no assignment."""
        kinds = [each.kind for each in self.events if each.kind != choices.EventKind.ASSIGNED]
        return kinds[-1]

    @property
    def auditor_id(self) -> int:
        """Who has the case."""
        return [each.auditor_id for each in self.events if each.auditor_id is not None][-1]

    @property
    def auditor(self) -> str:
        """The name of who has the case."""
        return [each.auditor for each in self.events if each.auditor_id is not None][-1]

    @property
    def is_in_work(self) -> bool:
        """Whether the auditor may add to schedules, records and waivers."""
        return self.state in choices.IN_WORK

    def last(self, kind: choices.EventKind) -> Event | None:
        """Return the newest event of a kind, if there was one."""
        found = [each for each in self.events if each.kind == kind]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Line:
    """A case on the board; `since` is the day of its last step."""

    case_id: int
    account_number: int
    name: str
    state: str
    auditor_id: int
    auditor: str
    selected_on: datetime.date
    since: datetime.date
    periods: int
    first_period: datetime.date | None


def case(case_id: int) -> Case:
    """Return a case. Raises NoSuchCase."""
    row = models.Case.objects.filter(id=case_id).first()
    if row is None:
        raise NoSuchCase(f"There is no audit case {case_id}.")
    number, name = accounts.names(account_ids=[row.account_id])[row.account_id]
    periods = models.CasePeriod.objects.filter(case_id=case_id).order_by("starts_on")
    events = list(models.Event.objects.filter(case_id=case_id).order_by("number"))
    people = {each.by_id for each in events} | {e.auditor_id for e in events if e.auditor_id}
    names = users.names(user_ids=people)
    return Case(
        case_id=row.id,
        account_id=row.account_id,
        account_number=number,
        name=name,
        selected_by=row.selected_by,
        source=row.source,
        score=row.score,
        selected_on=row.selected_on,
        periods=tuple(periods.values_list("starts_on", flat=True)),
        events=tuple(
            Event(
                kind=each.kind,
                by_id=each.by_id,
                by=names[each.by_id],
                on=each.on,
                at=each.at,
                why=each.why,
                auditor_id=each.auditor_id,
                auditor=names[each.auditor_id] if each.auditor_id else "",
            )
            for each in events
        ),
    )


_LISTED = """
    select audit.id, account.number, account.name, last.kind, assigned.auditor_id,
        person.full_name, audit.selected_on, last.on, period.periods, period.first_period
    from tax_audits_case as audit
    join accounts_account as account on account.subledger_id = audit.account_id
    join lateral (
        select kind, "on" from tax_audits_event as event
        where event.case_id = audit.id and event.kind <> 'assigned'
        order by number desc limit 1
    ) as last on true
    join lateral (
        select auditor_id from tax_audits_event as event
        where event.case_id = audit.id and event.auditor_id is not null
        order by number desc limit 1
    ) as assigned on true
    join users_user as person on person.id = assigned.auditor_id
    join lateral (
        select count(*) as periods, min(starts_on) as first_period
        from tax_audits_caseperiod as under where under.case_id = audit.id
    ) as period on true
    where last.kind = any(%(states)s)
        and (%(auditor_id)s::bigint is null or assigned.auditor_id = %(auditor_id)s)
        and (%(account_id)s::bigint is null or audit.account_id = %(account_id)s)
    order by last.on, audit.id
    limit %(limit)s
"""


def listed(
    *, states: Sequence[str], auditor_id: int | None = None, account_id: int | None = None,
    limit: int = 500,
) -> list[Line]:  # fmt: skip
    """Return cases in some states, those that have waited longest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LISTED,
            {
                "states": [str(each) for each in states],
                "auditor_id": auditor_id,
                "account_id": account_id,
                "limit": limit,
            },
        )
        return [Line(*row) for row in cursor.fetchall()]


def counts() -> dict[str, int]:
    """Return how many cases are in each state."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, count(*) from ("
            " select distinct on (case_id) case_id, kind from tax_audits_event"
            " where kind <> 'assigned' order by case_id, number desc) as last group by kind"
        )
        return dict(cursor.fetchall())


def began_before(account_id: int, *, day: datetime.date) -> int | None:
    """Return the first case of an account that was selected before a day and not withdrawn."""
    rows = models.Case.objects.filter(account_id=account_id, selected_on__lt=day).order_by("id")
    for row in rows:
        last = models.Event.objects.filter(case_id=row.id).order_by("-number").first()
        if last is not None and last.kind != choices.EventKind.WITHDRAWN:
            return row.id
    return None
