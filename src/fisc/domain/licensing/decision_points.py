"""What licensing asks of tables. A license type is its rows in these tables, never code.

Both are asked by the day a license is issued or renewed. The name of an output line of a fee is its
code in the code list "license line".
"""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

_TYPE = Input(name="license_type", kind=Kind.CODE, code_list="license type")


def _line(decision: str, code: str) -> OutputLine:
    return OutputLine(
        decision=decision,
        name=code,
        kind=Kind.MONEY,
        low=0,
        high=10_000_000,
        is_required=False,
    )


LICENSE_TERMS = DecisionPoint(
    name="licensing.license_terms",
    words="How long a license lasts, what it is counted in, and what is asked of its holder",
    date_basis=DateBasis.EVENT_DAY,
    # A city that licenses nothing has no such book.
    is_required=False,
    inputs=(_TYPE,),
    outputs=(
        # The month a term begins in, such as that of the fiscal year; null where a term begins on
        # the day of issue.
        OutputLine(decision="First month", name="first_month", kind=Kind.NUMBER, low=1, high=12),
        OutputLine(
            decision="Months in term", name="months_in_term", kind=Kind.NUMBER, low=1, high=12
        ),
        # What the fee counts; null where it counts nothing.
        OutputLine(
            decision="Unit",
            name="unit",
            kind=Kind.CODE,
            code_list="license unit",
            is_required=False,
        ),
        OutputLine(decision="Asks receipts", name="asks_receipts", kind=Kind.BOOLEAN),
        # Days before the last day of the term from which it may be renewed; null for any day.
        OutputLine(
            decision="Renewal window",
            name="renewal_days",
            kind=Kind.NUMBER,
            low=1,
            high=366,
            is_required=False,
        ),
    ),
)

LICENSE_FEE = DecisionPoint(
    name="licensing.license_fee",
    words="What a license costs for the part of its term that is left, line by line",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        _TYPE,
        # False for the renewal of one that the holder has.
        Input(name="is_new", kind=Kind.BOOLEAN),
        Input(name="began_unlicensed", kind=Kind.BOOLEAN),
        # Of the kind that the terms name; none where they name none.
        Input(name="units", kind=Kind.NUMBER, low=0, high=10_000),
        # Of twelve months; null where the holder does not tell them.
        Input(
            name="gross_receipts",
            kind=Kind.MONEY,
            low=0,
            high=100_000_000_000,
            may_be_null=True,
        ),
        # What is left of the term: by months begun, by the nearest month, by quarters begun.
        Input(name="months_begun", kind=Kind.NUMBER, low=1, high=12),
        Input(name="months_nearest", kind=Kind.NUMBER, low=0, high=12),
        Input(name="quarters_begun", kind=Kind.NUMBER, low=1, high=4),
    ),
    outputs=(
        _line("Application fee", "application_fee"),
        _line("License fee", "license_fee"),
        _line("Fee for units", "unit_fee"),
        _line("Receipts tax", "receipts_tax"),
        _line("Unlicensed penalty", "unlicensed_penalty"),
    ),
)

DECISION_POINTS = (LICENSE_TERMS, LICENSE_FEE)
