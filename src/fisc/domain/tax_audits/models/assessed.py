"""What a case comes to, as it was computed; what of it is protested, and what was decided of that.

Only added to, as held by 0002_tax_audits_walls. Money is whole cents.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.domain.tax_audits import choices
from fisc.domain.tax_audits.models.cases import Case


class Assessment(models.Model):
    """A computation of a whole case to a day, by the tables known at an instant."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=16, choices=choices.Stage)
    # The day up to which penalty and interest are reckoned.
    computed_to = models.DateField()
    cause = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    known_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(stage__in=choices.Stage.values), name="audit_stage_is_known"
            ),
        )


class AssessedPeriod(models.Model):
    """What a period comes to beyond its return: tax, its lateness, and its civil penalty."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    tax_return = models.ForeignKey(
        "tax_returns.TaxReturn", on_delete=models.PROTECT, related_name="+"
    )
    filed_cents = models.BigIntegerField()
    found_cents = models.BigIntegerField()
    penalty_cents = models.BigIntegerField()
    interest_cents = models.BigIntegerField()
    civil_cents = models.BigIntegerField()
    # The last day on which it may be assessed, waivers counted; none where no table limits it.
    limited_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "starts_on"), name="assessed_period_is_one"
            ),
            models.CheckConstraint(
                condition=models.Q(civil_cents__gte=0), name="assessed_civil_is_not_negative"
            ),
        )


class AssessedRegion(models.Model):
    """What of a period's tax is of a region; none is what is of no region."""

    id = models.BigAutoField(primary_key=True)
    period = models.ForeignKey(AssessedPeriod, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(
        "code_lists.Code", null=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_cents = models.BigIntegerField()
    found_cents = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("period", "region"), nulls_distinct=False, name="assessed_region_is_one"
            ),
        )


class ProtestLine(models.Model):
    """What of a period is protested: tax of a region, or its civil penalty; held until decided."""

    id = models.BigAutoField(primary_key=True)
    period = models.ForeignKey(AssessedPeriod, on_delete=models.PROTECT, related_name="+")
    # None where it is the civil penalty.
    region = models.ForeignKey(
        AssessedRegion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cents = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("period", "region"), nulls_distinct=False, name="protested_once"
            ),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="protest_is_of_something"),
        )


class DecisionLine(models.Model):
    """How much of what was protested stands: all, some, or none of it."""

    line = models.OneToOneField(
        ProtestLine, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    upheld_cents = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(upheld_cents__gte=0), name="decision_upholds_nothing_negative"
            ),
        )
