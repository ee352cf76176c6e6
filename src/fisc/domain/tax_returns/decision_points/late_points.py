"""What tax returns ask of tables about lateness: penalties, interest, and a cap on both."""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

MONTHS_MAX = 600
LATE_DAYS_MAX = 20_000
_MONEY_MAX = 1_000_000_000
_DAYS_MAX = 366


def _money(name: str) -> Input:
    return Input(name=name, kind=Kind.MONEY, low=0, high=_MONEY_MAX)


def _months(name: str, words: str) -> Input:
    return Input(name=name, kind=Kind.NUMBER, low=0, high=MONTHS_MAX, words=words)


def _days(name: str) -> Input:
    return Input(name=name, kind=Kind.NUMBER, low=0, high=LATE_DAYS_MAX)


def _amount(decision: str, name: str) -> OutputLine:
    return OutputLine(
        decision=decision,
        name=name,
        kind=Kind.MONEY,
        low=0,
        high=2 * _MONEY_MAX,
        is_required=True,
    )


PENALTIES = DecisionPoint(
    name="tax_returns.penalties",
    words="What filing late and paying late cost, each with its cap, and both together",
    date_basis=DateBasis.DUE_DAY,
    inputs=(
        # What the return owed on its due day.
        _money("tax"),
        _money("tax_paid_late"),
        # Each amount paid late times the months it was late: for penalties by the month.
        Input(
            name="money_months",
            kind=Kind.MONEY,
            low=0,
            high=_MONEY_MAX * MONTHS_MAX,
            words="amounts paid late times their months late",
        ),
        # A month that has begun counts as one. 0 where the return came in time.
        _months("months_filed_late", "months or fractions of a month filed late"),
        _months("months_paid_late", "months or fractions of a month paid late"),
        # The same in months that are over, and in days after the due day.
        _months("whole_months_filed_late", "whole months filed late"),
        _months("whole_months_paid_late", "whole months paid late"),
        _days("days_filed_late"),
        _days("days_paid_late"),
        # Each amount paid late times its days late: for penalties by the day.
        Input(
            name="money_days",
            kind=Kind.MONEY,
            low=0,
            high=_MONEY_MAX * LATE_DAYS_MAX,
            words="amounts paid late times their days late",
        ),
        # What of the tax is not paid on the day.
        _money("unpaid_tax"),
    ),
    outputs=(
        _amount("Late filing penalty", "late_filing"),
        _amount("Late payment penalty", "late_payment"),
        # Both, after the cap on the two together.
        _amount("Penalty", "penalty"),
    ),
)

# A part is a piece of the time unpaid with one version, one calendar year and one amount unpaid.
INTEREST = DecisionPoint(
    name="tax_returns.interest",
    words="What interest an unpaid tax bears over a part of the time it is unpaid",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        _money("unpaid_tax"),
        # Interest of the calendar years before the part's, unpaid: for yearly compounding.
        _money("interest_of_earlier_years"),
        Input(name="days_in_part", kind=Kind.NUMBER, low=0, high=_DAYS_MAX),
        # The same days where every month has 30.
        Input(name="days_in_part_by_30", kind=Kind.NUMBER, low=0, high=_DAYS_MAX),
        Input(name="days_in_year", kind=Kind.NUMBER, low=365, high=_DAYS_MAX),
        # Months that begin in the part, counted from the due day: for interest by the month.
        Input(name="months_begun_in_part", kind=Kind.NUMBER, low=0, high=13),
        # From the due day to the part: for a rate that grows, and for days that bear nothing.
        _months("months_before_part", "months begun before the part"),
        _days("days_before_part"),
        # Both penalties after their cap, as on the last day asked about: where they bear interest.
        Input(name="penalty", kind=Kind.MONEY, low=0, high=2 * _MONEY_MAX),
    ),
    outputs=(_amount("Interest", "interest"),),
)

LATE_TOTALS = DecisionPoint(
    name="tax_returns.late_totals",
    words="What penalties and interest come to together, where a cap is on both",
    date_basis=DateBasis.DUE_DAY,
    # Without such a book both stay as their own books have them.
    is_required=False,
    inputs=(
        _money("tax"),
        # Both penalties after their own cap, and the interest of all parts.
        Input(name="penalty", kind=Kind.MONEY, low=0, high=2 * _MONEY_MAX),
        Input(name="interest", kind=Kind.MONEY, low=0, high=2 * _MONEY_MAX),
    ),
    outputs=(
        _amount("Penalty after the cap", "penalty_after_cap"),
        _amount("Interest after the cap", "interest_after_cap"),
    ),
)

DECISION_POINTS = (PENALTIES, INTEREST, LATE_TOTALS)
