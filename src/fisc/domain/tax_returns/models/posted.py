"""What items of tax accounts stand for; held by 0011_postings_walls."""

from __future__ import annotations

from django.db import models

from fisc.domain.tax_returns import choices


class Posted(models.Model):
    """What an item of an account stands for: which part of which period's tax.

    Of charges the cents are above zero, of credits below. The sum over a period is what its newest
    return owes, with what its lateness cost when it was last reckoned. That an item is one of the
    account, of that amount, is held by 0011_postings_walls.
    """

    item = models.OneToOneField(
        "receivables.Item",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    account = models.ForeignKey(
        "accounts.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    starts_on = models.DateField()
    tax_return = models.ForeignKey(
        "tax_returns.TaxReturn",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    part = models.SmallIntegerField(choices=choices.Part)
    # Of tax: the region that it is of; none where the table of totals added something.
    region = models.ForeignKey(
        "code_lists.Code",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    reckoning = models.ForeignKey(
        "tax_returns.Reckoning",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    waiver = models.ForeignKey(
        "tax_returns.Waiver",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    # Of what an audit found, or of its civil penalty.
    audited = models.ForeignKey(
        "tax_returns.Audited",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    cents = models.BigIntegerField()

    class Meta:
        db_table = "tax_returns_posted"
        default_permissions = ()
        indexes = [
            models.Index(fields=["account", "starts_on"], name="posted_by_period"),
            models.Index(
                fields=["account", "starts_on"],
                condition=models.Q(part=4),
                name="posted_audited_by_period",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(part__in=choices.Part.values), name="posted_part_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(cents=0), name="posted_moves_money"),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(part__lt=10) | models.Q(part=12),
                    reckoning__isnull=True,
                    waiver__isnull=True,
                )
                | models.Q(part__in=[10, 11], reckoning__isnull=False, waiver__isnull=True)
                | models.Q(part__gte=20, reckoning__isnull=True, waiver__isnull=False),
                name="posted_lateness_has_its_reckoning",
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=[4, 12], audited__isnull=False)
                | (~models.Q(part__in=[4, 12]) & models.Q(audited__isnull=True)),
                name="posted_finding_has_its_audit",
            ),
        ]
