"""What tax returns ask of tables: lines, then totals, then penalties and interest; and due days.

A return is computed in stages: `factoring` of lines whose receipts include tax, `return_lines` for
each line, `return_totals` over their sums, `filed_figures` of what the filer wrote of those,
`penalties` of the due day once the return is late, `interest` of each part of the time unpaid.
Their `stage` stays 0: that number is the place among the stages of a utility bill.
"""

from __future__ import annotations

from fisc.domain.rule_tables.declarations import (
    DateBasis,
    DecisionPoint,
    Input,
    Kind,
    OutputLine,
)
from fisc.domain.tax_returns.decision_points import credit_points, late_points
from fisc.domain.tax_returns.decision_points.accounts import (
    BOND,
    FREQUENCY_REVIEW,
    LOCATION_SCHEDULE,
)

PENALTIES, INTEREST, LATE_TOTALS = late_points.DECISION_POINTS
MONEY_MAX = 1_000_000_000
MONTHS_MAX = late_points.MONTHS_MAX
_DAYS_MAX = 366


def _money(name: str) -> Input:
    return Input(name=name, kind=Kind.MONEY, low=0, high=MONEY_MAX)


def _amount(decision: str, name: str, *, low: int = 0, is_required: bool = True) -> OutputLine:
    return OutputLine(
        decision=decision,
        name=name,
        kind=Kind.MONEY,
        low=low,
        high=2 * MONEY_MAX,
        is_required=is_required,
    )


def _number(
    decision: str, name: str, *, low: int, high: int, is_required: bool = True
) -> OutputLine:
    return OutputLine(
        decision=decision, name=name, kind=Kind.NUMBER, low=low, high=high, is_required=is_required
    )


_REGION = Input(name="region", kind=Kind.CODE, code_list="tax region")
_CLASS = Input(name="business_class", kind=Kind.CODE, code_list="business class")
# For rows by date: a rate that an ordinance gives for periods from a day.
_PERIOD = Input(name="period_starts_on", kind=Kind.DATE, may_be_null=True)
# For amounts by the month or the year: minimums, flat taxes, brackets.
_LENGTH = Input(name="months_in_period", kind=Kind.NUMBER, low=1, high=12)

DEDUCTIONS = DecisionPoint(
    name="tax_returns.deductions",
    words="Which deductions a business class may take, and up to what amount",
    date_basis=DateBasis.FILING_PERIOD,
    inputs=(
        Input(name="deduction_code", kind=Kind.CODE, code_list="deduction code"),
        _CLASS,
        # Gross receipts of the line less its deductions under every other code.
        _money("net_of_other_deductions"),
        # A deduction may be of some places only.
        _REGION,
        _money("gross"),
        # What is deducted under the code.
        _money("amount"),
        _PERIOD,
    ),
    outputs=(
        OutputLine(decision="Allowed", name="is_allowed", kind=Kind.BOOLEAN),
        # Null where the deduction has no limit of its own.
        _amount("Limit", "limit"),
    ),
)

RETURN_LINES = DecisionPoint(
    name="tax_returns.return_lines",
    words="What a line of a return owes: taxable amount, rate, tax and accounting credit",
    date_basis=DateBasis.FILING_PERIOD,
    inputs=(
        _REGION,
        _CLASS,
        _money("gross"),
        # The sum of the line's itemized deductions, and of the tax its receipts include.
        _money("deductions"),
        Input(name="is_electronic", kind=Kind.BOOLEAN),
        # Gallons, rooms or nights, for a tax by the unit; 0 where the line counts none.
        Input(name="units", kind=Kind.NUMBER, scale=3, low=0, high=MONEY_MAX),
        # Of a line about one item: its price, for a rate that changes above an amount. Else 0.
        _money("item_price"),
        _LENGTH,
        _PERIOD,
    ),
    outputs=(
        # Negative where more was deducted than there was.
        _amount("Taxable", "taxable", low=-2 * MONEY_MAX),
        # A fraction of the taxable amount. Null where the class is not taxed.
        OutputLine(decision="Rate", name="rate", kind=Kind.NUMBER, scale=8, low=0, high=1),
        _amount("Tax", "tax", low=-2 * MONEY_MAX),
        # What the filer may keep for its own accounting, before the cap of the year.
        _amount("Line credit", "line_credit", low=-2 * MONEY_MAX, is_required=False),
    ),
)

