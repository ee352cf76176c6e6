"""What utility billing asks of tables. The order of the output lines is the order on the bill.

Stage 1 makes the lines of a segment, part by part; stage 2 the taxes over sums of charge codes, in
legal order; stage 3 the minimum. The name of an output line of a bill is its code in the code list
"bill line". A book may leave out a line that its city does not charge.
"""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)

# A part is a piece of the billed period with one version, class, meter and place. The parts of a
# period add up: `usage_…` is the part's share and `period_usage_…` the whole period's.
_PART = (
    Input(name="part_starts_on", kind=Kind.DATE),
    Input(name="days_in_part", kind=Kind.NUMBER, low=1, high=800),
    Input(name="days_in_period", kind=Kind.NUMBER, low=1, high=800),
    Input(name="is_first_part", kind=Kind.BOOLEAN),
    Input(name="is_last_part", kind=Kind.BOOLEAN),
    Input(name="inside_city", kind=Kind.BOOLEAN),
    Input(name="rate_class", kind=Kind.CODE, code_list="rate class"),
)


def _usage(name: str, unit: str) -> Input:
    return Input(name=name, kind=Kind.QUANTITY, unit=unit, scale=3, low=0, high=10_000_000)


def _money(name: str) -> Input:
    return Input(name=name, kind=Kind.MONEY, low=-10_000_000, high=10_000_000)


def _line(decision: str, code: str) -> OutputLine:
    return OutputLine(
        decision=decision,
        name=code,
        kind=Kind.MONEY,
        low=-1_000_000,
        high=1_000_000,
        is_required=False,
    )


WATER_CHARGES = DecisionPoint(
    name="utilities.water_charges",
    words="What a part of a billed period costs for water",
    date_basis=DateBasis.SERVICE_DAY,
    stage=1,
    inputs=(
        *_PART,
        Input(name="meter_size", kind=Kind.CODE, code_list="meter size"),
        _usage("usage_kgal", "kgal"),
        _usage("period_usage_kgal", "kgal"),
    ),
    outputs=(
        _line("Water base charge", "water_base"),
        _line("Water tier 1", "water_tier_1"),
        _line("Water tier 2", "water_tier_2"),
        _line("Water tier 3", "water_tier_3"),
        _line("Water tier 4", "water_tier_4"),
        _line("Water tier 5", "water_tier_5"),
        _line("Water tier 6", "water_tier_6"),
        _line("Water surcharge", "water_surcharge"),
    ),
)

SEWER_CHARGES = DecisionPoint(
    name="utilities.sewer_charges",
    words="What a part of a billed period costs for sewer",
    date_basis=DateBasis.SERVICE_DAY,
    stage=1,
    inputs=(
        *_PART,
        Input(name="meter_size", kind=Kind.CODE, code_list="meter size"),
        _usage("usage_kgal", "kgal"),
        _usage("period_usage_kgal", "kgal"),
        # The monthly average over the months that `utilities.winter_average` names; null where the
        # account has no water history in them.
        Input(
            name="winter_average_kgal",
            kind=Kind.QUANTITY,
            unit="kgal",
            scale=3,
            low=0,
            high=10_000_000,
            may_be_null=True,
        ),
    ),
    outputs=(
        _line("Sewer base charge", "sewer_base"),
        _line("Sewer use charge", "sewer_use"),
        _line("Sewer surcharge", "sewer_surcharge"),
    ),
)

ELECTRIC_CHARGES = DecisionPoint(
    name="utilities.electric_charges",
    words="What a part of a billed period costs for electricity",
    date_basis=DateBasis.SERVICE_DAY,
    stage=1,
    inputs=(
        *_PART,
        Input(name="phase", kind=Kind.CODE, code_list="phase"),
        _usage("usage_kwh", "kWh"),
        _usage("period_usage_kwh", "kWh"),
    ),
    outputs=(
        _line("Electric customer charge", "electric_customer"),
        _line("Electric energy", "electric_energy"),
        _line("Electric fuel", "electric_fuel"),
        _line("Electric surcharge", "electric_surcharge"),
    ),
)

# The sums are of the bill's lines by their charge code (code list "bill line", attribute `charge`).
TAXES = DecisionPoint(
    name="utilities.taxes",
    words="Which taxes a bill carries, each over sums of charge codes, in legal order",
    date_basis=DateBasis.BILL_DAY,
    stage=2,
    inputs=(
        Input(name="inside_city", kind=Kind.BOOLEAN),
        Input(name="rate_class", kind=Kind.CODE, code_list="rate class"),
        _money("water_charges"),
        _money("sewer_charges"),
        _money("electric_charges"),
        _money("fuel_charges"),
    ),
    outputs=(
        _line("Gross receipts tax", "gross_receipts_tax"),
        _line("Public service tax", "public_service_tax"),
    ),
)

BILL_MINIMUM = DecisionPoint(
    name="utilities.bill_minimum",
    words="What is added to a bill below the minimum",
    date_basis=DateBasis.BILL_DAY,
    stage=3,
    is_required=False,
    inputs=(
        Input(name="inside_city", kind=Kind.BOOLEAN),
        Input(name="rate_class", kind=Kind.CODE, code_list="rate class"),
        _money("total_before_minimum"),
    ),
    outputs=(_line("Minimum adjustment", "minimum_adjustment"),),
)

