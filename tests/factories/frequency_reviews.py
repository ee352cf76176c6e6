"""A tax account that files once a year and owes enough to file every month, and its review."""

from __future__ import annotations

import datetime

from django.utils import timezone

from fisc.basics import periods
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, registering
from fisc.domain.tax_returns.queries import reviews
from fisc.processes.frequency_reviews import operations
from tests.factories import tax_pages

NEXT_YEAR = tax_pages.YEAR + 2
ACCOUNTS, ANNUAL_CENTS = 4, 1_500_000


def owes_much() -> tax_pages.TaxAccount:
    """Open an account that filed $15,000 of tax for the whole of last year."""
    made = tax_pages.new()
    registering.register(
        account_id=made.account_id,
        region="MS",
        business_class="17",
        days=periods.Period(starts_on=tax_pages.FIRST),
        by=tax_pages.by(),
    )
    registering.set_frequency(
        account_id=made.account_id,
        frequency="annual",
        from_day=tax_pages.FIRST,
        by=tax_pages.by(),
    )
    came = filing.Came(
        account_id=made.account_id,
        starts_on=tax_pages.FIRST,
        received_on=datetime.date(tax_pages.YEAR + 1, 1, 15),
        is_electronic=True,
        lines=(Line(region="MS", business_class="17", gross_cents=100_000_000),),
    )
    filing.file_return(came, by=tax_pages.by(), posting_day=timezone.localdate())
    return made


def reviewed() -> tuple[tax_pages.TaxAccount, reviews.Proposal]:
    """Return such an account with what the review of next year proposes of it, undecided.

    A year is reviewed once: what is asked for again is another account of the same review.
    """
    if reviews.review_of(NEXT_YEAR) is None:
        for _ in range(ACCOUNTS):
            owes_much()
        operations.review(
            NEXT_YEAR,
            posting_day=timezone.localdate(),
            at=timezone.now(),
            city="mesquite_springs",
            who="a test",
            crew_size=1,
        )
    waiting = reviews.proposals(states=[choices.ProposalState.PROPOSED])
    of = next(each for each in waiting if each.annual_cents == ANNUAL_CENTS)
    number, _name = accounts.names(account_ids=[of.account_id])[of.account_id]
    return tax_pages.TaxAccount(of.account_id, number), of
