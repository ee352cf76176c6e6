"""Voluntary disclosures: who came forward, what was agreed, and what became of it.

Only added to; 0004_disclosures_walls has PostgreSQL refuse the rest, and a step out of order.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fisc.domain.tax_audits import choices


class Disclosure(models.Model):
    """Somebody, perhaps not named yet, who discloses tax before the office asks."""

    id = models.BigAutoField(primary_key=True)
    representative = models.CharField(max_length=200)
    contact = models.CharField(max_length=200)
    words = models.TextField()
    received_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(representative="") & ~models.Q(words=""),
                name="disclosure_says_who_and_what",
            ),
        )


class DisclosureEvent(models.Model):
    """What happened to a disclosure; the last one is its state."""

    id = models.BigAutoField(primary_key=True)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=16, choices=choices.DisclosureKind)
    # Of the naming: whose tax it is.
    account = models.ForeignKey(
        "accounts.Account", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    why = models.TextField(default="")

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("disclosure", "number"), name="disclosure_event_is_one"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=choices.DisclosureKind.values),
                name="disclosure_event_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="named", account__isnull=False)
                | (~models.Q(kind="named") & models.Q(account__isnull=True)),
                name="disclosure_is_named_by_an_account",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=("void", "withdrawn"), why=""),
                name="disclosure_ends_with_a_reason",
            ),
        )


class Agreement(models.Model):
    """What was agreed of a disclosure: the due days looked back on, by when, what is waived."""

    disclosure = models.OneToOneField(
        Disclosure, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.CharField(max_length=200)
    signed_on = models.DateField()
    due_from = models.DateField()
    due_before = models.DateField()
    file_by = models.DateField()
    is_penalty_waived = models.BooleanField()
    known_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    due_before__gt=models.F("due_from"), file_by__gte=models.F("signed_on")
                )
                & ~models.Q(signed_by=""),
                name="agreement_has_days_and_a_signature",
            ),
        )


class AgreedPeriod(models.Model):
    """A period whose return is filed under an agreement."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("agreement", "starts_on"), name="agreed_period_is_one"),
        )


class AgreedWaiver(models.Model):
    """The waiver that was asked for when an agreement was kept; another person grants it."""

    agreement = models.OneToOneField(
        Agreement, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    request = models.OneToOneField(
        "tax_returns.WaiverRequest", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
