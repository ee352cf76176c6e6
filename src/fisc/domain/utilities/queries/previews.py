"""What a bill would be: of an account now, or of a usage that somebody asks about."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from fisc.basics.periods import Period
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import models
from fisc.domain.utilities.calculations import bills
from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.calculations.facts import NONE
from fisc.domain.utilities.queries import calculating, facts, rates

BUCKETS = 4096


class NothingToBill(Exception):
    """An account has no service that could be billed."""


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One amount of a bill that was not issued."""

    code: str
    label_en: str
    label_es: str
    amount_cents: int
    stage: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A bill that was not issued: the same sums as if it were."""

    lines: tuple[PreviewLine, ...]
    total_cents: int
    # Why it would be held or cannot be calculated; empty when it would go out.
    hold_reason: str
    problem: str


@dataclass(frozen=True, slots=True)
class QuotedService:
    """A service that somebody asks the cost of, over the whole period of the quote."""

    service: str
    rate_class: str
    size: str
    usage: Decimal = Decimal(0)
    winter_average: Decimal | None = None


def scope_of(
    *, account_id: int, bill_day: datetime.date, read_day: datetime.date | None = None
) -> facts.Scope:
    """Return the scope that holds one account's next bill. Raises NothingToBill."""
    agreement = (
        models.ServiceAgreement.objects.filter(
            account_bucket=account_id % BUCKETS, account_id=account_id
        )
        .order_by("-starts_on")
        .first()
    )
    if agreement is None:
        raise NothingToBill(f"Account {account_id} has no service. Start one first.")
    bucket = account_id % BUCKETS
    return facts.Scope(
        cycle_id=agreement.cycle_id,
        bill_day=bill_day,
        read_day=read_day or bill_day,
        bucket_from=bucket,
        bucket_before=bucket + 1,
        account_ids=(account_id,),
    )


def preview(*, account_id: int, bill_day: datetime.date, known_at: datetime.datetime) -> Preview:
    """Return what an account's bill would be on a day. Raises NothingToBill."""
    return _of_scope(scope_of(account_id=account_id, bill_day=bill_day), known_at=known_at)


def released_scope(
    *, account_id: int, held_on: datetime.date, bill_day: datetime.date
) -> facts.Scope:
    """Return the scope that holds a bill held on one day and released on another.

    Raises NothingToBill.
    """
    scope = scope_of(account_id=account_id, bill_day=bill_day, read_day=held_on)
    return replace(scope, reads_through=held_on)


def preview_released(
    *, account_id: int, held_on: datetime.date, bill_day: datetime.date, known_at: datetime.datetime
) -> Preview:
    """Return what a held bill would be, were it released on a day. Raises NothingToBill."""
    scope = released_scope(account_id=account_id, held_on=held_on, bill_day=bill_day)
    return _of_scope(scope, known_at=known_at)


def _of_scope(scope: facts.Scope, *, known_at: datetime.datetime) -> Preview:
    outcome = calculating.calculate(scope, known_at=known_at)
    if outcome.calculated is None:
        reasons = [each.reason for each in outcome.not_ready]
        return Preview((), 0, "", "; ".join(reasons) or "Nothing is due for a bill.")
    return of_bill(outcome.calculated, bill=0)


def quote(
    *, services: Sequence[QuotedService], period: Period, bill_day: datetime.date,
    inside_city: bool, known_at: datetime.datetime,
) -> Preview:  # fmt: skip
    """Return what a usage would cost over a period, without any account.

    Raises rule_tables.NoVersionForDate.
    """
    calculated = calculated_quote(
        services=services,
        period=period,
        bill_day=bill_day,
        inside_city=inside_city,
        known_at=known_at,
    )
    return of_bill(calculated, bill=0)


def calculated_quote(
    *, services: Sequence[QuotedService], period: Period, bill_day: datetime.date,
    inside_city: bool, known_at: datetime.datetime,
) -> bills.Calculated:  # fmt: skip
    """Return the calculation behind a quote, with what each table was asked and answered.

    Raises rule_tables.NoVersionForDate.
    """
    prepared = _quoted_facts(services, period=period, bill_day=bill_day, inside_city=inside_city)
    asked = calculating.load_rates(prepared, bill_day=bill_day, known_at=known_at)
    return bills.calculate(facts=prepared, rates=asked)


def of_bill(calculated: bills.Calculated, *, bill: int) -> Preview:
    """Return one of some calculated bills as a preview."""
    codes = code_lists.codes_by_id(rates.BILL_LINES)
    lines = calculated.lines
    chosen = np.flatnonzero(lines.bill == bill)
    hold = int(calculated.hold[bill])
    problems = [each.reason for each in calculated.failures if each.bill == bill]
    return Preview(
        lines=tuple(
            PreviewLine(
                code=codes[int(lines.code_id[row])].code,
                label_en=codes[int(lines.code_id[row])].label_en,
                label_es=codes[int(lines.code_id[row])].label_es,
                amount_cents=int(lines.amount_cents[row]),
                stage=int(lines.stage[row]),
            )
            for row in chosen.tolist()
        ),
        total_cents=int(calculated.total_cents[bill]),
        hold_reason="" if hold == NONE else calculated.hold_texts[hold],
        problem="; ".join(problems),
    )


def _quoted_facts(
    services: Sequence[QuotedService], *, period: Period, bill_day: datetime.date, inside_city: bool
) -> known.Facts:
    ordered = sorted(services, key=lambda each: facts.SERVICES.index(each.service))
    count = len(ordered)
    rows = np.arange(count, dtype=np.int64)
    starts_on = np.full(count, known.day_number(period.starts_on), dtype=np.int64)
    ends_before = starts_on + period.days
    nobody = np.zeros(count, dtype=np.int64)
    texts = tuple(sorted({text for each in ordered for text in (each.rate_class, each.size)}))
    usage = np.array([rates.quantity_milli(each.usage) for each in ordered], dtype=np.int64)
    winters = [
        NONE if each.winter_average is None else rates.quantity_milli(each.winter_average)
        for each in ordered
    ]
    inside = rows if inside_city else rows[:0]
    return known.Facts(
        bill_day=known.day_number(bill_day),
        services=facts.SERVICES,
        code_texts=texts,
        agreements=known.Agreements(
            agreement_id=rows,
            account_id=nobody,
            account_bucket=nobody,
            service=np.array(
                [facts.SERVICES.index(each.service) for each in ordered], dtype=np.int64
            ),
            starts_on=starts_on,
            ends_before=ends_before,
            from_read=nobody + NONE,
            to_read=nobody + NONE,
            is_estimated=np.zeros(count, dtype=np.bool_),
            winter_average=np.array(winters, dtype=np.int64),
        ),
        intervals=known.Intervals(rows, starts_on, ends_before, usage),
        terms=known.Terms(
            rows,
            starts_on,
            np.array([texts.index(each.rate_class) for each in ordered], dtype=np.int64),
            np.array([texts.index(each.size) for each in ordered], dtype=np.int64),
        ),
        places=known.Places(inside, starts_on[inside], ends_before[inside]),
        previous_total=np.zeros(1, dtype=np.int64),
        has_previous=np.zeros(1, dtype=np.bool_),
        estimates_before=np.zeros(1, dtype=np.int64),
    )
