"""A city with any number of past returns, for the bench of keying: filed, posted, mostly paid."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import math

import numpy as np

from bench import returns_city
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger
from fisc.domain.payments import choices as payments
from fisc.domain.payments.operations import bulk
from fisc.domain.tax_returns.calculations import many, many_packs
from fisc.domain.tax_returns.operations import return_files
from fisc.plumbing import bulk_copy, transactions
from fisc.plumbing.runs import operations as runs
from fisc.processes.return_files import operations

CITY = returns_city.CITY
AT = returns_city.AT
# The last month that the city's businesses filed, and the one that is keyed.
PAST_UNTIL = datetime.date(2026, 7, 1)
PERIOD = datetime.date(2026, 8, 1)
MONTHS = 24
# Every fifth business left the last month out: its return is keyed late. One in twenty pays never.
LATE_EVERY = 5
UNPAID_EVERY = 20
PAID_AFTER_DAYS = 1
FEW = 20_000

_OPEN = """
    select account_id, sum(open_cents)::bigint from receivables_openitem
    where kind = 1 and open_cents > 0 and account_id %% %(every)s <> 0
    group by account_id order by account_id
"""


def fill(*, past_returns: int) -> list[int]:
    """Bring in the tables, the businesses and their past returns; returns the accounts in order."""
    businesses = math.ceil(past_returns / MONTHS)
    returns_city.fill(count=businesses)
    accounts = bulk_copy.read_columns(
        "select subledger_id from accounts_account order by subledger_id", None, ["id"]
    )["id"]
    left = past_returns
    for ago in range(MONTHS - 1, -1, -1):
        filed = _month(accounts, month=_month_before(PAST_UNTIL, ago), most=left, is_last=not ago)
        left -= filed
    return [int(each) for each in accounts]


def is_late(place: int) -> bool:
    """Tell whether the business at a place has its last month still to file."""
    return place % LATE_EVERY == LATE_EVERY - 1


def _month_before(day: datetime.date, months: int) -> datetime.date:
    number = day.year * 12 + day.month - 1 - months
    return datetime.date(number // 12, number % 12 + 1, 1)


def _month(accounts: many.Numbers, *, month: datetime.date, most: int, is_last: bool) -> int:
    """Take a month's returns in as a file, and what most of the businesses pay for it."""
    places = np.arange(len(accounts))
    files = places % LATE_EVERY != LATE_EVERY - 1 if is_last else np.ones_like(places, np.bool_)
    filers = accounts[files][:most]
    filed_on = _month_before(month, -1).replace(day=18)
    came = dataclasses.replace(
        returns_city.returns_of(filers),
        starts_on=np.full(len(filers), many.number_of(month), dtype=np.int64),
        received_on=np.full(len(filers), many.number_of(filed_on), dtype=np.int64),
    )
    outcome = operations.take_file(
        came,
        arrived=return_files.Arrived(
            name=f"bench-{month}.csv",
            sha256=hashlib.sha256(many_packs.encoded(came)).hexdigest(),
            layout="bench",
            posting_day=filed_on,
            at=AT,
            user_id=None,
        ),
        city=CITY.name,
        who="bench",
        # Other processes take longer to start than a part of a file takes.
        crew_size=1 if len(filers) < FEW else None,
    )
    if outcome.file.held or outcome.file.waiting:
        raise SystemExit(f"Not every return was taken: {outcome.file}")
    _pay(on=filed_on + datetime.timedelta(days=PAID_AFTER_DAYS))
    runs.refresh_statistics()
    return len(filers)


def _pay(*, on: datetime.date) -> None:
    owed = bulk_copy.read_columns(_OPEN, {"every": UNPAID_EVERY}, ["account", "cents"])
    count = len(owed["account"])
    days = np.full(count, many.number_of(on), dtype=np.int64)
    with transactions.started(by="a month's payments"):
        bulk.take_payments(
            key=f"bench {on}",
            of=bulk.ManyPayments(
                account_ids=owed["account"],
                amount_cents=owed["cents"],
                tender_kind_ids=np.full(
                    count, code_lists.code_ids("tender kind")["check"], dtype=np.int64
                ),
                received_on=days,
                posting_day=days,
                channel=payments.Channel.LOCKBOX,
                source_kind=ledger.SourceKind.FILE,
                source_id=1,
                references=["1042"] * count,
            ),
            made_by_id=None,
            made_at=AT,
        )
