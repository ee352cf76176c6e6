"""What many missing returns are estimated at: few statements, and tables asked as columns."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import asking, estimates
from fisc.domain.tax_returns.queries import missing


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a missing return is waited for, and how many returns are looked at."""

    days: int
    looked_at: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a table estimates, in whole cents, and the facts it was asked with."""

    facts: asking.Facts
    tax_cents: int


_UNASSESSED = """
    select missing.id, missing.account_id, missing.starts_on, missing.ends_before, missing.due_on,
        missing.timely_until, missing.found_on
    from tax_returns_nonfiling as missing
    join accounts_account as account on account.subledger_id = missing.account_id
    where missing.account_id %% 4096 >= %s and missing.account_id %% 4096 < %s
        and not exists (
            select from tax_returns_return as filed
            where filed.account_id = missing.account_id and filed.starts_on = missing.starts_on)
        and not exists (
            select from tax_returns_assessment as assessed
            where assessed.nonfiling_id = missing.id)
    order by missing.account_id, missing.starts_on
    for update of account
"""

# A period is found missing by its term, and a term only ends with a period.
_FREQUENCIES = """
    select asked.id, (
        select term.frequency_id from tax_returns_filing_term as term
        where term.account_id = asked.account_id and term.starts_on < asked.ends_before
            and (term.ends_before is null or term.ends_before > asked.starts_on)
        order by term.starts_on limit 1)
    from unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[])
        as asked (id, account_id, starts_on, ends_before)
"""

_TAXES = """
    select asked.id, array(
        select newest.tax_due_cents from (
            select distinct on (filed.starts_on) filed.starts_on, filed.tax_due_cents
            from tax_returns_return as filed
            where filed.account_id = asked.account_id and filed.starts_on < asked.starts_on
            order by filed.starts_on desc, filed.version desc
            limit %s
        ) as newest)
    from unnest(%s::bigint[], %s::bigint[], %s::date[]) as asked (id, account_id, starts_on)
"""

_MISSING_NOW = """
    select missing.account_id, count(*) from tax_returns_nonfiling as missing
    where missing.account_id = any(%s::bigint[]) and not exists (
        select from tax_returns_return as filed
        where filed.account_id = missing.account_id and filed.starts_on = missing.starts_on)
    group by missing.account_id
"""


def unassessed(bucket_from: int, bucket_before: int) -> list[missing.NonFiling]:
    """Return missing returns of a range of accounts that none was ever proposed for; locks them."""
    with connection.cursor() as cursor:
        cursor.execute(_UNASSESSED, [bucket_from, bucket_before])
        return [
            missing.NonFiling(
                row[0], row[1], periods.Period(starts_on=row[2], ends_before=row[3]), *row[4:]
            )
            for row in cursor.fetchall()
        ]


def policies(of: Sequence[missing.NonFiling], *, known_at: datetime.datetime) -> dict[int, Policy]:
    """Return the policy of each missing return; none where no table is in force on its due day.

    Raises asking.NoAnswer.
    """
    codes = code_lists.codes_by_id("filing frequency")
    frequencies = {each: codes[key].code for each, key in _frequencies(of).items()}
    found: dict[int, Policy] = {}
    for version, those in _by_version(points.ASSESSMENT_POLICY.name, of, known_at=known_at):
        asked = sorted({frequencies[each.nonfiling_id] for each in those})
        facts: list[asking.Facts] = [{"frequency": each} for each in asked]
        said = {}
        for each, answers in zip(facts, asking.ask(version.tables, facts), strict=True):
            names = ("days_before_proposed", "returns_looked_at")
            asking.needed(answers, *names, tables=version.tables, facts=each)
            days, looked_at = (asking.whole(answers[name]) for name in names)
            said[each["frequency"]] = Policy(days, looked_at)
        for one in those:
            found[one.nonfiling_id] = said[frequencies[one.nonfiling_id]]
    return found


def estimated(
    of: Sequence[missing.NonFiling], *, known: Mapping[int, Policy], known_at: datetime.datetime
) -> dict[int, Estimate]:
    """Return what the table of each due day estimates; none where none is in force then.

    It rests on the newest returns before the period, as many as the policy says. Raises
    asking.NoAnswer.
    """
    facts = _facts(of, known=known)
    found: dict[int, Estimate] = {}
    for version, those in _by_version(points.ESTIMATED_ASSESSMENT.name, of, known_at=known_at):
        asked = [facts[each.nonfiling_id] for each in those]
        for one, each, answers in zip(those, asked, asking.ask(version.tables, asked), strict=True):
            asking.needed(answers, "amount", tables=version.tables, facts=each)
            found[one.nonfiling_id] = Estimate(each, asking.cents(answers["amount"]))
    return found


def _facts(
    of: Sequence[missing.NonFiling], *, known: Mapping[int, Policy]
) -> dict[int, asking.Facts]:
    taxes: dict[int, Sequence[int]] = {}
    for looked_at in sorted({known[each.nonfiling_id].looked_at for each in of}):
        those = [each for each in of if known[each.nonfiling_id].looked_at == looked_at]
        taxes |= _rows(
            _TAXES,
            looked_at,
            [each.nonfiling_id for each in those],
            [each.account_id for each in those],
            [each.days.starts_on for each in those],
        )
    counts: dict[int, int] = _rows(_MISSING_NOW, sorted({each.account_id for each in of}))
    return {
        each.nonfiling_id: estimates.facts(
            taxes[each.nonfiling_id], missing=max(counts.get(each.account_id, 0), 1)
        )
        for each in of
    }


def _frequencies(of: Sequence[missing.NonFiling]) -> dict[int, int]:
    return _rows(
        _FREQUENCIES,
        [each.nonfiling_id for each in of],
        [each.account_id for each in of],
        [each.days.starts_on for each in of],
        [each.days.ends_before for each in of],
    )


def _by_version(
    point: str, of: Sequence[missing.NonFiling], *, known_at: datetime.datetime
) -> Iterable[tuple[versions.LoadedVersion, list[missing.NonFiling]]]:
    """Group missing returns by the version that governs their due day; without one they go."""
    by_day: dict[datetime.date, list[missing.NonFiling]] = {}
    for each in of:
        by_day.setdefault(each.due_on, []).append(each)
    found: dict[int, tuple[versions.LoadedVersion, list[missing.NonFiling]]] = {}
    for day, those in by_day.items():
        try:
            version = versions.in_force(point, day=day, known_at=known_at)
        except versions.NoVersionForDate:
            continue
        found.setdefault(version.version_id, (version, []))[1].extend(those)
    return found.values()


def _rows(statement: str, *given: object) -> dict:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(statement, list(given))  # type: ignore[arg-type]
        return dict(cursor.fetchall())
