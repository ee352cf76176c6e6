"""The fixed words of conversion."""

from django.db import models


class MadeKind(models.IntegerChoices):
    """What a file brought in, and what its undoing takes out again."""

    PARTY = 1, "Party"
    PREMISE = 2, "Premise"
    ACCOUNT = 3, "Account"
    APPLICATION = 4, "Application"
    LICENSE = 5, "License"
