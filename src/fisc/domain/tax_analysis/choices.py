"""How an analysis is cut."""

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
