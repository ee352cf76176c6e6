"""What is asked of tables about tax accounts themselves, whatever a return of theirs says."""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

FREQUENCY_REVIEW = DecisionPoint(
    name="tax_returns.frequency_review",
    words="What a yearly review does about an account that owes too much or too little for how "
    "often it files",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        # False is less often.
        Input(name="is_more_often", kind=Kind.BOOLEAN),
        # By the table of filing frequency.
        Input(name="new_frequency", kind=Kind.CODE, code_list="filing frequency"),
        # Of the newest twelve that returns are due of: those with a return, an assessment, or
        # without business.
        Input(name="months_known", kind=Kind.NUMBER, low=0, high=12),
        Input(name="missing_returns", kind=Kind.NUMBER, low=0, high=12),
    ),
    outputs=(
        OutputLine(
            decision="Treatment",
            name="treatment",
            kind=Kind.CODE,
            code_list="frequency treatment",
        ),
    ),
)

LOCATION_SCHEDULE = DecisionPoint(
    name="tax_returns.location_schedule",
    words="How far the sums of a schedule by location may be from the line that it is of",
    date_basis=DateBasis.FILING_PERIOD,
    is_required=False,
    inputs=(
        Input(name="is_electronic", kind=Kind.BOOLEAN),
        # That the schedule has.
        Input(name="locations", kind=Kind.NUMBER, low=1, high=10_000),
    ),
    outputs=(
        OutputLine(decision="Tolerance", name="tolerance", kind=Kind.MONEY, low=0, high=1_000_000),
    ),
)

BOND = DecisionPoint(
    name="tax_returns.bond",
    words="Which tax accounts give a bond, of how much, and what the lack of one holds up",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        Input(name="business_class", kind=Kind.CODE, code_list="business class"),
        # Whole months since the account was first registered for anything.
        Input(name="months_registered", kind=Kind.NUMBER, low=0, high=600),
        # What it is thought to owe in a year by its newest twelve months; 0 where none is known.
        Input(name="annual_tax", kind=Kind.MONEY, low=0, high=1_000_000_000),
        # Periods that ended within a year whose return came late, or never.
        Input(name="delinquent_periods", kind=Kind.NUMBER, low=0, high=24),
    ),
    outputs=(
        # 0 asks for none.
        OutputLine(decision="Amount", name="amount", kind=Kind.MONEY, low=0, high=1_000_000_000),
        # Before a bond ends.
        OutputLine(decision="Days warned", name="days_warned", kind=Kind.NUMBER, low=0, high=366),
        OutputLine(decision="Holds registration", name="holds_registration", kind=Kind.BOOLEAN),
        OutputLine(decision="Holds clearance", name="holds_clearance", kind=Kind.BOOLEAN),
    ),
)