RETURN_TOTALS = DecisionPoint(
    name="tax_returns.return_totals",
    words="What a return owes in all: tax and excess tax, less credits and estimated payments",
    date_basis=DateBasis.FILING_PERIOD,
    inputs=(
        # Over the lines of the return.
        _money("tax"),
        _money("line_credits"),
        # Collected from customers beyond the tax, and owed all the same.
        _money("excess_tax"),
        # The accounting credit of the filer's earlier returns of the calendar year.
        _money("credit_taken_in_year"),
        _money("credit_carried"),
        _money("estimated_payments"),
        # Whether both the return and its payment came in time.
        Input(name="is_on_time", kind=Kind.BOOLEAN),
        Input(name="is_electronic", kind=Kind.BOOLEAN),
        # Gross receipts and taxable amounts of all lines.
        _money("gross"),
        _money("taxable"),
        _LENGTH,
        _PERIOD,
    ),
    outputs=(
        _amount("Total tax", "total_tax"),
        _amount("Accounting credit", "accounting_credit", is_required=False),
        # Before penalty and interest, which are computed on it.
        _amount("Tax due", "tax_due", low=-MONEY_MAX),
        # Negative where the credits are more than the tax: a credit of the filer.
        _amount("Net due", "net_due", low=-3 * MONEY_MAX),
    ),
)

# Tax-included receipts. The table says how much of them is tax; that much is deducted.
FACTORING = DecisionPoint(
    name="tax_returns.factoring",
    words="How much of receipts that include tax is tax",
    date_basis=DateBasis.FILING_PERIOD,
    is_required=False,
    inputs=(
        _REGION,
        _CLASS,
        # With the tax in it.
        _money("gross"),
        # The line's itemized deductions without a limit of their own, and those with one, which are
        # a share of what is left without the tax.
        _money("deductions"),
        _money("limited_deductions"),
        # What of the receipts is the price of land, whether this region lets it be deducted or not.
        _money("land"),
        _PERIOD,
    ),
    outputs=(_amount("Tax included", "tax_included"),),
)

FILED_FIGURES = DecisionPoint(
    name="tax_returns.filed_figures",
    words="What is done about a figure that the filer wrote and that comes out otherwise",
    date_basis=DateBasis.FILING_PERIOD,
    is_required=False,
    inputs=(
        Input(name="form", kind=Kind.CODE, code_list="return form"),
        Input(name="figure", kind=Kind.CODE, code_list="filed figure"),
        # Between what was written and what it comes to, whichever is more.
        Input(name="difference", kind=Kind.MONEY, low=0, high=6 * MONEY_MAX),
        # What it comes to, without its sign.
        Input(name="computed", kind=Kind.MONEY, low=0, high=4 * MONEY_MAX),
        Input(name="is_electronic", kind=Kind.BOOLEAN),
    ),
    outputs=(
        OutputLine(
            decision="Treatment",
            name="treatment",
            kind=Kind.CODE,
            code_list="filed figure treatment",
        ),
    ),
)

DUE_DAYS = DecisionPoint(
    name="tax_returns.due_days",
    words="When the return of a period is due, and by when it must have been received",
    date_basis=DateBasis.FILING_PERIOD,
    inputs=(
        Input(name="frequency", kind=Kind.CODE, code_list="filing frequency"),
        _PERIOD,
        # The number of the period's last month, 1 to 12.
        Input(name="last_month", kind=Kind.NUMBER, low=1, high=12),
    ),
    outputs=(
        # 1 is the month after the period's last.
        _number("Months after the period", "months_after", low=0, high=24),
        _number("Day of the month", "day_of_month", low=1, high=31),
        # Where not null, the due day is that open day of the month, the first being 1, or the open
        # day so many before its last open day, which is 0; the day of the month is not used.
        _number("Open day of the month", "open_day", low=1, high=23, is_required=False),
        _number(
            "Open days back from month end", "open_days_back", low=0, high=23, is_required=False
        ),
        # True moves a due day on a closed day to the open one before it.
        OutputLine(
            decision="Rolls back to open day",
            name="rolls_back",
            kind=Kind.BOOLEAN,
            is_required=False,
        ),
        # True moves a due day on a closed day to the next open one.
        OutputLine(decision="Rolls to open day", name="rolls_to_open_day", kind=Kind.BOOLEAN),
        # Of the due day's month, back from its last open day, which is 0. Null is the due day.
        _number("Paper open days before month end", "paper_days_back", low=0, high=23),
        _number("Electronic open days before month end", "electronic_days_back", low=0, high=23),
        # Where not null, the due day is so many days after the period's last, whatever the month.
        _number("Days after the period", "days_after", low=0, high=_DAYS_MAX, is_required=False),
        # Days after the due day in which a return is in time however it is sent.
        _number("Grace days", "grace_days", low=0, high=_DAYS_MAX, is_required=False),
    ),
)

FILING_FREQUENCY = DecisionPoint(
    name="tax_returns.filing_frequency",
    words="How often an account files, by what it is thought to owe in a year",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(_money("estimated_annual_tax"),),
    outputs=(
        OutputLine(
            decision="Frequency", name="frequency", kind=Kind.CODE, code_list="filing frequency"
        ),
    ),
)

