"""Returns as they were filed, version by version, and what lateness makes of them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import extensions as of_extensions
from fisc.domain.tax_returns.calculations import lateness, months, returns
from fisc.domain.tax_returns.queries import extensions, governing, members, registrations
from fisc.plumbing import prepared

# The code list of forms, by which a return names its own.
FORMS = "return form"


class NoSuchReturn(Exception):
    """There is no return of that number."""


@dataclass(frozen=True, slots=True)
class FiledFigure:
    """A figure that the filer worked out, beside what it comes to; `line` None is the return."""

    line: int | None
    key: str
    filed_cents: int
    computed_cents: int
    treatment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A version of a return: what was filed, and the figures as they were computed then."""

    return_id: int
    account_id: int
    days: periods.Period
    version: int
    received_on: datetime.date
    due_on: datetime.date
    timely_until: datetime.date
    filing: returns.Filing
    taxes_cents: tuple[int, ...]
    total_tax_cents: int
    accounting_credit_cents: int
    tax_due_cents: int
    net_due_cents: int
    recorded_at: datetime.datetime
    # The form it was filed on, the hash of that version, and what the filer worked out on it.
    form: str = ""
    form_sha256: str = ""
    figures: tuple[FiledFigure, ...] = ()
    # Of each line, how much of its receipts is tax.
    taxes_included_cents: tuple[int, ...] = ()

    @property
    def corrections(self) -> tuple[FiledFigure, ...]:
        """The figures that stand otherwise than the filer wrote them, which a letter says."""
        return tuple(each for each in self.figures if each.treatment != "accept")


@dataclass(frozen=True, slots=True)
class Standing:
    """A return that is owed, and the newest version that came; None while none has."""

    owed: registrations.Owed
    kept: Kept | None


def versions_of(account_id: int, *, starts_on: datetime.date) -> tuple[Kept, ...]:
    """Return every version filed for a period, the first one first."""
    rows = models.TaxReturn.objects.filter(account_id=account_id, starts_on=starts_on)
    return _kept(list(rows.order_by("version")))


def periods_filed(account_id: int) -> frozenset[datetime.date]:
    """Return the first days of the periods of which an account filed a return."""
    rows = models.TaxReturn.objects.filter(account_id=account_id, version=1)
    return frozenset(rows.values_list("starts_on", flat=True))


def newest(account_id: int) -> tuple[Kept, ...]:
    """Return the newest version of each return of an account, by period."""
    rows = models.TaxReturn.objects.filter(account_id=account_id)
    return _kept(list(rows.order_by("starts_on", "-version").distinct("starts_on")))


def one(return_id: int) -> Kept:
    """Return a version of a return. Raises NoSuchReturn."""
    found = _kept(list(models.TaxReturn.objects.filter(id=return_id)))
    if not found:
        raise NoSuchReturn(f"There is no return {return_id}.")
    return found[0]


def standings(
    account_id: int, *, before: datetime.date, known_at: datetime.datetime
) -> tuple[Standing, ...]:
    """Return what an account owes returns for, and what of it came, for periods before a day.

    Raises what registrations.owed_returns raises.
    """
    rows = models.TaxReturn.objects.filter(account_id=account_id).order_by("version")
    newest = {row.starts_on: row for row in rows}
    kept = {each.days.starts_on: each for each in _kept(list(newest.values()))}
    return tuple(
        Standing(each, kept.get(each.obligation.days.starts_on))
        for each in registrations.owed_returns(account_id, before=before, known_at=known_at)
    )


def recomputed(kept: Kept) -> returns.Computed:
    """Compute a return again by the tables that were known when it was recorded."""
    laws = governing.governing(kept.days, known_at=kept.recorded_at).laws
    return returns.compute(kept.filing, laws=laws)


def lateness_of(kept: Kept) -> lateness.Owed:
    """Return the tax of a return as something that may be late, with nothing paid of it.

    An amended return was filed when its first version came, and due on the same day; that day is
    put off by a declaration that came afterwards, too.
    """
    is_first = kept.version == 1
    first = kept if is_first else versions_of(kept.account_id, starts_on=kept.days.starts_on)[0]
    due_on = _put_off(first)
    return lateness.Owed(
        tax_cents=max(kept.tax_due_cents, 0),
        due_on=due_on,
        timely_until=max(first.timely_until, due_on),
        filed_on=first.received_on,
    )


def _put_off(first: Kept) -> datetime.date:
    put_off = extensions.declared()
    if not put_off:
        return first.due_on
    inside = registrations.regions_in(first.account_id, days=first.days)
    return of_extensions.later_day(first.due_on, regions=inside, extensions=put_off)


# By the index of versions, for each account of the filer.
_CREDITS_OF_YEAR = prepared.statement("""
    select distinct on (kept.account_id, kept.starts_on) kept.accounting_credit_cents
    from accounts_account as own
    join lateral (
        select other.subledger_id from accounts_account as other
        where other.party_id = own.party_id
        union select own.subledger_id
    ) as of_filer on true
    join tax_returns_return as kept on kept.account_id = of_filer.subledger_id
        and kept.starts_on >= %(first_day)s::date and kept.starts_on < %(next_year)s::date
    where own.subledger_id = %(account_id)s::bigint
        and (kept.account_id <> own.subledger_id or kept.starts_on <> %(but_not)s::date)
    order by kept.account_id, kept.starts_on, kept.version desc
""")


