"""What an item of a tax account stands for, what was waived of it, where a batch stands."""

from django.db import models


class Part(models.IntegerChoices):
    """The part of a period's tax that a posted item is of.

    Those below 10 are tax; those from 20 take off what the one of 10 less says.
    """

    TAX = 1, "Tax"
    EXCESS_TAX = 2, "Excess tax collected"
    ACCOUNTING_CREDIT = 3, "Accounting credit"
    # What an audit found beyond the newest return; an amended return changes it (decision 0160).
    AUDITED = 4, "Found by an audit"
    PENALTY = 10, "Penalty"
    INTEREST = 11, "Interest"
    # Set once by an audit, and never reckoned: no day adds to it.
    CIVIL_PENALTY = 12, "Civil penalty"
    WAIVED_PENALTY = 20, "Penalty waived"
    WAIVED_INTEREST = 21, "Interest waived"


class WaiverKind(models.IntegerChoices):
    """Why something of penalties or interest is not asked for."""

    LETTER = 1, "Pay-off letter"
    ONE_TIME = 2, "One-time"
    DATED = 3, "Dated"
    STANDING = 4, "Standing"


class WaiverState(models.IntegerChoices):
    """What became of a waiver that was asked for."""

    ASKED = 1, "Asked for"
    GRANTED = 2, "Granted"
    DENIED = 3, "Denied"


class AssessmentState(models.IntegerChoices):
    """What became of an estimated assessment."""

    PROPOSED = 1, "Proposed"
    APPROVED = 2, "Approved"
    REJECTED = 3, "Rejected"
    REPLACED = 4, "Replaced by its return"


class ProposalState(models.IntegerChoices):
    """What became of a change of filing frequency that a review proposed."""

    PROPOSED = 1, "Proposed"
    APPROVED = 2, "Approved"
    REJECTED = 3, "Rejected"


class BatchState(models.IntegerChoices):
    """Where a batch of keyed returns stands."""

    OPEN = 1, "Being keyed"
    SECOND = 2, "To be keyed again"
    DIFFERS = 3, "Keyed differently"
    BALANCED = 4, "Balanced"
    FILING = 5, "Being filed"
    DONE = 6, "Posted"


RETURN_PARTS = (Part.TAX, Part.EXCESS_TAX, Part.ACCOUNTING_CREDIT)
AUDIT_PARTS = (Part.AUDITED, Part.CIVIL_PENALTY)
TAX_PARTS = (*RETURN_PARTS, Part.AUDITED)
PENALTY_PARTS = (Part.PENALTY, Part.WAIVED_PENALTY, Part.CIVIL_PENALTY)
INTEREST_PARTS = (Part.INTEREST, Part.WAIVED_INTEREST)


def together(part: int) -> tuple[Part, ...]:
    """Return the parts that are settled as one: tax, penalty or interest, with what is waived."""
    return next(each for each in (TAX_PARTS, PENALTY_PARTS, INTEREST_PARTS) if Part(part) in each)
