"""Returns that did not come: when that was found, and what is assessed until they do.

That rows stay as they were written is held by 0051_missing_walls.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres import indexes
from django.db import models

from fisc.domain.tax_returns import choices


class NonFiling(models.Model):
    """A period without a return on the day after the last that one could have come in time.

    It is over once a return of the period is here: that is looked up, never noted a second time.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_on = models.DateField()
    ends_before = models.DateField()
    due_on = models.DateField()
    # The last day in time, on paper or electronically, whichever is later.
    timely_until = models.DateField()
    found_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "tax_returns_nonfiling"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["account", "starts_on"], name="nonfiling_is_one"),
            models.CheckConstraint(
                condition=models.Q(found_on__gt=models.F("timely_until")),
                name="nonfiling_is_found_afterwards",
            ),
        ]
        indexes = [indexes.BrinIndex(fields=["found_on"], name="nonfiling_by_day")]


class Assessment(models.Model):
    """What is estimated that a missing return owes; charged once another person approved it.

    Money is whole cents. `facts` is what the table was asked with, as known at `known_at`.
    """

    id = models.BigAutoField(primary_key=True)
    nonfiling = models.ForeignKey(NonFiling, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_why = models.TextField()
    facts = models.JSONField()
    tax_cents = models.BigIntegerField()
    known_at = models.DateTimeField()
    state = models.SmallIntegerField(
        choices=choices.AssessmentState, default=choices.AssessmentState.PROPOSED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(default="")
    # The day it was posted on, from which its penalty is reckoned.
    posted_on = models.DateField(null=True)
    penalty_cents = models.BigIntegerField(default=0)
    replaced_by = models.ForeignKey(
        "tax_returns.TaxReturn", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "tax_returns_assessment"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["nonfiling"],
                condition=models.Q(state__in=[1, 2]),
                name="assessment_that_stands_is_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=choices.AssessmentState.values),
                name="assessment_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(tax_cents__gt=0, penalty_cents__gte=0),
                name="assessment_is_of_something",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[1, 4])
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="assessment_is_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(proposed_by__isnull=True)
                | models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="assessment_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=2) | models.Q(posted_on__isnull=False),
                name="assessment_approved_is_posted",
            ),
            models.CheckConstraint(
                condition=models.Q(state=4, replaced_by__isnull=False)
                | (~models.Q(state=4) & models.Q(replaced_by__isnull=True)),
                name="assessment_replaced_names_its_return",
            ),
        ]


class AssessedItem(models.Model):
    """What an item of an account stands for: a part of an assessment, or of its replacement."""

    item = models.OneToOneField(
        "receivables.Item",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    # Tax or penalty.
    part = models.SmallIntegerField(choices=choices.Part)
    # Below zero takes it back.
    cents = models.BigIntegerField()

    class Meta:
        db_table = "tax_returns_assessed_item"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(part__in=[1, 10]), name="assessed_part_is_tax_or_penalty"
            ),
            models.CheckConstraint(condition=~models.Q(cents=0), name="assessed_moves_money"),
        ]


class WaiverRequest(models.Model):
    """A waiver of penalty or interest that a person asked for and another decides.

    One-time: so many cents of what a period is charged. Dated: all of it for periods due within
    some days. Standing: the same without an end, until it is ended.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    kind = models.SmallIntegerField(choices=choices.WaiverKind)
    # Penalty or interest.
    part = models.SmallIntegerField(choices=choices.Part)
    # Of one-time waivers: the period and how much.
    starts_on = models.DateField(null=True)
    cents = models.BigIntegerField(null=True)
    # Of the others: the due days that are covered.
    due_from = models.DateField(null=True)
    due_before = models.DateField(null=True)
    reason = models.ForeignKey("code_lists.Code", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    asked_why = models.TextField()
    state = models.SmallIntegerField(choices=choices.WaiverState, default=choices.WaiverState.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(default="")

    class Meta:
        db_table = "tax_returns_waiver_request"
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["account"],
                condition=models.Q(state=2),
                name="waiver_granted_by_account",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "starts_on", "part"],
                condition=models.Q(state=1, kind=2),
                name="waiver_waiting_is_one",
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=[10, 11]), name="waiver_is_of_lateness"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind=2,
                    starts_on__isnull=False,
                    cents__gt=0,
                    due_from__isnull=True,
                    due_before__isnull=True,
                )
                | models.Q(
                    kind=3,
                    starts_on__isnull=True,
                    cents__isnull=True,
                    due_from__isnull=False,
                    due_before__gt=models.F("due_from"),
                )
                | models.Q(
                    kind=4,
                    starts_on__isnull=True,
                    cents__isnull=True,
                    due_from__isnull=False,
                    due_before__isnull=True,
                ),
                name="waiver_has_what_its_kind_has",
            ),
            models.CheckConstraint(
                condition=models.Q(state=1, decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(state__gt=1, decided_by__isnull=False, decided_at__isnull=False),
                name="waiver_is_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="waiver_is_decided_by_another",
            ),
        ]
