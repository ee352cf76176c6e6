"""What distributions ask of tables: which basis a tax belongs to, and how a basis is shared out."""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

PARTS_MAX = 1_000_000
BASES = "distribution basis"
FUNDS = "fund"

BASIS = DecisionPoint(
    name="distributions.basis",
    words="Which basis a collected tax is distributed by",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        Input(name="charge", kind=Kind.CODE, code_list="charge"),
        # Null where what was collected comes from no return with lines.
        Input(name="region", kind=Kind.CODE, code_list="tax region", may_be_null=True),
        Input(name="business_class", kind=Kind.CODE, code_list="business class", may_be_null=True),
    ),
    outputs=(
        # Null where the charge is not distributed: it stays where it was booked.
        OutputLine(decision="Basis", name="basis", kind=Kind.CODE, code_list=BASES),
    ),
)

SHARES = DecisionPoint(
    name="distributions.shares",
    words="How many parts of a basis each fund or jurisdiction receives",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        Input(name="basis", kind=Kind.CODE, code_list=BASES),
        Input(name="fund", kind=Kind.CODE, code_list=FUNDS),
    ),
    outputs=(
        # Into how many equal parts the basis is cut; the parts of its funds make up this number.
        OutputLine(decision="Whole", name="whole", kind=Kind.NUMBER, low=1, high=PARTS_MAX),
        # Null where the fund receives nothing of the basis.
        OutputLine(decision="Parts", name="parts", kind=Kind.NUMBER, low=0, high=PARTS_MAX),
        # The fund that takes the cents that fractions leave over. Null where they go one by one
        # to the funds whose fractions lost most.
        OutputLine(decision="Odd cents", name="odd_cents", kind=Kind.CODE, code_list=FUNDS),
    ),
)

DECISION_POINTS = (BASIS, SHARES)
