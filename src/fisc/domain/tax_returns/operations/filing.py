"""Taking a return in: refused with everything wrong with it, or kept as a version of its period."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics import money
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import (
    checking,
    comparing,
    forms,
    months,
    obligations,
    returns,
)
from fisc.domain.tax_returns.operations import registering
from fisc.domain.tax_returns.queries import judging, registrations
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

By = registering.By


class IsFiledAlready(Exception):
    """A return of the period is here: what came is a duplicate, or must say what it amends."""


class ReturnIsWrong(Exception):
    """A return as it came cannot be taken; `problems` has everything that is wrong."""

    def __init__(self, problems: Sequence[checking.Problem]) -> None:
        super().__init__(" ".join(each.said("en") for each in problems))
        self.problems = tuple(problems)


class NoReturnIsOwed(ReturnIsWrong):
    """An account owes no return for a period, or not yet; other problems are said with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A return as it came, for the period that starts on a day; money in whole cents.

    `amends_id` is the newest version that the filer or clerk saw, where this one replaces it.
    `form` is the code of the form it is written on; empty, it is the account's for the period.
    `as_filed` has the figures of the form's boxes that the filer worked out; those of lines are
    on the lines.
    """

    account_id: int
    starts_on: datetime.date
    received_on: datetime.date
    is_electronic: bool
    lines: tuple[returns.Line, ...]
    excess_tax_cents: int = 0
    credit_carried_cents: int = 0
    estimated_payments_cents: int = 0
    amends_id: int | None = None
    form: str = ""
    as_filed: tuple[returns.Filed, ...] = ()


@transactions.starts_transaction
def file_return(came: Came, *, by: By) -> queries.Kept:
    """Take a return in, compute it and keep it; without lines it is a zero return.

    One that amends another replaces the whole of it. Raises NoReturnIsOwed, IsFiledAlready,
    ReturnIsWrong, versions.NoVersionForDate, forms.FormIsWrong.
    """
    registering.lock(came.account_id)
    registering.lock_filer(came.account_id)
    owed = _owed(came, by=by)
    before = queries.versions_of(came.account_id, starts_on=came.starts_on)
    _refuse_another(came, before)
    filing = _filing(came, owed.obligation, before)
    form, settled = judging.judged(filing, owed=owed, code=came.form, known_at=by.at)
    if isinstance(settled, tuple):
        raise ReturnIsWrong(settled)
    computed = settled.computed
    row = _written(came, owed.obligation, before, settled, form, by=by)
    action_log.record(
        user_id=by.user_id,
        verb="amend return" if before else "file return",
        subject_kind="account",
        subject_id=came.account_id,
        why=by.why,
        detail={"return_id": row.id, "version": row.version, "tax_due": computed.tax_due_cents},
        at=by.at,
    )
    return queries.one(row.id)


def _owed(came: Came, *, by: By) -> registrations.Owed:
    found = {
        each.obligation.days.starts_on: each
        for each in registrations.owed_returns(
            came.account_id, before=came.received_on, known_at=by.at
        )
    }
    if came.starts_on not in found:
        raise NoReturnIsOwed(
            judging.not_owed(
                _filing_alone(came),
                account_id=came.account_id,
                starts_on=came.starts_on,
                received_on=came.received_on,
                owed=sorted(found),
            )
        )
    return found[came.starts_on]


def _refuse_another(came: Came, before: Sequence[queries.Kept]) -> None:
    newest = before[-1] if before else None
    if came.amends_id == (newest.return_id if newest else None):
        return
    if newest is None:
        raise IsFiledAlready(
            f"No return of the period from {came.starts_on} is here to amend. File it as the first."
        )
    raise IsFiledAlready(
        f"Version {newest.version} of the return from {came.starts_on} came on "
        f"{newest.received_on}, with ${money.formatted(newest.tax_due_cents)} of tax due. Look at "
        "it; if this one is to replace it, file it as its amendment."
    )


def _filing(
    came: Came, obligation: obligations.Obligation, before: Sequence[queries.Kept]
) -> returns.Filing:
    if before:
        is_on_time = before[0].filing.is_on_time
    else:
        last = obligation.timely_until(is_electronic=came.is_electronic)
        is_on_time = came.received_on <= last
    return returns.Filing(
        lines=came.lines,
        is_on_time=is_on_time,
        is_electronic=came.is_electronic,
        excess_tax_cents=came.excess_tax_cents,
        credit_taken_in_year_cents=queries.credit_taken(
            came.account_id, year=came.starts_on.year, but_not=came.starts_on
        ),
        credit_carried_cents=came.credit_carried_cents,
        estimated_payments_cents=came.estimated_payments_cents,
        starts_on=came.starts_on,
        months_in_period=months.spanned(obligation.days),
        as_filed=came.as_filed,
    )


def _filing_alone(came: Came) -> returns.Filing:
    """What came, for a period that nothing is known of."""
    return returns.Filing(
        lines=came.lines,
        is_on_time=False,
        is_electronic=came.is_electronic,
        excess_tax_cents=came.excess_tax_cents,
        credit_carried_cents=came.credit_carried_cents,
        estimated_payments_cents=came.estimated_payments_cents,
        as_filed=came.as_filed,
    )


def _written(
    came: Came, obligation: obligations.Obligation, before: Sequence[queries.Kept],
    settled: comparing.Settled, form: forms.Form | None, *, by: By,
) -> models.TaxReturn:  # fmt: skip
    ends_before = obligation.days.ends_before
    # Every filing period has an end.
    assert ends_before is not None
    filing, computed = settled.filing, settled.computed
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
    _write_lines(row.id, filing.lines, computed.lines)
    models.FiledFigure.objects.bulk_create(
        models.FiledFigure(
            tax_return_id=row.id,
            line_number=each.line or 0,
            key=each.key,
            filed_cents=each.filed_cents,
            computed_cents=each.computed_cents,
            treatment=each.treatment,
        )
        for each in settled.compared
    )
    return row


def _write_lines(
    return_id: int, lines: Sequence[returns.Line], figures: Sequence[returns.ComputedLine]
) -> None:
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
