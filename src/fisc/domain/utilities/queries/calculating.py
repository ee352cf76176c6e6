"""Calculating bills without writing anything: what previews show and runs keep."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fisc.basics import periods
from fisc.domain.utilities.calculations import bills
from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.queries import facts, rates


@dataclass(frozen=True, slots=True)
class Outcome:
    """The calculated bills of a scope, the books they were calculated by, and who was not ready."""

    calculated: bills.Calculated | None
    rates: bills.Rates | None
    not_ready: tuple[facts.NotReady, ...]


def calculate(
    scope: facts.Scope,
    *,
    known_at: datetime.datetime,
    instead: Callable[[bills.Rates], bills.Rates] = lambda rates: rates,
) -> Outcome:
    """Return the bills of a scope by the tables as known at an instant.

    `instead` gives the books to calculate by in place of those. Raises
    rule_tables.NoVersionForDate.
    """
    loaded = facts.load(scope)
    if not len(loaded.facts.agreements):
        return Outcome(None, None, loaded.not_ready)
    prepared = _with_winter_averages(loaded, scope=scope, known_at=known_at)
    asked = instead(load_rates(prepared, bill_day=scope.bill_day, known_at=known_at))
    return Outcome(bills.calculate(facts=prepared, rates=asked), asked, loaded.not_ready)


def load_rates(
    prepared: known.Facts, *, bill_day: datetime.date, known_at: datetime.datetime
) -> bills.Rates:
    """Return the books that some facts are calculated by. Raises rule_tables.NoVersionForDate."""
    agreements = prepared.agreements
    billed = np.unique(agreements.service).tolist()
    return rates.load(
        services=[prepared.services[service] for service in billed],
        days=periods.Period(
            starts_on=known.day_of(int(agreements.starts_on.min())),
            ends_before=known.day_of(int(agreements.ends_before.max())),
        ),
        bill_day=bill_day,
        known_at=known_at,
    )


def _with_winter_averages(
    loaded: facts.Loaded, *, scope: facts.Scope, known_at: datetime.datetime
) -> known.Facts:
    prepared = loaded.facts
    sewer = np.flatnonzero(prepared.agreements.service == facts.SEWER)
    if not len(sewer):
        return prepared
    last_term = np.searchsorted(prepared.terms.row, sewer, side="right") - 1
    has_term = (last_term >= 0) & (prepared.terms.row[last_term] == sewer)
    rate_class = prepared.terms.rate_class[last_term[has_term]]
    winters = rates.winter_months(
        rate_class=rate_class,
        texts=prepared.code_texts,
        bill_day=scope.bill_day,
        known_at=known_at,
    )
    accounts: dict[rates.WinterMonths, list[int]] = defaultdict(list)
    billed = prepared.agreements.account_id[sewer[has_term]]
    for account, each in zip(billed.tolist(), rate_class.tolist(), strict=True):
        accounts[winters[each]].append(account)
    averages: dict[int, int] = {}
    for winter, some in accounts.items():
        averages |= facts.winter_averages(
            accounts=some, starts_on=winter.starts_on, ends_before=winter.ends_before
        )
    return facts.with_winter_averages(loaded, averages)
