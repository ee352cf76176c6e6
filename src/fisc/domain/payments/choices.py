"""Where a payment came in."""

from django.db import models


class Channel(models.IntegerChoices):
    """The door through which money came."""

    COUNTER = 1, "Counter"
    MAIL = 2, "Mail"
    LOCKBOX = 3, "Lockbox"
    WEB = 4, "Web"
    BANK_DRAFT = 5, "Bank draft"
    TELEPHONE = 6, "Telephone"
    CONVERSION = 7, "Conversion"
