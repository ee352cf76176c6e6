"""What audits found of periods whose returns were filed; 0091_audited_walls keeps it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Audited(models.Model):
    """What an audit came to of a period, as far as it is final; the newest of a period stands.

    Money is whole cents. `known_at` is the instant whose table answered for the civil penalty.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_on = models.DateField()
    # The version of the return that was audited.
    tax_return = models.ForeignKey(
        "tax_returns.TaxReturn", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The number of the audit case, which is of a subject above.
    case_number = models.BigIntegerField()
    # What the city has chosen to call the cause of what was not reported.
    cause = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    # More tax than was filed, which the civil penalty is of, and at most how much of that.
    deficiency_cents = models.BigIntegerField()
    civil_penalty_cents = models.BigIntegerField()
    posted_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    known_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_audited"
        default_permissions = ()
        indexes = [models.Index(fields=["account", "starts_on"], name="audited_by_period")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deficiency_cents__gte=0, civil_penalty_cents__gte=0),
                name="audited_amounts_are_not_negative",
            ),
        ]


class Finding(models.Model):
    """What of a region an audit found owed, beside what was filed; in whole cents."""

    id = models.BigAutoField(primary_key=True)
    audited = models.ForeignKey(Audited, on_delete=models.PROTECT, related_name="+")
    # None is what is of no region: excess tax, and what the table of totals adds or takes off.
    region = models.ForeignKey(
        "code_lists.Code", null=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_cents = models.BigIntegerField()
    found_cents = models.BigIntegerField()

    class Meta:
        db_table = "tax_returns_finding"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["audited", "region"],
                nulls_distinct=False,
                name="finding_of_a_region_is_one",
            ),
        ]
