"""What returns come to by class, place or area, and quarter; whole cents."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_analysis import choices
from fisc.domain.tax_analysis import decision_points as points
from fisc.domain.tax_analysis.calculations import suppression

QUARTERS = ("1", "2", "3", "4")
_LISTS = {choices.By.BUSINESS_CLASS: "business class", choices.By.AREA: "tax region"}
# The row of what is of no known place.
UNKNOWN = ""


# As whom somebody of the city who may not see returns sees an analysis.
OFFICE = "city_office"


class NoLimits(ValueError):
    """The table of disclosure says nothing of a recipient."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which analysis: a calendar year, what its rows are, and which quarter a return counts in."""

    year: int
    by: choices.By = choices.By.BUSINESS_CLASS
    timing: choices.Timing = choices.Timing.EARNED


@dataclass(frozen=True, slots=True)
class Table:
    """An analysis: its cells by row and quarter, None being the total; and what is kept back."""

    asked: Asked
    # Of the list that the rows are of, in its order; what is known by no code comes last.
    rows: tuple[str, ...]
    cells: Mapping[suppression.Place, suppression.Cell]
    kept_back: Mapping[suppression.Place, suppression.Why]

    def cents(self, place: suppression.Place, measure: choices.Measure) -> int | None:
        """Return a figure; None where it is kept back."""
        if place in self.kept_back:
            return None
        return self.cells[place].values[choices.MEASURES.index(measure)]

    def filers(self, place: suppression.Place) -> int | None:
        """Return how many filers a figure is of; None where it is kept back."""
        return None if place in self.kept_back else self.cells[place].filers


@dataclass(frozen=True, slots=True)
class Payer:
    """What one filer came to in a year."""

    account_number: int
    name: str
    gross_cents: int
    taxable_cents: int
    tax_cents: int


# Lines of the newest versions, spread evenly over the months of their period: what of an amount
# falls to a month is what it is up to that month less what it was before, so that no cent is lost.
_EARNED = """
    select filed.account_id, {row} as of, extract(quarter from month)::int as quarter,
        div(line.gross_cents::numeric * (at + 1), months)
            - div(line.gross_cents::numeric * at, months) as gross,
        div(line.taxable_cents::numeric * (at + 1), months)
            - div(line.taxable_cents::numeric * at, months) as taxable,
        div(line.tax_cents::numeric * (at + 1), months)
            - div(line.tax_cents::numeric * at, months) as tax
    from (
        select id, account_id, starts_on, (extract(year from age(ends_before, starts_on)) * 12
            + extract(month from age(ends_before, starts_on)))::int as months
        from tax_returns_return as version
        where starts_on < %(year_ends)s and ends_before > %(year_starts)s and not exists (
            select from tax_returns_return as later where later.replaces_id = version.id)
    ) as filed
    join tax_returns_return_line as line on line.tax_return_id = filed.id
    cross join lateral generate_series(0, months - 1) as at
    cross join lateral (select filed.starts_on + make_interval(months => at) as month) as falls
    {join}
    where month >= %(year_starts)s and month < %(year_ends)s
"""

_RECEIVED = """
    select filed.account_id, {row} as of, extract(quarter from filed.received_on)::int as quarter,
        sign * line.gross_cents as gross, sign * line.taxable_cents as taxable,
        sign * line.tax_cents as tax
    from tax_returns_return as filed
    cross join lateral (values (filed.id, 1), (filed.replaces_id, -1)) as counted (id, sign)
    join tax_returns_return_line as line on line.tax_return_id = counted.id
    {join}
    where filed.received_on >= %(year_starts)s and filed.received_on < %(year_ends)s
"""

# Of several places of business at once, the one that began first; as of the year's last day.
_PLACES = """
    left join (
        select distinct on (location.business_id) location.business_id, premise.zip
        from licensing_location as location
        join accounts_premise as premise on premise.id = location.premise_id
        where location.starts_on < %(year_ends)s
        order by location.business_id,
            coalesce(location.ends_before, 'infinity') >= %(year_ends)s desc,
            location.starts_on, location.id
    ) as located on located.business_id = (
        select party_id from accounts_account where subledger_id = filed.account_id)
"""

# A filer is a party, however many accounts it has. Each is summed by itself before all are, once
# for every figure and once for every total.
_CELLS = """
    with part as ({parts}),
    filer as (
        select coalesce(account.party_id, -account.subledger_id) as filer, of, quarter,
            grouping(of) = 1 as all_rows, grouping(quarter) = 1 as all_quarters,
            sum(gross) as gross, sum(taxable) as taxable, sum(tax) as tax
        from part join accounts_account as account on account.subledger_id = part.account_id
        group by coalesce(account.party_id, -account.subledger_id),
            grouping sets ((of, quarter), (of), (quarter), ())
    )
    select of, quarter, all_rows, all_quarters, count(*),
        sum(gross)::bigint, sum(taxable)::bigint, sum(tax)::bigint,
        sum(abs(gross))::bigint, sum(abs(taxable))::bigint, sum(abs(tax))::bigint,
        max(abs(gross))::bigint, max(abs(taxable))::bigint, max(abs(tax))::bigint
    from filer group by of, quarter, all_rows, all_quarters
"""

