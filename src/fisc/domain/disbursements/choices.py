"""The fixed words of disbursements."""

from django.db import models


class EventKind(models.TextChoices):
    """What happened to a requisition; its state is the last of them."""

    PREPARED = "prepared"
    # Approved by one where two are needed.
    APPROVED_ONCE = "approved once"
    # By as many as are needed: what it pays out is in the books.
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    # Approved, and taken back before it was paid.
    CANCELLED = "cancelled"
    PAID = "paid"


#: States in which a requisition still wants somebody to decide.
WAITING = (EventKind.PREPARED, EventKind.APPROVED_ONCE)
