"""What a document is, and what it is about."""

from django.db import models


class Kind(models.IntegerChoices):
    BILL = 1, "bill"
    PAYOFF_LETTER = 20, "pay-off letter"


class Subject(models.IntegerChoices):
    BILL = 1, "bill"
    PAYOFF = 20, "promise of a pay-off"
