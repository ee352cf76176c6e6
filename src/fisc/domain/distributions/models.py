"""Distributions of a month, and the amounts and shares they are made of.

Only added to; 0002_distributions_walls has PostgreSQL refuse the rest, and prove that the shares of
an amount make it up.
"""

from django.conf import settings
from django.db import models


class Distribution(models.Model):
    """What was shared out of one month at one time: the first, or a difference found later."""

    id = models.BigAutoField(primary_key=True)
    # The first day of the month in which it was collected.
    month = models.DateField()
    number = models.SmallIntegerField()
    posting_day = models.DateField()
    # Null where differences within the month leave every account of the books as it was.
    entry = models.ForeignKey(
        "ledger.JournalEntry",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    collected_cents = models.BigIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        db_table = "distributions_distribution"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("month", "number"), name="distribution_number_is_one_a_month"
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="distribution_is_of_a_month"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="distribution_number_is_positive"
            ),
        )


class Amount(models.Model):
    """What was collected of one charge on one basis, by one version of the table; a difference."""

    id = models.BigAutoField(primary_key=True)
    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="+")
    charge = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    basis = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    # Of the table of shares.
    version = models.ForeignKey("rule_tables.Version", on_delete=models.PROTECT, related_name="+")
    collected_cents = models.BigIntegerField()

    class Meta:
        db_table = "distributions_amount"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("distribution", "charge", "basis", "version"),
                name="amount_is_one_a_distribution",
            ),
        )


class Share(models.Model):
    """What a fund or jurisdiction receives of an amount."""

    id = models.BigAutoField(primary_key=True)
    amount = models.ForeignKey(Amount, on_delete=models.PROTECT, related_name="+")
    fund = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    share_cents = models.BigIntegerField()

    class Meta:
        db_table = "distributions_share"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("amount", "fund"), name="share_is_one_a_fund"),
            models.CheckConstraint(
                condition=~models.Q(share_cents=0), name="share_moves_some_money"
            ),
        )
