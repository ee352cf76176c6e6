"""What licensing asks of tables. A license type is its rows in these tables, never code.

Terms, fees and penalties are asked by the day a license is issued or renewed; what an application
must bring by the day it was received; refunds by the day of the outcome. The name of an output
line of a fee is its code in the code list "license line".
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
            decision="Months in term",
            name="months_in_term",
            kind=Kind.NUMBER,
            low=1,
            high=60,
            is_required=False,
        ),
        # Of a license for an event, whose term is its days and which is not renewed: the fewest and
        # most days that one lasts. Null for what is no event; the months of an event are null.
        OutputLine(
            decision="Least days",
            name="least_days",
            kind=Kind.NUMBER,
            low=1,
            high=365,
            is_required=False,
        ),
        OutputLine(
            decision="Most days",
            name="most_days",
            kind=Kind.NUMBER,
            low=1,
            high=365,
            is_required=False,
        ),
        # A year in which a term of several years begins; null where any will do, or it has one.
        OutputLine(
            decision="First year",
            name="first_year",
            kind=Kind.NUMBER,
            low=1900,
            high=2200,
            is_required=False,
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
        Input(name="months_begun", kind=Kind.NUMBER, low=1, high=60),
        Input(name="months_nearest", kind=Kind.NUMBER, low=0, high=60),
        Input(name="quarters_begun", kind=Kind.NUMBER, low=1, high=20),
        # By days, the day of issue counted, and of how many.
        Input(name="days_left", kind=Kind.NUMBER, low=1, high=1_830),
        Input(name="days_in_term", kind=Kind.NUMBER, low=1, high=1_830),
        # For fees that change within a year.
        Input(name="issued_on", kind=Kind.DATE, may_be_null=True),
        # How many days an event lasts, 0 of what is none; and of a new license for one, how many
        # days before its first it was asked for.
        Input(name="event_days", kind=Kind.NUMBER, low=0, high=365),
        Input(name="days_ahead", kind=Kind.NUMBER, low=0, high=36_600),
    ),
    outputs=(
        _line("Application fee", "application_fee"),
        _line("Late application fee", "late_application_fee"),
        _line("License fee", "license_fee"),
        _line("Fee for units", "unit_fee"),
        _line("Receipts tax", "receipts_tax"),
        _line("Unlicensed penalty", "unlicensed_penalty"),
    ),
)

_IS_NEW = Input(name="is_new", kind=Kind.BOOLEAN)


def _flag(decision: str, name: str) -> OutputLine:
    return OutputLine(decision=decision, name=name, kind=Kind.BOOLEAN)


def _days(decision: str, name: str, *, low: int = 0, is_required: bool = True) -> OutputLine:
    return OutputLine(
        decision=decision,
        name=name,
        kind=Kind.NUMBER,
        low=low,
        high=366,
        is_required=is_required,
    )


LICENSE_REQUIREMENTS = DecisionPoint(
    name="licensing.license_requirements",
    words="What must hold before a license is issued or handed on, and how long a denial is open",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(_TYPE,),
    outputs=(
        _flag("Good standing", "needs_good_standing"),
        _flag("Tax account", "needs_tax_account"),
        _flag("Handed on", "is_transferable"),
        _days("Appeal days", "appeal_days"),
        # How long a letter of clearance holds.
        _days("Clearance days", "clearance_days", low=1),
    ),
)

LICENSE_QUESTIONS = DecisionPoint(
    name="licensing.license_questions",
    words="Which questions an applicant answers",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        _TYPE,
        Input(name="question", kind=Kind.CODE, code_list="license question"),
        _IS_NEW,
    ),
    outputs=(_flag("Asked", "is_asked"),),
)

LICENSE_ATTACHMENTS = DecisionPoint(
    name="licensing.license_attachments",
    words="Which papers an applicant brings, and which must be in force, as insurance and bonds",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        _TYPE,
        Input(name="attachment", kind=Kind.CODE, code_list="license attachment"),
        _IS_NEW,
    ),
    outputs=(
        _flag("Asked", "is_asked"),
        # An insurance or bond that must hold on the day of issue.
        _flag("In force", "must_be_in_force"),
        # Days before its last day that somebody is to ask for the next one; null for never.
        _days("Watch days", "watch_days", is_required=False),
        # Days after its last day that the license is suspended without another; null for never.
        _days("Suspend days", "suspend_days", is_required=False),
    ),
)

LICENSE_SIGN_OFFS = DecisionPoint(
    name="licensing.license_sign_offs",
    words="Which departments sign off, in which step, and how long each has",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        _TYPE,
        Input(name="department", kind=Kind.CODE, code_list="license department"),
        _IS_NEW,
    ),
    outputs=(
        # Null where the department is not asked; equal steps are asked at once.
        OutputLine(
            decision="Step", name="step", kind=Kind.NUMBER, low=1, high=9, is_required=False
        ),
        # Days of the calendar from the day it is asked.
        _days("Due days", "due_days", is_required=False),
    ),
)

LICENSE_REFUNDS = DecisionPoint(
    name="licensing.license_refunds",
    words="What of a charged line is given back where no license is issued",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        _TYPE,
        Input(name="line", kind=Kind.CODE, code_list="license line"),
        Input(name="outcome", kind=Kind.CODE, code_list="license outcome"),
        # Of the line, as it was charged.
        Input(name="amount", kind=Kind.MONEY, low=0, high=10_000_000),
    ),
    outputs=(_line("Refund", "refund"),),
)

LICENSE_PENALTY = DecisionPoint(
    name="licensing.license_penalty",
    words="What a late renewal costs on top of its fee",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        _TYPE,
        # The line “license_fee” alone, and every line of the fee together.
        Input(name="license_fee", kind=Kind.MONEY, low=0, high=10_000_000),
        Input(name="all_fees", kind=Kind.MONEY, low=0, high=50_000_000),
        # Since the last day of the term: whole days, and months of which a day has come.
        Input(name="days_late", kind=Kind.NUMBER, low=0, high=36_600),
        Input(name="months_late", kind=Kind.NUMBER, low=0, high=1_200),
        # For penalties that a day of the calendar changes.
        Input(name="renewed_on", kind=Kind.DATE, may_be_null=True),
    ),
    outputs=(_line("Late penalty", "late_penalty"),),
)

RENEWAL_STEPS = DecisionPoint(
    name="licensing.renewal_steps",
    words="When the holder of a license hears of its renewal, and when it lapses",
    date_basis=DateBasis.EVENT_DAY,
    is_required=False,
    inputs=(
        _TYPE,
        # “lapse” ends the license; every other code is something that its holder is told.
        Input(name="step", kind=Kind.CODE, code_list="renewal step"),
    ),
    outputs=(
        # Days from the last day of the term, before it negative; null where it does not happen.
        OutputLine(
            decision="Step day",
            name="step_day",
            kind=Kind.NUMBER,
            low=-366,
            high=1_830,
            is_required=False,
        ),
        # Days after its day that it is still sent where the day was missed; null for its day only.
        _days("Days open", "days_open", is_required=False),
    ),
)

DECISION_POINTS = (
    LICENSE_TERMS,
    LICENSE_FEE,
    LICENSE_REQUIREMENTS,
    LICENSE_QUESTIONS,
    LICENSE_ATTACHMENTS,
    LICENSE_SIGN_OFFS,
    LICENSE_REFUNDS,
    LICENSE_PENALTY,
    RENEWAL_STEPS,
)
