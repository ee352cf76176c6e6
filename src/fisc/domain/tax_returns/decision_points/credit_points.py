"""What tax returns ask of tables about credits: from which day they bear interest, and how much."""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

_MONEY_MAX = 1_000_000_000
_DAYS_MAX = 366
_MONTHS_MAX = 120

CREDIT_INTEREST_START = DecisionPoint(
    name="tax_returns.credit_interest_start",
    words="Which credits of a tax account bear interest when they are given back, and from when",
    date_basis=DateBasis.EVENT_DAY,
    # A city that pays no interest has no such book.
    is_required=False,
    inputs=(
        # What the credit is of: tax, penalty, interest, money left over.
        Input(name="credit_code", kind=Kind.CODE, code_list="charge"),
        # A return that makes the credit is a claim, and so is a letter.
        Input(name="is_claimed", kind=Kind.BOOLEAN),
        # 0 where there is no claim: for interest only of what is given back late.
        Input(name="days_since_claim", kind=Kind.NUMBER, low=0, high=100_000),
        # Settles a debt. Neither this nor carried forward is paid out.
        Input(name="is_offset", kind=Kind.BOOLEAN),
        # Waits for the account's next charge.
        Input(name="is_carried", kind=Kind.BOOLEAN),
    ),
    outputs=(
        OutputLine(decision="Bears interest", name="bears_interest", kind=Kind.BOOLEAN),
        # The latest of these days that are true and known; with none it bears nothing. Money that
        # came before the due day of its tax counts from the due day.
        OutputLine(decision="Counts from payment", name="from_payment", kind=Kind.BOOLEAN),
        OutputLine(decision="Counts from claim", name="from_claim", kind=Kind.BOOLEAN),
        # Interest runs on the days after the day so many months, then days, later.
        OutputLine(
            decision="Months before it bears",
            name="months_before",
            kind=Kind.NUMBER,
            low=0,
            high=_MONTHS_MAX,
        ),
        OutputLine(
            decision="Days before it bears",
            name="days_before",
            kind=Kind.NUMBER,
            low=0,
            high=3_650,
        ),
    ),
)

# A part is a piece of the time with one version and one calendar year, as for unpaid tax.
CREDIT_INTEREST = DecisionPoint(
    name="tax_returns.credit_interest",
    words="What interest a credit of a tax account bears over a part of the time it is not back",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        Input(name="credit", kind=Kind.MONEY, low=0, high=_MONEY_MAX),
        # Interest of the calendar years before the part's: for yearly compounding.
        Input(name="interest_of_earlier_years", kind=Kind.MONEY, low=0, high=_MONEY_MAX),
        Input(name="days_in_part", kind=Kind.NUMBER, low=0, high=_DAYS_MAX),
        # The same days where every month has 30.
        Input(name="days_in_part_by_30", kind=Kind.NUMBER, low=0, high=_DAYS_MAX),
        Input(name="days_in_year", kind=Kind.NUMBER, low=365, high=_DAYS_MAX),
        # Months that begin in the part, counted from the day after which interest runs.
        Input(name="months_begun_in_part", kind=Kind.NUMBER, low=0, high=13),
    ),
    outputs=(
        OutputLine(
            decision="Interest",
            name="interest",
            kind=Kind.MONEY,
            low=0,
            high=2 * _MONEY_MAX,
            is_required=True,
        ),
    ),
)

DECISION_POINTS = (CREDIT_INTEREST_START, CREDIT_INTEREST)
