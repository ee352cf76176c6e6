"""What the analysis of tax asks of tables: what would tell of a filer, and what is worth a look."""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

RECIPIENTS = "disclosure recipient"

DISCLOSURE = DecisionPoint(
    name="tax_analysis.disclosure",
    words="Which figures of an analysis are kept back, by who receives them",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(Input(name="recipient", kind=Kind.CODE, code_list=RECIPIENTS),),
    outputs=(
        # A figure of fewer filers than this is kept back.
        OutputLine(
            decision="Fewest filers", name="fewest_filers", kind=Kind.NUMBER, low=1, high=1000
        ),
        # A figure of which one filer has more than this percent is kept back.
        OutputLine(
            decision="Most percent of one", name="most_percent", kind=Kind.NUMBER, low=1, high=100
        ),
    ),
)


def _number(decision: str, name: str, *, low: int, high: int) -> OutputLine:
    return OutputLine(
        decision=decision, name=name, kind=Kind.NUMBER, low=low, high=high, is_required=False
    )


_DOLLARS_MAX = 1_000_000_000

# Limits without a value list nothing of that class.
DISCOVERY_FIGURES = DecisionPoint(
    name="tax_analysis.discovery_figures",
    words="Which returns are worth a look, beside those of last year and those of the class",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(Input(name="business_class", kind=Kind.CODE, code_list="business class"),),
    outputs=(
        # Gross receipts fell by more than this percent, from at least so many dollars.
        _number("Drop percent", "drop_percent", low=1, high=100),
        _number("Drop from", "drop_from", low=0, high=_DOLLARS_MAX),
        # The part deducted is more than so many percentage points above the norm of the class,
        # and comes to at least so many dollars; a norm is of so many filers or more.
        _number("Points above norm", "points_above_norm", low=1, high=100),
        _number("Deducted from", "deducted_from", low=0, high=_DOLLARS_MAX),
        _number("Fewest filers", "fewest_filers", low=2, high=1000),
        OutputLine(decision="License expected", name="license_expected", kind=Kind.BOOLEAN),
        # Days of the calendar until a work item made of a listed one is due.
        OutputLine(decision="Work days", name="work_days", kind=Kind.NUMBER, low=0, high=366),
    ),
)

DISCOVERY_LICENSES = DecisionPoint(
    name="tax_analysis.discovery_licenses",
    words="Holders of which licenses are expected to be registered for tax",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(Input(name="license_type", kind=Kind.CODE, code_list="license type"),),
    outputs=(
        OutputLine(
            decision="Registration expected", name="registration_expected", kind=Kind.BOOLEAN
        ),
        OutputLine(decision="Work days", name="work_days", kind=Kind.NUMBER, low=0, high=366),
    ),
)

DECISION_POINTS = (DISCLOSURE, DISCOVERY_FIGURES, DISCOVERY_LICENSES)
