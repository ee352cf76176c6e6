"""What payments ask of tables."""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

ALLOCATION_ORDER = DecisionPoint(
    name="payments.allocation_order",
    words="Which open charges a payment settles first",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        Input(name="charge_code", kind=Kind.CODE, code_list="charge"),
        # Whether the charge's due day is before the day the money was received.
        Input(name="past_due", kind=Kind.BOOLEAN),
    ),
    outputs=(
        # The highest is settled first; charges of one priority by due day, the oldest first.
        OutputLine(decision="Priority", name="priority", kind=Kind.NUMBER, low=0, high=1000),
    ),
)

DECISION_POINTS = (ALLOCATION_ORDER,)
