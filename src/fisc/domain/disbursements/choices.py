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


class StandingKind(models.TextChoices):
    """What somebody decided about an open credit that stays with its account."""

    # It waits for the next charge, and is not offered for a refund until something spent it.
    CARRIED = "carried forward"
    # It is offered for a refund again.
    OFFERED = "offered again"


#: States in which a requisition still wants somebody to decide.
WAITING = (EventKind.PREPARED, EventKind.APPROVED_ONCE)
