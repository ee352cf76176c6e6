"""The fixed words of state collections."""

from django.db import models


class FileKind(models.TextChoices):
    """What a file of the state holds."""

    LICENSES = "licenses"
    RETURNS = "returns"
    PAYMENTS = "payments"
    DISTRIBUTION = "distribution"


class Side(models.TextChoices):
    """On which side only somebody is: in the state's files, or in the city's registrations."""

    UNREGISTERED = "unregistered"
    NOT_IN_FILES = "not-in-files"
