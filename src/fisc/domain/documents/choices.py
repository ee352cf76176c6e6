"""What a document is, and what it is about."""

from django.db import models


class Kind(models.IntegerChoices):
    BILL = 1, "bill"
    RETURN_CORRECTION = 12, "letter about a corrected return"
    PAYOFF_LETTER = 20, "pay-off letter"


class Subject(models.IntegerChoices):
    BILL = 1, "bill"
    # The id of a version of a return.
    TAX_RETURN = 12, "tax return"
    PAYOFF = 20, "promise of a pay-off"