_PAYERS = """
    with part as ({parts})
    select account.number, account.name, sum(gross)::bigint, sum(taxable)::bigint,
        sum(tax)::bigint as paid
    from part join accounts_account as account on account.subledger_id = part.account_id
    group by account.subledger_id
    order by paid desc, account.number limit %(limit)s
"""

_ROWS = {
    choices.By.BUSINESS_CLASS: "line.business_class_id::text",
    choices.By.AREA: "line.region_id::text",
    choices.By.PLACE: "located.zip",
}


def limits(
    recipient: str, *, day: datetime.date, known_at: datetime.datetime
) -> tuple[suppression.Limits, versions.LoadedVersion]:
    """Return which figures a recipient may not have on a day, and the version that says so.

    Raises NoLimits, versions.NoVersionForDate.
    """
    version = versions.in_force(points.DISCLOSURE.name, day=day, known_at=known_at)
    answers = version.tables.answers({"recipient": recipient})
    fewest, most = answers["Fewest filers"], answers["Most percent of one"]
    if fewest is None or most is None:
        raise NoLimits(
            f"The book “{version.book}” does not say which figures “{recipient}” may have. Add a "
            "row for it, or choose another recipient."
        )
    return suppression.Limits(int(str(fewest)), int(str(most))), version


def table(
    asked: Asked, *, limits: suppression.Limits | None, within: suppression.Limits | None = None
) -> Table:
    """Return an analysis; with `limits`, without the figures that would tell of a single filer.

    With `within`, also without whatever a table by those limits keeps back.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CELLS.format(parts=_parts(asked)), _year(asked))
        found = cursor.fetchall()
    names = _names(asked)
    cells: dict[suppression.Place, suppression.Cell] = {}
    for of, quarter, all_rows, all_quarters, filers, *sums in found:
        row = None if all_rows else names.get(of, of or UNKNOWN)
        column = None if all_quarters else str(quarter)
        cells[row, column] = suppression.Cell(
            filers, tuple(sums[:3]), tuple(sums[3:6]), tuple(sums[6:])
        )
    rows = _in_order({row for row, _ in cells if row is not None}, names)
    nothing = suppression.Cell(0, (0, 0, 0), (0, 0, 0), (0, 0, 0))
    whole = {
        (row, column): cells.get((row, column), nothing)
        for row in (*rows, None)
        for column in (*QUARTERS, None)
    }
    return Table(asked, rows, whole, _kept_back(whole, limits, within))


def _kept_back(
    cells: Mapping[suppression.Place, suppression.Cell],
    limits: suppression.Limits | None,
    within: suppression.Limits | None,
) -> dict[suppression.Place, suppression.Why]:
    if limits is None:
        return {}
    if within is None:
        return suppression.kept_back(cells, limits)
    return suppression.kept_back_within(cells, limits, within=within)


def payers(asked: Asked, *, limit: int) -> tuple[Payer, ...]:
    """Return the accounts that came to the most tax in a year, the greatest first."""
    with connection.cursor() as cursor:
        cursor.execute(_PAYERS.format(parts=_parts(asked)), {**_year(asked), "limit": limit})
        return tuple(Payer(*row) for row in cursor.fetchall())


def _parts(asked: Asked) -> str:
    parts = _EARNED if asked.timing is choices.Timing.EARNED else _RECEIVED
    return parts.format(row=_ROWS[asked.by], join=_PLACES if asked.by is choices.By.PLACE else "")


def _year(asked: Asked) -> dict[str, datetime.date]:
    return {
        "year_starts": datetime.date(asked.year, 1, 1),
        "year_ends": datetime.date(asked.year + 1, 1, 1),
    }


def _names(asked: Asked) -> dict[str, str]:
    """Return the codes of the rows by what the statement calls them."""
    if asked.by not in _LISTS:
        return {}
    return {str(key): each.code for key, each in code_lists.codes_by_id(_LISTS[asked.by]).items()}


def _in_order(rows: set[str], names: Mapping[str, str]) -> tuple[str, ...]:
    listed = [code for code in names.values() if code in rows]
    return (*listed, *sorted(rows - set(listed) - {UNKNOWN}), *sorted(rows & {UNKNOWN}))
