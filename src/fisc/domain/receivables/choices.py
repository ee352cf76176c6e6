"""The kinds of items."""

from django.db import models


class ItemKind(models.IntegerChoices):
    """Whether an account owes an item or is owed it."""

    CHARGE = 1, "Charge"
    CREDIT = 2, "Credit"
