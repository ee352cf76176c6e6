"""The fixed words of state collections."""

from django.db import models


class FileKind(models.TextChoices):
    """What a file of the state holds."""

    LICENSES = "licenses"
    RETURNS = "returns"
    PAYMENTS = "payments"
    DISTRIBUTION = "distribution"
