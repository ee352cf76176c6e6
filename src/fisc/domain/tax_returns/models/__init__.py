"""What tax accounts are, what was filed and what became of it, and the files it came in."""

from fisc.domain.tax_returns.models.batches import Batch, BatchReturn
from fisc.domain.tax_returns.models.ending import LimitationWaiver, WaiverEnd
from fisc.domain.tax_returns.models.figures import FiledFigure
from fisc.domain.tax_returns.models.filed import (
    FilingTerm,
    Payoff,
    PayoffLine,
    Posted,
    Reckoning,
    Registration,
    ReturnDeduction,
    ReturnLine,
    TaxReturn,
    Waiver,
)
from fisc.domain.tax_returns.models.files import ReturnFile, ReturnFilePart
from fisc.domain.tax_returns.models.missing import (
    AssessedItem,
    Assessment,
    NonFiling,
    WaiverRequest,
)

__all__ = [
    "AssessedItem",
    "Assessment",
    "Batch",
    "BatchReturn",
    "FiledFigure",
    "FilingTerm",
    "LimitationWaiver",
    "NonFiling",
    "Payoff",
    "PayoffLine",
    "Posted",
    "Reckoning",
    "Registration",
    "ReturnDeduction",
    "ReturnFile",
    "ReturnFilePart",
    "ReturnLine",
    "TaxReturn",
    "Waiver",
    "WaiverEnd",
    "WaiverRequest",
]
