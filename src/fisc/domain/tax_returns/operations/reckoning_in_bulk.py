"""Bringing late tax up to a day for a range of accounts: a step of the day's run.

Most periods cost a little more than they did: those are charged in columns. Where something else
may move (a credit to take back or to spend, a letter to keep), a period is done by itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from fisc.basics import identifiers
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables.operations import charges_in_bulk
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import owing
from fisc.domain.tax_returns.operations import posting, reckoning, registering
from fisc.domain.tax_returns.queries import late, returns
from fisc.plumbing import transactions

_EPOCH = datetime.date(1970, 1, 1)
_PARTS = (choices.Part.PENALTY, choices.Part.INTEREST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """The run and chunk that rows are numbered by, whose books, and when."""

    run_id: int
    chunk: int
    posting_day: datetime.date
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class _More:
    """A period that costs more than was charged: its place among the run's, and by how much."""

    period: late.Late
    cost: owing.Owing

    @property
    def cents(self) -> tuple[int, int]:
        """Penalty and interest not charged yet."""
        return (
            self.cost.penalty_cents - self.period.penalty_cents,
            self.cost.interest_cents - self.period.interest_cents,
        )


@transactions.needs_transaction
@code_lists.at_one_generation()
def bring_chunk_up_to_date(
    *, bucket_from: int, bucket_before: int, since: datetime.date, of: Of
) -> Mapping[str, int]:
    """Charge what lateness costs on the posting day and was not charged, in a range of buckets.

    Looks at what is open and at what was settled or taken back from `since` on. Done again, it
    posts nothing. Returns how many periods were charged and how many cents, and how many were
    brought up to date by themselves. Raises what reckoning.bring_up_to_date raises.
    """
    found = _locked(bucket_from, bucket_before, since=since, on=of.posting_day)
    asked = [each for each in found if not each.is_alone and _is_ahead(each, of.posting_day)]
    costs = late.owings([each.owed for each in asked], on=of.posting_day, known_at=of.at)
    charged, alone = [], [each for each in found if each.is_alone]
    for period, cost in zip(asked, costs, strict=True):
        each = _More(period, cost)
        if min(each.cents) < 0:
            alone.append(period)
        elif any(each.cents):
            charged.append(each)
    cents = _charge(charged, of=of)
    by = registering.By(user_id=None, at=of.at, why="run")
    for period in sorted(alone, key=lambda each: (each.account_id, each.starts_on)):
        kept = returns.one(period.return_id)
        reckoning.brought_up_to_date(kept, on=of.posting_day, posting_day=of.posting_day, by=by)
    return {
        "late_returns": len(charged),
        "late_cents": cents,
        "returns_by_themselves": len(alone),
    }


def _is_ahead(period: late.Late, on: datetime.date) -> bool:
    """Tell whether a day is not before the newest reckoning's."""
    return period.reckoned_on is None or period.reckoned_on <= on


def _locked(
    bucket_from: int, bucket_before: int, *, since: datetime.date, on: datetime.date
) -> list[late.Late]:
    """Have filings of the accounts wait, in the order of their ids, and read what is late."""

    def seen() -> list[late.Late]:
        return late.late(bucket_from=bucket_from, bucket_before=bucket_before, on=on, since=since)

    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from accounts_account where subledger_id = any(%s) order by subledger_id"
            " for no key update",
            [sorted({each.account_id for each in seen()})],
        )
    return seen()


def _charge(charged: Sequence[_More], *, of: Of) -> int:
    """Charge what periods cost beyond what was charged; returns cents."""
    if not charged:
        return 0

    def ids(_: str, count: int) -> charges_in_bulk.Numbers:
        return identifiers.bulk_ids(run=of.run_id, chunk=of.chunk, count=count)

    reckoning_ids = ids("", len(charged)).tolist()
    _keep(charged, reckoning_ids, of=of)
    rows = [
        (place, each.period, part, cents)
        for place, each in enumerate(charged)
        for part, cents in zip(_PARTS, each.cents, strict=True)
        if cents
    ]
    day = np.full(len(rows), (of.posting_day - _EPOCH).days, dtype=np.int64)
    codes = {part: code_lists.code("charge", posting.CODES[part]).id for part in _PARTS}
    item_ids = charges_in_bulk.add_many_charges(
        charges_in_bulk.ManyCharges(
            entry=_column([place for place, *_ in rows]),
            account_ids=_column([period.account_id for _, period, *_ in rows]),
            code_ids=_column([codes[part] for *_, part, _ in rows]),
            amount_cents=_column([cents for *_, cents in rows]),
            arises_on=day,
            due_on=day,
            source_ids=_column([each.period.return_id for each in charged]),
        ),
        ids=ids,
        marks=charges_in_bulk.Marks(
            posting_day=of.posting_day,
            source_kind=ledger.SourceKind.TAX_RETURN,
            made_by_id=None,
            made_at=of.at,
            run_id=of.run_id,
        ),
    )
    models.Posted.objects.bulk_create(
        models.Posted(
            item_id=item_id,
            account_id=period.account_id,
            starts_on=period.starts_on,
            tax_return_id=period.return_id,
            part=part,
            reckoning_id=reckoning_ids[place],
            cents=cents,
        )
        for item_id, (place, period, part, cents) in zip(item_ids.tolist(), rows, strict=True)
    )
    return sum(cents for *_, cents in rows)


def _keep(charged: Sequence[_More], reckoning_ids: Sequence[int], *, of: Of) -> None:
    models.Reckoning.objects.bulk_create(
        models.Reckoning(
            id=reckoning_id,
            account_id=each.period.account_id,
            starts_on=each.period.starts_on,
            tax_return_id=each.period.return_id,
            reckoned_on=of.posting_day,
            tax_cents=each.period.owed.tax_cents,
            due_on=each.period.owed.due_on,
            timely_until=each.period.owed.timely_until,
            filed_on=each.period.owed.filed_on,
            paid_on=[paid.day for paid in each.period.owed.paid],
            paid_cents=[paid.cents for paid in each.period.owed.paid],
            penalty_cents=each.cost.penalty_cents,
            interest_cents=each.cost.interest_cents,
            penalty_before_cents=each.period.penalty_cents,
            interest_before_cents=each.period.interest_cents,
            known_at=of.at,
        )
        for reckoning_id, each in zip(reckoning_ids, charged, strict=True)
    )


def _column(values: Sequence[int]) -> charges_in_bulk.Numbers:
    return np.array(values, dtype=np.int64)
