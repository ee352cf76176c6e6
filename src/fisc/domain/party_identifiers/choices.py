"""The kinds of numbers by which others know a party."""

from django.db import models


class Kind(models.TextChoices):
    """Who gave the number, where that is always the same."""

    EIN = "EIN", "EIN"
    SSN = "SSN", "SSN"
    ITIN = "ITIN", "ITIN"
    # Given by whom the row says: a state's license, a passport.
    OTHER = "other", "other"
