"""How an analysis is cut, and what is looked for."""

from __future__ import annotations

import enum


class By(enum.StrEnum):
    """What the rows of an analysis are."""

    BUSINESS_CLASS = "class"
    # The ZIP code of the place of business.
    PLACE = "place"
    # The tax region that a line is filed for.
    AREA = "area"


class Timing(enum.StrEnum):
    """Which quarter a return counts in."""

    # That of the months it is for; one of several quarters is spread over its months.
    EARNED = "earned"
    # That of the day it came; an amendment counts by what it changed.
    RECEIVED = "received"


class Measure(enum.StrEnum):
    """What is added up."""

    GROSS = "gross"
    TAXABLE = "taxable"
    TAX = "tax"


MEASURES = tuple(Measure)


class Discovery(enum.StrEnum):
    """A list of what is worth a look."""

    # Licensed, and registered for no tax.
    UNREGISTERED = "unregistered"
    # Registered for tax, and without a license.
    UNLICENSED = "unlicensed"
    # Receipts that fell against the same periods of the year before.
    DROPS = "drops"
    # Deductions above what is usual in the class.
    DEDUCTIONS = "deductions"
