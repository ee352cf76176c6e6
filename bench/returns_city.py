"""A city of any number of businesses for the benches of tax returns, six classes each."""

from __future__ import annotations

import datetime

import numpy as np

from bench import billing_city
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts.operations import loading
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.domain.tax_returns.calculations import many
from fisc.plumbing import bulk_copy, transactions

CITY = billing_city.CITY
# Filed on the last day in time and posted that day: no lateness, as most of a city's returns.
PERIOD = datetime.date(2026, 8, 1)
FILED_ON = datetime.date(2026, 9, 18)
AT = datetime.datetime(2026, 9, 18, 20, 0, tzinfo=datetime.UTC)
SINCE = datetime.date(2024, 1, 1)
REGION = "MS"
CLASSES = ("1", "4", "9", "11", "17", "25")
LINES = len(CLASSES)
# Of every return, the lines that take a deduction.
DEDUCTED = ((3, "503"), (4, "504"))
LOADED_AT_ONCE = 50_000

Numbers = many.Numbers


def fill(*, count: int) -> None:
    """Bring in the city's tables and `count` businesses that file six classes every month."""
    rule_tables.import_city(path=CITY, at=AT)
    ledger.load_gl_accounts()
    for first in range(0, count, LOADED_AT_ONCE):
        with transactions.started():
            _load(first=first, count=min(LOADED_AT_ONCE, count - first))


def _load(*, first: int, count: int) -> None:
    account_ids = _open(first=first, count=count)
    classes = code_lists.code_ids("business class")
    shared: dict[str, bulk_copy.Written] = {
        "starts_on": bulk_copy.Constant(SINCE),
        "ends_before": bulk_copy.Constant(None),
        "recorded_at": bulk_copy.Constant(AT),
    }
    bulk_copy.write_columns(
        table="tax_returns_registration",
        columns={
            "id": bulk_copy.drawn_ids(table="tax_returns_registration", count=count * LINES),
            "account_id": np.repeat(account_ids, LINES),
            "region_id": bulk_copy.Constant(code_lists.code("tax region", REGION).id),
            "business_class_id": np.tile([classes[each] for each in CLASSES], count),
            **shared,
        },
    )
    with_terms = bulk_copy.drawn_ids(table="tax_returns_filing_term", count=count)
    bulk_copy.write_columns(
        table="tax_returns_filing_term",
        columns={
            "id": with_terms,
            "account_id": account_ids,
            "frequency_id": bulk_copy.Constant(code_lists.code("filing frequency", "monthly").id),
            "seasonal_months": bulk_copy.Constant(()),
            **shared,
        },
    )


def _open(*, first: int, count: int) -> Numbers:
    """Open tax accounts of businesses, in columns."""
    names = bulk_copy.texts_of([f"Business {number}" for number in range(first, first + count)])
    none = bulk_copy.texts_of([""] * count)
    opened = loading.load_population(
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
            opened_on=np.full(count, many.number_of(SINCE), dtype=np.int64),
            is_inside_city=np.ones(count, dtype=np.bool_),
            speaks_spanish=np.zeros(count, dtype=np.bool_),
            kind=account_choices.AccountKind.TAX,
        ),
        at=AT,
        searchable=False,
    )
    return opened.account_ids


def returns_of(account_ids: Numbers) -> many.Returns:
    """Return one return of six lines, two with a deduction, for each account."""
    count = len(account_ids)
    lines = np.arange(count * LINES)
    gross = 100_000 + lines * 7_919 % 5_000_000
    places = np.array([place for place, _ in DEDUCTED], dtype=np.int64)
    deducted = (np.arange(count)[:, None] * LINES + places).reshape(-1)
    none = np.zeros(count, dtype=np.int64)
    return many.Returns(
        places=np.arange(count) + 2,
        account_ids=account_ids,
        starts_on=np.full(count, many.number_of(PERIOD), dtype=np.int64),
        received_on=np.full(count, many.number_of(FILED_ON), dtype=np.int64),
        is_electronic=np.ones(count, dtype=np.bool_),
        is_amendment=np.zeros(count, dtype=np.bool_),
        excess_tax_cents=none,
        credit_carried_cents=none,
        estimated_payments_cents=none,
        lines=many.Lines(
            of=lines // LINES,
            region=many.Coded(np.zeros_like(lines), (REGION,)),
            business_class=many.Coded(lines % LINES, CLASSES),
            gross_cents=gross,
        ),
        deductions=many.Deductions(
            of=deducted,
            code=many.Coded(
                np.tile(np.arange(len(DEDUCTED)), count), tuple(code for _, code in DEDUCTED)
            ),
            cents=gross[deducted] // 10,
        ),
    )
