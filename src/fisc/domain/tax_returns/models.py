"""What an account is registered for, and how often it files.

That periods of the same thing do not overlap, and that nothing is removed, is held by
0002_tax_returns_walls.
"""

from __future__ import annotations

from django.contrib.postgres import fields
from django.db import models


def _period_is_positive(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(ends_before__isnull=True)
        | models.Q(ends_before__gt=models.F("starts_on")),
        name=name,
    )


class Registration(models.Model):
    """An account files for a business class in a region, over a period."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    business_class = models.ForeignKey(
        "code_lists.Code", on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_registration"
        default_permissions = ()
        constraints = [_period_is_positive("registration_lasts_some_days")]


class FilingTerm(models.Model):
    """How often an account files, over a period that begins and ends with a filing period."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    frequency = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    # Numbers of the months with business, 1 to 12; none means that all have.
    seasonal_months = fields.ArrayField(models.SmallIntegerField(), default=list)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_filing_term"
        default_permissions = ()
        constraints = [
            _period_is_positive("filing_term_lasts_some_days"),
            models.CheckConstraint(
                condition=models.Q(seasonal_months__contained_by=list(range(1, 13))),
                name="seasonal_months_are_of_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__day=1), name="filing_term_starts_a_month"
            ),
        ]
