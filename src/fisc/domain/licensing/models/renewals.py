"""What the holders of licenses were told of their renewal."""

from __future__ import annotations

from django.contrib.postgres import indexes
from django.db import models

from fisc.domain.licensing.models import fields


class RenewalNotice(models.Model):
    """That the holder of a license was told a step of its renewal, and the estimate told with it.

    Once for each license, term and step, by 0040_renewal_notices; only added to.
    """

    id = models.BigIntegerField(primary_key=True)
    license = fields.to("licensing.License")
    account = fields.to("accounts.Account")
    # Of the term that is renewed: the day that it ends before.
    term_ends_before = models.DateField()
    # A code of “renewal step”.
    step = fields.to("code_lists.Code")
    # The day that the estimate is of.
    made_on = models.DateField()
    made_at = models.DateTimeField()
    # The application that its units and receipts are of; none where the license had none.
    application = fields.to("licensing.Application", null=True)
    # None where the facts do not say what it costs: the holder has to tell them.
    fee_cents = models.BigIntegerField(null=True)
    fee_block = fields.to("rule_tables.EvaluationBlock", null=True)
    fee_row = models.IntegerField(null=True)
    penalty_cents = models.BigIntegerField(default=0)
    # None in time.
    penalty_block = fields.to("rule_tables.EvaluationBlock", null=True)
    penalty_row = models.IntegerField(null=True)
    run_id = models.IntegerField()

    class Meta:
        db_table = "licensing_renewal_notice"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["license", "term_ends_before", "step"], name="renewal_step_told_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    fee_cents__isnull=True, fee_block__isnull=True, fee_row__isnull=True
                )
                | models.Q(fee_cents__gte=0, fee_block__isnull=False, fee_row__isnull=False),
                name="renewal_fee_told_as_a_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    penalty_cents=0, penalty_block__isnull=True, penalty_row__isnull=True
                )
                | models.Q(
                    penalty_cents__gte=0, penalty_block__isnull=False, penalty_row__isnull=False
                ),
                name="renewal_penalty_told_as_a_whole",
            ),
        ]
        # Days only go on, so that a few blocks hold those of a day.
        indexes = [indexes.BrinIndex(fields=["made_on"], name="renewal_notice_by_day")]
