"""What the analysis of tax asks of tables: which figures would tell of a single filer."""

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

DECISION_POINTS = (DISCLOSURE,)
