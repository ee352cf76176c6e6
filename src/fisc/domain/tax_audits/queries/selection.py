"""Accounts in the order of what speaks for auditing them, by the points of a table."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_audits import decision_points as points
from fisc.domain.tax_returns.calculations import asking

POINTS = tuple(line.name for line in points.SELECTION.outputs)
_DAYS_IN_YEAR = Decimal("365.25")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Scored:
    """An account with the facts that the table was asked with and the points that it gave."""

    account_id: int
    account_number: int
    name: str
    facts: asking.Facts
    points: Mapping[str, int]

    @property
    def annual_tax_cents(self) -> int:
        """The tax of the year, in cents."""
        return asking.cents(self.facts["annual_tax"])

    @property
    def score(self) -> int:
        """The sum of the points."""
        return sum(self.points.values())


# Of a year back from a day: the newest version of each return, and how the first came.
_FACTS = """
    select account.subledger_id, account.number, account.name,
        coalesce(filed.tax, 0)::bigint, coalesce(filed.late, 0)::bigint,
        (select count(*) from tax_returns_nonfiling as missing
            where missing.account_id = account.subledger_id and missing.starts_on >= %(since)s
                and not exists (
                    select from tax_returns_return as came
                    where came.account_id = missing.account_id
                        and came.starts_on = missing.starts_on)),
        (select max(event."on") from tax_audits_case as audit
            join tax_audits_event as event on event.case_id = audit.id
            where audit.account_id = account.subledger_id
                and event.kind in ('final', 'closed')),
        exists (select from work_items_workitem as work
            where work.kind = 'discovery' and work.subject_kind = 'account'
                and work.subject_id = account.subledger_id)
    from accounts_account as account
    join lateral (
        select sum(greatest(newest.tax_due_cents, 0)) as tax,
            count(*) filter (where first.received_on > first.timely_until) as late
        from tax_returns_return as newest
        join tax_returns_return as first on first.account_id = newest.account_id
            and first.starts_on = newest.starts_on and first.version = 1
        where newest.account_id = account.subledger_id and newest.starts_on >= %(since)s
            and not exists (
                select from tax_returns_return as later where later.replaces_id = newest.id)
        having count(*) > 0
    ) as filed on true
    where not exists (
        select from tax_audits_caseperiod as under
        where under.account_id = account.subledger_id and under.is_living)
"""


def scored(*, on: datetime.date, known_at: datetime.datetime, most: int = 100) -> list[Scored]:
    """Return accounts that no living case audits, those with the most points first.

    By the returns of the year before a day. Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    version = versions.in_force(points.SELECTION.name, day=on, known_at=known_at)
    since = on - datetime.timedelta(days=365)
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"since": since})
        rows = cursor.fetchall()
    facts = [_facts(row[3:], on=on) for row in rows]
    answers = asking.ask(version.tables, facts)
    found = []
    for row, asked, answer in zip(rows, facts, answers, strict=True):
        asking.needed(answer, *POINTS, tables=version.tables, facts=asked)
        given = {name: asking.whole(answer[name]) for name in POINTS}
        found.append(Scored(row[0], row[1], row[2], asked, given))
    return sorted(found, key=lambda each: (-each.score, each.account_number))[:most]


def score_of(account_id: int, *, on: datetime.date, known_at: datetime.datetime) -> Scored | None:
    """Return the points of one account; None where it is audited, or filed nothing in a year."""
    found = scored(on=on, known_at=known_at, most=points.COUNT_MAX)
    return next((each for each in found if each.account_id == account_id), None)


def _facts(row: Sequence[object], *, on: datetime.date) -> asking.Facts:
    tax, late, missing, audited_on, is_on_a_list = row
    years = Decimal(points.YEARS_MAX)
    if isinstance(audited_on, datetime.date):
        years = (Decimal((on - audited_on).days) / _DAYS_IN_YEAR).quantize(_CENT)
    assert isinstance(tax, int)
    assert isinstance(late, int)
    assert isinstance(missing, int)
    return {
        "annual_tax": asking.money(min(tax, points.MONEY_MAX * 100)),
        "years_since_audit": min(max(years, Decimal(0)), Decimal(points.YEARS_MAX)),
        "late_returns": asking.number(late),
        "missing_returns": asking.number(missing),
        "is_on_a_list": bool(is_on_a_list),
    }
