"""Many returns at once: exactly what each would have become alone, in the order they came."""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fisc.basics import periods
from fisc.domain.tax_returns.calculations.returns import Deduction, Filing, Line
from fisc.domain.tax_returns.operations import filing, filing_in_bulk, registering
from fisc.domain.tax_returns.queries import registrations
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing import transactions
from tests.factories import tax_returns
from tests.factories.tax_returns import AT

D = datetime.date
BY = registering.By(user_id=None, at=AT, why="a file of returns")
# What came: a filing, and whether it amends.
Batch = Sequence[tuple[filing.Came, bool]]

pytestmark = pytest.mark.usefixtures("tax_city")


class Undone(Exception):
    """Ends a block so that nothing of it is kept."""


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Run a block in a transaction of which nothing is kept."""
    with contextlib.suppress(Undone), transactions.started():
        yield
        raise Undone


def registered(*classes: str, frequency: str, **terms: Any) -> int:
    since = D(2026, 1, 1)
    account_id = tax_returns.account()
    if "15" in classes:
        tax_returns.bonded(account_id, on=since)
    for each in classes:
        days = periods.Period(starts_on=since)
        registering.register(
            account_id=account_id, region="MS", business_class=each, days=days, by=BY
        )
    registering.set_frequency(
        account_id=account_id, frequency=frequency, from_day=since, by=BY, **terms
    )
    return account_id


@pytest.fixture(scope="class")
def accounts(tax_city: object) -> list[int]:
    """Accounts of every kind of filing term, one that ends, one that files nothing."""
    ended = registered("11", "17", frequency="monthly")
    (first, _) = sorted(each.registration_id for each in filed_for(ended))
    registering.end_registration(registration_id=first, ends_before=D(2026, 5, 1), by=BY)
    changed = registered("17", frequency="monthly")
    registering.set_frequency(
        account_id=changed, frequency="quarterly", from_day=D(2026, 4, 1), by=BY
    )
    return [
        registered("11", "17", "25", frequency="monthly"),
        registered("4", "15", frequency="quarterly"),
        registered("17", frequency="monthly", seasonal_months=[3, 4, 7]),
        ended,
        changed,
        tax_returns.account(),
        _cut_short(),
    ]


def _cut_short() -> int:
    """An account with quarters from February, of which one ends a month early."""
    account_id = registered("17", frequency="monthly")
    registering.set_frequency(
        account_id=account_id, frequency="quarterly", from_day=D(2026, 2, 1), by=BY,
        year_starts_in=2,
    )  # fmt: skip
    registering.set_frequency(
        account_id=account_id, frequency="monthly", from_day=D(2026, 7, 1), by=BY, cuts_short=True
    )
    return account_id


def filed_for(account_id: int) -> Sequence[Any]:
    return registrations.registrations(account_id)


amounts = st.one_of(
    st.integers(0, 5_000_000), st.sampled_from([-5, 0, 1, 99_999_999_999, 100_000_000_001])
)
deductions = st.builds(
    Deduction, code=st.sampled_from(["503", "504", "502", "505", "999"]), cents=amounts
)
lines = st.builds(
    Line,
    region=st.sampled_from(["MS", "MS", "MS", "ZZ"]),
    business_class=st.sampled_from(["11", "17", "25", "4", "15", "99"]),
    gross_cents=amounts,
    deductions=st.lists(deductions, max_size=3).map(tuple),
)
# What each of the accounts files for, and a period's first months.
FILES = (
    (("11", "17", "25"), range(1, 9)),
    (("4", "15"), (1, 4)),
    (("17",), (3, 4, 7)),
    (("11",), range(1, 5)),
    (("17",), (1, 2, 3, 4)),
    ((), (1,)),
    (("17",), (1, 2, 5, 7)),
)


@st.composite
def returns_(draw: st.DrawFn) -> tuple[int, filing.Came, bool]:
    """Draw a return, right most of the time."""
    which = draw(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6]))
    classes, months = FILES[which]
    odd = draw(st.integers(0, 5)) == 0
    plain = st.builds(
        Line,
        region=st.just("MS"),
        business_class=st.sampled_from(classes or ["11"]),
        gross_cents=st.integers(0, 9_000_000),
        deductions=st.lists(
            st.builds(Deduction, code=st.sampled_from(["503", "504"]), cents=st.just(0)),
            max_size=2,
            unique_by=lambda each: each.code,
        ).map(tuple),
    )
    starts_on = D(2026, draw(st.sampled_from(list(months))), 1)
    came = filing.Came(
        account_id=0,
        starts_on=draw(st.sampled_from([D(2026, 7, 2), D(2019, 12, 1)])) if odd else starts_on,
        received_on=draw(st.dates(D(2026, 7, 10), D(2026, 10, 3))),
        is_electronic=draw(st.booleans()),
        lines=tuple(
            draw(
                st.lists(lines, max_size=4)
                if odd
                else st.lists(plain, max_size=3, unique_by=lambda line: line.business_class)
            )
        ),
        excess_tax_cents=draw(amounts if odd else st.sampled_from([0, 0, 450])),
        credit_carried_cents=draw(st.sampled_from([-1, 0, 70_000] if odd else [0, 70_000])),
        estimated_payments_cents=draw(st.sampled_from([0, 0, 500])),
    )
    return which, came, draw(st.sampled_from([False, False, False, True]))


class TestFileMany:
    @settings(
        max_examples=60, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(
        drawn=st.lists(returns_(), min_size=1, max_size=14),
        posting_day=st.dates(D(2026, 7, 10), D(2027, 2, 1)),
    )
    def test_each_becomes_what_it_would_alone(
        self, accounts: list[int], drawn: list[tuple[int, filing.Came, bool]], posting_day: D
    ) -> None:
        batch = [
            (replace(came, account_id=accounts[which]), amends) for which, came, amends in drawn
        ]
        with undone():
            together = _together(batch, posting_day)
        with undone():
            alone = _alone(batch, posting_day)

        assert together == alone


def _together(batch: Batch, posting_day: D) -> Any:
    of = filing_in_bulk.of_filings(
        (place, came, amends) for place, (came, amends) in enumerate(batch)
    )
    filed = filing_in_bulk.file_many(of, by=BY, posting_day=posting_day)
    assert filed.taken + filed.again + len(filed.held) == len(batch)
    held = {each.place: (_unnumbered(each.words), each.came.lines) for each in filed.held}
    return held, _kept(batch), filed.tax_due_cents


def _unnumbered(words: str) -> str:
    """Leave out the number of the return that is here: it is another each time one is filed."""
    return re.sub(r"it is return \d+,", "it is return …,", words)


def _says(of: filing.Came | Filing) -> tuple[object, ...]:
    return (
        of.lines, of.excess_tax_cents, of.credit_carried_cents, of.estimated_payments_cents
    )  # fmt: skip


def _alone(batch: Batch, posting_day: D) -> Any:
    held, due = {}, 0
    for place, (came, amends) in enumerate(batch):
        here = queries.versions_of(came.account_id, starts_on=came.starts_on)
        amends_id = (here[-1].return_id if here else 0) if amends else None
        if here and _says(here[-1].filing) == _says(came):
            # Sent again: a file counts it, and nothing is filed (decision 0150).
            continue
        try:
            with transactions.savepoint():
                due += filing.take_in(
                    replace(came, amends_id=amends_id), by=BY, posting_day=posting_day
                ).tax_due_cents
        except filing_in_bulk.CANNOT_BE_TAKEN as problem:
            held[place] = (_unnumbered(str(problem)), came.lines)
    return held, _kept(batch), due


def _kept(batch: Batch) -> list[Any]:
    """Return versions, items and entries of the accounts of a batch, without their numbers."""
    found: list[Any] = []
    for account_id, starts_on in sorted({(each.account_id, each.starts_on) for each, _ in batch}):
        for kept in queries.versions_of(account_id, starts_on=starts_on):
            assert queries.recomputed(kept).net_due_cents == kept.net_due_cents
            found.append(replace(kept, return_id=0))
    account_ids = sorted({each.account_id for each, _ in batch})
    with connection.cursor() as cursor:
        for statement in BOOKS:
            cursor.execute(statement, {"account_ids": account_ids})
            found.append(cursor.fetchall())
    return found


BOOKS = (
    # Items, what each stands for, what is open of it, and its entry.
    """
    select item.account_id, item.kind, item.code_id, item.amount_cents, item.arises_on,
        item.due_on, item.posting_day, item.source_kind, open.open_cents, open.due_on,
        posted.starts_on, posted.part, posted.region_id, posted.cents, kept.version,
        kept.starts_on, entry.kind, entry.posting_day, entry.gl_period, entry.posting_count,
        (select array_agg((line.gl_account_id, line.subledger_id, line.amount_cents)::text
            order by line.gl_account_id, line.subledger_id) from ledger_posting as line
            where line.entry_id = entry.id)
    from receivables_item as item join receivables_openitem as open on open.item_id = item.id
    join ledger_journalentry as entry on entry.id = item.entry_id
        and entry.source_id = item.source_id and entry.source_kind = item.source_kind
    left join tax_returns_posted as posted on posted.item_id = item.id
    left join tax_returns_return as kept on kept.id = posted.tax_return_id
        and kept.id = item.source_id
    where item.account_id = any(%(account_ids)s)
    order by item.account_id, kept.starts_on, kept.version, posted.part, posted.region_id,
        item.kind, item.amount_cents, open.open_cents
    """,
    """
    select reckoned.account_id, reckoned.starts_on, kept.version, reckoned_on, tax_cents,
        reckoned.due_on, reckoned.timely_until, filed_on, paid_on, paid_cents, penalty_cents,
        interest_cents, penalty_before_cents, interest_before_cents, known_at
    from tax_returns_reckoning as reckoned
    join tax_returns_return as kept on kept.id = reckoned.tax_return_id
    where reckoned.account_id = any(%(account_ids)s)
    order by reckoned.account_id, reckoned.starts_on, kept.version, reckoned_on
    """,
    """
    select account_id, sum(amount_cents), count(*) from receivables_allocation
    where account_id = any(%(account_ids)s) group by account_id order by account_id
    """,
)
