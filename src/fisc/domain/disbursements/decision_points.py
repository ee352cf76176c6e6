"""What disbursements ask of tables, by the day a requisition is prepared."""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

MONEY_MAX = 10_000_000

APPROVALS = DecisionPoint(
    name="disbursements.approvals",
    words="How many people must approve what is paid out, and what may not be paid at all",
    date_basis=DateBasis.EVENT_DAY,
    # A city that pays nothing out through Fisc has no such book.
    is_required=False,
    inputs=(
        Input(name="purpose", kind=Kind.CODE, code_list="disbursement purpose"),
        # What leaves the city: the credits less the debts that they settle.
        Input(name="amount", kind=Kind.MONEY, low=0, high=MONEY_MAX),
        Input(name="w9_on_file", kind=Kind.BOOLEAN, words="form W-9 on file"),
        # Whether the payee asked for it, not the city of itself.
        Input(name="was_asked_for", kind=Kind.BOOLEAN),
    ),
    outputs=(
        # Others than who prepared it. Null where it may not be paid: the row's text says why.
        OutputLine(
            decision="Approvals",
            name="approvals",
            kind=Kind.NUMBER,
            low=1,
            high=2,
            is_required=True,
        ),
    ),
)

OFFSETS = DecisionPoint(
    name="disbursements.offsets",
    words="Which debts of the payee a credit settles before any of it is paid out",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        # Kinds of accounts: utility, license, tax, invoice.
        Input(name="credit_of", kind=Kind.CODE, words="the credit is of an account of the kind"),
        Input(name="debt_of", kind=Kind.CODE, words="the debt is of an account of the kind"),
        Input(name="same_account", kind=Kind.BOOLEAN),
        # Days after the due day; 0 where it is not past due.
        Input(name="days_past_due", kind=Kind.NUMBER, low=0, high=100_000),
    ),
    outputs=(OutputLine(decision="Settled first", name="settled_first", kind=Kind.BOOLEAN),),
)

DECISION_POINTS = (APPROVALS, OFFSETS)
