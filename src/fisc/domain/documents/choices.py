"""What a document is, and what it is about."""

from django.db import models


class Kind(models.IntegerChoices):
    BILL = 1, "bill"
    RETURN_CORRECTION = 12, "letter about a corrected return"
    PAYOFF_LETTER = 20, "pay-off letter"
    RENEWAL_NOTICE = 30, "notice of a renewal"
    LAPSE_NOTICE = 31, "notice of a lapsed license"
    NONFILER_NOTICE = 32, "notice of a missing return"
    ASSESSMENT_NOTICE = 33, "notice of an estimated assessment"
    PRINT_BATCH = 34, "letters printed together"


class Subject(models.IntegerChoices):
    BILL = 1, "bill"
    # The id of a version of a return.
    TAX_RETURN = 12, "tax return"
    PAYOFF = 20, "promise of a pay-off"
    RENEWAL_NOTICE = 30, "notice of a renewal"
    # The id of what happened to the license.
    LICENSE_EVENT = 31, "lapse of a license"
    NONFILING = 32, "missing return"
    ASSESSMENT = 33, "estimated assessment"
    PRINT_BATCH = 34, "letters printed together"


# Letters that a run writes and people print: what each is about.
LETTERS = {
    Kind.RETURN_CORRECTION: Subject.TAX_RETURN,
    Kind.RENEWAL_NOTICE: Subject.RENEWAL_NOTICE,
    Kind.LAPSE_NOTICE: Subject.LICENSE_EVENT,
    Kind.NONFILER_NOTICE: Subject.NONFILING,
    Kind.ASSESSMENT_NOTICE: Subject.ASSESSMENT,
}
