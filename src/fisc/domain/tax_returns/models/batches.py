"""Batches of returns that are keyed from paper, balanced against totals that were counted first.

That nothing of a batch is removed, and that what was filed stays as it is, is held by
0063_batches_walls.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Batch(models.Model):
    """A stack of paper: how many returns it has and what they come to, counted before keying."""

    id = models.BigAutoField(primary_key=True)
    words = models.CharField(max_length=200)
    control_count = models.IntegerField()
    # Sums of the paper; null was not counted.
    control_gross_cents = models.BigIntegerField(null=True)
    control_tax_cents = models.BigIntegerField(null=True)
    control_net_cents = models.BigIntegerField(null=True)
    control_remitted_cents = models.BigIntegerField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    # Once it balances and filing begins, nothing of it changes any more.
    filing_at = models.DateTimeField(null=True)
    filing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tax_returns_batch"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(control_count__gte=1), name="batch_has_a_return"
            ),
            models.CheckConstraint(
                condition=models.Q(control_gross_cents__isnull=False)
                | models.Q(control_tax_cents__isnull=False)
                | models.Q(control_net_cents__isnull=False)
                | models.Q(control_remitted_cents__isnull=False),
                name="batch_counts_an_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(filing_at__isnull=False),
                name="batch_is_filed_before_it_is_done",
            ),
        ]


class BatchReturn(models.Model):
    """A return of a batch as it was keyed, keyed again by another, and settled."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField()
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    # As `operations.holding.came_said` keeps a return.
    came = models.JSONField()
    gross_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField(default=0)
    # The money that came along with it, as its paper or its check says; nothing is posted of it.
    remitted_cents = models.BigIntegerField(default=0)
    net_cents = models.BigIntegerField()
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    keyed_at = models.DateTimeField()
    needs_second = models.BooleanField()
    second = models.JSONField(null=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    second_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    # Why it is no longer of the batch; empty while it is.
    taken_out_why = models.CharField(max_length=500, default="")
    filed = models.ForeignKey(
        "tax_returns.TaxReturn", null=True, on_delete=models.PROTECT, related_name="+"
    )
    held_item = models.ForeignKey(
        "work_items.WorkItem", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "tax_returns_batch_return"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="batch_place_is_one"),
            models.UniqueConstraint(
                fields=["batch", "account", "starts_on"],
                condition=models.Q(taken_out_why=""),
                name="batch_has_a_period_once",
            ),
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True)
                | ~models.Q(second_by=models.F("keyed_by")),
                name="batch_second_keying_is_anothers",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True) | models.Q(second_at__isnull=False),
                name="batch_settles_two_keyings",
            ),
            models.CheckConstraint(
                condition=models.Q(remitted_cents__gte=0), name="batch_money_comes_in"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True)
                | ~models.Q(settled_by=models.F("keyed_by")),
                name="batch_is_settled_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(filed__isnull=True) | models.Q(held_item__isnull=True),
                name="batch_return_is_filed_or_held",
            ),
        ]
