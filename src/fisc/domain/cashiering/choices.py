"""Where a till stands."""

from django.db import models


class TillStatus(models.TextChoices):
    """Open takes money; counted waits for approval or a recount; closed is done."""

    OPEN = "open", "Open"
    COUNTED = "counted", "Counted"
    CLOSED = "closed", "Closed"
