"""What a month's mail brings: who pays how much, when, and by what."""

from __future__ import annotations

import dataclasses
import datetime

import numpy as np

from fisc.domain.code_lists import queries as code_lists
from fisc.plumbing import bulk_copy
from fisc.processes.demonstration import moving_in, population, schedule

# What the accounts of a cycle owe, and what of it was owed before the newest bill.
OWED = """
    select open.account_id, sum(open.open_cents)::bigint,
        coalesce(sum(open.open_cents) filter (where item.arises_on < %(bill_day)s), 0)::bigint
    from receivables_openitem as open
    join receivables_item as item on item.id = open.item_id
    where open.account_bucket >= %(bucket_from)s and open.account_bucket < %(bucket_before)s
        and open.account_id >= %(first)s and open.account_id < %(next)s and open.kind = 1
        and open.open_cents > 0
    group by open.account_id order by open.account_id
"""
CARD_PER_MILLE = 300


@dataclasses.dataclass(frozen=True)
class Paying:
    """Payments as columns; days are counted from 1970."""

    account_ids: population.Whole
    amount_cents: population.Whole
    tender_kind_ids: population.Whole
    days: population.Whole
    references: list[str]


def month(billing: schedule.Billing, *, moved: moving_in.MovedIn, today: datetime.date) -> Paying:
    """Return what the accounts of a cycle pay after a bill, before today."""
    bucket_from, bucket_before = moving_in.buckets_of(cycle=billing.cycle, split=moved.split)
    owed = bulk_copy.read_columns(
        OWED,
        {
            "bill_day": billing.bill_day,
            "first": moved.first_account,
            "next": moved.first_account + moved.accounts,
            "bucket_from": bucket_from,
            "bucket_before": bucket_before,
        },
        ["account_id", "owed", "late"],
    )
    place = owed["account_id"] - moved.first_account
    people = population.people(accounts=moved.accounts)
    cents, days_after = population.paying(
        payers=people.payers[place],
        owed_cents=owed["owed"],
        late_cents=owed["late"],
        months_before=billing.months_before * schedule.CYCLES + billing.cycle,
    )
    days = moving_in.day_number(billing.bill_day) + days_after
    pays = (cents > 0) & (days < moving_in.day_number(today))
    kinds = code_lists.code_ids("tender kind")
    by_card = (place * 7919 + billing.months_before) % 1000 < CARD_PER_MILLE
    chosen = np.where(by_card, kinds["card"], kinds["check"])
    return Paying(
        account_ids=owed["account_id"][pays],
        amount_cents=cents[pays],
        tender_kind_ids=chosen[pays],
        days=days[pays],
        references=[
            f"{'C' if card else ''}{1000 + (each * 13 + billing.months_before) % 9000}"
            for card, each in zip(by_card[pays].tolist(), place[pays].tolist(), strict=True)
        ],
    )
