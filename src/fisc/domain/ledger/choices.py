"""The numbers that entries are marked with, and the kinds of GL accounts."""

from django.db import models


class EntryKind(models.IntegerChoices):
    """What an entry does to the books."""

    CHARGE = 1, "Charge"
    PAYMENT = 2, "Payment"
    ADJUSTMENT = 3, "Adjustment"
    CREDIT_APPLIED = 4, "Credit applied"
    TENDER_RETURNED = 5, "Tender returned"
    OVER_SHORT = 6, "Over or short"
    REVERSAL = 7, "Reversal"
    OPENING = 8, "Opening balance"
    DEPOSIT = 9, "Deposit"
    DISBURSEMENT = 10, "Disbursement"
    DISTRIBUTION = 11, "Distribution"


class SourceKind(models.IntegerChoices):
    """Which kind of record an entry, item or payment came from; its number is the source id."""

    NONE = 0, "None"
    BILL = 1, "Bill"
    BILL_CANCELLATION = 2, "Bill cancellation"
    LATE_CHARGE = 3, "Late charge"
    PAYMENT = 4, "Payment"
    TENDER_RETURN = 5, "Tender return"
    TILL = 6, "Till"
    ADJUSTMENT = 7, "Adjustment"
    CONVERSION = 8, "Conversion"
    ENTRY = 9, "Entry"
    FILE = 10, "File"
    LICENSE = 11, "License"
    TAX_RETURN = 12, "Tax return"
    TAX_ASSESSMENT = 13, "Tax assessment"
    DISBURSEMENT = 14, "Disbursement"
    WAIVER = 15, "Waiver"
    DISTRIBUTION = 16, "Distribution"
    STATE_FILE = 17, "State file"


class SubledgerKind(models.IntegerChoices):
    """Who stands behind a subledger account."""

    ACCOUNT = 1, "Account"


class GLKind(models.TextChoices):
    """Where a GL account stands in the statements."""

    ASSET = "asset", "Asset"
    LIABILITY = "liability", "Liability"
    REVENUE = "revenue", "Revenue"
    EXPENSE = "expense", "Expense"
    EQUITY = "equity", "Equity"
