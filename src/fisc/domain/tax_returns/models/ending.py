"""What people agree on about time: when a waiver ends, until when a period may be changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class WaiverEnd(models.Model):
    """The end that a person gave a waiver of periods due from a day on; it is only added to."""

    request = models.OneToOneField(
        "tax_returns.WaiverRequest", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    # Periods due on this day or later are not covered.
    due_before = models.DateField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField()
    why = models.TextField()

    class Meta:
        db_table = "tax_returns_waiver_end"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(why=""), name="waiver_end_has_a_reason")
        ]


class LimitationWaiver(models.Model):
    """An agreement of filer and city that a period may be changed until a later day."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    # The last day on which the period's tax may be changed.
    through = models.DateField()
    signed_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    why = models.TextField()

    class Meta:
        db_table = "tax_returns_limitation_waiver"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["account", "starts_on", "through"], name="limitation_waiver_is_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(why="") & models.Q(through__gt=models.F("signed_on")),
                name="limitation_waiver_is_of_a_later_day",
            ),
        ]
