"""The fixed words of licensing."""

from django.db import models


class ActivityList(models.TextChoices):
    """Which code list says what a business does."""

    NAICS = "naics"
    CITY = "business class"
