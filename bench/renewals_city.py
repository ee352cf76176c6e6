"""A city of any number of licenses whose notice is due on one day, for the bench of renewals."""

from __future__ import annotations

import datetime

import numpy as np
import numpy.typing as npt

from bench import billing_city
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts.operations import loading
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.plumbing import bulk_copy, transactions

CITY = billing_city.CITY
AT = datetime.datetime(2026, 11, 17, 20, 0, tzinfo=datetime.UTC)
ISSUED = datetime.date(2026, 1, 1)
ENDS_BEFORE = datetime.date(2027, 1, 1)
# The day on which all of them are noticed: 45 days before the last day of the term.
DAY = datetime.date(2026, 11, 16)
# Of each type as many; the last counts units.
TYPES = ("privilege", "peddler", "service_business", "pool_hall")
RECEIPTS, UNITS = "service_business", "pool_hall"
LOADED_AT_ONCE = 50_000

Numbers = npt.NDArray[np.int64]


def fill(*, count: int) -> None:
    """Bring in the city's tables and `count` licenses, each with the application it came from."""
    rule_tables.import_city(path=CITY, at=AT)
    ledger.load_gl_accounts()
    for first in range(0, count, LOADED_AT_ONCE):
        with transactions.started():
            _load(first=first, count=min(LOADED_AT_ONCE, count - first))


def _load(*, first: int, count: int) -> None:
    account_ids = _open(first=first, count=count)
    parties = bulk_copy.read_columns(
        "select account.subledger_id, account.party_id from accounts_account as account"
        " where account.subledger_id = any(%s) order by account.subledger_id",
        [account_ids],
        ["account_id", "party_id"],
    )
    bulk_copy.write_columns(
        table="licensing_business",
        columns={
            "party_id": parties["party_id"],
            "trade_name": bulk_copy.Constant(""),
            "began_on": bulk_copy.Constant(ISSUED),
            "recorded_at": bulk_copy.Constant(AT),
        },
    )
    place = np.arange(first, first + count)
    codes = code_lists.codes("license type")
    type_ids = np.array([codes[each].id for each in TYPES], dtype=np.int64)
    shared: dict[str, bulk_copy.Written] = {
        "license_type_id": type_ids[place % len(TYPES)],
        "number": place // len(TYPES) + 1,
        "business_id": parties["party_id"],
        "account_id": parties["account_id"],
    }
    application_ids = _applications(shared, place=place)
    _licenses(shared, application_ids=application_ids, place=place)


def _applications(shared: dict[str, bulk_copy.Written], *, place: Numbers) -> Numbers:
    ids = bulk_copy.drawn_ids(table="licensing_application", count=len(place))
    kind = place % len(TYPES)
    bulk_copy.write_columns(
        table="licensing_application",
        columns={
            "id": ids,
            **shared,
            "kind": bulk_copy.Constant("new"),
            "status": bulk_copy.Constant("issued"),
            "received_on": bulk_copy.Constant(ISSUED),
            "received_at": bulk_copy.Constant(AT),
            "begins_on": bulk_copy.Constant(ISSUED),
            "began_unlicensed": bulk_copy.Constant(value=False),
            "units": bulk_copy.Nullable(1 + place % 30, kind != TYPES.index(UNITS)),
            "gross_receipts_cents": bulk_copy.Nullable(
                place * 7_919 % 390_000_000, kind != TYPES.index(RECEIPTS)
            ),
            "term_starts_on": bulk_copy.Constant(ISSUED),
            "term_ends_before": bulk_copy.Constant(ENDS_BEFORE),
        },
    )
    return ids


def _licenses(
    shared: dict[str, bulk_copy.Written], *, application_ids: Numbers, place: Numbers
) -> None:
    ids = bulk_copy.drawn_ids(table="licensing_license", count=len(place))
    bulk_copy.write_columns(
        table="licensing_license",
        columns={
            "id": ids,
            **shared,
            "public_code": bulk_copy.texts_of([f"BENCH{each}" for each in place.tolist()]),
            "issued_on": bulk_copy.Constant(ISSUED),
            "status": bulk_copy.Constant("active"),
            "term_starts_on": bulk_copy.Constant(ISSUED),
            "term_ends_before": bulk_copy.Constant(ENDS_BEFORE),
        },
    )
    bulk_copy.write_columns(
        table="licensing_license_event",
        columns={
            "id": bulk_copy.drawn_ids(table="licensing_license_event", count=len(place)),
            "license_id": ids,
            "kind": bulk_copy.Constant("issued"),
            "happened_on": bulk_copy.Constant(ISSUED),
            "starts_on": bulk_copy.Constant(ISSUED),
            "ends_before": bulk_copy.Constant(ENDS_BEFORE),
            "business_id": shared["business_id"],
            "account_id": shared["account_id"],
            "application_id": application_ids,
            "reason": bulk_copy.Constant(""),
            "made_at": bulk_copy.Constant(AT),
        },
    )


def _open(*, first: int, count: int) -> Numbers:
    """Open license accounts of businesses, in columns."""
    names = bulk_copy.texts_of([f"Business {number}" for number in range(first, first + count)])
    none = bulk_copy.texts_of([""] * count)
    return loading.load_population(
        population=loading.Population(
            name=names,
            sort_name=names,
            phone=none,
            house_number=bulk_copy.texts_of([str(first + each) for each in range(count)]),
            street=bulk_copy.texts_of(["Oak Street"] * count),
            unit=none,
            city=bulk_copy.Constant(billing_city.MAILING.city),
            state=bulk_copy.Constant(billing_city.MAILING.state),
            zip=bulk_copy.Constant(billing_city.MAILING.zip),
            opened_on=np.full(count, (ISSUED - datetime.date(1970, 1, 1)).days, dtype=np.int64),
            is_inside_city=np.ones(count, dtype=np.bool_),
            speaks_spanish=np.zeros(count, dtype=np.bool_),
            kind=account_choices.AccountKind.LICENSE,
        ),
        at=AT,
        searchable=False,
    ).account_ids
