"""What audits and disclosures ask of tables."""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

MONEY_MAX = 1_000_000_000
POINTS_MAX = 100
COUNT_MAX = 10_000
# Of an account that was never audited.
YEARS_MAX = 100


def _points(decision: str, name: str) -> OutputLine:
    return OutputLine(decision=decision, name=name, kind=Kind.NUMBER, low=0, high=POINTS_MAX)


SELECTION = DecisionPoint(
    name="tax_audits.selection",
    words="How many points speak for auditing an account",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        # Of the newest returns of the periods of a year.
        Input(name="annual_tax", kind=Kind.MONEY, low=0, high=MONEY_MAX),
        Input(name="years_since_audit", kind=Kind.NUMBER, scale=2, low=0, high=YEARS_MAX),
        # Of the same year.
        Input(name="late_returns", kind=Kind.NUMBER, low=0, high=COUNT_MAX),
        Input(name="missing_returns", kind=Kind.NUMBER, low=0, high=COUNT_MAX),
        # Whether somebody was made to look at it from a discovery list.
        Input(name="is_on_a_list", kind=Kind.BOOLEAN),
    ),
    # A score is their sum.
    outputs=(
        _points("Points for size", "points_for_size"),
        _points("Points for time", "points_for_time"),
        _points("Points for filing", "points_for_filing"),
        _points("Points for lists", "points_for_lists"),
    ),
    is_required=False,
)

PROTEST = DecisionPoint(
    name="tax_audits.protest",
    words="By when what an audit found may be protested, in days after the notice",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        # False is a refund.
        Input(name="is_more_tax", kind=Kind.BOOLEAN),
    ),
    outputs=(
        OutputLine(
            decision="Days to protest", name="days_to_protest", kind=Kind.NUMBER, low=0, high=366
        ),
    ),
    is_required=False,
)

DISCLOSURE = DecisionPoint(
    name="tax_audits.disclosure",
    words="Who may disclose tax voluntarily, how far back, by when, and whether penalties go",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        # Whether an audit, or the finding of a missing return, came before the disclosure.
        Input(name="is_found_first", kind=Kind.BOOLEAN),
    ),
    outputs=(
        OutputLine(decision="Allowed", name="is_allowed", kind=Kind.BOOLEAN),
        OutputLine(
            decision="Months looked back", name="months_back", kind=Kind.NUMBER, low=1, high=600
        ),
        OutputLine(decision="Days to file", name="days_to_file", kind=Kind.NUMBER, low=1, high=366),
        OutputLine(decision="Penalty waived", name="penalty_waived", kind=Kind.BOOLEAN),
    ),
    is_required=False,
)

DECISION_POINTS = (SELECTION, PROTEST, DISCLOSURE)
