"""Taking a return in: refused with everything wrong with it, or kept as a version of its period."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from fisc.basics import money
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import checking, months, obligations, returns
from fisc.domain.tax_returns.operations import (
    assessing,
    nonfilers,
    posting,
    reckoning,
    registering,
    schedules,
)
from fisc.domain.tax_returns.queries import (
    entered,
    judging,
    limitation,
    postings,
    registrations,
    trials,
)
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By
Came = trials.Came


class IsFiledAlready(Exception):
    """A return of the period is here: what came is a duplicate, or must say what it amends.

    `return_id` is the newest version that is here; None where none is.
    """

    def __init__(self, words: str, *, return_id: int | None = None) -> None:
        super().__init__(words)
        self.return_id = return_id


class IsTooLate(IsFiledAlready):
    """A return is here, and the law lets nobody change it so any more."""


class ReturnIsWrong(Exception):
    """A return as it came cannot be taken; `problems` has everything that is wrong."""

    def __init__(self, problems: Sequence[checking.Problem]) -> None:
        super().__init__(" ".join(each.said("en") for each in problems))
        self.problems = tuple(problems)


class NoReturnIsOwed(ReturnIsWrong):
    """An account owes no return for a period, or not yet; other problems are said with it."""


@transactions.starts_transaction
@code_lists.at_one_generation()
def file_return(came: Came, *, by: By, posting_day: datetime.date) -> queries.Kept:
    """Take a return in, compute, keep and post it; without lines it is a zero return.

    One that amends another replaces the whole of it, and the difference is posted. The account's
    open credits settle what it owes; penalty and interest are charged up to the posting day.
    Raises NoReturnIsOwed, IsFiledAlready, IsTooLate, ReturnIsWrong, versions.NoVersionForDate,
    forms.FormIsWrong, and what reckoning.bring_up_to_date raises.
    """
    return take_in(came, by=by, posting_day=posting_day)


@transactions.needs_transaction
def take_in(came: Came, *, by: By, posting_day: datetime.date) -> queries.Kept:
    """Take a return in as a part of something; does what `file_return` does."""
    closed_on = registering.lock(came.account_id)
    registering.lock_filer(came.account_id)
    if closed_on is not None and closed_on <= came.starts_on:
        raise _not_owed(came, ())
    owed = owed_for(came, by=by)
    before = queries.versions_of(came.account_id, starts_on=came.starts_on)
    refuse_another(came, before)
    tried = trials.tried(came, owed=owed, before=before, known_at=by.at)
    if tried.computed is None:
        raise ReturnIsWrong(tried.problems)
    computed = tried.computed
    _refuse_too_late(came, before, tax_due_cents=computed.tax_due_cents, by=by)
    there_is = postings.besides(came.account_id, starts_on=came.starts_on)
    kept = _written(came, owed.obligation, before, tried, computed, by=by)
    action_log.record(
        user_id=by.user_id,
        verb="amend return" if before else "file return",
        subject_kind="account",
        subject_id=came.account_id,
        why=by.why,
        detail={
            "return_id": kept.return_id,
            "version": kept.version,
            "tax_due": computed.tax_due_cents,
        },
        at=by.at,
    )
    posting.post_return(kept, posting_day=posting_day, user_id=by.user_id, at=by.at)
    if there_is.is_missed:
        assessing.replace(kept, posting_day=posting_day, by=by)
        nonfilers.close(kept.account_id, starts_on=kept.days.starts_on, at=by.at)
    reckoning.brought_up_to_date(
        kept, on=posting_day, posting_day=posting_day, by=by, there_is=there_is
    )
    return kept


def owed_for(came: Came, *, by: By) -> registrations.Owed:
    """Return what is owed for the period of a return that came. Raises NoReturnIsOwed."""
    found: dict[datetime.date, registrations.Owed] = {}
    # Of a day beyond the office's calendar nothing is asked but the period: a period is over a year
    # after its first day; what is owed in the second tells which periods there are instead.
    for years in (1, 2):
        before = min(came.received_on, months.after(came.starts_on, years * months.MONTHS_IN_YEAR))
        found = {
            each.obligation.days.starts_on: each
            for each in registrations.owed_returns(came.account_id, before=before, known_at=by.at)
        }
        if came.starts_on in found:
            return found[came.starts_on]
    raise _not_owed(came, sorted(found))


def _not_owed(came: Came, owed: Sequence[datetime.date]) -> NoReturnIsOwed:
    return NoReturnIsOwed(
        judging.not_owed(
            trials.filing_alone(came),
            account_id=came.account_id,
            starts_on=came.starts_on,
            received_on=came.received_on,
            owed=owed,
        )
    )


def refuse_another(came: Came, before: Sequence[queries.Kept]) -> None:
    """Refuse a return that amends another version than the newest. Raises IsFiledAlready."""
    newest = before[-1] if before else None
    if came.amends_id == (newest.return_id if newest else None):
        return
    if newest is None:
        raise IsFiledAlready(
            f"No return of the period from {came.starts_on} is here to amend. File it as the first."
        )
    who = entered.entered(newest).who or "a program"
    raise IsFiledAlready(
        f"Version {newest.version} of the return from {came.starts_on} came on "
        f"{newest.received_on}, with ${money.formatted(newest.tax_due_cents)} of tax due; it is "
        f"return {newest.return_id}, entered by {who} at {newest.recorded_at:%Y-%m-%d %H:%M} UTC. "
        "Look at it; if this one is to replace it, file it as its amendment.",
        return_id=newest.return_id,
    )


def _refuse_too_late(
    came: Came, before: Sequence[queries.Kept], *, tax_due_cents: int, by: By
) -> None:
    if not before:
        return
    is_more_tax = tax_due_cents > before[-1].tax_due_cents
    last = limitation.last_day(before[0], is_more_tax=is_more_tax, known_at=by.at)
    if last is not None and came.received_on > last:
        raise IsTooLate(
            f"The return of the period from {came.starts_on} could be changed until {last}; the "
            f"amendment came on {came.received_on}. The law lets it stand as it is."
        )


def _written(
    came: Came, obligation: obligations.Obligation, before: Sequence[queries.Kept],
    tried: trials.Tried, computed: returns.Computed, *, by: By,
) -> queries.Kept:  # fmt: skip
    ends_before = obligation.days.ends_before
    # Every filing period has an end.
    assert ends_before is not None
    filing, form = tried.filing, tried.form
    row = models.TaxReturn.objects.create(
        account_id=came.account_id,
        starts_on=came.starts_on,
        ends_before=ends_before,
        version=len(before) + 1,
        replaces_id=came.amends_id,
        received_on=came.received_on,
        is_electronic=came.is_electronic,
        is_on_time=filing.is_on_time,
        due_on=obligation.due_on,
        timely_until=obligation.timely_until(is_electronic=came.is_electronic),
        excess_tax_cents=came.excess_tax_cents,
        credit_taken_in_year_cents=filing.credit_taken_in_year_cents,
        credit_carried_cents=came.credit_carried_cents,
        estimated_payments_cents=came.estimated_payments_cents,
        total_tax_cents=computed.total_tax_cents,
        accounting_credit_cents=computed.accounting_credit_cents,
        tax_due_cents=computed.tax_due_cents,
        net_due_cents=computed.net_due_cents,
        recorded_at=by.at,
        form_id=code_lists.code(queries.FORMS, form.code).id if form else None,
        form_sha256=form.sha256 if form else "",
    )
    lines = _write_lines(row.id, filing.lines, computed.lines)
    schedules.write(row, filing.lines, taxes_cents=[each.tax_cents for each in computed.lines])
    figures = models.FiledFigure.objects.bulk_create(
        models.FiledFigure(
            tax_return_id=row.id,
            line_number=each.line or 0,
            key=each.key,
            filed_cents=each.filed_cents,
            computed_cents=each.computed_cents,
            treatment=each.treatment,
        )
        for each in tried.compared
    )
    deductions = {line.id: each.deductions for line, each in zip(lines, filing.lines, strict=True)}
    places = {line.id: each.by_location for line, each in zip(lines, filing.lines, strict=True)}
    return queries.as_written(
        row, lines=lines, deductions=deductions, figures=figures, schedules=places
    )


def _write_lines(
    return_id: int, lines: Sequence[returns.Line], figures: Sequence[returns.ComputedLine]
) -> Sequence[models.ReturnLine]:
    regions = code_lists.codes("tax region")
    classes = code_lists.codes("business class")
    codes = code_lists.codes("deduction code")
    rows = models.ReturnLine.objects.bulk_create(
        models.ReturnLine(
            tax_return_id=return_id,
            number=number,
            region_id=regions[line.region].id,
            business_class_id=classes[line.business_class].id,
            gross_cents=line.gross_cents,
            taxable_cents=found.taxable_cents,
            rate=found.rate,
            tax_cents=found.tax_cents,
            credit_cents=found.credit_cents,
            includes_tax=line.includes_tax,
            tax_included_cents=found.tax_included_cents,
            land_cents=line.land_cents,
            units=line.units,
            item_price_cents=line.item_price_cents,
            is_disallowed=line.is_disallowed,
        )
        for number, (line, found) in enumerate(zip(lines, figures, strict=True), start=1)
    )
    models.ReturnDeduction.objects.bulk_create(
        models.ReturnDeduction(line_id=row.id, code_id=codes[each.code].id, amount_cents=each.cents)
        for row, line in zip(rows, lines, strict=True)
        for each in line.deductions
    )
    return rows
