"""What accounts are registered for, how often they file, and the yearly review of that.

That periods of the same thing do not overlap, and that nothing is removed, is held by
0002_tax_returns_walls; that a proposal is decided once, by 0082_frequency_reviews_walls.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres import fields
from django.db import models

from fisc.domain.tax_returns import choices


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
    # The month in which the filer's year begins: periods of a quarter and a year are of that year.
    year_starts_in = models.SmallIntegerField(db_default=1)
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
            models.CheckConstraint(
                condition=models.Q(ends_before__isnull=True) | models.Q(ends_before__day=1),
                name="filing_term_ends_with_a_month",
            ),
            models.CheckConstraint(
                condition=models.Q(year_starts_in__gte=1, year_starts_in__lte=12),
                name="filing_year_starts_in_a_month",
            ),
        ]


class FrequencyReview(models.Model):
    """The review of a year: how often each account is to file in it, by what it owed before."""

    id = models.BigAutoField(primary_key=True)
    year = models.SmallIntegerField(unique=True)
    # The day it was asked for; the same review asked for again goes by it.
    posting_day = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_frequency_review"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year__gte=1900, year__lte=9998),
                name="frequency_review_is_of_a_year",
            ),
        ]


class FrequencyProposal(models.Model):
    """That an account file more or less often from a day, and what of it was decided.

    Money is whole cents. The tax is that of the periods from `looked_from` up to `looked_before`.
    """

    id = models.BigAutoField(primary_key=True)
    review = models.ForeignKey(FrequencyReview, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    # The term that would end, and how often the next one files from when.
    term = models.ForeignKey(
        "tax_returns.FilingTerm", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    frequency = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    from_day = models.DateField()
    looked_from = models.DateField()
    looked_before = models.DateField()
    tax_cents = models.BigIntegerField()
    # Months of which the tax is known, those without business among them; and returns missing.
    months_known = models.SmallIntegerField()
    missing_returns = models.SmallIntegerField()
    estimated_annual_cents = models.BigIntegerField()
    # Set by the table, where it asks for no person.
    is_automatic = models.BooleanField()
    recorded_at = models.DateTimeField()
    state = models.SmallIntegerField(
        choices=choices.ProposalState, default=choices.ProposalState.PROPOSED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(default="")

    class Meta:
        db_table = "tax_returns_frequency_proposal"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["review", "account"], name="frequency_proposal_is_one_a_review"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=choices.ProposalState.values),
                name="frequency_proposal_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state=1, decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(state__gt=1, decided_by__isnull=False, decided_at__isnull=False)
                | models.Q(
                    state=2, is_automatic=True, decided_by__isnull=True, decided_at__isnull=False
                ),
                name="frequency_proposal_is_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    looked_before__gt=models.F("looked_from"),
                    months_known__gte=1,
                    missing_returns__gte=0,
                    estimated_annual_cents__gte=0,
                    from_day__day=1,
                ),
                name="frequency_proposal_rests_on_something",
            ),
        ]
