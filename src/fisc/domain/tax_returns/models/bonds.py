"""Bonds that secure the tax of an account.

That rows stay as they were written but for their cancellation is held by 0086_bonds_walls.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Bond(models.Model):
    """A surety answers for the tax of an account up to an amount, over some days."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    surety = models.TextField()
    # As the surety numbers it.
    number = models.TextField()
    amount_cents = models.BigIntegerField()
    effective_on = models.DateField()
    # The day that it ends before by its own terms; none of one that goes on until it is cancelled.
    expires_before = models.DateField(null=True)
    # The day that it ends before by the surety's or the office's word.
    cancelled_before = models.DateField(null=True)
    cancelled_why = models.TextField(default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_bond"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["account", "surety", "number"], name="bond_is_recorded_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0)
                & ~models.Q(surety="")
                & ~models.Q(number=""),
                name="bond_is_of_something",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_before__isnull=True)
                | models.Q(expires_before__gt=models.F("effective_on")),
                name="bond_lasts_some_days",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_before__isnull=True, cancelled_why="")
                | (
                    models.Q(cancelled_before__gte=models.F("effective_on"))
                    & ~models.Q(cancelled_why="")
                ),
                name="bond_is_cancelled_for_a_reason",
            ),
        ]