def credit_taken(account_id: int, *, year: int, but_not: datetime.date) -> int:
    """Return the accounting credit, in cents, of a filer's returns of a calendar year.

    The filer is the party: the cap of a year is one for all of its accounts. The newest version of
    each return counts; the account's own period that starts on `but_not` does not.
    """
    rows = prepared.rows(
        _CREDITS_OF_YEAR,
        {
            "account_id": account_id,
            "first_day": datetime.date(year, 1, 1),
            "next_year": datetime.date(year + 1, 1, 1),
            "but_not": but_not,
        },
    )
    return sum(cents for (cents,) in rows)


def as_written(
    row: models.TaxReturn,
    *,
    lines: Sequence[models.ReturnLine],
    deductions: Mapping[int, Sequence[returns.Deduction]],
    figures: Sequence[models.FiledFigure],
    schedules: Mapping[int, tuple[returns.AtLocation, ...]],
) -> Kept:
    """Return a version whose rows were written just now, as reading them back would."""
    return _one(row, lines, deductions, [_figure(each) for each in figures], schedules)


def _kept(rows: Sequence[models.TaxReturn]) -> tuple[Kept, ...]:
    lines = defaultdict(list)
    wanted = models.ReturnLine.objects.filter(tax_return__in=[row.id for row in rows])
    # Whether a line has a schedule comes with it: of most there is none to ask for.
    at = models.ReturnLocation.objects.filter(line_id=OuterRef("id"))
    for line in wanted.annotate(has_schedule=Exists(at)).order_by("number"):
        lines[line.tax_return_id].append(line)
    deductions = defaultdict(list)
    codes = code_lists.codes_by_id("deduction code")
    for each in models.ReturnDeduction.objects.filter(line__in=wanted).order_by("id"):
        found = returns.Deduction(codes[each.code_id].code, each.amount_cents)
        deductions[each.line_id].append(found)
    schedules = members.schedules(
        [each.id for found in lines.values() for each in found if each.has_schedule]
    )
    figures = defaultdict(list)
    for filed in models.FiledFigure.objects.filter(tax_return__in=[row.id for row in rows]):
        figures[filed.tax_return_id].append(_figure(filed))
    return tuple(_one(row, lines[row.id], deductions, figures[row.id], schedules) for row in rows)


def _figure(row: models.FiledFigure) -> FiledFigure:
    return FiledFigure(
        row.line_number or None, row.key, row.filed_cents, row.computed_cents, row.treatment
    )


def _line(
    line: models.ReturnLine,
    deductions: Sequence[returns.Deduction],
    figures: Sequence[FiledFigure],
    by_location: tuple[returns.AtLocation, ...],
) -> returns.Line:
    return returns.Line(
        region=code_lists.codes_by_id("tax region")[line.region_id].code,
        business_class=code_lists.codes_by_id("business class")[line.business_class_id].code,
        gross_cents=line.gross_cents,
        deductions=tuple(deductions),
        includes_tax=line.includes_tax,
        land_cents=line.land_cents,
        units=line.units,
        item_price_cents=line.item_price_cents,
        is_disallowed=line.is_disallowed,
        as_filed=_filed(figures, line.number),
        by_location=by_location,
    )


def _filed(figures: Sequence[FiledFigure], line: int | None) -> tuple[returns.Filed, ...]:
    return tuple(returns.Filed(each.key, each.filed_cents) for each in figures if each.line == line)


def _one(
    row: models.TaxReturn,
    lines: Sequence[models.ReturnLine],
    deductions: Mapping[int, Sequence[returns.Deduction]],
    figures: Sequence[FiledFigure],
    schedules: Mapping[int, tuple[returns.AtLocation, ...]],
) -> Kept:
    days = periods.Period(starts_on=row.starts_on, ends_before=row.ends_before)
    filing = returns.Filing(
        lines=tuple(
            _line(each, deductions.get(each.id, ()), figures, schedules.get(each.id, ()))
            for each in lines
        ),
        is_on_time=row.is_on_time,
        is_electronic=row.is_electronic,
        excess_tax_cents=row.excess_tax_cents,
        credit_taken_in_year_cents=row.credit_taken_in_year_cents,
        credit_carried_cents=row.credit_carried_cents,
        estimated_payments_cents=row.estimated_payments_cents,
        starts_on=row.starts_on,
        months_in_period=months.spanned(days),
        as_filed=_filed(figures, None),
    )
    return Kept(
        return_id=row.id,
        account_id=row.account_id,
        days=days,
        version=row.version,
        received_on=row.received_on,
        due_on=row.due_on,
        timely_until=row.timely_until,
        filing=filing,
        taxes_cents=tuple(line.tax_cents for line in lines),
        total_tax_cents=row.total_tax_cents,
        accounting_credit_cents=row.accounting_credit_cents,
        tax_due_cents=row.tax_due_cents,
        net_due_cents=row.net_due_cents,
        recorded_at=row.recorded_at,
        form=code_lists.codes_by_id(FORMS)[row.form_id].code if row.form_id else "",
        form_sha256=row.form_sha256,
        figures=tuple(figures),
        taxes_included_cents=tuple(line.tax_included_cents for line in lines),
    )
