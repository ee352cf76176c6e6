"""The tables of licensing, by what they are of."""

from fisc.domain.licensing.models.applications import (
    Answer,
    Application,
    ApplicationEvent,
    Attachment,
    FeeItem,
    NumberCounter,
    SignOff,
)
from fisc.domain.licensing.models.businesses import (
    WHOLE,
    Activity,
    Business,
    BusinessName,
    BusinessWords,
    Location,
    Ownership,
)
from fisc.domain.licensing.models.licenses import (
    Clearance,
    Coverage,
    License,
    LicenseEvent,
)
from fisc.domain.licensing.models.renewals import RenewalNotice

__all__ = [
    "WHOLE",
    "Activity",
    "Answer",
    "Application",
    "ApplicationEvent",
    "Attachment",
    "Business",
    "BusinessName",
    "BusinessWords",
    "Clearance",
    "Coverage",
    "FeeItem",
    "License",
    "LicenseEvent",
    "Location",
    "NumberCounter",
    "Ownership",
    "RenewalNotice",
    "SignOff",
]
