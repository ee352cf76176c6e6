"""The licenses that businesses of the demonstration city hold: issued, renewed, lapsed.

As from the system before, with every term of two years.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

import numpy as np

from fisc.domain.accounts.operations import loading as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import loading, loading_terms
from fisc.domain.licensing.queries import fees
from fisc.plumbing import bulk_copy, transactions
from fisc.processes.demonstration import businesses, moving_in, trades

PRIVILEGE = "privilege"
YEARS_AGO = datetime.timedelta(days=2 * 365)
# A license that nobody renewed is noticed as expired so many days after its last day; those that
# ended since then are late and may still be renewed.
NOTICED_AFTER = datetime.timedelta(days=60)
NOTICED_DAYS_AGO = datetime.timedelta(days=12)
WHY = "from the system before"


@dataclasses.dataclass(frozen=True, slots=True)
class _Held:
    """A license: whose, of which type, and its terms, the oldest first."""

    place: int
    license_type: str
    issued_on: datetime.date
    terms: tuple[tuple[datetime.date, datetime.date], ...]
    has_units: bool
    has_receipts: bool

    def status(self, *, today: datetime.date) -> choices.LicenseStatus:
        """Return what it came as."""
        if self.terms[-1][1] <= today - NOTICED_AFTER:
            return choices.LicenseStatus.EXPIRED
        return choices.LicenseStatus.ACTIVE


def oldest_day(*, today: datetime.date) -> datetime.date:
    """Return the first day on which a license of the city was issued."""
    return today - YEARS_AGO


@transactions.needs_transaction
def load(
    city: businesses.Businesses, opened: accounts.Loaded, *, today: datetime.date,
    at: datetime.datetime,
) -> None:  # fmt: skip
    """Record the licenses of the businesses with their terms."""
    held = _held(city, today=today, at=at)
    for renewed in (True, False):
        group = [each for each in held if (len(each.terms) > 1) == renewed]
        if not group:
            continue
        loaded = loading.load_licenses(
            _licenses(group, city, opened, today=today),
            on=today - NOTICED_DAYS_AGO, at=at, user_id=None, why=WHY,
        )  # fmt: skip
        for nth in range(1, max(len(each.terms) for each in group)):
            rows = [row for row, each in enumerate(group) if len(each.terms) > nth]
            _renew(group, rows, nth, city, opened, license_ids=loaded.license_ids, at=at)


def _held(
    city: businesses.Businesses, *, today: datetime.date, at: datetime.datetime
) -> list[_Held]:
    found = []
    first = oldest_day(today=today)
    of_type = {
        each: fees.terms(license_type=each, day=first, known_at=at)
        for each in {PRIVILEGE, *(trade.license_type for trade in trades.TRADES)} - {trades.NONE}
    }
    for place in range(len(city)):
        issued_on = first + datetime.timedelta(days=int(city.license_days[place]))
        for license_type in (PRIVILEGE, trades.TRADES[int(city.trades[place])].license_type):
            if license_type == trades.NONE:
                continue
            terms = of_type[license_type]
            found.append(
                _Held(
                    place,
                    license_type,
                    issued_on,
                    _terms(
                        terms,
                        license_type,
                        issued_on,
                        today=today,
                        lapses=bool(city.lapses[place]),
                    ),
                    has_units=terms.unit is not None,
                    has_receipts=terms.asks_receipts,
                )
            )
    return found


def _terms(
    terms: fees.Terms,
    license_type: str,
    issued_on: datetime.date,
    *,
    today: datetime.date,
    lapses: bool,
) -> tuple[tuple[datetime.date, datetime.date], ...]:
    """Return the days of each term until today; who lapses lets the last one go."""
    found = []
    begins = issued_on
    while begins <= today:
        term = fees.term_of(terms, license_type=license_type, day=begins, event_ends_before=None)
        assert term.ends_before is not None
        found.append((begins, term.ends_before))
        begins = term.ends_before
    return tuple(found[:1] if lapses else found)


def _licenses(
    group: Sequence[_Held], city: businesses.Businesses, opened: accounts.Loaded, *,
    today: datetime.date,
) -> loading.Licenses:  # fmt: skip
    types = code_lists.code_ids("license type")
    places = np.array([each.place for each in group], dtype=np.int64)
    return loading.Licenses(
        license_type_ids=np.array([types[each.license_type] for each in group], dtype=np.int64),
        business_ids=opened.party_ids[places],
        premise_ids=opened.premise_ids[places],
        account_ids=opened.account_ids[places],
        issued_on=_days([each.issued_on for each in group]),
        term_starts_on=_days([each.terms[0][0] for each in group]),
        term_ends_before=_days([each.terms[0][1] for each in group]),
        statuses=[
            choices.LicenseStatus.ACTIVE if len(each.terms) > 1 else each.status(today=today)
            for each in group
        ],
        units=_units(group, city),
        gross_receipts_cents=_receipts(group, city),
    )


def _renew(
    group: Sequence[_Held], rows: Sequence[int], nth: int, city: businesses.Businesses,
    opened: accounts.Loaded, *, license_ids: businesses.Whole, at: datetime.datetime,
) -> None:  # fmt: skip
    """Record the nth term of those licenses that have one, some days before it begins."""
    types = code_lists.code_ids("license type")
    some = [group[row] for row in rows]
    places = np.array([each.place for each in some], dtype=np.int64)
    begins = _days([each.terms[nth][0] for each in some])
    before = _days([each.terms[nth - 1][0] for each in some])
    loading_terms.load_renewals(
        loading_terms.Renewals(
            license_ids=license_ids[list(rows)],
            license_type_ids=np.array([types[each.license_type] for each in some], dtype=np.int64),
            business_ids=opened.party_ids[places],
            premise_ids=opened.premise_ids[places],
            account_ids=opened.account_ids[places],
            renewed_on=np.maximum(before, begins - 3 - places % 25),
            term_starts_on=begins,
            term_ends_before=_days([each.terms[nth][1] for each in some]),
            units=_units(some, city),
            gross_receipts_cents=_receipts(some, city),
        ),
        at=at,
        user_id=None,
        why=WHY,
    )


def _units(group: Sequence[_Held], city: businesses.Businesses) -> bulk_copy.Nullable:
    places = np.array([each.place for each in group], dtype=np.int64)
    return bulk_copy.Nullable(
        city.units[places], np.array([not each.has_units for each in group], dtype=np.bool_)
    )


def _receipts(group: Sequence[_Held], city: businesses.Businesses) -> bulk_copy.Nullable:
    places = np.array([each.place for each in group], dtype=np.int64)
    return bulk_copy.Nullable(
        city.year_cents[places], np.array([not each.has_receipts for each in group], dtype=np.bool_)
    )


def _days(days: Sequence[datetime.date]) -> businesses.Whole:
    return np.array([moving_in.day_number(day) for day in days], dtype=np.int64)
