"""What tax accounts are, what was filed and what became of it, and the files it came in."""

from fisc.domain.tax_returns.models.accounts import (
    FilingTerm,
    FrequencyProposal,
    FrequencyReview,
    Registration,
)
from fisc.domain.tax_returns.models.audited import Audited, Finding
from fisc.domain.tax_returns.models.batches import Batch, BatchReturn
from fisc.domain.tax_returns.models.bonds import Bond
from fisc.domain.tax_returns.models.ending import LimitationWaiver, WaiverEnd
from fisc.domain.tax_returns.models.figures import FiledFigure
from fisc.domain.tax_returns.models.filed import (
    Payoff,
    PayoffLine,
    Reckoning,
    ReturnDeduction,
    ReturnLine,
    TaxReturn,
    Waiver,
)
from fisc.domain.tax_returns.models.files import ReturnFile, ReturnFilePart
from fisc.domain.tax_returns.models.members import Member, ReturnLocation
from fisc.domain.tax_returns.models.missing import (
    AssessedItem,
    Assessment,
    NonFiling,
    WaiverRequest,
)
from fisc.domain.tax_returns.models.posted import Posted

__all__ = [
    "AssessedItem",
    "Assessment",
    "Audited",
    "Batch",
    "BatchReturn",
    "Bond",
    "FiledFigure",
    "FilingTerm",
    "Finding",
    "FrequencyProposal",
    "FrequencyReview",
    "LimitationWaiver",
    "Member",
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
    "ReturnLocation",
    "TaxReturn",
    "Waiver",
    "WaiverEnd",
    "WaiverRequest",
]