ASSESSMENT_POLICY = DecisionPoint(
    name="tax_returns.assessment_policy",
    words="When a missing return is estimated, and on how many returns the estimate rests",
    date_basis=DateBasis.DUE_DAY,
    inputs=(Input(name="frequency", kind=Kind.CODE, code_list="filing frequency"),),
    outputs=(
        _number("Returns looked at", "returns_looked_at", low=1, high=120),
        # After the last day in time.
        _number("Days before proposed", "days_before_proposed", low=1, high=3_650),
    ),
    is_required=False,
)

ESTIMATED_ASSESSMENT = DecisionPoint(
    name="tax_returns.estimated_assessment",
    words="What a missing return is estimated to owe, by the returns before it",
    date_basis=DateBasis.DUE_DAY,
    inputs=(
        # Of the returns looked at; 0 where there are none.
        _money("highest_tax"),
        _money("average_tax"),
        Input(name="returns_found", kind=Kind.NUMBER, low=0, high=120),
        # Of the account, this one among them.
        Input(name="returns_missing", kind=Kind.NUMBER, low=1, high=MONTHS_MAX),
    ),
    # 0 proposes nothing.
    outputs=(_amount("Amount", "amount"),),
    is_required=False,
)

WAIVERS = DecisionPoint(
    name="tax_returns.waivers",
    words="Which penalties and interest may be waived, and at most how much of a period",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        Input(name="reason", kind=Kind.CODE, code_list="waiver reason"),
        # False is interest.
        Input(name="is_penalty", kind=Kind.BOOLEAN),
        # False covers periods due within some days, or standing.
        Input(name="is_one_time", kind=Kind.BOOLEAN),
        # What the period is charged; 0 where it is not of one period.
        _money("charged"),
    ),
    outputs=(
        OutputLine(decision="Allowed", name="is_allowed", kind=Kind.BOOLEAN),
        _amount("Most", "most"),
    ),
    is_required=False,
)

LIMITATION = DecisionPoint(
    name="tax_returns.limitation",
    words="How long a tax may be changed after its return was due or came, whichever is later",
    date_basis=DateBasis.DUE_DAY,
    inputs=(
        # False is less tax, and what was paid being refunded.
        Input(name="is_more_tax", kind=Kind.BOOLEAN),
    ),
    outputs=(_number("Months", "months", low=1, high=MONTHS_MAX),),
    is_required=False,
)

CIVIL_PENALTIES = DecisionPoint(
    name="tax_returns.civil_penalties",
    words="What is added to tax that was not reported, by negligence or fraud",
    date_basis=DateBasis.DUE_DAY,
    inputs=(
        Input(name="cause", kind=Kind.CODE, code_list="civil penalty cause"),
        # More tax than the return reported.
        _money("deficiency"),
    ),
    outputs=(_amount("Civil penalty", "civil_penalty"),),
    is_required=False,
)

SECOND_KEYING = DecisionPoint(
    name="tax_returns.second_keying",
    words="Which returns of a keyed batch another person keys again",
    date_basis=DateBasis.EVENT_DAY,
    inputs=(
        # The net due of the return as it was keyed; a credit is none.
        _money("net_due"),
        _money("gross"),
        # 1 is the first return that was keyed into the batch.
        Input(name="place_in_batch", kind=Kind.NUMBER, low=1, high=100_000),
    ),
    outputs=(OutputLine(decision="Keyed again", name="is_keyed_again", kind=Kind.BOOLEAN),),
)

REFUND_CONTROLS = DecisionPoint(
    name="tax_returns.refund_controls",
    words="What keeps a credit of a tax account from being paid out",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        # Returns that are owed, did not come, and can be in time no more.
        Input(name="missing_returns", kind=Kind.NUMBER, low=0, high=10_000),
        # Claimed after the last day by the book of limitation; false in a city without one.
        Input(name="is_past_limitation", kind=Kind.BOOLEAN),
    ),
    outputs=(
        # Where one is true, the row's text says why.
        OutputLine(
            decision="Missing returns hold it", name="missing_returns_hold", kind=Kind.BOOLEAN
        ),
        OutputLine(decision="Limitation holds it", name="limitation_holds", kind=Kind.BOOLEAN),
    ),
)

DECISION_POINTS = (
    DEDUCTIONS,
    FACTORING,
    RETURN_LINES,
    RETURN_TOTALS,
    FILED_FIGURES,
    LOCATION_SCHEDULE,
    *late_points.DECISION_POINTS,
    DUE_DAYS,
    FILING_FREQUENCY,
    FREQUENCY_REVIEW,
    BOND,
    ASSESSMENT_POLICY,
    ESTIMATED_ASSESSMENT,
    WAIVERS,
    LIMITATION,
    CIVIL_PENALTIES,
    SECOND_KEYING,
    REFUND_CONTROLS,
    *credit_points.DECISION_POINTS,
)
