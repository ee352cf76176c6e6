"""Audit cases with their schedules, what they came to, and protests; voluntary disclosures."""

from fisc.domain.tax_audits.models.assessed import (
    AssessedPeriod,
    AssessedRegion,
    Assessment,
    DecisionLine,
    ProtestLine,
)
from fisc.domain.tax_audits.models.cases import (
    Case,
    CasePeriod,
    Event,
    LimitationWaiver,
    RecordAnswer,
    RecordRequest,
    ScheduleLine,
    WaivedPeriod,
)
from fisc.domain.tax_audits.models.disclosures import (
    AgreedPeriod,
    AgreedWaiver,
    Agreement,
    Disclosure,
    DisclosureEvent,
)

__all__ = [
    "AgreedPeriod",
    "AgreedWaiver",
    "Agreement",
    "AssessedPeriod",
    "AssessedRegion",
    "Assessment",
    "Case",
    "CasePeriod",
    "DecisionLine",
    "Disclosure",
    "DisclosureEvent",
    "Event",
    "LimitationWaiver",
    "ProtestLine",
    "RecordAnswer",
    "RecordRequest",
    "ScheduleLine",
    "WaivedPeriod",
]