BILL_EDIT = DecisionPoint(
    name="utilities.bill_edit",
    words="Whether a calculated bill goes out or is held for a person, and why",
    date_basis=DateBasis.BILL_DAY,
    inputs=(
        _money("bill_total"),
        Input(
            name="previous_total",
            kind=Kind.MONEY,
            low=-10_000_000,
            high=10_000_000,
            may_be_null=True,
        ),
        Input(name="days_billed", kind=Kind.NUMBER, low=0, high=800),
        # Estimated bills of the last twelve months, this one included.
        Input(name="estimated_reads", kind=Kind.NUMBER, low=0, high=1000),
        Input(name="rate_class", kind=Kind.CODE, code_list="rate class"),
    ),
    outputs=(
        # Null lets the bill pass.
        OutputLine(
            decision="Hold reason", name="hold_reason", kind=Kind.CODE, code_list="hold reason"
        ),
    ),
)

READ_CHECK = DecisionPoint(
    name="utilities.read_check",
    words="Whether the usage of a new read is believable beside what the place used before",
    date_basis=DateBasis.READ_DAY,
    inputs=(
        Input(name="service", kind=Kind.CODE, code_list="service"),
        # In the register's own unit.
        _usage("usage", ""),
        # What the same days would use at the place's own daily average; null without history.
        Input(
            name="expected_usage",
            kind=Kind.QUANTITY,
            scale=3,
            low=0,
            high=10_000_000,
            may_be_null=True,
        ),
        Input(name="days", kind=Kind.NUMBER, low=0, high=800),
    ),
    outputs=(
        # Null accepts the read.
        OutputLine(
            decision="Read remark", name="read_remark", kind=Kind.CODE, code_list="read remark"
        ),
    ),
)

ESTIMATE = DecisionPoint(
    name="utilities.estimate",
    words="What usage is estimated where a read is missing",
    date_basis=DateBasis.READ_DAY,
    inputs=(
        Input(name="service", kind=Kind.CODE, code_list="service"),
        Input(name="days", kind=Kind.NUMBER, low=1, high=800),
        # Null where there is no such history.
        *(
            Input(name=name, kind=Kind.QUANTITY, scale=3, low=0, high=10_000_000, may_be_null=True)
            for name in ("usage_same_period_last_year", "usage_last_three_periods")
        ),
        *(
            Input(name=name, kind=Kind.NUMBER, low=1, high=800, may_be_null=True)
            for name in ("days_same_period_last_year", "days_last_three_periods")
        ),
    ),
    outputs=(
        # Null where nothing can be estimated: the missing read becomes a work item.
        OutputLine(decision="Estimated usage", name="estimated_usage", kind=Kind.QUANTITY, scale=3),
    ),
)

WINTER_AVERAGE = DecisionPoint(
    name="utilities.winter_average",
    words="Which months' water is averaged for sewer, and when the average is renewed",
    date_basis=DateBasis.BILL_DAY,
    inputs=(Input(name="rate_class", kind=Kind.CODE, code_list="rate class"),),
    outputs=(
        OutputLine(
            decision="First winter month",
            name="first_winter_month",
            kind=Kind.NUMBER,
            low=1,
            high=12,
        ),
        OutputLine(
            decision="Winter months", name="winter_months", kind=Kind.NUMBER, low=1, high=12
        ),
        OutputLine(
            decision="Renewal month", name="renewal_month", kind=Kind.NUMBER, low=1, high=12
        ),
    ),
)

DUE_DAY = DecisionPoint(
    name="utilities.due_day",
    words="How many days after the bill day a bill is due",
    date_basis=DateBasis.BILL_DAY,
    inputs=(Input(name="rate_class", kind=Kind.CODE, code_list="rate class"),),
    outputs=(
        OutputLine(decision="Days to pay", name="days_to_pay", kind=Kind.NUMBER, low=0, high=400),
        # True moves a due day on a closed day to the next day the office is open.
        OutputLine(decision="Rolls to open day", name="rolls_to_open_day", kind=Kind.BOOLEAN),
    ),
)

LATE_CHARGE = DecisionPoint(
    name="utilities.late_charge",
    words="What an account owes for paying late",
    date_basis=DateBasis.DUE_DAY,
    inputs=(
        Input(name="days_late", kind=Kind.NUMBER, low=0, high=4000),
        _money("past_due"),
        Input(name="rate_class", kind=Kind.CODE, code_list="rate class"),
    ),
    outputs=(
        OutputLine(
            decision="Late charge", name="late_charge", kind=Kind.MONEY, low=0, high=1_000_000
        ),
    ),
)

RUN_POLICY = DecisionPoint(
    name="utilities.run_policy",
    words="How a bill run proves itself before it commits",
    date_basis=DateBasis.BILL_DAY,
    inputs=(Input(name="accounts_in_chunk", kind=Kind.NUMBER, low=0, high=1_000_000),),
    outputs=(
        # Bills of each chunk that the case evaluator computes again.
        OutputLine(
            decision="Sample size", name="sample_size", kind=Kind.NUMBER, low=0, high=1_000_000
        ),
    ),
)

DECISION_POINTS = (
    WATER_CHARGES,
    SEWER_CHARGES,
    ELECTRIC_CHARGES,
    TAXES,
    BILL_MINIMUM,
    BILL_EDIT,
    READ_CHECK,
    ESTIMATE,
    WINTER_AVERAGE,
    DUE_DAY,
    LATE_CHARGE,
    RUN_POLICY,
)
